//! The body of an add-checkpoint request: C2SP tlog-witness.

use std::fmt;

use thiserror::Error;

use crate::log::checkpoint::{Checkpoint, CheckpointError};
use crate::log::hash::{Hash, HashError};
use crate::log::note::{NoteError, SignedNote};
use crate::log::position::TreeSize;

/// The most hashes that a proof may have: more than a tree below 2^63 records ever needs.
pub const PROOF_MAX: usize = 63;

/// The longest body that a witness need read, in bytes: the longest proof, and more than the
/// sixteen signatures that every verifier must accept, each of the largest kind (5 kB).
pub const BODY_MAX_BYTES: usize = 128 * 1024;

/// A log's request for a cosignature; `Display` is the body.
///
/// Nothing in it is verified but its form: see [`super::judge()`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// The size of the latest checkpoint that the witness has cosigned, as the log believes.
    pub old: TreeSize,
    /// That the new tree begins with the old one; empty if `old` is zero or the new size.
    pub proof: Vec<Hash>,
    /// The new checkpoint, with whatever signatures the log has sent along.
    pub checkpoint: SignedNote,
}

/// Why bytes are not an add-checkpoint request.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AddCheckpointError {
    /// The request is text.
    #[error("the request is not UTF-8")]
    NotUtf8,
    /// Nothing divides the proof from the checkpoint.
    #[error("the request has no empty line before its checkpoint")]
    NoEmptyLine,
    /// The first line is not `old <size>`.
    #[error("the first line is not \"old <size>\"")]
    OldLine,
    /// More than [`PROOF_MAX`] hashes.
    #[error("the proof has {0} hashes, more than 63")]
    LongProof(usize),
    /// The line of the proof, counted from 1, is not a hash.
    #[error("line {line} of the proof is not a hash: {cause}")]
    ProofLine {
        /// Which line of the proof.
        line: usize,
        /// What is wrong with it.
        cause: HashError,
    },
    /// What follows the empty line is not a signed note.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The note is not a checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}

impl AddCheckpoint {
    /// Reads a body, strictly.
    pub fn parse(body: &[u8]) -> Result<Self, AddCheckpointError> {
        let body = str::from_utf8(body).map_err(|_| AddCheckpointError::NotUtf8)?;
        // The head has no empty line, so the first one divides.
        let (head, checkpoint) = body
            .split_once("\n\n")
            .ok_or(AddCheckpointError::NoEmptyLine)?;
        let mut lines = head.split('\n');
        let old = lines.next().and_then(|line| line.strip_prefix("old "));
        let old = old.and_then(|size| size.parse().ok());
        let request = Self {
            old: old.ok_or(AddCheckpointError::OldLine)?,
            proof: proof(lines)?,
            checkpoint: SignedNote::parse(checkpoint.as_bytes())?,
        };
        match request.unverified_checkpoint() {
            // It may be a checkpoint of a log whose origin cannot name a key; none such is known.
            Ok(_) | Err(CheckpointError::Origin(_)) if !request.origin().is_empty() => Ok(request),
            Ok(_) => Err(CheckpointError::Malformed.into()),
            Err(error) => Err(error.into()),
        }
    }

    /// The first line of the checkpoint: which log it claims to be of. Nobody may have signed it.
    pub fn origin(&self) -> &str {
        let text = self.checkpoint.unverified_text();
        text.split('\n').next().unwrap_or_default()
    }

    /// What the note says. Nobody may have signed it.
    pub(super) fn unverified_checkpoint(&self) -> Result<Checkpoint, CheckpointError> {
        self.checkpoint.unverified_text().parse()
    }
}

impl fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        for hash in &self.proof {
            writeln!(f, "{}", hash.to_base64())?;
        }
        write!(f, "\n{}", self.checkpoint.as_str())
    }
}

