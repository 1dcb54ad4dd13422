//! The signatures of a chunk, on all cores.

use ledger::log::Position;
use ledger::{PublicKey, SignedEntry};
use rayon::prelude::*;
use serde::Serialize;

/// Fewest signatures that are worth another thread.
const EACH_MIN: usize = 16;
/// How many make a batch: more gain little, and fewer batches than cores idle.
const BATCH: usize = 1024;

/// How the signatures of a ledger are checked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Signatures {
    /// Each by the strict equation, as the ledger does when it admits it.
    #[default]
    Each,
    /// Together, in less than half the time. What that proves, and what not, is said
    /// at [`ledger::verify_batch`]: the holder of the key has signed; but not that
    /// the server was strict.
    Together,
}

/// A signature that is still to be verified.
pub(super) struct Pending {
    pub(super) position: Position,
    pub(super) signed: SignedEntry,
    pub(super) signer: PublicKey,
}

impl Signatures {
    /// Verifies signatures on all cores; the position of the first bad one.
    pub(super) fn first_bad(self, pending: &[Pending]) -> Option<Position> {
        match self {
            Self::Each => first_bad(pending),
            Self::Together => pending.par_chunks(BATCH).find_map_first(|batch| {
                let each = batch.iter().map(|it| (&it.signed, &it.signer));
                // One by one, to find out which.
                if SignedEntry::are_signed(each) {
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
