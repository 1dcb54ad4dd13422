//! The thin client of a timebank ledger: it builds, signs and submits entries,
//! verifies what the server answers, and audits whole ledgers.
//!
//! It trusts the server with nothing that can be proven. [`client`] acts for a
//! member: [`submit`] one act, [`batch`] many; [`read`] asks. [`log`] is what is
//! known of the log, and [`memory`] keeps it, so that a server that rewrites
//! history is found out; [`adoption`] is for one that says so in the log. [`mod@audit`] recomputes a whole ledger from its bytes,
//! [`export`] saves one, and [`verify`] checks a receipt without any server;
//! [`words`] says what it proves, and [`paper`] puts it on paper. [`register`] and
//! [`bank`] read what others have written, as a [`table`]; [`certificate`] says what
//! somebody has served, and [`door`] makes codes for where there is no signal.
//!
//! [`follow`] watches a log and its witnesses, [`witness`] is one for other
//! people's logs, and [`evidence`] keeps what convicts a log.
//!
//! It has no rules of its own: those are in [`ledger`], and the auditor folds
//! the log with the same code as the server.

pub mod adoption;
pub mod audit;
pub mod bank;
pub mod batch;
pub mod certificate;
pub mod client;
pub mod clock;
pub mod connect;
pub mod door;
pub mod error;
pub mod evidence;
pub mod export;
mod files;
pub mod follow;
pub mod keys;
pub mod log;
pub mod memory;
pub mod news;
pub mod opening;
pub mod paper;
pub mod random;
pub mod read;
pub mod register;
pub mod roster;
pub mod simulate;
pub mod submit;
pub mod table;
#[cfg(test)]
mod testing;
mod token;
pub mod verify;
pub mod web;
pub mod witness;
pub mod words;

pub use audit::{AuditError, AuditReport, Fault, audit, audit_reading};
pub use client::Client;
pub use clock::Clock;
pub use connect::{Address, Connection};
pub use error::{ClientError, Refusal, Unverified};
pub use keys::{Identity, KeyFolder};
pub use memory::Memory;
pub use submit::Recorded;
