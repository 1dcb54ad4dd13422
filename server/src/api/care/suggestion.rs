//! Who might take on a service: members who have said what they offer, each
//! judged by the rules as if they took it on now.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use ledger::act::AcceptCare;
use ledger::entry::{Attestation, OnBehalf};
use ledger::matching::{Fit, Place, Wish, fit};
use ledger::member::{KeyRing, Member};
use ledger::service::Service;
use ledger::state::Halt;
use ledger::unit::Unit;
use ledger::{Entry, EntryId, KeyId, MemberId, Record, State, UnitId};
use proto::name::{MEMBERS, SERVICES, UNITS};
use proto::v1;
use proto::v1::SuggestionReason as Reason;

use super::is_open;
use crate::access::{Reading, Resource, nothing, require};
use crate::api::directory::offer;
use crate::api::error::Failure;
use crate::api::named;
use crate::api::page::Page;
use crate::api::row::{find, find_all};
use crate::context::Context;
use crate::store::StoreError;
use crate::vault::Sealed;

/// Offers that are read at once.
const AT_ONCE: u32 = 500;

struct Candidate {
    member: MemberId,
    unit: UnitId,
    fit: Fit,
}

pub(super) async fn list(
    context: &Context,
    caller: MemberId,
    request: v1::ListSuggestionsRequest,
) -> Result<v1::ListSuggestionsResponse, Failure> {
    let id = named("parent", SERVICES.parse(&request.parent))?;
    let page = Page::parse("ListSuggestions", request.page_size, "")?;
    let what = Resource::Suggestions;
    let Some(service) = find::<Service>(&*context.store, &id).await? else {
        return Err(nothing(context, caller, what).await);
    };
    require(context, caller, &Reading::of_units(what, [service.unit])).await?;
    if !is_open(&service) {
        return Ok(v1::ListSuggestionsResponse::default());
    }
    let mut candidates = fitting(context, &service).await?;
    candidates.sort_by_key(|it| (Reverse(it.fit.clone()), it.member));
    let mut bench = Bench::new(context, caller, id).await?;
    let size = usize::try_from(page.size).unwrap_or(usize::MAX);
    let mut suggestions = Vec::new();
    for candidate in candidates {
        if suggestions.len() == size {
            break;
        }
        if bench.may_accept(candidate.member).await? {
            suggestions.push(shown(&candidate));
        }
    }
    Ok(v1::ListSuggestionsResponse { suggestions })
}

/// Members whose offers fit.
async fn fitting(context: &Context, service: &Service) -> Result<Vec<Candidate>, StoreError> {
    let own = context.store.offer(service.recipient).await?;
    let own = own.and_then(|sealed| offer::unseal(context, service.recipient, &sealed));
    let wish = Wish {
        item: &service.item,
        start: service.start,
        minutes: service.planned.get(),
        languages: &own.unwrap_or_default().languages,
    };
    let district = parent(context, service.unit).await?;
    let (mut candidates, mut after) = (Vec::new(), None);
    loop {
        let offers = context.store.offers(after, AT_ONCE).await?;
        let Some((last, _)) = offers.last() else {
            return Ok(candidates);
        };
        after = Some(*last);
        let homes = homes(context, &offers).await?;
        for (member, sealed) in &offers {
            let offer = offer::unseal(context, *member, sealed);
            let Some((offer, (unit, above))) = offer.zip(homes.get(member).copied()) else {
                continue;
            };
            let place = if unit == service.unit {
                Place::SameStation
            } else if district.is_some() && above == district {
                Place::SameDistrict
            } else {
                Place::Elsewhere
            };
            let fit = fit(&offer, &wish, place);
            candidates.extend(fit.map(|fit| Candidate {
                member: *member,
                unit,
                fit,
            }));
        }
    }
}

