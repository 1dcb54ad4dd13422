//! Typed reads. What a server answers here is its word: only checkpoints,
//! receipts and the audit prove anything.

mod account;
mod care;
mod fund;
mod ledger;
mod member;
mod offer;
mod proposal;
mod report;

pub use account::{AccountStanding, LotInfo, StatementLine};
pub use care::{DueTarget, ServiceInfo, ServiceStage};
pub use fund::{BudgetInfo, ClearingInfo, FundStanding, LineInfo, UnitHours, ValuationInfo};
pub use ledger::LedgerInfo;
pub use member::{MemberInfo, RecoveryInfo, RoleInfo, UnitInfo};
pub use offer::Suggestion;
pub use proposal::{ProposalInfo, ProposalState, ProposedAct};
pub use report::Drawn;

use std::fmt::Display;
use std::str::FromStr;

use ::ledger::log::Position;
use ::ledger::{EntryId, MemberId, Millis, UnitId};
use proto::name::{self, Collection};
use serde::Serializer;

use crate::error::ClientError;

/// How many items a page has.
pub(crate) const PAGE_SIZE: i32 = 500;

/// Collects the pages of a list, up to so many items.
pub(crate) async fn pages<T, Answer>(
    items_max: usize,
    mut page: impl FnMut(String) -> Answer,
) -> Result<Vec<T>, ClientError>
where
    Answer: Future<Output = Result<(Vec<T>, String), ClientError>>,
{
    let (mut items, mut token) = (Vec::new(), String::new());
    loop {
        let (more, next) = page(token).await?;
        // A page without items that is not the last is no progress.
        let is_last = next.is_empty() || more.is_empty();
        items.extend(more);
        if is_last || items.len() >= items_max {
            items.truncate(items_max);
            return Ok(items);
        }
        token = next;
    }
}

/// The id of a resource that the server names.
pub(crate) fn id<Id: Display + FromStr>(
    collection: &Collection<Id>,
    name: &str,
) -> Result<Id, ClientError> {
    collection
        .parse(name)
        .map_err(|error| ClientError::Answer(format!("{name:?}: {error}")))
}

/// The id of a resource, if the server names one.
pub(crate) fn optional_id<Id: Display + FromStr>(
    collection: &Collection<Id>,
    name: &str,
) -> Result<Option<Id>, ClientError> {
    if name.is_empty() {
        Ok(None)
    } else {
        id(collection, name).map(Some)
    }
}

pub(crate) fn member_id(name: &str) -> Result<MemberId, ClientError> {
    id(&name::MEMBERS, name)
}

fn unit_id(name: &str) -> Result<UnitId, ClientError> {
    id(&name::UNITS, name)
}

/// A value of an enumeration that this client knows.
pub(crate) fn known<T>(value: Option<T>, what: &str) -> Result<T, ClientError> {
    value.ok_or_else(|| ClientError::Answer(format!("{what} is of a kind that is not known here")))
}

/// A time, unless the server leaves it at zero.
const fn optional_time(ms: i64) -> Option<Millis> {
    if ms == 0 { None } else { Some(Millis::new(ms)) }
}

/// Writes what has a text as its text.
pub(crate) fn text<T: Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// Writes what has a text, and may not be there, as its text.
#[expect(clippy::ref_option, reason = "serde passes a reference to the field")]
fn optional_text<T: Display, S: Serializer>(
    value: &Option<T>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => serializer.collect_str(value),
        None => serializer.serialize_none(),
    }
}

/// An entry or a position as the server names it.
fn entry_id(name: &str) -> Result<EntryId, ClientError> {
    id(&name::ENTRIES, name)
}

/// A position as messages carry it.
fn position(index: i64) -> Result<Position, ClientError> {
    crate::log::count_of(index).map(Position::new)
}
