//! What a witness has cosigned last of one log: a file that holds the cosigned checkpoint, byte by
//! byte as monitors get it. The witness' own cosignature in it tells that it is whole.
//!
//! A log of which nothing was cosigned has a file too, so that one that is lost is not taken for
//! the beginning.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use ledger::log::witness::{Accepted, Cosigned};
use ledger::log::{Checkpoint, KeyName, SignedNote, VerifierKey};

use super::folder::FolderError;
use crate::files;

/// The content of the file before the first cosignature.
const NOTHING: &[u8] = b"nothing cosigned yet\n";

/// The latest checkpoint that was cosigned.
pub(super) struct Latest {
    /// It, with the lines of the log and of the witness.
    pub(super) note: SignedNote,
    /// What it says.
    checkpoint: Checkpoint,
    /// When it was cosigned, in seconds since 1970.
    pub(super) time_s: u64,
}

impl Latest {
    /// An accepted checkpoint with the lines of the witness.
    pub(super) fn new(accepted: &Accepted, lines: &str, time_s: u64) -> Self {
        let note = accepted.note.with_lines(lines);
        Self {
            note: note.expect("a few lines of a log and of a witness make a note"),
            checkpoint: accepted.checkpoint.clone(),
            time_s,
        }
    }

    /// What the next checkpoint is judged against.
    pub(super) fn cosigned(&self) -> Cosigned {
        Cosigned {
            size: self.checkpoint.size(),
            root: self.checkpoint.root(),
        }
    }
}

/// Makes the file of a log of which nothing was cosigned; never in the place of another.
pub(super) fn begin(path: &Path) -> io::Result<()> {
    let mut file = files::private_file().open(path)?;
    io::Write::write_all(&mut file, NOTHING)?;
    file.sync_all()?;
    files::sync_folder_of(path)
}

/// Reads the file, after making sure that a failing machine will not bring back an older one.
pub(super) fn read_durably(
    path: &Path,
    origin: &KeyName,
    own: &[VerifierKey],
) -> Result<Option<Latest>, FolderError> {
    let synced = File::open(path).and_then(|file| file.sync_all());
    let synced = synced.and_then(|()| files::sync_folder_of(path));
    synced.map_err(FolderError::io(path))?;
    read(path, origin, own)
}

/// Reads the file, and checks that it is what this witness has cosigned of this log.
pub(super) fn read(
    path: &Path,
    origin: &KeyName,
    own: &[VerifierKey],
) -> Result<Option<Latest>, FolderError> {
    let bytes = fs::read(path).map_err(FolderError::io(path))?;
    if bytes == NOTHING {
        return Ok(None);
    }
    let damaged = |cause: &str| FolderError::Damaged {
        path: path.to_owned(),
        cause: cause.to_owned(),
    };
    let note = SignedNote::parse(&bytes).map_err(|error| damaged(&error.to_string()))?;
    let signatures = note.signatures(own);
    let signatures = signatures.map_err(|error| damaged(&error.to_string()))?;
    let time_s = signatures.iter().filter_map(|one| one.time_s).max();
    let checkpoint: Result<Checkpoint, _> = note.unverified_text().parse();
    let checkpoint = checkpoint.map_err(|error| damaged(&error.to_string()))?;
    if checkpoint.origin() != origin {
        return Err(damaged("it is of another log"));
    }
    Ok(Some(Latest {
        checkpoint,
        time_s: time_s.ok_or_else(|| damaged("this witness has not cosigned it"))?,
        note,
    }))
}

/// Replaces the file. When this returns, no failure of the machine brings the old one back.
pub(super) fn write(path: &Path, latest: &Latest) -> io::Result<()> {
    files::replace(path, latest.note.as_bytes())
}
