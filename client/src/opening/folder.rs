//! Openings in files below the home of a client: one JSON file for each,
//! readable by its owner alone, under the name of its commitment.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use ledger::Commitment;
use ledger::commitment::{CommitmentKind, Opening};
use serde::{Deserialize, Serialize};

use crate::files;
use crate::memory::MemoryError;

/// An opening with all that it takes to check it: the content of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptOpening {
    /// What is committed to.
    pub kind: CommitmentKind,
    /// Salt and value.
    pub opening: Opening,
}

/// The bytes of a file. A value that is text is written as text, so that it can
/// be read without any program.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    kind: String,
    commitment: String,
    salt: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hex: Option<String>,
}

impl KeptOpening {
    /// The commitment that it opens.
    pub fn commitment(&self) -> Commitment {
        self.opening.commitment(self.kind)
    }

    /// The content of its file.
    ///
    /// # Panics
    /// Never: it is plain text.
    pub fn to_json(&self) -> String {
        let text = std::str::from_utf8(self.opening.value()).ok();
        let content = Content {
            kind: self.kind.name().to_owned(),
            commitment: self.commitment().to_string(),
            salt: hex::encode(self.opening.salt()),
            text: text.map(str::to_owned),
            hex: text.is_none().then(|| hex::encode(self.opening.value())),
        };
        serde_json::to_string_pretty(&content).expect("text has a JSON form") + "\n"
    }

    /// Reads the content of a file.
    ///
    /// # Errors
    /// What is wrong with it, in words; also if it does not open the commitment
    /// that it names.
    pub fn parse(json: &str) -> Result<Self, String> {
        let content: Content = serde_json::from_str(json).map_err(|error| error.to_string())?;
        let kind = CommitmentKind::named(&content.kind);
        let kind = kind.ok_or("the kind is not known")?;
        let commitment: Commitment = content.commitment.parse().map_err(said)?;
        let mut salt = [0; Opening::SALT_BYTES];
        hex::decode_to_slice(&content.salt, &mut salt).map_err(said)?;
        let value = match (content.text, content.hex) {
            (Some(text), None) => text.into_bytes(),
            (None, Some(digits)) => hex::decode(digits).map_err(said)?,
            _ => return Err("it has no value, or two".to_owned()),
        };
        let opening = Opening::new(salt, value).map_err(said)?;
        if opening.opens(kind, &commitment) {
            Ok(Self { kind, opening })
        } else {
            Err("it does not open the commitment that it names".to_owned())
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in map_err")]
fn said(error: impl ToString) -> String {
    error.to_string()
}

/// The folder of the openings.
#[derive(Debug, Clone)]
pub struct OpeningFolder(PathBuf);

impl OpeningFolder {
    /// The openings below the home of a client.
    pub fn in_home(home: &Path) -> Self {
        Self(home.join("openings"))
    }

    /// Keeps an opening.
    ///
    /// # Errors
    /// [`MemoryError::Io`].
    pub fn keep(&self, kept: &KeptOpening) -> Result<(), MemoryError> {
        let path = self.path(&kept.commitment());
        let written = files::private_folder(&self.0)
            .and_then(|()| files::private_file().open(&path))
            .and_then(|mut file| {
                file.write_all(kept.to_json().as_bytes())?;
                file.sync_all()
            })
            .and_then(|()| files::sync_folder_of(&path));
        match written {
            // Under the name of a commitment stands its one opening.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            written => written.map_err(|source| MemoryError::Io { path, source }),
        }
    }

    /// The opening of a commitment, if it is kept here.
    ///
    /// # Errors
    /// [`MemoryError`].
    pub fn find(&self, commitment: &Commitment) -> Result<Option<KeptOpening>, MemoryError> {
        let path = self.path(commitment);
        let json = match fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(MemoryError::Io { path, source }),
            Ok(json) => json,
        };
        let malformed = |cause| MemoryError::Malformed { path, cause };
        KeptOpening::parse(&json).map(Some).map_err(malformed)
    }

    /// Erases the opening of a commitment here; whether there was one.
    ///
    /// # Errors
    /// [`MemoryError::Io`].
    pub fn erase(&self, commitment: &Commitment) -> Result<bool, MemoryError> {
        let path = self.path(commitment);
        match erase(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            erased => erased
                .map(|()| true)
                .map_err(|source| MemoryError::Io { path, source }),
        }
    }

    fn path(&self, commitment: &Commitment) -> PathBuf {
        self.0.join(format!("{commitment}.json"))
    }
}

/// Writes over a file, and removes it.
fn erase(path: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).open(path)?;
    let length = usize::try_from(file.metadata()?.len()).unwrap_or_default();
    file.write_all(&vec![0; length])?;
    file.sync_all()?;
    fs::remove_file(path)?;
    files::sync_folder_of(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Folder;

    fn kept(value: &[u8]) -> KeptOpening {
        KeptOpening {
            kind: CommitmentKind::Note,
            opening: Opening::new([7; 32], value.to_vec()).expect("short"),
        }
    }

    #[test]
    fn an_opening_is_found_by_its_commitment_until_it_is_erased() {
        let home = Folder::new();
        let folder = OpeningFolder::in_home(home.path());
        for kept in [kept("灯泡坏了".as_bytes()), kept(&[0xff, 0])] {
            let commitment = kept.commitment();
            assert_eq!(folder.find(&commitment).expect("a read"), None);
            folder.keep(&kept).expect("kept");
            folder.keep(&kept).expect("kept again");
            let found = folder.find(&commitment).expect("a read");
            assert_eq!(found.as_ref(), Some(&kept));
            assert!(folder.erase(&commitment).expect("erased"));
            assert!(!folder.erase(&commitment).expect("nothing to erase"));
            assert_eq!(folder.find(&commitment).expect("a read"), None);
        }
    }

    #[test]
    fn a_file_that_was_altered_is_refused() {
        let json = kept(b"the bell is broken").to_json();
        assert!(json.contains("\"text\": \"the bell is broken\""));
        KeptOpening::parse(&json).expect("as it was written");
        for (from, to) in [
            ("bell", "ball"),
            ("note", "reason"),
            ("0707", "0708"),
            ("\"text\"", "\"hex\""),
            ("\"kind\"", "\"king\""),
        ] {
            let altered = json.replacen(from, to, 1);
            assert_ne!(altered, json);
            KeptOpening::parse(&altered).expect_err(from);
        }
    }
}
