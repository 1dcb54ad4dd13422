//! Receipts: that a record is in the log, in one file (C2SP tlog-proof@v1).
//!
//! A receipt checks offline, against the record and the log's public key. How many witnesses must
//! have cosigned its checkpoint is the reader's policy: see [`SignedNote::signatures`].

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use thiserror::Error;

use super::checkpoint::{Checkpoint, CheckpointError};
use super::hash::{Hash, HashError};
use super::note::{NoteError, SignedNote};
use super::position::{DecimalError, Position};
use super::proof::{ProofError, verify_inclusion};
use super::vkey::VerifierKey;

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";

/// A record's position, its inclusion proof, and the checkpoint that the proof leads to; `Display`
/// is the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Whatever the issuer adds, such as the record itself. Nothing vouches for it.
    pub extra: Option<Vec<u8>>,
    /// Where the record is.
    pub position: Position,
    /// The inclusion proof, the leaf's sibling first.
    pub path: Vec<Hash>,
    /// The signed checkpoint, exactly as issued.
    pub checkpoint: SignedNote,
}

/// Why bytes are not a receipt, or the receipt proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReceiptError {
    /// The lines before the checkpoint are not those of a receipt.
    #[error("expected \"c2sp.org/tlog-proof@v1\", maybe extra, index, hashes and an empty line")]
    Malformed,
    /// The extra data is not base64.
    #[error("the extra line is not base64")]
    Extra,
    /// The position is not a number.
    #[error("the index is not a number: {0}")]
    Index(#[from] DecimalError),
    /// A line of the proof is not a hash.
    #[error("the inclusion proof is malformed: {0}")]
    Path(#[from] HashError),
    /// The checkpoint is not a note.
    #[error("the checkpoint is malformed: {0}")]
    Note(#[from] NoteError),
    /// The checkpoint is not signed by this log.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The record is not where the receipt says.
    #[error(transparent)]
    Proof(#[from] ProofError),
}

impl Receipt {
    /// Reads a receipt, strictly: what is accepted, `Display` gives back byte by byte.
    pub fn parse(bytes: &[u8]) -> Result<Self, ReceiptError> {
        let text = str::from_utf8(bytes).map_err(|_| ReceiptError::Malformed)?;
        let (head, checkpoint) = text.split_once("\n\n").ok_or(ReceiptError::Malformed)?;
        let head = head
            .strip_prefix(FIRST_LINE)
            .and_then(|rest| rest.strip_prefix('\n'));
        let mut lines = head.ok_or(ReceiptError::Malformed)?.split('\n').peekable();
        let extra = lines.next_if_map(|line| line.strip_prefix("extra ").ok_or(line));
        let index = lines.next().and_then(|line| line.strip_prefix("index "));
        Ok(Self {
            extra: extra
                .map(|extra| STANDARD.decode(extra))
                .transpose()
                .map_err(|_| ReceiptError::Extra)?,
            position: index.ok_or(ReceiptError::Malformed)?.parse()?,
            path: lines.map(Hash::from_base64).collect::<Result<_, _>>()?,
            checkpoint: SignedNote::parse(checkpoint.as_bytes())?,
        })
    }

    /// Checks that the record with this leaf hash is in the log, and returns the checkpoint that
    /// says so.
    pub fn verify(&self, leaf: Hash, log: &VerifierKey) -> Result<Checkpoint, ReceiptError> {
        let checkpoint = Checkpoint::verify(&self.checkpoint, log)?;
        let (size, root) = (checkpoint.size(), checkpoint.root());
        verify_inclusion(leaf, self.position, size, &self.path, root)?;
        Ok(checkpoint)
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{FIRST_LINE}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", STANDARD.encode(extra))?;
        }
        writeln!(f, "index {}", self.position)?;
        for hash in &self.path {
            writeln!(f, "{}", hash.to_base64())?;
        }
        write!(f, "\n{}", self.checkpoint.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::testing::{checkpoint_of_five, entry, log_signer};

    const FILE: &str = "\
c2sp.org/tlog-proof@v1
extra aG91cnM=
index 3
V8efTzGuApxdS9MLBzwnyU35NDiytGl+Hh7vW8A5SkE=
WkdmL9ijF9lgSaP59HxV3GfKZgUbqjaD27GbL+CaB7A=
SFM123z+yWXxX/dF/GJcQdXqJkaTaTAWWCj3PdS2iFQ=

hours.example/ledger
5
fKo0Xb2JKmZFTWxlEuo8PqPw0+whvj/C4jdXBf049nI=

— hours.example/ledger ja+nS7t902i1zxKIJPMXRiWZ3HzKZcf2+c+U3z5VwYDqPtloD+U/6oq4HZyx7PFajuQlJvo76wvXwI/uIadg6NbUqA0=
";

    fn log() -> VerifierKey {
        log_signer().verifier_key()
    }

    fn read(file: &str) -> Result<Receipt, ReceiptError> {
        Receipt::parse(file.as_bytes())
    }

    #[test]
    fn a_receipt_is_read_written_and_verified() {
        let receipt = read(FILE).unwrap();
        assert_eq!(receipt.extra.as_deref(), Some(&b"hours"[..]));
        assert_eq!(receipt.to_string(), FILE);
        assert_eq!(receipt.verify(entry(3), &log()), Ok(checkpoint_of_five()));
    }

    #[test]
    fn a_receipt_is_for_one_record_at_one_position() {
        let mut receipt = read(FILE).unwrap();
        let refused = Err(ReceiptError::Proof(ProofError::WrongRoot));
        assert_eq!(receipt.verify(entry(2), &log()), refused);
        receipt.position = Position::new(2);
        assert_eq!(receipt.verify(entry(3), &log()), refused);
        receipt.position = Position::new(5);
        let (position, size) = (receipt.position, checkpoint_of_five().size());
        let outside = ProofError::OutsideTree { position, size };
        assert_eq!(receipt.verify(entry(3), &log()), Err(outside.into()));
    }

    #[test]
    fn no_character_of_a_receipt_can_be_changed_save_the_extra_data() {
        let extra = FILE.find("aG91").unwrap()..FILE.find("\nindex").unwrap();
        for (at, _) in FILE.char_indices().filter(|(at, _)| !extra.contains(at)) {
            for replacement in ["A", "5", "\n", " ", ""] {
                let character = FILE[at..].chars().next().unwrap().to_string();
                if character == replacement {
                    continue;
                }
                let changed = [&FILE[..at], replacement, &FILE[at + character.len()..]].concat();
                let verified = read(&changed).and_then(|receipt| receipt.verify(entry(3), &log()));
                assert!(verified.is_err(), "{changed}");
            }
        }
    }

    #[test]
    fn extra_data_may_be_absent_or_empty() {
        for file in [
            FILE.replace("extra aG91cnM=\n", ""),
            FILE.replace("aG91cnM=", ""),
        ] {
            let receipt = read(&file).unwrap();
            assert_eq!(receipt.to_string(), file);
            assert!(receipt.verify(entry(3), &log()).is_ok());
        }
    }

    #[test]
    fn the_receipt_of_the_only_record_has_no_path() {
        let checkpoint =
            Checkpoint::new(log().name().clone(), crate::log::TreeSize::new(1), entry(0));
        let signed = checkpoint.sign(&[log_signer()]).unwrap();
        let receipt = Receipt {
            extra: None,
            position: Position::ZERO,
            path: vec![],
            checkpoint: signed,
        };
        let read = read(&receipt.to_string()).unwrap();
        assert_eq!(read, receipt);
        assert_eq!(read.verify(entry(0), &log()), Ok(checkpoint));
    }

    #[test]
    fn a_malformed_receipt_is_refused_for_its_reason() {
        use ReceiptError::{Extra, Index, Malformed, Note, Path};
        let cases = [
            (String::new(), Malformed),
            (FILE.replace("@v1", "@v2"), Malformed),
            (FILE.replace("@v1\n", "@v1\n\n"), Malformed),
            (FILE.replace("@v1\n", "@v1\r\n"), Malformed),
            (format!("\n{FILE}"), Malformed),
            (FILE.replace("index 3\n", ""), Malformed),
            (FILE.replace("index", "Index"), Malformed),
            (FILE.replace("extra", "Extra"), Malformed),
            (
                FILE.replace("index 3\n", "extra AAAA\nindex 3\n"),
                Malformed,
            ),
            (FILE.replace("aG91cnM=", "aG91cnM"), Extra),
            (FILE.replace("aG91cnM=", "aG91cnM= "), Extra),
            (FILE.replace("index 3", "index 03"), Index(DecimalError)),
            (FILE.replace("index 3", "index  3"), Index(DecimalError)),
            (FILE.replace("index 3", "index 3 "), Index(DecimalError)),
            (
                FILE.replace("index 3\n", "index 3\nindex 3\n"),
                Path(HashError),
            ),
            (FILE.replace("V8ef", ""), Path(HashError)),
            (FILE.replace("V8ef", "AAAAV8ef"), Path(HashError)),
            (FILE.replace("iFQ=\n", "iFQ="), Path(HashError)),
            (
                FILE.replace("— hours", "- hours"),
                Note(NoteError::MalformedLine(1)),
            ),
        ];
        for (file, reason) in cases {
            assert_eq!(read(&file), Err(reason), "{file}");
        }
        assert_eq!(Receipt::parse(b"\xff"), Err(Malformed));
    }
}
