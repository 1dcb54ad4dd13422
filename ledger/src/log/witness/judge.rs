//! The decision of a witness: C2SP tlog-witness, section add-checkpoint.
//!
//! The checks stand in the order of the specification, as the variants of [`Refusal`] do. Between
//! reading the latest cosigned tree and storing the accepted one, the caller lets nobody else do
//! either for that log.

use thiserror::Error;

use super::request::{AddCheckpoint, AddCheckpointError};
use crate::log::checkpoint::{Checkpoint, CheckpointError};
use crate::log::hash::Hash;
use crate::log::note::{NoteError, SignedNote};
use crate::log::position::TreeSize;
use crate::log::proof::{ProofError, verify_consistency};
use crate::log::vkey::VerifierKey;

/// The latest tree of a log that the witness has cosigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cosigned {
    /// The number of records.
    pub size: TreeSize,
    /// The root hash of the tree of that size.
    pub root: Hash,
}

/// What to store and then to cosign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The checkpoint that extends all that were cosigned before.
    pub checkpoint: Checkpoint,
    /// Its note, with the lines of the log's trusted keys and no others: what others have added is
    /// not the witness' to serve.
    pub note: SignedNote,
}

/// Why a witness does not cosign, in the order in which it looks.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The body is not an add-checkpoint request.
    #[error(transparent)]
    Malformed(#[from] AddCheckpointError),
    /// The witness has no keys for a log of that origin.
    #[error("the log is unknown here")]
    UnknownOrigin,
    /// No key that is trusted for the origin has signed, or a line of one does not verify.
    #[error(transparent)]
    Untrusted(NoteError),
    /// The old tree is the larger one.
    #[error("the old size {old} is above the checkpoint's size {size}")]
    OldAbove {
        /// The old size stated.
        old: TreeSize,
        /// The size of the checkpoint.
        size: TreeSize,
    },
    /// The old size is not that of the latest cosigned checkpoint.
    #[error("the latest cosigned checkpoint has {latest} records")]
    Conflict {
        /// The size to start from.
        latest: TreeSize,
    },
    /// The empty tree has one root.
    #[error("the root of an empty tree is the hash of nothing")]
    EmptyRoot,
    /// The log has signed two trees of one size. Here is the proof that it lies.
    #[error("another root was cosigned for {size} records")]
    OtherRoot {
        /// The size of both trees.
        size: TreeSize,
    },
    /// From the empty tree on there is nothing to prove.
    #[error("the proof must be empty if the old size is zero")]
    ProofFromNothing,
    /// The new tree is not shown to begin with the old one.
    #[error("the tree is not shown to extend the one cosigned before: {0}")]
    Inconsistent(ProofError),
}

impl Refusal {
    /// The HTTP status of the answer.
    pub fn status(&self) -> u16 {
        match self {
            Self::Malformed(_) | Self::OldAbove { .. } => 400,
            Self::Untrusted(_) => 403,
            Self::UnknownOrigin => 404,
            Self::Conflict { .. } => 409,
            Self::EmptyRoot
            | Self::OtherRoot { .. }
            | Self::ProofFromNothing
            | Self::Inconsistent(_) => 422,
        }
    }
}

/// Decides on a request, given the keys that are trusted for [`AddCheckpoint::origin`], none if the
/// log is unknown, and the latest tree of it that was cosigned, if any was.
pub fn judge(
    request: &AddCheckpoint,
    keys: &[VerifierKey],
    latest: Option<Cosigned>,
) -> Result<Accepted, Refusal> {
    if keys.is_empty() {
        return Err(Refusal::UnknownOrigin);
    }
    let accepted = authentic(request, keys)?;
    let (size, root) = (accepted.checkpoint.size(), accepted.checkpoint.root());
    let old = request.old;
    if old > size {
        return Err(Refusal::OldAbove { old, size });
    }
    let latest = latest.unwrap_or(Cosigned {
        size: TreeSize::ZERO,
        root: Hash::EMPTY_ROOT,
    });
    if old != latest.size {
        return Err(Refusal::Conflict {
            latest: latest.size,
        });
    }
    if size == TreeSize::ZERO && root != Hash::EMPTY_ROOT {
        return Err(Refusal::EmptyRoot);
    }
    // Before the proof is looked at: whatever it is, these two signatures convict the log.
    if size == old && root != latest.root {
        return Err(Refusal::OtherRoot { size });
    }
    if old == TreeSize::ZERO && !request.proof.is_empty() {
        return Err(Refusal::ProofFromNothing);
    }
    verify_consistency(old, latest.root, size, root, &request.proof)
        .map_err(Refusal::Inconsistent)?;
    Ok(accepted)
}

/// The time that the next cosignature states, in seconds since 1970: a clock that went back must not
/// make a larger tree look older than a smaller one.
pub fn cosignature_time_s(now_s: u64, latest_s: Option<u64>) -> u64 {
    now_s.max(latest_s.unwrap_or(0)).max(1)
}

/// The checkpoint, if a trusted key has signed it and no trusted key's line is wrong.
fn authentic(request: &AddCheckpoint, keys: &[VerifierKey]) -> Result<Accepted, Refusal> {
    let note = request.checkpoint.only(keys).map_err(Refusal::Untrusted)?;
    match request.unverified_checkpoint() {
        Ok(checkpoint) => Ok(Accepted { checkpoint, note }),
        Err(CheckpointError::Origin(_)) => Err(Refusal::UnknownOrigin),
        Err(error) => Err(AddCheckpointError::from(error).into()),
    }
}

#[cfg(test)]
mod tests;
