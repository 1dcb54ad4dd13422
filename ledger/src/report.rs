//! What a supervisor looks at: one page of indicators for a unit and a month,
//! and lists of what people should look into.
//!
//! It is read along with the records, so that who audits a ledger knows every
//! figure to be proven. Months are those of the server's time in UTC. Nothing
//! here names a person but by the pseudonymous id, and figures about fewer than
//! [`GROUP_MIN`] people are left out.

mod counts;
mod disclosure;
mod honour;
mod lists;
mod page;
mod reading;
mod review;
mod visits;

use std::collections::{BTreeMap, BTreeSet};

pub use counts::Counts;
pub use disclosure::{Disclosure, Figure, Line};
pub use honour::{Honour, STAR_HOURS, stars};
pub use lists::{Event, OpenCase, Saver};
pub use page::{GROUP_MIN, Indicator, Light, Page};
pub use review::{REVIEW_SCORE_MIN, Review};

use self::reading::{
    concerned, count_care, count_money, count_oversight, count_postings, notable, unit_of,
};
use self::visits::Visits;
use crate::account::{Account, AccountId};
use crate::act::Act;
use crate::case::Case;
use crate::effects::Effects;
use crate::entry::{Attestation, Record};
use crate::id::{MemberId, UnitId};
use crate::member::Member;
use crate::rules::Rules;
use crate::scheme::Scheme;
use crate::state::{Key, Row, State};
use crate::time::{Millis, YearMonth};
use crate::unit::Unit;

/// Everything that was counted.
#[derive(Debug, Clone, Default)]
pub struct Statistics {
    months: BTreeMap<(UnitId, YearMonth), Counts>,
    events: Vec<Event>,
    visits: Visits,
    askers: BTreeSet<MemberId>,
    active: BTreeMap<MemberId, Millis>,
    newest: Option<Millis>,
}

impl Statistics {
    /// Counts a record, with what it did and the state after it.
    pub fn read(&mut self, record: &Record, effects: &Effects, state: &State) {
        self.newest = Some(record.recorded);
        for member in [
            record.entry.author,
            record.entry.subject(),
            concerned(record),
        ] {
            self.active.insert(member, record.recorded);
        }
        let Some(unit) = unit_of(record, state) else {
            return;
        };
        let key = (unit, record.recorded.month());
        let counts = self.months.entry(key).or_default();
        counts.entries += 1;
        match record.entry.on_behalf_of.map(|behalf| behalf.attestation) {
            Some(Attestation::Delegated) => counts.by_proxy += 1,
            Some(Attestation::Kiosk | Attestation::Attested) => counts.by_staff += 1,
            None => {}
        }
        count_postings(counts, record, &effects.postings, state);
        count_care(counts, record, state);
        count_money(counts, record, &effects.postings);
        count_oversight(counts, record, state);
        self.visits.read(record, state);
        if let Act::RequestCare(_) = record.entry.act {
            self.askers.insert(record.entry.subject());
        }
        if let Some(what) = notable(record, state) {
            self.events.push(Event {
                position: record.position,
                recorded: record.recorded,
                what: what.into(),
                author: record.entry.author,
                unit,
            });
        }
    }

    /// The page of a unit, with all units below it, for a month.
    pub fn page(&self, state: &State, unit: UnitId, month: YearMonth) -> Page {
        let sum = |month| self.sum(state, unit, |it| it == month);
        let (counts, before) = (sum(month), sum(month.previous()));
        let mut stock = self.stock(state, unit);
        stock.volunteers = i64::try_from(counts.volunteers.len()).unwrap_or(i64::MAX);
        let aged = counts
            .volunteers
            .iter()
            .filter(|id| self.is_aged(state, **id));
        stock.aged_volunteers = i64::try_from(aged.count()).unwrap_or(i64::MAX);
        page::page(
            (unit, month),
            [&counts, &before],
            &stock,
            &self.rules(state),
        )
    }

    /// What the fund of a unit, with all units below it, tells the public about
    /// the months from the first to the last.
    pub fn disclosure(&self, state: &State, unit: UnitId, span: [YearMonth; 2]) -> Disclosure {
        let [from, to] = span;
        let before = self.sum(state, unit, |it| it < from);
        let counts = self.sum(state, unit, |it| from <= it && it <= to);
        disclosure::disclosure(unit, span, &before, &counts)
    }

