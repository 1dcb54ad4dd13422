//! The signatures of a chunk, on all cores.

use ledger::log::Position;
use ledger::{BatchVerifier, PublicKey, SignedEntry};
use rayon::prelude::*;
use serde::Serialize;

use crate::random::{self, RandomError};

/// Fewest signatures that are worth another thread.
const EACH_MIN: usize = 16;
/// How many make a batch: more gain little, and fewer batches than cores idle.
const BATCH: usize = 2048;

/// How the signatures of a ledger are checked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Signatures {
    /// Each by the strict equation, as the ledger does when it admits it.
    #[default]
    Each,
    /// Together, in less than half the time, with the same verdict but for a chance that
    /// [`ledger::key::BatchVerifier`] tells.
    Together,
}

/// Checks signatures in one of these ways.
pub(super) enum Checker {
    Each,
    Together(BatchVerifier),
}

/// A signature that is still to be verified.
pub(super) struct Pending {
    pub(super) position: Position,
    pub(super) signed: SignedEntry,
    pub(super) signer: PublicKey,
}

impl Signatures {
    /// What checks in this way.
    pub(super) fn checker(self) -> Result<Checker, RandomError> {
        Ok(match self {
            Self::Each => Checker::Each,
            Self::Together => Checker::Together(random::batch_verifier()?),
        })
    }
}

impl Checker {
    /// Verifies signatures on all cores; the position of the first bad one.
    pub(super) fn first_bad(&self, pending: &[Pending]) -> Option<Position> {
        match self {
            Self::Each => first_bad(pending),
            Self::Together(verifier) => pending.par_chunks(BATCH).find_map_first(|batch| {
                let each = batch.iter().map(|it| (&it.signed, &it.signer));
                // One by one, to find out which.
                if SignedEntry::are_signed(verifier, each) {
                    None
                } else {
                    first_bad(batch)
                }
            }),
        }
    }
}

fn first_bad(pending: &[Pending]) -> Option<Position> {
    let bad = pending
        .par_iter()
        .with_min_len(EACH_MIN)
        .find_first(|pending| pending.signed.verify(&pending.signer).is_err());
    bad.map(|pending| pending.position)
}
