//! Where a ledger is read from.

use std::path::PathBuf;

use ledger::log::{TilePath, TreeSize};
use proto::v1;
use tokio::sync::mpsc;

use crate::error::ClientError;

/// Why a ledger could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The server did not give it.
    #[error(transparent)]
    Server(#[from] ClientError),
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
    /// Bytes that should be messages are not.
    #[error("{what} is malformed: {cause}")]
    Malformed {
        /// What was read.
        what: String,
        /// What is wrong with it.
        cause: String,
    },
}

impl SourceError {
    /// The exit code of the command. Bytes that are no messages fail the
    /// verification.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Server(error) => error.exit_code(),
            Self::Io { .. } => 1,
            Self::Malformed { .. } => 3,
        }
    }

    /// A stable name of the error, in upper snake case.
    pub fn reason(&self) -> &str {
        match self {
            Self::Server(error) => error.reason(),
            Self::Io { .. } => "FILE",
            Self::Malformed { .. } => "MALFORMED",
        }
    }
}

/// The tiles and bundles of a log. A clone reads the same.
pub trait Files: Clone + Send + Sync + 'static {
    /// A tile or an entry bundle; `None` if there is none of that path.
    fn file(
        &self,
        path: TilePath,
    ) -> impl Future<Output = Result<Option<Vec<u8>>, SourceError>> + Send;
}

/// A ledger with all that its server states.
pub trait Source: Files {
    /// A checkpoint to judge the ledger by; `None` if there is none. One that is
    /// published, which witnesses may have cosigned, if it covers `least` records;
    /// else the newest.
    fn checkpoint(
        &self,
        least: TreeSize,
    ) -> impl Future<Output = Result<Option<Vec<u8>>, SourceError>> + Send;

    /// Every stated state row, in the order of keys, at one tree size.
    fn state(&self) -> mpsc::Receiver<Result<v1::StateChunk, SourceError>>;

    /// Every stated posting of the first `size` records, in order.
    fn postings(&self, size: TreeSize) -> mpsc::Receiver<Result<v1::PostingChunk, SourceError>>;
}
