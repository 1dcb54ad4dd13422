//! Who is reading, and whether they may.
//!
//! Who may read what is the table of [`Resource`]; nothing else decides it. This
//! file finds out how a reader stands to what is asked for: a signed token
//! names the member, state rows name the roles.
//!
//! Writes are not here: an entry carries its own signature, and the rules judge
//! its author.

mod table;

use std::collections::HashSet;

use ledger::member::MemberKey;
use ledger::role::Role;
use ledger::scheme::Scheme;
use ledger::state::{Key, Scope, Table};
use ledger::tie::{self, Delegation};
use ledger::token::{Token, TokenError};
use ledger::unit::Unit;
use ledger::{MemberId, UnitId};
use tonic::metadata::MetadataMap;

pub use self::table::{Reader, Resource, Standing};
use crate::api::error::{Failure, ReadError};
use crate::api::page::scan_all;
use crate::context::Context;
use crate::store::StoreError;

/// What someone wants to read.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The row of the table.
    pub resource: Resource,
    /// Where a role must be held to count.
    pub place: Place,
    /// Whose it is.
    pub parties: Vec<MemberId>,
}

/// Where a role must be held to count.
#[derive(Debug, Clone)]
pub enum Place {
    /// In the scheme's own unit: what is read concerns every unit.
    Scheme,
    /// In one of these units or in one above it.
    Units(Vec<UnitId>),
    /// Wherever it is: what is asked for does not exist, and whoever might have
    /// read it somewhere is told so.
    Anywhere,
}

impl Reading {
    /// A reading of what concerns the whole scheme.
    pub fn of_scheme(resource: Resource) -> Self {
        Self {
            resource,
            place: Place::Scheme,
            parties: Vec::new(),
        }
    }

    /// A reading of what belongs to some units.
    pub fn of_units(resource: Resource, units: impl IntoIterator<Item = UnitId>) -> Self {
        Self {
            resource,
            place: Place::Units(units.into_iter().collect()),
            parties: Vec::new(),
        }
    }

    /// A reading of what does not exist.
    pub fn of_nothing(resource: Resource) -> Self {
        Self {
            resource,
            place: Place::Anywhere,
            parties: Vec::new(),
        }
    }

    /// The same for what belongs to these members.
    #[must_use]
    pub fn with_parties(self, parties: impl IntoIterator<Item = MemberId>) -> Self {
        Self {
            parties: parties.into_iter().collect(),
            ..self
        }
    }
}

/// The text of the `authorization` metadata, if there is any.
pub fn authorization(metadata: &MetadataMap) -> Option<&str> {
    metadata.get("authorization")?.to_str().ok()
}

/// Names the member whose token it is.
///
/// # Errors
/// [`ReadError::TokenMissing`], [`ReadError::TokenInvalid`],
/// [`ReadError::TokenExpired`], or as [`Store::rows`](crate::store::Store::rows).
pub async fn identify(context: &Context, authorization: Option<&str>) -> Result<MemberId, Failure> {
    let token = authorization.ok_or(ReadError::TokenMissing)?;
    let token = bearer(token).ok_or(ReadError::TokenInvalid { why: "NO_BEARER" })?;
    let token = Token::parse(token).map_err(refused)?;
    let key = Key::MemberKey(token.key_id());
    let rows = context.store.rows(&[key]).await?;
    let row = rows.into_iter().find_map(|(_, row)| row);
    let key = row.as_ref().and_then(MemberKey::from_row);
    let key = key.ok_or(ReadError::TokenInvalid { why: "KEY_UNKNOWN" })?;
    let member = token
        .verify(&key.public_key, &context.origin, context.clock.now())
        .map_err(refused)?;
    if key.member != member {
        return Err(ReadError::TokenInvalid {
            why: "KEY_OF_ANOTHER",
        }
        .into());
    }
    match key.until {
        None => Ok(member),
        Some(_) if key.is_waiting() => Err(ReadError::TokenInvalid { why: "KEY_WAITING" }.into()),
        Some(_) => Err(ReadError::TokenInvalid { why: "KEY_ENDED" }.into()),
    }
}

/// The token in `Bearer <token>`; the scheme's name is read in any case (RFC
/// 9110, section 11.1).
fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

fn refused(error: TokenError) -> ReadError {
    let why = match error {
        TokenError::Expired => return ReadError::TokenExpired,
        TokenError::Malformed => "MALFORMED",
        TokenError::Algorithm => "ALGORITHM",
        TokenError::Signature => "SIGNATURE",
        TokenError::Audience => "AUDIENCE",
        TokenError::Lifetime => "LIFETIME",
        TokenError::Future => "FUTURE",
    };
    ReadError::TokenInvalid { why }
}

