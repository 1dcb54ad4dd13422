//! Why a command failed, and how that is said.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use client::adoption::AdoptionError;
use client::audit::SourceError;
use client::error::Language;
use client::follow::{Found, Round};
use client::witness::FolderError;
use client::{AuditError, ClientError, Refusal};
use serde_json::{Map, Value, json};

use super::output;

/// What somebody does who has found two histories.
const FORKED: &str = "Give the evidence to the auditor. If the operator has declared that records \
                      are lost, get the receipt of that declaration: timebank scheme accept RECEIPT";

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    /// The client says why.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The audit did not pass.
    #[error(transparent)]
    Audit(#[from] AuditError),
    /// What was to be checked proves nothing.
    #[error("{text}")]
    Unproven {
        /// The stable reason.
        reason: &'static str,
        /// Why, in the languages that were asked for.
        text: String,
    },
    /// A declared loss is not followed.
    #[error(transparent)]
    Adoption(#[from] AdoptionError),
    /// The words of the command do not fit each other or the ledger.
    #[error("{0}")]
    Usage(String),
    /// The key was made for another ledger.
    #[error("the key {name:?} is for the ledger {origin}")]
    OtherLedger {
        /// The key.
        name: String,
        /// Its ledger.
        origin: String,
    },
    /// The text is not the one that the entry commits to.
    #[error("NOT PROVEN: {0}")]
    OtherText(String),
    /// A file cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// Following has found something, which is told already.
    #[error("the log is not what it should be [{}]", .0.reason)]
    Found(Box<Found>),
    /// The last round of following did not come to its end.
    #[error("the log was not followed to the end: {}", not_followed(.0))]
    NotFollowed(Box<Round>),
    /// The folder of a witness cannot be used.
    #[error(transparent)]
    Witness(#[from] FolderError),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address as given.
        address: String,
        /// The system's error.
        source: io::Error,
    },
    /// The system gives no threads.
    #[error("cannot start: {0}")]
    Runtime(io::Error),
}

impl CliError {
    /// A value on the command line that does not fit.
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self::Usage(text.into())
    }

    /// Says what happened on the standard error; the exit code.
    pub(crate) fn report(&self, is_json: bool) -> ExitCode {
        let language = language();
        if is_json {
            output::print_error(&self.json(language).to_string());
        } else {
            output::print_error(&format!("error: {}", self.text(language)));
        }
        ExitCode::from(self.exit_code())
    }

    fn exit_code(&self) -> u8 {
        match self {
            Self::Client(error) | Self::Adoption(AdoptionError::Client(error)) => error.exit_code(),
            Self::Audit(error) => error.exit_code(),
            Self::Unproven { .. } | Self::Found(_) | Self::OtherText(_) | Self::Adoption(_) => 3,
            Self::NotFollowed(_) => 4,
            Self::Usage(_) => 2,
            Self::OtherLedger { .. }
            | Self::File { .. }
            | Self::Witness(_)
            | Self::Listen { .. }
            | Self::Runtime(_) => 1,
        }
    }

    fn reason(&self) -> &str {
        match self {
            Self::Client(error) | Self::Adoption(AdoptionError::Client(error)) => error.reason(),
            Self::Audit(error) => error.reason(),
            Self::Unproven { reason, .. } => reason,
            Self::OtherText(_) => "OPENING_UNVERIFIED",
            Self::Adoption(AdoptionError::Verify(_)) => "RECEIPT_UNVERIFIED",
            Self::Adoption(AdoptionError::Unsigned { .. }) => "SIGNATURE_UNVERIFIED",
            Self::Adoption(_) => "OTHER_LOSS",
            Self::Usage(_) => "USAGE",
            Self::OtherLedger { .. } => "KEY_OF_ANOTHER_LEDGER",
            Self::File { .. } => "FILE",
            Self::Found(found) => &found.reason,
            Self::NotFollowed(_) => "NOT_FOLLOWED",
            Self::Witness(_) => "WITNESS_FOLDER",
            Self::Listen { .. } => "CANNOT_LISTEN",
            Self::Runtime(_) => "RUNTIME",
        }
    }

    /// What to tell people: the server's words in their language, if it is the
    /// server who refuses.
    fn text(&self, language: Language) -> String {
        match self.refusal() {
            Some(refusal) => format!("{} [{}]", refusal.text(language), refusal.reason),
            None if self.reason() == "LOG_FORKED" => format!("{self}\n{FORKED}"),
            None => self.to_string(),
        }
    }

    fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Client(ClientError::Refused(refusal))
            | Self::Adoption(AdoptionError::Client(ClientError::Refused(refusal)))
            | Self::Audit(AuditError::Source(SourceError::Server(ClientError::Refused(refusal)))) => {
                Some(refusal)
            }
            _ => None,
        }
    }

    fn json(&self, language: Language) -> Value {
        let mut error = Map::new();
        error.insert("reason".to_owned(), json!(self.reason()));
        error.insert("message".to_owned(), json!(self.text(language)));
        error.insert("exit_code".to_owned(), json!(self.exit_code()));
        if let Some(refusal) = self.refusal() {
            error.insert("message".to_owned(), json!(refusal.text(language)));
            error.insert("metadata".to_owned(), json!(refusal.metadata));
        }
        if let Self::Audit(AuditError::Fault(fault)) = self {
            error.insert("position".to_owned(), json!(fault.position()));
        }
        json!({ "error": error })
    }
}

/// Why a round was not whole.
fn not_followed(round: &Round) -> String {
    let shown = round.places.iter().find_map(|place| place.problem.clone());
    let why = round.problem.clone().or(shown);
    why.unwrap_or_else(|| "it shows no checkpoint".to_owned())
}

/// The language of the person, by POSIX custom.
fn language() -> Language {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(std::env::var_os);
    let locale = set
        .into_iter()
        .find(|value| !value.is_empty())
        .unwrap_or_default();
    Language::of_locale(&locale.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use client::Fault;
    use ledger::log::Position;

    use super::*;

    #[test]
    fn a_refusal_is_told_in_the_language_of_the_person() {
        let refusal = Refusal {
            code: 9.into(),
            reason: "INSUFFICIENT_BALANCE".to_owned(),
            metadata: [("available".to_owned(), "30".to_owned())].into(),
            messages: [("en", "Too few hours."), ("zh-CN", "时间币不足。")]
                .map(|(tag, text)| (tag.to_owned(), text.to_owned()))
                .into(),
            message: String::new(),
        };
        let error = CliError::Client(Box::new(refusal).into());
        assert_eq!(
            error.text(Language::Chinese),
            "时间币不足。 [INSUFFICIENT_BALANCE]"
        );
        let json = error.json(Language::English);
        assert_eq!(json["error"]["reason"], "INSUFFICIENT_BALANCE");
        assert_eq!(json["error"]["message"], "Too few hours.");
        assert_eq!(json["error"]["metadata"]["available"], "30");
        assert_eq!(json["error"]["exit_code"], 1);
    }

    #[test]
    fn a_fault_names_its_position_and_ends_with_code_3() {
        let fault = Fault::SignatureInvalid {
            position: Position::new(17),
        };
        let error = CliError::Audit(fault.into());
        let json = error.json(Language::English);
        assert_eq!(json["error"]["position"], 17);
        assert_eq!(json["error"]["exit_code"], 3);
    }
}
