//! What identifies a person: the document in a profile, and who else has it.

use std::collections::BTreeSet;

use ledger::commitment::{CommitmentKind, Opening};
use ledger::{Act, EntryId, MemberId};
use proto::name::MEMBERS;
use proto::v1;
use serde_json::Value;

use super::concern::recorded;
use super::mark;
use crate::access::{Reading, Resource, require};
use crate::api::error::{EdgeError, Failure};
use crate::context::Context;
use crate::store::StoreError;

/// The document in the text of an opening: its salt, and a profile.
pub(crate) fn document_in(text: &[u8]) -> Option<String> {
    let (_, profile) = text.split_first_chunk::<{ Opening::SALT_BYTES }>()?;
    document_of(profile)
}

/// The document in a profile (docs/commitments.md), if it names one.
fn document_of(profile: &[u8]) -> Option<String> {
    let profile: Value = serde_json::from_slice(profile).ok()?;
    let part = |name: &str| profile.get("document")?.get(name)?.as_str();
    normal(part("kind")?, part("number")?)
}

/// A document in one spelling; none without a number.
fn normal(kind: &str, number: &str) -> Option<String> {
    let letters = |text: &str| -> String {
        let letters = text.chars().filter(|it| it.is_alphanumeric());
        letters.flat_map(char::to_uppercase).collect()
    };
    let (kind, number) = (letters(kind), letters(number));
    (!number.is_empty()).then(|| format!("{kind}\n{number}"))
}

/// Keeps the hash of the document in a profile that is deposited.
pub(super) async fn tag(
    context: &Context,
    entry: EntryId,
    kind: CommitmentKind,
    profile: &[u8],
) -> Result<(), StoreError> {
    match document_of(profile) {
        Some(document) if kind == CommitmentKind::Identity => {
            let tag = context.vault.tag(&document);
            context.store.tag_person(entry, tag).await
        }
        _ => Ok(()),
    }
}

/// The members whose profiles name a document.
pub(super) async fn find(
    context: &Context,
    caller: MemberId,
    request: &v1::FindPeopleRequest,
) -> Result<v1::FindPeopleResponse, Failure> {
    let reading = Reading::of_nothing(Resource::People);
    require(context, caller, &reading).await?;
    let document = normal(&request.document_kind, &request.document_number);
    let document = document.ok_or(EdgeError::OpeningWrong {
        field: "document_number",
    })?;
    let mut members = BTreeSet::new();
    for entry in context
        .store
        .people_tagged(context.vault.tag(&document))
        .await?
    {
        let recorded = recorded(context, entry).await?;
        if let Some(member) = recorded.and_then(|entry| subject(&entry.act)) {
            // Before the answer: nobody reads what is not written down.
            context
                .store
                .keep_read(entry, mark(context, caller))
                .await?;
            members.insert(member);
        }
    }
    Ok(v1::FindPeopleResponse {
        members: members.iter().map(|member| MEMBERS.name(member)).collect(),
    })
}

/// Whose profile an act commits to.
const fn subject(act: &Act) -> Option<MemberId> {
    match act {
        Act::EnrolMember(act) => Some(act.member),
        Act::UpdateProfile(act) => Some(act.member),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_has_one_spelling() {
        let profile = br#"{"name":"x","document":{"kind":"ID-Card","number":"5101 0219 x"}}"#;
        assert_eq!(document_of(profile), normal("id card", "51010219X"));
        assert_ne!(document_of(profile), normal("passport", "51010219X"));
        for other in [
            &b"passport, seen"[..],
            b"{}",
            br#"{"document":"51"}"#,
            br#"{"document":{"kind":"id-card","number":" - "}}"#,
            br#"{"document":{"number":"1"}}"#,
        ] {
            assert_eq!(document_of(other), None);
        }
    }
}
