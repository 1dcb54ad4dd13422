//! Making and keeping evidence against a log: docs/evidence.md. What a file says, and whether it is
//! true, is decided by [`ledger::log::evidence`] alone.

use std::io;
use std::path::{Path, PathBuf};

use ledger::log::evidence::{Claim, Finding};
use ledger::log::{
    Evidence, EvidenceError, Hash, Position, SignedNote, VerifierKey, evidence::OtherBeginning,
    leaf_hash,
};

use crate::files;
use crate::log::Signed;

/// Two checkpoints of one log that do not go together. `path` is whatever is said to be the
/// consistency proof between them: often it shows how the larger tree really begins.
///
/// Where it does not, the file keeps the two signed checkpoints and proves nothing yet.
pub(crate) fn fork(log: &VerifierKey, first: &Signed, second: &Signed, path: &[Hash]) -> Evidence {
    let (one, other) = (&first.checkpoint, &second.checkpoint);
    let (smaller, larger) = if one.size() <= other.size() {
        (one, other)
    } else {
        (other, one)
    };
    let beginning = OtherBeginning::of(smaller, larger, path);
    let claim = Claim::Fork(beginning);
    of(log, &first.note, &second.note, claim)
}

/// A file of evidence about two notes.
pub(crate) fn of(
    log: &VerifierKey,
    first: &SignedNote,
    second: &SignedNote,
    claim: Claim,
) -> Evidence {
    Evidence {
        log: log.clone(),
        first: first.clone(),
        second: second.clone(),
        claim,
    }
}

/// Checks a file of evidence, and says what follows from it.
///
/// # Errors
/// [`EvidenceError`] if it does not show what it claims.
pub fn finding(evidence: &Evidence) -> Result<Finding, EvidenceError> {
    evidence.verify(|position: Position, leaf: &[u8]| {
        let (_, record) = proto::decode_leaf(position, leaf).ok()?;
        u64::try_from(record.recorded.get()).ok()
    })
}

/// Keeps a file of evidence in a folder, under a name that follows from its bytes: the same
/// evidence is one file, however often it is found.
///
/// # Errors
/// Those of the file system.
pub fn keep(folder: &Path, evidence: &Evidence) -> io::Result<PathBuf> {
    let text = evidence.to_string();
    let hash = leaf_hash(text.as_bytes()).to_string();
    let claim = match evidence.claim {
        Claim::Fork(_) => "fork",
        Claim::Late(_) => "late",
        Claim::Rollback { .. } => "rollback",
    };
    let path = folder.join(format!("{claim}-{}.txt", &hash[..16]));
    files::private_folder(folder)?;
    files::replace(&path, text.as_bytes())?;
    Ok(path)
}
