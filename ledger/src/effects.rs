//! What a record does: the rows that it writes and the postings that it makes.

use crate::account::Posting;
use crate::key::PublicKey;
use crate::state::{Key, Row};

/// The outcome of one applied record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effects {
    /// The key under which the entry's signature must verify.
    pub signer: PublicKey,
    /// Rows to write, each key once; `None` removes.
    pub writes: Vec<(Key, Option<Row>)>,
    /// Postings in the order of their lines; they sum to zero.
    pub postings: Vec<Posting>,
}
