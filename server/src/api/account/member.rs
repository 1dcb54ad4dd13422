//! `GetMember` and `ListMembers`.

use std::collections::HashMap;

use ledger::MemberId;
use ledger::member::{KeyRing, Member};
use ledger::state::{CodeOwner, Key, Scope};
use proto::name::{MemberName, UNITS, parse_member};
use proto::{v1, view};

use super::require_unit;
use crate::access::{Reading, Resource, appointments, nothing, require};
use crate::api::error::Failure;
use crate::api::named;
use crate::api::page::{Page, scan};
use crate::api::row::{find, find_all};
use crate::context::Context;
use crate::store::StoreError;

pub(super) async fn member(
    context: &Context,
    reader: MemberId,
    name: &str,
) -> Result<v1::Member, Failure> {
    let id = match named("name", parse_member(name))? {
        MemberName::Id(id) => Some(id),
        MemberName::Code(code) => find::<CodeOwner>(&*context.store, &code)
            .await?
            .map(|CodeOwner(owner)| owner),
    };
    let row = match id {
        Some(id) => find::<Member>(&*context.store, &id)
            .await?
            .map(|row| (id, row)),
        None => None,
    };
    let Some((id, row)) = row else {
        return Err(nothing(context, reader, Resource::Member).await);
    };
    let reading = Reading::of_units(Resource::Member, [row.unit]).with_parties([id]);
    require(context, reader, &reading).await?;
    let keys = find::<KeyRing>(&*context.store, &id).await?;
    Ok(with_roles(context, id, &row, &keys.unwrap_or_default()).await?)
}

pub(super) async fn members(
    context: &Context,
    reader: MemberId,
    request: v1::ListMembersRequest,
) -> Result<v1::ListMembersResponse, Failure> {
    let v1::ListMembersRequest {
        parent,
        page_size,
        page_token,
    } = request;
    let unit = named("parent", UNITS.parse(&parent))?;
    let page = Page::parse(&format!("ListMembers {parent}"), page_size, &page_token)?;
    require_unit(context, reader, unit, Resource::UnitMembers).await?;
    require(
        context,
        reader,
        &Reading::of_units(Resource::UnitMembers, [unit]),
    )
    .await?;
    let (keys, next_page_token) = scan(&*context.store, Scope::UnitMembers(unit), &page).await?;
    let ids: Vec<MemberId> = keys.iter().filter_map(|(key, _)| member_of(key)).collect();
    let rows = find_all::<Member>(&*context.store, &ids).await?;
    let keys = find_all::<KeyRing>(&*context.store, &ids).await?;
    let keys: HashMap<MemberId, KeyRing> = keys.into_iter().collect();
    let (none, mut members) = (KeyRing::default(), Vec::with_capacity(ids.len()));
    for (id, row) in rows {
        let keys = keys.get(&id).unwrap_or(&none);
        members.push(with_roles(context, id, &row, keys).await?);
    }
    Ok(v1::ListMembersResponse {
        members,
        next_page_token,
    })
}

const fn member_of(key: &Key) -> Option<MemberId> {
    match key {
        Key::UnitMember(_, member) => Some(*member),
        _ => None,
    }
}

/// A member with their roles. Most have none and cost no read: the row counts
/// them.
async fn with_roles(
    context: &Context,
    id: MemberId,
    row: &Member,
    keys: &KeyRing,
) -> Result<v1::Member, StoreError> {
    let roles = match row.duties + row.audits {
        0 => Vec::new(),
        _ => appointments(context, id).await?,
    };
    Ok(view::member(&id, row, &roles, keys))
}
