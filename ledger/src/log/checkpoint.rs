//! What a log signs about its tree: C2SP tlog-checkpoint v1.0.0.
//!
//! A checkpoint states no time; cosignatures do.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::hash::{Hash, HashError};
use super::name::{KeyName, KeyNameError};
use super::note::{NoteError, SignedNote};
use super::position::{DecimalError, TreeSize};
use super::signer::NoteSigner;
use super::vkey::{Algorithm, VerifierKey};

/// One state of one log; `Display` and `FromStr` are the text of the note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    origin: KeyName,
    size: TreeSize,
    root: Hash,
    /// Whole lines with their ends; ours have none, but a foreign log's must be kept to verify.
    extensions: String,
}

/// Why a note is not a checkpoint, or not one of this log.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CheckpointError {
    /// A checkpoint is lines for origin, size and root, and none of its lines is empty.
    #[error("expected lines for origin, tree size and root hash")]
    Malformed,
    /// The first line is not an origin.
    #[error("the origin cannot name a log: {0}")]
    Origin(#[from] KeyNameError),
    /// The second line is not a size.
    #[error("the tree size is not a number: {0}")]
    Size(#[from] DecimalError),
    /// The third line is not a hash.
    #[error("the root hash is not a hash: {0}")]
    Root(#[from] HashError),
    /// The checkpoint is of another log.
    #[error("the checkpoint is of {found}, not of {expected}")]
    OtherLog {
        /// The name of the log's key.
        expected: KeyName,
        /// The origin in the checkpoint.
        found: KeyName,
    },
    /// The note is malformed, or the log has not signed it.
    #[error(transparent)]
    Note(#[from] NoteError),
}

impl Checkpoint {
    /// States size and root of a log.
    pub fn new(origin: KeyName, size: TreeSize, root: Hash) -> Self {
        Self {
            origin,
            size,
            root,
            extensions: String::new(),
        }
    }

    /// Which log: the name of its key too.
    pub fn origin(&self) -> &KeyName {
        &self.origin
    }

    /// The number of records.
    pub fn size(&self) -> TreeSize {
        self.size
    }

    /// The root hash of the tree of that size.
    pub fn root(&self) -> Hash {
        self.root
    }

    /// Lines that a foreign log has added; they mean nothing here.
    pub fn extensions(&self) -> impl Iterator<Item = &str> {
        self.extensions.lines()
    }

    /// Signs with every signer of the log, of which there must be one at least.
    ///
    /// The caller has made sure that this extends every checkpoint that was ever signed.
    pub fn sign(&self, signers: &[NoteSigner]) -> Result<SignedNote, NoteError> {
        SignedNote::sign(&self.to_string(), signers)
    }

    /// Reads a checkpoint that the log with this key has signed, and whose origin names the key.
    ///
    /// An ML-DSA-44 key signs no extension lines, so under one they are left out.
    pub fn verify(note: &SignedNote, log: &VerifierKey) -> Result<Self, CheckpointError> {
        let unverified: Self = note.verify(std::slice::from_ref(log))?.parse()?;
        let checkpoint = unverified.signed_by([log.algorithm()]);
        if checkpoint.origin != *log.name() {
            let (expected, found) = (log.name().clone(), checkpoint.origin);
            return Err(CheckpointError::OtherLog { expected, found });
        }
        Ok(checkpoint)
    }

    /// The checkpoint without its extension lines, if no key that has signed it covers them.
    pub(super) fn signed_by<'k>(self, keys: impl IntoIterator<Item = &'k Algorithm>) -> Self {
        let covers = |key: &Algorithm| !matches!(key, Algorithm::MlDsa44(_));
        if keys.into_iter().any(covers) {
            self
        } else {
            Self::new(self.origin, self.size, self.root)
        }
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}\n{}\n{}\n{}",
            self.origin,
            self.size,
            self.root.to_base64(),
            self.extensions
        )
    }
}