/// Refuses a member who may not read this.
///
/// # Errors
/// [`ReadError::NotAllowed`], or those of the store.
pub async fn require(
    context: &Context,
    reader: MemberId,
    reading: &Reading,
) -> Result<(), Failure> {
    let mut standing = Standing {
        is_member: true,
        is_party: reading.parties.contains(&reader),
        is_proxy: false,
        roles: Vec::new(),
    };
    if reading.resource.allows(&standing) {
        return Ok(());
    }
    if reading.resource.readers().contains(&Reader::Proxy) {
        standing.is_proxy = is_proxy(context, reader, &reading.parties).await?;
        if standing.is_proxy {
            return Ok(());
        }
    }
    standing.roles = roles(context, reader, &reading.place).await?;
    if reading.resource.allows(&standing) {
        Ok(())
    } else {
        let what = reading.resource;
        Err(ReadError::NotAllowed { what }.into())
    }
}

/// Whether one of these members has named the reader as proxy for care.
async fn is_proxy(
    context: &Context,
    reader: MemberId,
    parties: &[MemberId],
) -> Result<bool, StoreError> {
    let keys = parties.iter().map(|party| Key::Delegation(*party, reader));
    let rows = context.store.rows(&keys.collect::<Vec<_>>()).await?;
    let now = context.clock.now();
    let holds = |it: &Delegation| now < it.until && it.scopes.contains(&tie::Scope::Care);
    let mut delegations = rows
        .iter()
        .filter_map(|(_, row)| Delegation::from_row(row.as_ref()?));
    Ok(delegations.any(holds))
}

/// Names the member whose token it is, and refuses one who may not read this.
///
/// # Errors
/// As [`identify`] and [`require`].
pub async fn admit(
    context: &Context,
    metadata: &MetadataMap,
    reading: &Reading,
) -> Result<MemberId, Failure> {
    let reader = identify(context, authorization(metadata)).await?;
    require(context, reader, reading).await?;
    Ok(reader)
}

/// What is said to a reader of something that does not exist: that, if they
/// might have read it, and otherwise what is said of all that they may not
/// read.
pub async fn nothing(context: &Context, reader: MemberId, what: Resource) -> Failure {
    match require(context, reader, &Reading::of_nothing(what)).await {
        Ok(()) => ReadError::NotFound { what }.into(),
        Err(failure) => failure,
    }
}

/// The roles of a member that count at a place.
async fn roles(
    context: &Context,
    member: MemberId,
    place: &Place,
) -> Result<Vec<Role>, StoreError> {
    let appointments = appointments(context, member).await?;
    if appointments.is_empty() {
        return Ok(Vec::new());
    }
    let counting = match place {
        Place::Anywhere => appointments.iter().map(|(unit, _)| *unit).collect(),
        Place::Scheme => scheme_unit(context).await?.into_iter().collect(),
        Place::Units(units) => with_units_above(context, units).await?,
    };
    let counts = |(unit, role): &(UnitId, Role)| counting.contains(unit).then_some(*role);
    Ok(appointments.iter().filter_map(counts).collect())
}

/// The roles of a member, each with its unit.
///
/// # Errors
/// As [`Store::scan`](crate::store::Store::scan).
pub async fn appointments(
    context: &Context,
    member: MemberId,
) -> Result<Vec<(UnitId, Role)>, StoreError> {
    let rows = scan_all(&*context.store, Scope::Appointments(member)).await?;
    let named = rows.into_iter().filter_map(|(key, _)| match key {
        Key::Appointment(_, unit, role) => Some((unit, role)),
        _ => None,
    });
    Ok(named.collect())
}

/// The scheme's own unit, once the ledger is open.
async fn scheme_unit(context: &Context) -> Result<Option<UnitId>, StoreError> {
    let rows = context.store.rows(&[Key::Scheme]).await?;
    let scheme = rows
        .iter()
        .find_map(|(_, row)| Scheme::from_row(row.as_ref()?));
    Ok(scheme.map(|scheme| scheme.unit))
}

/// Some units and all units above them: a level at a time, three at most.
async fn with_units_above(
    context: &Context,
    units: &[UnitId],
) -> Result<HashSet<UnitId>, StoreError> {
    let mut all: HashSet<UnitId> = units.iter().copied().collect();
    let mut level: Vec<Key> = all.iter().copied().map(Key::Unit).collect();
    while !level.is_empty() {
        let rows = context.store.rows(&level).await?;
        let above = rows
            .iter()
            .filter_map(|(_, row)| Unit::from_row(row.as_ref()?)?.parent);
        level = above
            .filter(|unit| all.insert(*unit))
            .map(Key::Unit)
            .collect();
    }
    Ok(all)
}
