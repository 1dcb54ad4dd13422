//! A ledger read from a folder, as `timebank audit --save` writes it. The
//! layout is described in docs/export.md.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use ledger::log::{TilePath, TreeSize};
use prost::Message;
use proto::v1;
use tokio::sync::mpsc;

use super::source::{Files, Source, SourceError};

/// The stated state: `StateChunk` messages, each behind its length.
pub(crate) const STATE_FILE: &str = "timebank/state";
/// The stated postings: `PostingChunk` messages, each behind its length.
pub(crate) const POSTINGS_FILE: &str = "timebank/postings";
/// The checkpoint.
pub(crate) const CHECKPOINT_FILE: &str = "checkpoint";

/// How many messages are read ahead.
const AHEAD: usize = 8;
/// Longest message in a file.
const MESSAGE_BYTES_MAX: usize = 64 * 1024 * 1024;

/// A ledger in a folder.
#[derive(Debug, Clone)]
pub struct FolderSource(PathBuf);

impl FolderSource {
    /// Reads this folder.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self(folder.into())
    }

    async fn read(&self, name: &str) -> Result<Option<Vec<u8>>, SourceError> {
        let path = self.0.join(name);
        match tokio::fs::read(&path).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(SourceError::Io { path, source }),
        }
    }
}

impl Files for FolderSource {
    async fn file(&self, path: TilePath) -> Result<Option<Vec<u8>>, SourceError> {
        self.read(&path.to_string()).await
    }
}

impl Source for FolderSource {
    async fn checkpoint(&self, _least: TreeSize) -> Result<Option<Vec<u8>>, SourceError> {
        self.read(CHECKPOINT_FILE).await
    }

    fn state(&self) -> mpsc::Receiver<Result<v1::StateChunk, SourceError>> {
        messages(self.0.join(STATE_FILE))
    }

    fn postings(&self, _size: TreeSize) -> mpsc::Receiver<Result<v1::PostingChunk, SourceError>> {
        messages(self.0.join(POSTINGS_FILE))
    }
}

fn messages<M: Message + Default + 'static>(
    path: PathBuf,
) -> mpsc::Receiver<Result<M, SourceError>> {
    let (sender, receiver) = mpsc::channel(AHEAD);
    tokio::task::spawn_blocking(move || {
        let failed = |source| SourceError::Io {
            path: path.clone(),
            source,
        };
        let mut reader = match File::open(&path) {
            Ok(file) => BufReader::new(file),
            Err(error) => {
                // Whoever does not listen any more has an error of its own.
                let _ = sender.blocking_send(Err(failed(error)));
                return;
            }
        };
        while let Some(message) = next(&mut reader, &path).transpose() {
            let is_last = message.is_err();
            if sender.blocking_send(message).is_err() || is_last {
                return;
            }
        }
    });
    receiver
}

/// The next message of a file, or `None` at its end.
fn next<M: Message + Default>(
    reader: &mut impl Read,
    path: &Path,
) -> Result<Option<M>, SourceError> {
    let malformed = |cause: String| {
        let what = path.display().to_string();
        SourceError::Malformed { what, cause }
    };
    let length = match length(reader) {
        Ok(Some(length)) if length <= MESSAGE_BYTES_MAX => length,
        Ok(Some(_)) => return Err(malformed("a message is too long".to_owned())),
        Ok(None) => return Ok(None),
        Err(error) => return Err(malformed(error.to_string())),
    };
    let mut bytes = vec![0; length];
    reader
        .read_exact(&mut bytes)
        .map_err(|error| malformed(error.to_string()))?;
    M::decode(bytes.as_slice())
        .map(Some)
        .map_err(|error| malformed(error.to_string()))
}

/// Reads a length as a protobuf varint; `None` at the end of the file.
fn length(reader: &mut impl Read) -> io::Result<Option<usize>> {
    let mut length = 0_usize;
    for shift in (0..35).step_by(7) {
        let mut byte = [0];
        if reader.read(&mut byte)? == 0 {
            return if shift == 0 {
                Ok(None)
            } else {
                Err(io::ErrorKind::UnexpectedEof.into())
            };
        }
        length |= usize::from(byte[0] & 0x7f) << shift;
        if byte[0] & 0x80 == 0 {
            return Ok(Some(length));
        }
    }
    Err(io::ErrorKind::InvalidData.into())
}