impl FromStr for Checkpoint {
    type Err = CheckpointError;

    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        let mut lines = text.splitn(4, '\n');
        let mut line = || lines.next().ok_or(CheckpointError::Malformed);
        let (origin, size, root, extensions) = (line()?, line()?, line()?, line()?);
        let empty_line = extensions.starts_with('\n') || extensions.contains("\n\n");
        if empty_line || !(extensions.is_empty() || extensions.ends_with('\n')) {
            return Err(CheckpointError::Malformed);
        }
        Ok(Self {
            origin: origin.parse()?,
            size: size.parse()?,
            root: Hash::from_base64(root)?,
            extensions: extensions.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::testing::{checkpoint_of_five, log_signer};

    const SIGNED: &str = "\
hours.example/ledger
5
fKo0Xb2JKmZFTWxlEuo8PqPw0+whvj/C4jdXBf049nI=

— hours.example/ledger ja+nS7t902i1zxKIJPMXRiWZ3HzKZcf2+c+U3z5VwYDqPtloD+U/6oq4HZyx7PFajuQlJvo76wvXwI/uIadg6NbUqA0=
";

    fn read(text: &str) -> Result<Checkpoint, CheckpointError> {
        text.parse()
    }

    #[test]
    fn the_published_checkpoints_are_reproduced_and_verify() {
        let note = checkpoint_of_five().sign(&[log_signer()]).unwrap();
        assert_eq!(note.as_str(), SIGNED);
        let log = log_signer().verifier_key();
        assert_eq!(Checkpoint::verify(&note, &log), Ok(checkpoint_of_five()));

        let root = Hash::from_base64("lPvQ3YNvUDAWkubQ6t5yjuGexSv/8WBu2AfIV11aqhk=").unwrap();
        let of_three = Checkpoint::new(log.name().clone(), TreeSize::new(3), root);
        let line = "ja+nS3GN2uefxbRE9ay1ba5OCkl3hue4WrYdsaH53ie2bM/l8ffiNoIwOB3xorBne08iFTFUTHmZ3JqKRhuVpYDthQk=\n";
        assert!(
            of_three
                .sign(&[log_signer()])
                .unwrap()
                .as_str()
                .ends_with(line)
        );
    }

    #[test]
    fn a_checkpoint_of_another_log_is_refused_even_if_this_key_signed_it() {
        let (found, log) = (
            "other.example".parse::<KeyName>().unwrap(),
            log_signer().verifier_key(),
        );
        let other = Checkpoint::new(found.clone(), TreeSize::ZERO, Hash::EMPTY_ROOT);
        let note = other.sign(&[log_signer()]).unwrap();
        let expected = log.name().clone();
        let refused = Checkpoint::verify(&note, &log);
        assert_eq!(refused, Err(CheckpointError::OtherLog { expected, found }));
    }

    #[test]
    fn a_checkpoint_that_the_log_did_not_sign_is_refused() {
        let log = log_signer().verifier_key();
        let note = SignedNote::parse(SIGNED.replace("\n5\n", "\n6\n").as_bytes()).unwrap();
        let refused = NoteError::BadSignature(log.name().clone());
        assert_eq!(Checkpoint::verify(&note, &log), Err(refused.into()));
        let note = SignedNote::parse(SIGNED.replace("— hours", "— days").as_bytes()).unwrap();
        assert_eq!(
            Checkpoint::verify(&note, &log),
            Err(NoteError::NoKnownKey.into())
        );
    }

    #[test]
    fn a_signed_text_that_is_no_checkpoint_is_refused() {
        let note = SignedNote::sign("hours.example/ledger\n5\n", &[log_signer()]).unwrap();
        let refused = Checkpoint::verify(&note, &log_signer().verifier_key());
        assert_eq!(refused, Err(CheckpointError::Malformed));
    }

    #[test]
    fn extension_lines_are_kept() {
        let text = format!("{}one\ntwo 2\n", checkpoint_of_five());
        let checkpoint = read(&text).unwrap();
        assert!(checkpoint.extensions().eq(["one", "two 2"]));
        assert_eq!(checkpoint.to_string(), text);
        assert_ne!(checkpoint, checkpoint_of_five());
    }

    #[test]
    fn a_malformed_text_is_refused_for_its_reason() {
        use CheckpointError::{Malformed, Origin, Root, Size};
        let root = Hash::EMPTY_ROOT.to_base64();
        let cases = [
            (String::new(), Malformed),
            ("a\n0\n".to_owned(), Malformed),
            (format!("a\n0\n{root}"), Malformed),
            (format!("a\n0\n{root}\n\n"), Malformed),
            (format!("a\n0\n{root}\n\nb\n"), Malformed),
            (format!("a\n0\n{root}\nb\n\n"), Malformed),
            (format!("a\n0\n{root}\nb"), Malformed),
            (format!("\n0\n{root}\n"), Origin(KeyNameError)),
            (format!("a b\n0\n{root}\n"), Origin(KeyNameError)),
            (format!("a\n\n{root}\n"), Size(DecimalError)),
            (format!("a\n00\n{root}\n"), Size(DecimalError)),
            (format!("a\n-1\n{root}\n"), Size(DecimalError)),
            (format!("a\n 1\n{root}\n"), Size(DecimalError)),
            (
                format!("a\n18446744073709551616\n{root}\n"),
                Size(DecimalError),
            ),
            ("a\n0\n\n".to_owned(), Root(HashError)),
            (format!("a\n0\n{}\n", &root[4..]), Root(HashError)),
            (format!("a\n0\n{root} \n"), Root(HashError)),
        ];
        for (text, reason) in cases {
            assert_eq!(read(&text), Err(reason), "{text:?}");
        }
    }
}
