//! Lists of what people should look into, and of whom to honour.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use super::honour::{Honour, stars};
use super::{Statistics, is_below, members, total};
use crate::case::{Case, CaseKind};
use crate::id::{EntryId, MemberId, UnitId};
use crate::log::{Hash, Position};
use crate::state::{Key, State};
use crate::time::Millis;

/// Something that somebody should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The record.
    pub position: Position,
    /// When it was recorded.
    pub recorded: Millis,
    /// What it is: the name of the act, or of the proposal that was approved.
    pub what: Cow<'static, str>,
    /// Who signed it.
    pub author: MemberId,
    /// Where.
    pub unit: UnitId,
}

/// A member who could redeem hours and never has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Saver {
    /// Who.
    pub member: MemberId,
    /// The home unit.
    pub unit: UnitId,
    /// What they have.
    pub minutes: i64,
    /// When somebody last did something for them, or they themselves.
    pub active: Millis,
}

/// Something that somebody has to look into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenCase {
    /// The entry that opened it.
    pub case: EntryId,
    /// What it is about.
    pub kind: CaseKind,
    /// Who has to look into it.
    pub unit: UnitId,
    /// From when it may be taken to the unit above; none where there is none.
    pub due: Option<Millis>,
}

impl Statistics {
    /// Overrides, late entries, reversals and rule changes of a unit and all
    /// below it, in the order of the log.
    pub fn events(&self, state: &State, unit: UnitId) -> Vec<Event> {
        let events = self.events.iter();
        let here = events.filter(|it| is_below(state, it.unit, unit));
        here.cloned().collect()
    }

    /// Who is old enough to redeem, has hours, and has never asked for a visit:
    /// those with most first.
    pub fn savers(&self, state: &State, unit: UnitId) -> Vec<Saver> {
        let now = self.newest.unwrap_or(Millis::new(0));
        let years_min = self.rules(state).recipient_age_years_min;
        let members = members(state).filter(|(id, member)| {
            let is_old = member.birth_month.age_years(now) >= years_min;
            is_old && member.standing.is_member() && !self.askers.contains(id)
        });
        let here = members.filter(|(_, member)| is_below(state, member.unit, unit));
        let savers = here.map(|(member, row)| Saver {
            member,
            unit: row.unit,
            minutes: total(state, member),
            active: self.active_at(member),
        });
        let mut savers: Vec<Saver> = savers.filter(|saver| saver.minutes > 0).collect();
        savers.sort_by_key(|saver| (-saver.minutes, saver.member));
        savers
    }

    /// Cases of a unit and all below it that nobody has closed: what is due first
    /// stands first.
    pub fn open_cases(&self, state: &State, unit: UnitId) -> Vec<OpenCase> {
        let here = state.rows().filter_map(|(key, _)| match key {
            Key::OpenCase(it, case) if is_below(state, *it, unit) => Some(*case),
            _ => None,
        });
        let cases = here.filter_map(|case| {
            let row: &Case = state.find(&case).ok().flatten()?;
            Some(OpenCase {
                case,
                kind: row.kind,
                unit: row.unit,
                due: row.due,
            })
        });
        let mut cases: Vec<OpenCase> = cases.collect();
        cases.sort_by_key(|it| (it.due.is_none(), it.due, it.case));
        cases
    }

    /// Members of a unit and all below it who have served for a star: those with
    /// most first.
    pub fn honours(&self, state: &State, unit: UnitId) -> Vec<Honour> {
        let served = self.visits.minutes();
        let here = members(state).filter(|(_, it)| is_below(state, it.unit, unit));
        let honour = here.filter_map(|(member, row)| {
            let minutes = served.get(&member).copied().unwrap_or(0);
            let stars = stars(minutes);
            (stars > 0 && row.standing.is_member()).then_some(Honour {
                member,
                unit: row.unit,
                minutes,
                stars,
            })
        });
        let mut honours: Vec<Honour> = honour.collect();
        honours.sort_by_key(|it| (-it.minutes, it.member));
        honours
    }

    /// Settled visits of a unit and all below it, drawn with a root as seed: the
    /// visits in the order of SHA-256(root || service), and of them the first.
    /// Who has the log draws the same.
    pub fn sample(&self, state: &State, unit: UnitId, root: &Hash, count: usize) -> Vec<EntryId> {
        let here = self.visits.iter();
        let here = here.filter(|(_, it)| is_below(state, it.unit, unit));
        let rank = |id: &EntryId| -> [u8; 32] {
            let mut hash = Sha256::new();
            hash.update(root.as_bytes());
            hash.update(id.as_bytes());
            hash.finalize().into()
        };
        let mut visits: Vec<EntryId> = here.map(|(id, _)| id).collect();
        visits.sort_by_key(rank);
        visits.truncate(count);
        visits
    }
}