fn proof<'t>(lines: impl Iterator<Item = &'t str>) -> Result<Vec<Hash>, AddCheckpointError> {
    let lines: Vec<&str> = lines.collect();
    if lines.len() > PROOF_MAX {
        return Err(AddCheckpointError::LongProof(lines.len()));
    }
    let hashes = (1..).zip(lines).map(|(line, text)| {
        Hash::from_base64(text).map_err(|cause| AddCheckpointError::ProofLine { line, cause })
    });
    hashes.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::name::KeyNameError;

    /// The example of the specification.
    const EXAMPLE: &str = "\
old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
";

    fn refused(body: &str) -> AddCheckpointError {
        match AddCheckpoint::parse(body.as_bytes()) {
            Err(error) => error,
            Ok(_) => panic!("accepted: {body:?}"),
        }
    }

    fn proof_of(hashes: usize) -> String {
        let line = format!("{}\n", Hash::EMPTY_ROOT.to_base64());
        let (_, note) = EXAMPLE.split_once("\n\n").unwrap();
        format!("old 1\n{}\n{note}", line.repeat(hashes))
    }

    #[test]
    fn the_example_of_the_specification_is_read_and_written() {
        let request = AddCheckpoint::parse(EXAMPLE.as_bytes()).unwrap();
        assert_eq!(request.old, TreeSize::new(20_852_014));
        assert_eq!(request.proof.len(), 4);
        assert_eq!(request.origin(), "example.com/behind-the-sofa");
        assert_eq!(request.to_string(), EXAMPLE);
    }

    #[test]
    fn a_proof_has_from_no_to_63_hashes() {
        for hashes in [0, 1, PROOF_MAX] {
            let body = proof_of(hashes);
            let request = AddCheckpoint::parse(body.as_bytes()).unwrap();
            assert_eq!(request.proof.len(), hashes);
            assert_eq!(request.to_string(), body);
        }
        assert_eq!(refused(&proof_of(64)), AddCheckpointError::LongProof(64));
    }

    #[test]
    fn an_origin_that_cannot_name_a_key_is_left_to_the_judge() {
        let body = EXAMPLE.replace("\nexample.com/behind-the-sofa\n", "\nbehind the sofa\n");
        let request = AddCheckpoint::parse(body.as_bytes()).unwrap();
        assert_eq!(request.origin(), "behind the sofa");
    }

    #[test]
    fn a_malformed_body_is_refused_for_its_reason() {
        use AddCheckpointError::{Checkpoint, NoEmptyLine, NotUtf8, Note, OldLine, ProofLine};
        let proof_line = |line| ProofLine {
            line,
            cause: HashError,
        };
        assert_eq!(AddCheckpoint::parse(b"old 0\n\xff\n\n"), Err(NotUtf8));
        let old = |line: &str| EXAMPLE.replace("old 20852014", line);
        let (head, note) = EXAMPLE.split_once("\n\n").unwrap();
        let cases = [
            (String::new(), NoEmptyLine),
            ("old 0\n".to_owned(), NoEmptyLine),
            (old(""), OldLine),
            (old("old"), OldLine),
            (old("old "), OldLine),
            (old("old  1"), OldLine),
            (old("Old 1"), OldLine),
            (old("old 01"), OldLine),
            (old("old -1"), OldLine),
            (old("old +1"), OldLine),
            (old("old 1 "), OldLine),
            (old("old 1\r"), OldLine),
            (old("old 18446744073709551616"), OldLine),
            (format!("\n{EXAMPLE}"), OldLine),
            (note.to_owned(), OldLine),
            (EXAMPLE.replace("PlRN", ""), proof_line(1)),
            (EXAMPLE.replace("swk=\n", "swk=\r\n"), proof_line(2)),
            (EXAMPLE.replace("Kj/0=\n", "Kj/0=\n \n"), proof_line(5)),
            (format!("{head}\n\n"), Note(NoteError::NoEmptyLine)),
            (format!("{head}\n{note}"), proof_line(5)),
            (format!("{EXAMPLE}\n"), Note(NoteError::Unsigned)),
            (
                format!("{EXAMPLE}more\n"),
                Note(NoteError::MalformedLine(3)),
            ),
            (
                format!("{head}\n\n\n{note}"),
                Checkpoint(CheckpointError::Origin(KeyNameError)),
            ),
            (
                EXAMPLE.replace("\n20852163\n", "\n020852163\n"),
                Checkpoint(CheckpointError::Size(crate::log::position::DecimalError)),
            ),
            (
                EXAMPLE.replace("\n20852163\n", "\n"),
                Checkpoint(CheckpointError::Malformed),
            ),
            (
                EXAMPLE.replace("CsUY", ""),
                Checkpoint(CheckpointError::Root(HashError)),
            ),
        ];
        for (body, reason) in cases {
            assert_eq!(refused(&body), reason, "{body:?}");
        }
    }
}
