//! What members offer: kept sealed, and gone when they say so.

use ledger::MemberId;
use ledger::matching::Offer;
use ledger::member::Member;
use prost::Message as _;
use proto::name::OFFERS;
use proto::{v1, view};

use crate::access::{Reading, Resource, nothing, require};
use crate::api::error::{EdgeError, Failure, ReadError};
use crate::api::named;
use crate::api::row::find;
use crate::context::Context;
use crate::vault::Sealed;

/// What a sealed offer is about: it opens in the place of no other.
pub(crate) fn about(member: MemberId) -> Vec<u8> {
    [b"timebank/offer/v1\n".as_slice(), member.as_bytes()].concat()
}

/// What a sealed offer says; none if it cannot be read any more.
pub(crate) fn unseal(context: &Context, member: MemberId, sealed: &Sealed) -> Option<Offer> {
    let text = context.vault.unseal(&about(member), sealed).ok()?;
    view::offer_from(v1::Offer::decode(text.as_slice()).ok()?).ok()
}

async fn require_owner(
    context: &Context,
    caller: MemberId,
    member: MemberId,
) -> Result<(), Failure> {
    let Some(row) = find::<Member>(&*context.store, &member).await? else {
        return Err(nothing(context, caller, Resource::Offer).await);
    };
    let reading = Reading::of_units(Resource::Offer, [row.unit]).with_parties([member]);
    require(context, caller, &reading).await
}

pub(super) async fn put(
    context: &Context,
    caller: MemberId,
    request: v1::PutOfferRequest,
) -> Result<v1::Offer, Failure> {
    let offer = request.offer.unwrap_or_default();
    let member = named("offer.name", OFFERS.parse(&offer.name))?;
    require_owner(context, caller, member).await?;
    let offer = view::offer_from(offer);
    let offer = offer.map_err(|field| EdgeError::OpeningWrong { field })?;
    let shown = view::offer(&member, &offer);
    let sealed = context.vault.seal(&about(member), &shown.encode_to_vec());
    let sealed = sealed.map_err(|error| EdgeError::internal(&error))?;
    context.store.put_offer(member, &sealed).await?;
    Ok(shown)
}

pub(super) async fn get(
    context: &Context,
    caller: MemberId,
    name: &str,
) -> Result<v1::Offer, Failure> {
    let member = named("name", OFFERS.parse(name))?;
    require_owner(context, caller, member).await?;
    let sealed = context.store.offer(member).await?;
    let offer = sealed.and_then(|sealed| unseal(context, member, &sealed));
    let what = Resource::Offer;
    let offer = offer.ok_or(ReadError::NotFound { what })?;
    Ok(view::offer(&member, &offer))
}

pub(super) async fn delete(context: &Context, caller: MemberId, name: &str) -> Result<(), Failure> {
    let member = named("name", OFFERS.parse(name))?;
    require_owner(context, caller, member).await?;
    Ok(context.store.delete_offer(member).await?)
}