/// The home of each of some members, and the unit above it: two reads for all.
async fn homes(
    context: &Context,
    offers: &[(MemberId, Sealed)],
) -> Result<HashMap<MemberId, (UnitId, Option<UnitId>)>, StoreError> {
    let ids: Vec<MemberId> = offers.iter().map(|(member, _)| *member).collect();
    let members = find_all::<Member>(&*context.store, &ids).await?;
    let units: BTreeSet<UnitId> = members.iter().map(|(_, row)| row.unit).collect();
    let units = Vec::from_iter(units);
    let units = find_all::<Unit>(&*context.store, &units).await?;
    let above: HashMap<UnitId, Option<UnitId>> = units
        .into_iter()
        .map(|(id, row)| (id, row.parent))
        .collect();
    let home = |(id, row): (MemberId, Member)| {
        let parent = above.get(&row.unit).copied().flatten();
        (id, (row.unit, parent))
    };
    Ok(members.into_iter().map(home).collect())
}

async fn parent(context: &Context, unit: UnitId) -> Result<Option<UnitId>, StoreError> {
    let row = find::<Unit>(&*context.store, &unit).await?;
    Ok(row.and_then(|row| row.parent))
}

/// Judges what nobody has signed: whether the rules would allow it now.
struct Bench<'c> {
    context: &'c Context,
    caller: MemberId,
    service: EntryId,
    state: State,
    position: ledger::log::Position,
}

impl<'c> Bench<'c> {
    async fn new(
        context: &'c Context,
        caller: MemberId,
        service: EntryId,
    ) -> Result<Self, StoreError> {
        let head = context.store.head().await?;
        Ok(Self {
            context,
            caller,
            service,
            state: State::unknown(),
            position: head.size.next_position(),
        })
    }

    /// Whether a member may take the service on now.
    async fn may_accept(&mut self, member: MemberId) -> Result<bool, StoreError> {
        let Some(record) = self.record(member).await? else {
            return Ok(false);
        };
        loop {
            match self.state.judge(&record) {
                Ok(_) => return Ok(true),
                Err(Halt::Missing(key)) => {
                    for (key, row) in self.context.store.rows(&[key]).await? {
                        self.state.load(key, row);
                    }
                }
                // Torn: somebody has written between two loads. Not now, then.
                Err(Halt::Rejected(_) | Halt::Torn(_)) => return Ok(false),
            }
        }
    }

    /// The entry by which a member would take the service on: by their own key,
    /// or at the counter if they have none.
    async fn record(&self, member: MemberId) -> Result<Option<Record>, StoreError> {
        let behalf = OnBehalf {
            member,
            attestation: Attestation::Kiosk,
        };
        let own = self.key_of(member).await?.map(|key| (member, None, key));
        let signer = if own.is_some() {
            own
        } else {
            let key = self.key_of(self.caller).await?;
            key.map(|key| (self.caller, Some(behalf), key))
        };
        let (now, service) = (self.context.clock.now(), self.service);
        Ok(signer.map(|(author, on_behalf_of, key_id)| Record {
            position: self.position,
            recorded: now,
            key_id,
            entry: Entry {
                ledger: self.context.origin.to_string(),
                id: EntryId::new(now, [0; 10]),
                author,
                on_behalf_of,
                seen: None,
                act: AcceptCare { service }.into(),
            },
        }))
    }

    async fn key_of(&self, member: MemberId) -> Result<Option<KeyId>, StoreError> {
        let ring = find::<KeyRing>(&*self.context.store, &member).await?;
        Ok(ring.and_then(|ring| ring.keys.first().copied()))
    }
}

fn shown(candidate: &Candidate) -> v1::Suggestion {
    let Fit {
        place,
        languages,
        names_item,
        names_time,
    } = &candidate.fit;
    let place = match place {
        Place::SameStation => Some(Reason::SameStation),
        Place::SameDistrict => Some(Reason::SameDistrict),
        Place::Elsewhere => None,
    };
    let reasons = [
        place,
        names_time.then_some(Reason::Time),
        names_item.then_some(Reason::Item),
        (!languages.is_empty()).then_some(Reason::Language),
    ];
    v1::Suggestion {
        volunteer: MEMBERS.name(&candidate.member),
        unit: UNITS.name(&candidate.unit),
        reasons: reasons.into_iter().flatten().map(Into::into).collect(),
        languages: languages.clone(),
    }
}
