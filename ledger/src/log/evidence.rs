//! Evidence against a log, in one file that needs nobody's word: docs/evidence.md.
//!
//! Three things can be seen from outside. A *fork*: the log has signed two trees of which neither
//! continues the other. A *late record*: it stands behind a tree that was cosigned after the time
//! that the record bears. A *rollback*: a smaller tree was shown after a larger one; both may be of
//! one history, so that this is what an observer says and proves nothing.
//!
//! Whose the keys are is not in the file: it proves what their holders have signed. A late record
//! rests on the time that a cosigner states, so that it proves nothing to who does not know that key.

mod text;
mod trust;

use std::fmt;

use thiserror::Error;

use super::checkpoint::{Checkpoint, CheckpointError};
use super::hash::{Hash, leaf_hash};
use super::note::{NoteError, SignedNote};
use super::position::{Position, TreeSize};
use super::proof::{ProofError, beginning, verify_consistency, verify_inclusion};
use super::vkey::VerifierKey;

pub use text::EvidenceFormatError;

/// How much earlier than a cosignature a record may claim to be, in seconds: a batch that waits for
/// its commit, and clocks that differ.
pub const LATE_TOLERANCE_S: u64 = 300;

/// A file of evidence; `Display` writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The key of the log, as whoever wrote the file knew it.
    pub log: VerifierKey,
    /// The checkpoint that was signed, or seen, first.
    pub first: SignedNote,
    /// The one that does not go with it.
    pub second: SignedNote,
    /// What is wrong with the two.
    pub claim: Claim,
}

/// What a file claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Both trees have one size and different roots, or one begins otherwise than the other is.
    Fork(Option<OtherBeginning>),
    /// The second tree has a record that claims to be older than a cosignature of the first, in
    /// which it is not.
    Late(Box<LateRecord>),
    /// The second checkpoint was shown after the first, at this time in seconds since 1970.
    Rollback {
        /// When the observer was shown the second one.
        seen_s: u64,
    },
}

/// How the larger of two trees begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherBeginning {
    /// The root of the larger tree when it had the size of the smaller.
    pub root: Hash,
    /// The consistency proof from that root to the root of the larger tree.
    pub path: Vec<Hash>,
}

/// A record that the first tree should have held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateRecord {
    /// Who has cosigned the first checkpoint; the log's own ML-DSA-44 key states times too.
    pub cosigner: VerifierKey,
    /// Where the record is.
    pub position: Position,
    /// Its exact bytes.
    pub leaf: Vec<u8>,
    /// The inclusion proof in the second tree, the leaf's sibling first.
    pub path: Vec<Hash>,
}

/// What a file proves, or at least says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The log has signed two different trees of one size, or of which one does not continue the
    /// other.
    Fork {
        /// The smaller tree, or one of the two.
        smaller: Checkpoint,
        /// The other.
        larger: Checkpoint,
    },
    /// A record bears a time at which it cannot have been in the log.
    Late {
        /// Where it is.
        position: Position,
        /// The time in the record, in milliseconds since 1970.
        recorded_ms: u64,
        /// The tree that was cosigned without it.
        size: TreeSize,
        /// When, in seconds since 1970.
        cosigned_s: u64,
    },
    /// Somebody says to have been shown a smaller tree after a larger one: no proof.
    Rollback {
        /// The size of the tree that was seen first.
        from: TreeSize,
        /// The size of the one seen later.
        to: TreeSize,
        /// When, in seconds since 1970, as the observer says.
        seen_s: u64,
    },
}

/// Why a file does not show what it claims.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EvidenceError {
    /// A checkpoint is not signed by the log.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The cosignature does not verify.
    #[error(transparent)]
    Cosignature(#[from] NoteError),
    /// The cosigner has not signed the first checkpoint, or states no time.
    #[error("{0} has not cosigned the first checkpoint with a time")]
    NoTime(super::KeyName),
    /// The path does not lead to the root that the log has signed.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// The two trees have the same root where they should differ.
    #[error("the two checkpoints do not contradict each other")]
    NoContradiction,
    /// Trees of different sizes, and nothing that says how the larger one begins.
    #[error("nothing shows how the larger tree begins")]
    NoBeginning,
    /// The record is in the tree that was cosigned.
    #[error("the record is in the tree that was cosigned")]
    NotLate,
    /// The bytes of the record bear no time.
    #[error("the record cannot be read")]
    Record,
    /// The policy does not name the key of the log.
    #[error("the key in the evidence is not one of the log that you trust")]
    UnknownLog,
    /// The policy does not name the cosigner, on whose word about the time it all rests.
    #[error("the cosigner is not one that you trust: {0}")]
    UnknownCosigner(Box<VerifierKey>),
}

