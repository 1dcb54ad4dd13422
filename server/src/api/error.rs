//! How a refusal reaches its caller: as a gRPC status with the standard details
//! of `google.rpc` (AIP-193), or as one result of a batch.
//!
//! Three families of errors come in: a [`Rejection`] of the rules, a
//! [`ReadError`] or [`EdgeError`] of this server, and what the store says. What
//! goes out is a stable reason with its data, and a text in two languages that
//! says what to do. What is internal is logged under an id, and only the id
//! goes out.

mod failure;
mod reason;
mod seen;

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use ledger::Rejection;
use ledger::rejection::Class;
use proto::v1;
use serde::Serialize;
use tonic::{Code, Status};
use tonic_types::{
    BadRequest, ErrorDetail, ErrorInfo, LocalizedMessage, PreconditionFailure, RetryInfo, StatusExt,
};

pub use self::failure::Failure;
pub use self::reason::{EdgeError, ErrorId, ReadError};
pub use self::seen::{Root, SeenBy};
use super::text::{self, Text};
use crate::store::StoreError;

/// Who speaks in `google.rpc.ErrorInfo`.
pub const DOMAIN: &str = "timebank.v1";

/// What every refusal tells its caller.
pub trait Refusal: Serialize {
    /// The stable reason, in upper snake case.
    fn reason(&self) -> &'static str;

    /// The status code.
    fn code(&self) -> Code;

    /// What to tell people.
    fn text(&self) -> Text;

    /// After what time to try again, if that helps.
    fn retry_after(&self) -> Option<Duration> {
        None
    }
}

impl Refusal for Rejection {
    fn reason(&self) -> &'static str {
        self.reason()
    }

    fn code(&self) -> Code {
        match self.class() {
            Class::Invalid => Code::InvalidArgument,
            Class::Unauthenticated => Code::Unauthenticated,
            Class::Denied => Code::PermissionDenied,
            Class::NotFound => Code::NotFound,
            Class::Exists => Code::AlreadyExists,
            Class::Precondition => Code::FailedPrecondition,
        }
    }

    fn text(&self) -> Text {
        text::of_rejection(self)
    }
}

/// The data of a refusal by name: the fields of its variant.
pub fn data(refusal: &impl Serialize) -> BTreeMap<String, String> {
    use serde_json::Value;
    // A variant with fields is {"Name": {fields}}, one without is "Name".
    let Ok(Value::Object(variant)) = serde_json::to_value(refusal) else {
        return BTreeMap::new();
    };
    let fields = variant.into_iter().filter_map(|(_, fields)| match fields {
        Value::Object(fields) => Some(fields),
        _ => None,
    });
    fields
        .flatten()
        .map(|(name, value)| match value {
            Value::String(value) => (name, value),
            other => (name, other.to_string()),
        })
        .collect()
}

/// The status of a refused call.
pub fn status(refusal: &impl Refusal) -> Status {
    let (code, text, data) = (refusal.code(), refusal.text(), data(refusal));
    let mut details: Vec<ErrorDetail> = Vec::with_capacity(5);
    let metadata: HashMap<String, String> = data.clone().into_iter().collect();
    details.push(ErrorInfo::new(refusal.reason(), DOMAIN, metadata).into());
    match (code, data.get("field")) {
        (Code::InvalidArgument, Some(field)) => {
            details.push(BadRequest::with_violation(field, &text.english).into());
        }
        (Code::FailedPrecondition, _) => {
            let violation =
                PreconditionFailure::with_violation(refusal.reason(), "ledger", &text.english);
            details.push(violation.into());
        }
        _ => {}
    }
    if let Some(delay) = refusal.retry_after() {
        details.push(RetryInfo::new(Some(delay)).into());
    }
    for (language, message) in text.messages() {
        details.push(LocalizedMessage::new(language, message).into());
    }
    Status::with_error_details_vec(code, text.english.clone(), details)
}

/// The status of an entry that the rules refuse.
pub fn rejected(rejection: &Rejection) -> Status {
    status(rejection)
}

/// The status of what the server does not take on.
pub fn edge(error: EdgeError) -> Status {
    status(&error)
}

/// The status of a failure of the store, which is logged.
#[expect(clippy::needless_pass_by_value, reason = "it stands in map_err")]
pub fn store(error: StoreError) -> Status {
    status(&EdgeError::from_store(&error))
}

