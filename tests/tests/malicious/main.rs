//! Servers that lie. The shipped client and the shipped auditor stand before each
//! lie, and must refuse it for its own reason.
//!
//! [`liar`] stands before an honest server and alters what it answers. For lies
//! that take the log's key, [`forger`] has it, and signs what never happened.
//! What a witness refuses is tried out in `oracles`.

mod audits;
mod forger;
mod histories;
mod liar;
mod place;
mod receipts;
