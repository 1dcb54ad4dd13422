//! Answers that do not prove what they say.

use std::path::PathBuf;

use ledger::log::{
    CheckpointError, NoteError, Position, ProofError, ReceiptError, TreeSize, VerifierKeyError,
};

use crate::verify::VerifyError;

/// Why an answer of the server is not to be trusted.
#[derive(Debug, thiserror::Error)]
pub enum Unverified {
    /// The checkpoint is no signed note.
    #[error("the server's checkpoint is malformed: {0}")]
    Note(#[from] NoteError),
    /// The log has not signed the checkpoint.
    #[error("the server's checkpoint does not verify: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// The receipt does not prove that the entry is in the log.
    #[error("the receipt does not verify: {0}")]
    Receipt(#[from] ReceiptError),
    /// The inclusion proof does not prove that the entry is in the log.
    #[error("the inclusion proof does not verify: {0}")]
    Inclusion(#[from] ProofError),
    /// The server's verifier key is not one.
    #[error("the log's verifier key is malformed: {0}")]
    VerifierKey(#[from] VerifierKeyError),
    /// The server names another log key than the one that is known.
    #[error("the server signs with {stated}, but the ledger's key is {known}")]
    KeyChanged {
        /// The key that the client holds for the ledger's.
        known: String,
        /// The key that the server names.
        stated: String,
    },
    /// The server keeps another ledger than before.
    #[error("{server} kept the ledger {known} before and now says that it keeps {stated}")]
    LedgerChanged {
        /// The address of the server.
        server: String,
        /// The ledger's origin as remembered.
        known: String,
        /// The origin that the server states.
        stated: String,
    },
    /// The log that the server shows is not the one that it has shown before:
    /// it has rewritten history, or shows different histories to different
    /// people.
    #[error(
        "the log of {stated} records is not the one of {known} records seen before ({cause}){}",
        saved(evidence.as_ref())
    )]
    Forked {
        /// Size of the tree seen before.
        known: TreeSize,
        /// Size of the tree stated now.
        stated: TreeSize,
        /// What failed: the proof, or the server's refusal to give one.
        cause: String,
        /// The file with both checkpoints, if it could be written.
        evidence: Option<PathBuf>,
    },
    /// The server shows no record at all of a log that had some.
    #[error("the log had {known} records before, and now the server shows none")]
    Emptied {
        /// Size of the tree seen before.
        known: TreeSize,
    },
    /// A batch is answered with a checkpoint that does not cover it.
    #[error("the checkpoint of {size} records does not cover the record {position}")]
    NotCovered {
        /// The position that the server names.
        position: Position,
        /// The size of its checkpoint.
        size: TreeSize,
    },
    /// The opening does not open the commitment that stands beside it.
    #[error("the text that the server shows is not the one that was committed to")]
    Opening,
    /// The receipt proves another entry than the one that was asked for.
    #[error("the receipt is about another entry")]
    OtherEntry,
    /// The receipt proves that something is in the log, but not what it should.
    #[error("the receipt does not verify: {0}")]
    Entry(#[from] VerifyError),
    /// The receipt is without the public key that the entry names.
    #[error("the receipt is without the key that is said to have signed the entry")]
    Unsigned,
}

impl Unverified {
    /// A stable name of the fault, in upper snake case.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Note(_) | Self::Checkpoint(_) => "CHECKPOINT_UNVERIFIED",
            Self::Receipt(_) | Self::Inclusion(_) | Self::Entry(_) => "RECEIPT_UNVERIFIED",
            Self::Unsigned => "SIGNATURE_UNVERIFIED",
            Self::VerifierKey(_) => "LOG_KEY_MALFORMED",
            Self::KeyChanged { .. } => "LOG_KEY_CHANGED",
            Self::LedgerChanged { .. } => "LEDGER_CHANGED",
            Self::Forked { .. } | Self::Emptied { .. } => "LOG_FORKED",
            Self::NotCovered { .. } => "CHECKPOINT_TOO_SMALL",
            Self::Opening => "OPENING_UNVERIFIED",
            Self::OtherEntry => "RECEIPT_OF_ANOTHER_ENTRY",
        }
    }
}

fn saved(evidence: Option<&PathBuf>) -> String {
    match evidence {
        Some(file) => format!("; the evidence is in {}", file.display()),
        None => String::new(),
    }
}