/// A rejection as one result of a batch: the same that [`status`] says of a
/// single entry.
pub fn refused(refusal: &impl Refusal) -> v1::Refused {
    let text = refusal.text();
    let messages = text.messages().into_iter();
    v1::Refused {
        code: refusal.code().into(),
        reason: refusal.reason().to_owned(),
        metadata: data(refusal),
        messages: messages
            .map(|(language, text)| (language.to_owned(), text.to_owned()))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn details(status: &Status) -> tonic_types::ErrorDetails {
        status.get_error_details()
    }

    fn languages(status: &Status) -> Vec<String> {
        let details = status.get_error_details_vec().into_iter();
        let languages = details.filter_map(|detail| match detail {
            ErrorDetail::LocalizedMessage(message) => Some(message.locale),
            _ => None,
        });
        languages.collect()
    }

    #[test]
    fn a_rejection_carries_its_reason_and_data() {
        let status = status(&Rejection::SessionLength { min: 30, max: 240 });
        assert_eq!(status.code(), Code::FailedPrecondition);
        let details = details(&status);
        let info = details.error_info().expect("an ErrorInfo");
        assert_eq!(
            (info.reason.as_str(), info.domain.as_str()),
            ("SESSION_LENGTH", DOMAIN)
        );
        assert_eq!(info.metadata["min"], "30");
        assert_eq!(info.metadata["max"], "240");
        let violations = &details.precondition_failure().expect("one").violations;
        assert_eq!(violations[0].r#type, "SESSION_LENGTH");
        assert!(details.bad_request().is_none() && details.retry_info().is_none());
        assert_eq!(languages(&status), ["en", "zh-CN"]);
    }

    #[test]
    fn an_invalid_field_is_named() {
        let status = status(&Rejection::FieldMissing { field: "recipient" });
        assert_eq!(status.code(), Code::InvalidArgument);
        let details = details(&status);
        assert_eq!(
            details.bad_request().expect("one").field_violations[0].field,
            "recipient"
        );
        assert!(details.precondition_failure().is_none());
    }

    #[test]
    fn every_class_has_its_code() {
        let codes = [
            (Rejection::KeyWeak, Code::InvalidArgument),
            (Rejection::KeyUnknown, Code::Unauthenticated),
            (Rejection::OwnService, Code::PermissionDenied),
            (Rejection::UnitUnknown, Code::NotFound),
            (Rejection::UnitExists, Code::AlreadyExists),
            (Rejection::LastOperator, Code::FailedPrecondition),
        ];
        for (rejection, code) in codes {
            assert_eq!(status(&rejection).code(), code, "{rejection}");
        }
    }

    #[test]
    fn what_passes_says_when_to_try_again() {
        for error in [
            EdgeError::QueueFull,
            EdgeError::ShuttingDown,
            EdgeError::DatabaseUnavailable,
        ] {
            let delay = details(&status(&error))
                .retry_info()
                .and_then(|info| info.retry_delay);
            assert!(delay.is_some_and(|delay| !delay.is_zero()), "{error}");
        }
        assert!(
            details(&status(&EdgeError::read_only_example()))
                .retry_info()
                .is_none()
        );
    }

    #[test]
    fn internals_are_never_sent() {
        let secret = "row 17 of table x";
        let status = Status::from(Failure::Store(StoreError::Corrupt(secret.to_owned())));
        assert_eq!(status.code(), Code::Internal);
        assert!(!format!("{status:?}").contains(secret));
        assert!(!String::from_utf8_lossy(status.details()).contains(secret));
        let info = details(&status).error_info().expect("an ErrorInfo").clone();
        assert_eq!(info.metadata["error_id"].len(), 16);
    }

    #[test]
    fn a_conflict_can_be_tried_again() {
        let status = Status::from(Failure::Store(StoreError::Conflict));
        assert_eq!(status.code(), Code::Unavailable);
    }

    #[test]
    fn a_batch_says_the_same_as_a_status() {
        let rejection = Rejection::InsufficientBalance { available: 90 };
        let (refused, status) = (refused(&rejection), status(&rejection));
        assert_eq!(refused.code, i32::from(status.code()));
        assert_eq!(refused.reason, "INSUFFICIENT_BALANCE");
        assert_eq!(refused.metadata["available"], "90");
        assert_eq!(refused.messages["en"], status.message());
        assert!(refused.messages["zh-CN"].contains("1 小时 30 分"));
    }
}
