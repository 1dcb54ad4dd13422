//! Texts and files that an entry commits to: the entry holds 32 bytes, and the
//! opening is kept here and deposited with the server.

use std::path::{Path, PathBuf};

use client::opening::KeptOpening;
use client::{Client, ClientError, random};
use ledger::commitment::{CommitmentKind, Opening};
use ledger::{Act, Commitment, EntryId};
use sha2::{Digest, Sha256};

use super::context::{Context, read};
use super::error::CliError;

/// What is committed to, as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Committed {
    /// A commitment that was made elsewhere.
    Made(Commitment),
    /// A text.
    Text(String),
    /// The hash of a file.
    File(PathBuf),
}

/// Reads a text, or the 64 hex digits of a commitment.
pub(crate) fn text(typed: &str) -> Result<Committed, String> {
    if let Ok(commitment) = typed.parse() {
        return Ok(Committed::Made(commitment));
    }
    match typed.len() {
        0 => Err("expected a text".to_owned()),
        1..=Opening::VALUE_BYTES_MAX => Ok(Committed::Text(typed.to_owned())),
        bytes => Err(format!(
            "a text has at most {} bytes, and this one has {bytes}",
            Opening::VALUE_BYTES_MAX
        )),
    }
}

/// Reads the name of a file, or the 64 hex digits of a commitment.
pub(crate) fn file(typed: &str) -> Result<Committed, String> {
    match typed.parse() {
        Ok(commitment) => Ok(Committed::Made(commitment)),
        Err(_) if typed.is_empty() => Err("expected a file".to_owned()),
        Err(_) => Ok(Committed::File(typed.into())),
    }
}

/// Reads the code that stood at a door: six digits.
pub(crate) fn door_code(typed: &str) -> Result<Committed, String> {
    let code = typed.trim();
    if code.len() == 6 && code.bytes().all(|digit| digit.is_ascii_digit()) {
        Ok(Committed::Text(client::door::evidence(code)))
    } else {
        Err("expected the six digits at the door".to_owned())
    }
}

impl Committed {
    /// Commits to it: draws a salt, and keeps the opening before anything is
    /// signed over it.
    pub(crate) fn commit(
        self,
        context: &Context,
        kind: CommitmentKind,
    ) -> Result<Commitment, CliError> {
        let value = match self {
            Self::Made(commitment) => return Ok(commitment),
            Self::Text(text) => text.into_bytes(),
            Self::File(path) => hash(&read(&path)?).into_bytes(),
        };
        let salt = random::salt().map_err(ClientError::from)?;
        let opening =
            Opening::new(salt, value).map_err(|long| CliError::usage(long.to_string()))?;
        let kept = KeptOpening { kind, opening };
        context.openings().keep(&kept).map_err(ClientError::from)?;
        Ok(kept.commitment())
    }
}

/// How a file is named in a text that is committed to.
pub(crate) fn file_hash(path: &Path) -> Result<String, CliError> {
    Ok(hash(&read(path)?))
}

/// How a file is committed to (docs/commitments.md).
fn hash(content: &[u8]) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(content)))
}

/// Commits to what was given, if anything was.
pub(crate) fn commit(
    context: &Context,
    kind: CommitmentKind,
    given: Option<Committed>,
) -> Result<Option<Commitment>, CliError> {
    given.map(|given| given.commit(context, kind)).transpose()
}

/// Deposits the opening of what a recorded act commits to, if it is kept here;
/// how that went, in words. The act is done whether or not it went well.
pub(crate) async fn deposit(
    context: &Context,
    client: &Client,
    entry: EntryId,
    act: &Act,
) -> Option<String> {
    let (kind, commitment) = act.commitment()?;
    let kept = context.openings().find(&commitment).ok()??;
    Some(match client.put_opening(entry, &kept.opening).await {
        Ok(_) => format!(
            "The {} is with the server; the log holds only a commitment to it.",
            kind.name()
        ),
        Err(error) => format!(
            "The {} is on this machine only ({error}); later: timebank opening put {entry}",
            kind.name()
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_a_text_unless_it_is_a_commitment() {
        let typed = "the bell is broken";
        assert_eq!(text(typed), Ok(Committed::Text(typed.to_owned())));
        let made = Commitment::from_bytes([0xab; 32]);
        assert_eq!(text(&made.to_string()), Ok(Committed::Made(made)));
        assert_eq!(file(&made.to_string()), Ok(Committed::Made(made)));
        assert_eq!(file("a.jpg"), Ok(Committed::File("a.jpg".into())));
        assert!(text("").is_err() && file("").is_err());
        assert!(text(&"a".repeat(4_096)).is_ok());
        assert!(text(&"a".repeat(4_097)).is_err());
    }

    #[test]
    fn a_door_code_has_six_digits() {
        let code = Committed::Text("door code 012345".to_owned());
        assert_eq!(door_code(" 012345 "), Ok(code));
        for text in ["", "12345", "1234567", "12a456"] {
            assert!(door_code(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_file_is_committed_to_by_its_hash() {
        // FIPS 180-4, example of one block: "abc".
        let expected = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hash(b"abc"), expected);
    }
}
