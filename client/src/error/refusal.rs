//! A refusal as the server words it: `google.rpc.Status` with `ErrorInfo` and
//! messages in several languages.

use std::collections::BTreeMap;
use std::fmt;

use proto::v1;
use tonic::{Code, Status};
use tonic_types::{ErrorDetail, StatusExt};

/// A language in which the server words its refusals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Chinese.
    Chinese,
}

impl Language {
    /// The language of a POSIX locale such as `zh_CN.UTF-8`; English unless it
    /// is Chinese.
    pub fn of_locale(locale: &str) -> Self {
        if locale.starts_with("zh") {
            Self::Chinese
        } else {
            Self::English
        }
    }

    const fn prefix(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh",
        }
    }
}

/// Why the server refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Refusal {
    /// The gRPC status code.
    pub code: Code,
    /// The stable reason, in upper snake case; the name of the code where the
    /// server gives none.
    pub reason: String,
    /// The data of the reason, by name.
    pub metadata: BTreeMap<String, String>,
    /// What to tell people, by language tag.
    pub messages: BTreeMap<String, String>,
    /// The message of the status, in English.
    pub message: String,
}

impl Refusal {
    /// Reads the details of a status.
    pub(crate) fn from_status(status: &Status) -> Self {
        let mut refusal = Self {
            code: status.code(),
            reason: code_name(status.code()),
            metadata: BTreeMap::new(),
            messages: BTreeMap::new(),
            message: status.message().to_owned(),
        };
        for detail in status.get_error_details_vec() {
            match detail {
                ErrorDetail::ErrorInfo(info) => {
                    refusal.reason = info.reason;
                    refusal.metadata = info.metadata.into_iter().collect();
                }
                ErrorDetail::LocalizedMessage(text) => {
                    refusal.messages.insert(text.locale, text.message);
                }
                _ => {}
            }
        }
        refusal
    }

    /// Reads the refusal of one entry of a batch.
    pub(crate) fn from_result(refused: v1::Refused) -> Self {
        let v1::Refused {
            code,
            reason,
            metadata,
            messages,
        } = refused;
        let messages: BTreeMap<String, String> = messages.into_iter().collect();
        let message = messages.get("en").cloned().unwrap_or_default();
        let (code, metadata) = (Code::from_i32(code), metadata.into_iter().collect());
        Self {
            code,
            reason,
            metadata,
            messages,
            message,
        }
    }

    /// What to tell people, in a language if the server has it.
    pub fn text(&self, language: Language) -> &str {
        let in_language = self
            .messages
            .iter()
            .find(|(tag, _)| tag.starts_with(language.prefix()));
        match in_language {
            Some((_, text)) => text,
            None if self.message.is_empty() => &self.reason,
            None => &self.message,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.text(Language::English), self.reason)
    }
}

/// The name of a code as gRPC writes it: `PERMISSION_DENIED`.
fn code_name(code: Code) -> String {
    let mut name = String::new();
    for letter in format!("{code:?}").chars() {
        if letter.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use tonic_types::{ErrorDetails, LocalizedMessage};

    #[test]
    fn a_code_is_named_as_grpc_names_it() {
        assert_eq!(code_name(Code::PermissionDenied), "PERMISSION_DENIED");
        assert_eq!(code_name(Code::Ok), "OK");
    }

    #[test]
    fn reason_data_and_texts_are_read_from_the_details() {
        let mut info = std::collections::HashMap::new();
        info.insert("available".to_owned(), "30".to_owned());
        let details: Vec<ErrorDetail> = vec![
            tonic_types::ErrorInfo::new("INSUFFICIENT_BALANCE", "timebank", info).into(),
            LocalizedMessage::new("en", "Too few hours.").into(),
            LocalizedMessage::new("zh-CN", "时间币不足。").into(),
        ];
        let status = Status::with_error_details_vec(Code::FailedPrecondition, "m", details);
        let refusal = Refusal::from_status(&status);
        assert_eq!(refusal.reason, "INSUFFICIENT_BALANCE");
        assert_eq!(refusal.metadata["available"], "30");
        assert_eq!(refusal.text(Language::Chinese), "时间币不足。");
        assert_eq!(refusal.text(Language::English), "Too few hours.");
    }

    #[test]
    fn without_details_the_code_is_the_reason() {
        let status = Status::with_error_details(Code::NotFound, "no such", ErrorDetails::new());
        let refusal = Refusal::from_status(&status);
        assert_eq!(refusal.reason, "NOT_FOUND");
        assert_eq!(refusal.text(Language::Chinese), "no such");
    }
}