    /// The counts of a unit, with all units below it, in some months.
    fn sum(&self, state: &State, unit: UnitId, is_meant: impl Fn(YearMonth) -> bool) -> Counts {
        let meant = self.months.iter().filter(|((_, it), _)| is_meant(*it));
        let below = meant.filter(|((it, _), _)| is_below(state, *it, unit));
        below.fold(Counts::default(), |sum, (_, counts)| sum.plus(counts))
    }

    /// The month of the newest record.
    pub fn newest_month(&self) -> Option<YearMonth> {
        self.newest.map(Millis::month)
    }

    /// When something was last done by a member or for them.
    fn active_at(&self, member: MemberId) -> Millis {
        let active = self.active.get(&member).copied();
        active.unwrap_or(Millis::new(0))
    }

    /// Whether a member will soon need care themselves.
    fn is_aged(&self, state: &State, member: MemberId) -> bool {
        let now = self.newest.unwrap_or(Millis::new(0));
        let row: Option<&Member> = state.find(&member).ok().flatten();
        row.is_some_and(|row| row.birth_month.age_years(now) >= page::AGED_YEARS)
    }

    /// The rules in force at the newest record.
    fn rules(&self, state: &State) -> Rules {
        let now = self.newest.unwrap_or(Millis::new(0));
        let scheme: Option<&Scheme> = state.find(&()).ok().flatten();
        let version = scheme.map(|scheme| scheme.rules_at(now));
        let rules = version.and_then(|version| state.find(&version).ok().flatten());
        rules.cloned().unwrap_or_default()
    }

    fn stock(&self, state: &State, unit: UnitId) -> page::Stock {
        let now = self.newest.unwrap_or(Millis::new(0));
        let rules = self.rules(state);
        let years_min = rules.recipient_age_years_min;
        let dormant_days = rules.dormant_months * 365 / 12;
        let mut stock = page::Stock::default();
        for (id, member) in members(state).filter(|(_, it)| is_below(state, it.unit, unit)) {
            let minutes = total(state, id);
            stock.members += 1;
            stock.minutes += minutes;
            let is_dormant = self.active_at(id).plus_days(dormant_days) < now;
            stock.holders += i64::from(minutes > 0);
            stock.dormant += i64::from(minutes > 0 && is_dormant);
            if minutes > 0 && member.birth_month.age_years(now) >= years_min {
                stock.old_holders += 1;
                stock.old_askers += i64::from(self.askers.contains(&id));
            }
        }
        for (key, row) in state.rows() {
            match (key, row) {
                (Key::Account(AccountId::Pool(it)), Row::Account(account))
                    if is_below(state, *it, unit) =>
                {
                    stock.pool += account.available;
                }
                (Key::OpenCase(it, case), _) if is_below(state, *it, unit) => {
                    let case: Option<&Case> = state.find(case).ok().flatten();
                    let due = case.and_then(|case| case.due);
                    stock.open_cases += 1;
                    stock.overdue_cases += i64::from(due.is_some_and(|due| due <= now));
                }
                (Key::OpenRequest(it, _), _) if is_below(state, *it, unit) => {
                    stock.open_requests += 1;
                }
                (Key::Valuation, Row::Valuation(valuation)) => {
                    stock.coverage = Some(valuation.coverage_percent());
                    let days = (now.get() - valuation.published.get()) / 86_400_000;
                    stock.valuation_months = Some(days * 12 / 365);
                }
                _ => {}
            }
        }
        stock
    }
}

fn members(state: &State) -> impl Iterator<Item = (MemberId, &Member)> {
    state.rows().filter_map(|(key, row)| match (key, row) {
        (Key::Member(id), Row::Member(member)) => Some((*id, &**member)),
        _ => None,
    })
}

fn total(state: &State, member: MemberId) -> i64 {
    let account: Option<&Account> = state.find(&AccountId::Member(member)).ok().flatten();
    account.map_or(0, Account::total)
}

/// Whether a unit is another, or below it.
fn is_below(state: &State, unit: UnitId, above: UnitId) -> bool {
    let mut next = Some(unit);
    while let Some(unit) = next {
        if unit == above {
            return true;
        }
        let row: Option<&Unit> = state.find(&unit).ok().flatten();
        next = row.and_then(|row| row.parent);
    }
    false
}

#[cfg(test)]
mod tests;
