//! What goes over the wire, without the client library: refusals, tokens and
//! entries that no client would sign.

use std::collections::HashMap;

use anyhow::{Context, Result, ensure};
use ledger::SecretKey;
use ledger::entry::{ENTRY_TYPE, pre_authentication_encoding};
use ledger::{Entry, KeyId, SignedEntry};
use prost::Message;
use proto::v1;
use timebank_tests::pen::Person;
use tonic::{Code, Request, Status};
use tonic_types::{ErrorDetail, StatusExt};

/// A refusal as its receiver reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    /// The gRPC code.
    pub(crate) code: Code,
    /// The stable reason.
    pub(crate) reason: String,
    /// Its data.
    pub(crate) data: HashMap<String, String>,
}

impl Said {
    /// Reads a refused call: it has the standard details, in two languages.
    pub(crate) fn of(status: &Status) -> Result<Self> {
        let (mut info, mut messages) = (None, HashMap::new());
        for detail in status.get_error_details_vec() {
            match detail {
                ErrorDetail::ErrorInfo(found) => info = Some(found),
                ErrorDetail::LocalizedMessage(text) => {
                    messages.insert(text.locale, text.message);
                }
                _ => {}
            }
        }
        let info = info.with_context(|| format!("no ErrorInfo in {status:?}"))?;
        ensure!(info.domain == "timebank.v1", "{}", info.domain);
        check_messages(&messages)?;
        ensure!(messages["en"] == status.message(), "the message is English");
        Ok(Self {
            code: status.code(),
            reason: info.reason,
            data: info.metadata,
        })
    }

    /// Reads a refused entry of a batch, which says the same.
    pub(crate) fn of_result(refused: v1::Refused) -> Result<Self> {
        check_messages(&refused.messages.into_iter().collect())?;
        Ok(Self {
            code: Code::from_i32(refused.code),
            reason: refused.reason,
            data: refused.metadata.into_iter().collect(),
        })
    }

    /// One datum; empty if there is none of that name.
    pub(crate) fn datum(&self, name: &str) -> &str {
        self.data.get(name).map_or("", String::as_str)
    }
}

/// Why the client library was denied something; "" if it was not.
pub(crate) fn reason_of<T>(answer: Result<T, client::ClientError>) -> String {
    let reason = |error: client::ClientError| error.reason().to_owned();
    answer.err().map(reason).unwrap_or_default()
}

fn check_messages(messages: &HashMap<String, String>) -> Result<()> {
    let text = |locale: &str| messages.get(locale).map_or("", String::as_str);
    let is_chinese = |letter: char| ('\u{4e00}'..='\u{9fff}').contains(&letter);
    ensure!(text("en").is_ascii() || text("en").contains(['“', '”']));
    ensure!(text("en").len() > 10, "no English text: {messages:?}");
    ensure!(
        text("zh-CN").contains(is_chinese),
        "no Chinese text: {messages:?}"
    );
    Ok(())
}

/// Any bytes as an entry, signed by a person.
pub(crate) fn signed_bytes(bytes: Vec<u8>, key: &SecretKey) -> SignedEntry {
    let signature = key.sign(&pre_authentication_encoding(ENTRY_TYPE, &bytes));
    SignedEntry {
        key_id: KeyId::of(&key.public()),
        bytes,
        signature,
    }
}

/// An entry with something changed that no type allows, signed.
pub(crate) fn forged(
    entry: &Entry,
    key: &SecretKey,
    change: impl FnOnce(&mut v1::Entry),
) -> SignedEntry {
    let mut message = v1::Entry::from(entry);
    change(&mut message);
    signed_bytes(message.encode_to_vec(), key)
}

/// The act of an entry.
pub(crate) fn act_of(message: &mut v1::Entry) -> Option<&mut v1::entry::Act> {
    message.act.as_mut()
}

/// A request with whatever stands in for a token.
pub(crate) fn with_authorization<T>(message: T, authorization: &str) -> Result<Request<T>> {
    let mut request = Request::new(message);
    let value = authorization.parse().context("a header value")?;
    request.metadata_mut().insert("authorization", value);
    Ok(request)
}

/// The authorization of a person, valid now.
pub(crate) fn bearer(person: &Person, origin: &str) -> String {
    let now = timebank_tests::pen::now();
    let token = ledger::token::sign(&person.key, person.id, origin, now, 300);
    format!("Bearer {token}")
}
