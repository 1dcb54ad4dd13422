//! Draws a certificate up from the records, which are audited meanwhile.

use std::collections::BTreeMap;

use ledger::act::{Act, RecordEvent};
use ledger::member::Member;
use ledger::proposal::{Movement, Reversal};
use ledger::service::{Service, Stage};
use ledger::unit::Unit;
use ledger::{Effects, EntryId, Record, State};

use super::{Found, Question, is_within};
use crate::audit::Reading;

/// Reads along for a certificate.
pub struct Collector {
    question: Question,
    stated: BTreeMap<EntryId, EntryId>,
    settled: BTreeMap<EntryId, EntryId>,
    events: BTreeMap<EntryId, RecordEvent>,
    collected: Collected,
}

/// What the records say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Collected {
    /// The visits that stand, in the order of their services, and the events among
    /// them.
    pub visits: Vec<Found>,
    /// The entry that commits to who the member is.
    pub profile: Option<EntryId>,
    /// The public name of the home unit.
    pub unit: String,
}

impl Collector {
    /// A reader that has read nothing yet.
    pub fn new(question: Question) -> Self {
        Self {
            question,
            stated: BTreeMap::new(),
            settled: BTreeMap::new(),
            events: BTreeMap::new(),
            collected: Collected::default(),
        }
    }

    /// What the records say.
    pub fn collected(self) -> Collected {
        self.collected
    }

    /// A visit of the member that stands at the end.
    fn found(&self, state: &State, id: EntryId, service: &Service) -> Option<Found> {
        let Stage::Settled(visit) = service.stage else {
            return None;
        };
        let movement = service.settlement.as_ref()?.movement;
        let is_meant =
            visit.volunteer == self.question.member && is_within(visit.start, self.question.span);
        (is_meant && stands(state, movement)).then_some(Found {
            service: id,
            item: service.item.as_str().to_owned(),
            unit: name_of(state, service.unit),
            minutes: visit.minutes.amount(),
            stated: *self.stated.get(&id)?,
            settled: *self.settled.get(&id)?,
        })
    }

    /// The member's part of an event that stands at the end.
    fn found_event(&self, state: &State, id: EntryId, event: &RecordEvent) -> Option<Found> {
        let member = self.question.member;
        let attended = event.roster.iter().find(|it| it.volunteer == member)?;
        let is_meant = is_within(event.start, self.question.span);
        (is_meant && stands(state, id)).then_some(Found {
            service: id,
            item: event.item.as_str().to_owned(),
            unit: name_of(state, event.unit),
            minutes: attended.minutes.amount(),
            stated: id,
            settled: *self.settled.get(&id)?,
        })
    }
}

/// Whether what was moved was not moved back.
fn stands(state: &State, movement: EntryId) -> bool {
    let movement: Option<&Movement> = state.find(&movement).ok().flatten();
    movement.is_none_or(|it| !matches!(it.reversal, Reversal::Done(_)))
}

impl Reading for Collector {
    fn read(&mut self, record: &Record, _: &Effects, state: &State) {
        let entry = &record.entry;
        let service = match &entry.act {
            Act::LogService(act) if entry.subject() == self.question.member => {
                self.stated.insert(act.service, entry.id);
                return;
            }
            Act::ConfirmService(act) => act.service,
            Act::RuleOnDispute(act) => act.service,
            Act::RecordEvent(act) if act.roster.volunteers().contains(&self.question.member) => {
                self.events.insert(entry.id, act.clone());
                return;
            }
            Act::Approve(act) if self.events.contains_key(&act.proposal) => {
                self.settled.insert(act.proposal, entry.id);
                return;
            }
            _ => return,
        };
        let row: Option<&Service> = state.find(&service).ok().flatten();
        let is_settled = row.is_some_and(|row| matches!(row.stage, Stage::Settled(_)));
        if is_settled && self.stated.contains_key(&service) {
            // What settled it first: a ruling that it stands changes nothing.
            self.settled.entry(service).or_insert(entry.id);
        }
    }

    fn end(&mut self, state: &State) {
        let services = self.settled.keys();
        let found = services.filter_map(|id| {
            if let Some(event) = self.events.get(id) {
                return self.found_event(state, *id, event);
            }
            let service: Option<&Service> = state.find(id).ok().flatten();
            self.found(state, *id, service?)
        });
        self.collected.visits = found.collect();
        let member: Option<&Member> = state.find(&self.question.member).ok().flatten();
        if let Some(member) = member {
            self.collected.profile = member.profile;
            self.collected.unit = name_of(state, member.unit);
        }
    }
}

fn name_of(state: &State, unit: ledger::UnitId) -> String {
    let row: Option<&Unit> = state.find(&unit).ok().flatten();
    row.map_or_else(|| unit.to_string(), |row| row.display_name.clone())
}
