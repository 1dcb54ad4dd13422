//! A checkpoint that was published: in the folder of an export, or as a file.

use std::io;
use std::path::{Path, PathBuf};

use ledger::log::{Checkpoint, CheckpointError, NoteError, SignedNote, VerifierKey};

use super::{Claim, Source};

/// Why a published checkpoint says nothing.
#[derive(Debug, thiserror::Error)]
#[error("the published checkpoint {}: {cause}", path.display())]
pub struct PublishedError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub cause: PublishedFault,
}

/// What is wrong with a published checkpoint.
#[derive(Debug, thiserror::Error)]
pub enum PublishedFault {
    /// It cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is no signed note.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// It is not signed by the log's key.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}

/// The tree of a published checkpoint; none if there is no such file yet.
///
/// # Errors
/// [`PublishedError`], also if the log's key has not signed it.
pub fn published(path: &Path, log_key: &VerifierKey) -> Result<Option<Claim>, PublishedError> {
    let path = if path.is_dir() {
        path.join("checkpoint")
    } else {
        path.to_owned()
    };
    read(&path, log_key).map_err(|cause| PublishedError { path, cause })
}

fn read(path: &Path, log_key: &VerifierKey) -> Result<Option<Claim>, PublishedFault> {
    let bytes = match std::fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        bytes => bytes?,
    };
    let checkpoint = Checkpoint::verify(&SignedNote::parse(&bytes)?, log_key)?;
    Ok(Some(Claim {
        source: Source::Published,
        size: checkpoint.size(),
        root: Some(checkpoint.root()),
        declared: Vec::new(),
    }))
}
