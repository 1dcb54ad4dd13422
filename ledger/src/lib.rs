//! The pure core of timebank: what an entry is, who may do what, which hours
//! move, and how the log commits to it all.
//!
//! It is a fold. [`State::apply`] takes one [`Record`] and answers with the
//! [`Effects`] that it has, or with the one [`Rejection`] that stops it. Server
//! and auditor call the same function, so that there is no second arithmetic.
//!
//! It is not a service: no I/O, no async, no clock, no randomness, no SQL and
//! no protobuf. Time and bytes come in as arguments.

pub mod account;
pub mod act;
pub mod adoption;
pub mod amount;
pub mod budget;
pub mod calendar;
pub mod case;
pub mod certificate;
pub mod code;
pub mod commitment;
pub mod effects;
pub mod entry;
pub mod event;
pub mod id;
pub mod journal;
pub mod key;
pub mod log;
pub mod lot;
pub mod matching;
pub mod member;
pub mod options;
pub mod preview;
pub mod proposal;
pub mod rejection;
pub mod replay;
pub mod report;
pub mod role;
pub mod rules;
pub mod scheme;
pub mod service;
pub mod state;
#[cfg(test)]
mod testing;
pub mod tie;
pub mod time;
pub mod token;
pub mod transaction;
pub mod unit;
pub mod valuation;

pub use account::{Account, AccountId, Bucket, Posting, PostingRef};
pub use act::Act;
pub use adoption::{Abandoned, Adoption, Adoptions};
pub use amount::{Fen, Minutes};
pub use effects::Effects;
pub use entry::{Entry, Record, SignedEntry};
pub use id::{Commitment, EntryId, MemberId, UnitId};
pub use key::{BatchVerifier, KeyId, PublicKey, SecretKey, Signature};
pub use rejection::Rejection;
pub use rules::Rules;
pub use state::{Halt, State};
pub use time::{Millis, MonthError, YearMonth};
