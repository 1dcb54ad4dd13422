//! The timebank service: one port, one sequencer, SQLite or PostgreSQL.
//!
//! Entries come in at [`api`], pass [`admission`], wait in the queue of the
//! [`sequencer`], and are answered when the [`store`] has them durably. Reads
//! go straight to the store. The rules are not here: they are in the crate
//! `ledger`.

pub mod access;
pub mod admission;
pub mod ahead;
pub mod api;
pub mod clock;
pub mod context;
#[cfg(test)]
mod docs;
pub mod export;
pub mod guard;
pub mod http;
pub mod keys;
pub mod log_keys;
pub mod queue;
mod random;
pub mod reports;
pub mod rotation;
mod secret_file;
pub mod sequencer;
pub mod serve;
pub mod settings;
pub mod status;
pub mod store;
pub mod vault;
pub mod witnesses;
