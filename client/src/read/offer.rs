//! What members offer, and who might take a visit on.

use ledger::matching::Offer;
use ledger::{EntryId, MemberId, UnitId};
use proto::{name, v1, view};
use serde::Serialize;

use super::{PAGE_SIZE, known, member_id, unit_id};
use crate::client::Client;
use crate::error::ClientError;

/// Somebody who might take a visit on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// Who.
    #[serde(serialize_with = "super::text")]
    pub volunteer: MemberId,
    /// The home unit.
    #[serde(serialize_with = "super::text")]
    pub unit: UnitId,
    /// Why: "same station", "same district", "time", "item", "language".
    pub reasons: Vec<&'static str>,
    /// What both speak.
    pub languages: Vec<String>,
}

impl Client {
    /// Keeps what a member offers, in the place of what they offered before.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn put_offer(&self, member: MemberId, offer: &Offer) -> Result<(), ClientError> {
        let offer = Some(view::offer(&member, offer));
        let request = self.request(v1::PutOfferRequest { offer });
        let mut directory = self.connection.directory();
        self.call(directory.put_offer(request)).await.map(drop)
    }

    /// What a member offers.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn offer(&self, member: MemberId) -> Result<Offer, ClientError> {
        let name = name::OFFERS.name(&member);
        let request = self.request(v1::GetOfferRequest { name });
        let mut directory = self.connection.directory();
        let offer = self.call(directory.get_offer(request)).await?;
        view::offer_from(offer).map_err(|field| ClientError::Answer(field.to_owned()))
    }

    /// Removes what a member offers.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn delete_offer(&self, member: MemberId) -> Result<(), ClientError> {
        let name = name::OFFERS.name(&member);
        let request = self.request(v1::DeleteOfferRequest { name });
        let mut directory = self.connection.directory();
        self.call(directory.delete_offer(request)).await.map(drop)
    }

    /// Who might take on a service that waits for a volunteer, the best first.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn suggestions(&self, service: EntryId) -> Result<Vec<Suggestion>, ClientError> {
        let request = self.request(v1::ListSuggestionsRequest {
            parent: name::SERVICES.name(&service),
            page_size: PAGE_SIZE,
        });
        let mut care = self.connection.care();
        let answer = self.call(care.list_suggestions(request)).await?;
        answer.suggestions.into_iter().map(suggestion).collect()
    }
}

fn suggestion(suggestion: v1::Suggestion) -> Result<Suggestion, ClientError> {
    let reasons = suggestion.reasons().map(reason);
    Ok(Suggestion {
        reasons: reasons.collect::<Result<_, _>>()?,
        volunteer: member_id(&suggestion.volunteer)?,
        unit: unit_id(&suggestion.unit)?,
        languages: suggestion.languages,
    })
}

fn reason(reason: v1::SuggestionReason) -> Result<&'static str, ClientError> {
    use v1::SuggestionReason as Reason;
    let reason = match reason {
        Reason::Unspecified => None,
        Reason::SameStation => Some("same station"),
        Reason::SameDistrict => Some("same district"),
        Reason::Time => Some("time"),
        Reason::Item => Some("item"),
        Reason::Language => Some("language"),
    };
    known(reason, "a reason")
}