impl Evidence {
    /// Checks every signature and path, and says what follows.
    ///
    /// `recorded_ms` reads the time that a record bears, in milliseconds since 1970, from its exact
    /// bytes; the format of records is not this module's.
    pub fn verify(
        &self,
        recorded_ms: impl Fn(Position, &[u8]) -> Option<u64>,
    ) -> Result<Finding, EvidenceError> {
        let first = Checkpoint::verify(&self.first, &self.log)?;
        let second = Checkpoint::verify(&self.second, &self.log)?;
        match &self.claim {
            Claim::Fork(beginning) => fork(first, second, beginning.as_ref()),
            Claim::Late(late) => late.verify(&self.first, &first, &second, recorded_ms),
            Claim::Rollback { seen_s } if second.size() < first.size() => Ok(Finding::Rollback {
                from: first.size(),
                to: second.size(),
                seen_s: *seen_s,
            }),
            Claim::Rollback { .. } => Err(EvidenceError::NoContradiction),
        }
    }
}

impl OtherBeginning {
    /// What a server's own consistency proof says of the beginning of its larger tree, if it does:
    /// not from a size that is a power of two.
    pub fn of(smaller: &Checkpoint, larger: &Checkpoint, path: &[Hash]) -> Option<Self> {
        let root = beginning(smaller.size(), larger.size(), larger.root(), path)?;
        let path = path.to_vec();
        Some(Self { root, path })
    }
}

/// A larger tree has one beginning of each size: the path binds the root of it to the root that the
/// log has signed, so that another root of that size is of another history.
fn fork(
    first: Checkpoint,
    second: Checkpoint,
    beginning: Option<&OtherBeginning>,
) -> Result<Finding, EvidenceError> {
    let (smaller, larger) = if first.size() <= second.size() {
        (first, second)
    } else {
        (second, first)
    };
    let other = match beginning {
        None if smaller.size() == larger.size() => larger.root(),
        None => return Err(EvidenceError::NoBeginning),
        Some(OtherBeginning { root, path }) => {
            let (old, new) = (smaller.size(), larger.size());
            verify_consistency(old, *root, new, larger.root(), path)?;
            *root
        }
    };
    if other == smaller.root() {
        return Err(EvidenceError::NoContradiction);
    }
    Ok(Finding::Fork { smaller, larger })
}

impl LateRecord {
    fn verify(
        &self,
        note: &SignedNote,
        first: &Checkpoint,
        second: &Checkpoint,
        recorded_ms: impl Fn(Position, &[u8]) -> Option<u64>,
    ) -> Result<Finding, EvidenceError> {
        let leaf = leaf_hash(&self.leaf);
        let (size, root) = (second.size(), second.root());
        verify_inclusion(leaf, self.position, size, &self.path, root)?;
        let signatures = note.signatures(std::slice::from_ref(&self.cosigner))?;
        let cosigned_s = signatures.first().and_then(|signature| signature.time_s);
        let cosigned_s =
            cosigned_s.ok_or_else(|| EvidenceError::NoTime(self.cosigner.name().clone()))?;
        let recorded_ms = recorded_ms(self.position, &self.leaf).ok_or(EvidenceError::Record)?;
        if self.position.get() < first.size().get() {
            return Err(EvidenceError::NotLate);
        }
        if recorded_ms / 1000 + LATE_TOLERANCE_S >= cosigned_s {
            return Err(EvidenceError::NoContradiction);
        }
        Ok(Finding::Late {
            position: self.position,
            recorded_ms,
            size: first.size(),
            cosigned_s,
        })
    }
}

impl Finding {
    /// Whether the file shows it, whoever wrote it: to somebody who knows the cosigner, or not.
    pub fn is_proof(&self, is_cosigner_known: bool) -> bool {
        match self {
            Self::Fork { .. } => true,
            Self::Late { .. } => is_cosigner_known,
            Self::Rollback { .. } => false,
        }
    }

    /// A stable name of what was found, in upper snake case.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Fork { .. } => "LOG_FORKED",
            Self::Late { .. } => "RECORD_LATE",
            Self::Rollback { .. } => "LOG_ROLLED_BACK",
        }
    }
}

/// The finding as a sentence.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fork { smaller, larger } => write!(
                f,
                "the log {} has signed two histories: a tree of {} records with root {}, and a \
                 tree of {} records with root {} that does not begin with it",
                smaller.origin(),
                smaller.size(),
                smaller.root(),
                larger.size(),
                larger.root(),
            ),
            Self::Late {
                position,
                recorded_ms,
                size,
                cosigned_s,
            } => write!(
                f,
                "record {position} claims to be of {} s after 1970, but the cosigner was shown a \
                 tree of {size} records without it at {cosigned_s} s: it was backdated, put in \
                 later, or kept from the cosigner",
                recorded_ms / 1000,
            ),
            Self::Rollback { from, to, seen_s } => write!(
                f,
                "at {seen_s} s after 1970 somebody was shown {to} records by a log that had shown \
                 {from} before; the log has signed both, the order is the observer's word"
            ),
        }
    }
}

#[cfg(test)]
mod tests;
