//! Why the client did not do what was asked, and the exit codes of the command.

mod refusal;
mod unverified;

use std::error::Error as _;

use tonic::{Code, Status};

pub use refusal::{Language, Refusal};
pub use unverified::Unverified;

use crate::connect::causes;
use crate::keys::KeyFileError;
use crate::memory::MemoryError;
use crate::random::RandomError;

/// The reason of a server that serves reads only.
const READ_ONLY: &str = "READ_ONLY";

/// Why the client did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The server answered with a refusal; nothing has changed.
    #[error(transparent)]
    Refused(#[from] Box<Refusal>),
    /// What the server answered does not prove what it says.
    #[error(transparent)]
    Unverified(#[from] Box<Unverified>),
    /// The server was not reached, or not in time. What was sent may have
    /// arrived all the same.
    #[error("no connection to {server}: {cause}")]
    NoConnection {
        /// The address of the server.
        server: String,
        /// What happened, in words.
        cause: String,
    },
    /// The server's answer has not the form that the protocol gives it.
    #[error("the server's answer makes no sense: {0}")]
    Answer(String),
    /// The address, or the TLS files for it, cannot be used.
    #[error("cannot connect to {server}: {cause}")]
    Address {
        /// The address as given.
        server: String,
        /// What is wrong with it, in words.
        cause: String,
    },
    /// The act needs a key, and the client has none.
    #[error("this needs a key: make one with `timebank key new`, or name one with --key")]
    NoKey,
    /// A key file cannot be used.
    #[error(transparent)]
    Key(#[from] KeyFileError),
    /// What the client remembers cannot be read or written.
    #[error(transparent)]
    Memory(#[from] MemoryError),
    /// There is no randomness.
    #[error(transparent)]
    Random(#[from] RandomError),
}

impl ClientError {
    /// The exit code of the command: 1 for an error, 3 if a verification
    /// failed, 4 without a connection. (0 is success, 2 wrong usage.)
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Unverified(_) => 3,
            Self::NoConnection { .. } => 4,
            Self::Refused(_)
            | Self::Answer(_)
            | Self::Address { .. }
            | Self::NoKey
            | Self::Key(_)
            | Self::Memory(_)
            | Self::Random(_) => 1,
        }
    }

    /// A stable name of the error, in upper snake case: the server's reason,
    /// or one of the client's own.
    pub fn reason(&self) -> &str {
        match self {
            Self::Refused(refusal) => &refusal.reason,
            Self::Unverified(unverified) => unverified.reason(),
            Self::NoConnection { .. } => "NO_CONNECTION",
            Self::Answer(_) => "ANSWER_MALFORMED",
            Self::Address { .. } => "ADDRESS_INVALID",
            Self::NoKey => "NO_KEY",
            Self::Key(_) => "KEY_FILE",
            Self::Memory(_) => "MEMORY",
            Self::Random(_) => "NO_RANDOMNESS",
        }
    }

    /// Whether the same bytes may be sent again in the hope of an answer.
    pub fn is_worth_retrying(&self) -> bool {
        match self {
            Self::NoConnection { .. } => true,
            Self::Refused(refusal) => refusal.code == Code::Aborted,
            _ => false,
        }
    }

    /// Tells a lost connection from a refusal.
    pub(crate) fn from_status(server: &str, status: &Status) -> Self {
        let code = status.code();
        // Only a status that was made on this side has a source.
        let is_local = status.source().is_some();
        let refusal = Refusal::from_status(status);
        let is_lost = matches!(code, Code::Unavailable | Code::DeadlineExceeded);
        // A server that takes nothing in is there, and says why.
        if is_local || (is_lost && refusal.reason != READ_ONLY) {
            let cause = match status.source() {
                Some(source) => format!("{}: {}", status.message(), causes(source)),
                None => status.message().to_owned(),
            };
            return Self::NoConnection {
                server: server.to_owned(),
                cause,
            };
        }
        Self::Refused(Box::new(refusal))
    }
}

impl From<Unverified> for ClientError {
    fn from(unverified: Unverified) -> Self {
        Self::Unverified(Box::new(unverified))
    }
}
