//! Visits that were served, as they stand now: what a ruling or a reversal has
//! undone is none.

use std::collections::BTreeMap;

use super::reading::{approved, service_of};
use super::review::Trail;
use crate::act::{Act, RecordEvent, TwoPersonAct};
use crate::calendar::LATE_HOURS;
use crate::entry::Record;
use crate::id::{EntryId, MemberId, UnitId};
use crate::service::{Service, Stage};
use crate::state::State;

/// A visit that was settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Served {
    /// The unit that served.
    pub(super) unit: UnitId,
    /// Who served.
    pub(super) volunteer: MemberId,
    /// Who was served.
    pub(super) recipient: MemberId,
    /// What was done around it.
    pub(super) trail: Trail,
    /// How long it took, whatever was paid for it.
    pub(super) minutes: i64,
}

/// All of them, by service.
#[derive(Debug, Clone, Default)]
pub(super) struct Visits {
    served: BTreeMap<EntryId, Served>,
    services: BTreeMap<EntryId, EntryId>,
    events: BTreeMap<EntryId, RecordEvent>,
    /// Of visits that are not settled.
    trails: BTreeMap<EntryId, Trail>,
}

impl Visits {
    /// Takes in a record, with the state after it.
    pub(super) fn read(&mut self, record: &Record, state: &State) {
        let act = &record.entry.act;
        match (act, approved(act, state).map(|it| &it.act)) {
            (_, Some(TwoPersonAct::Reverse(reverse))) => {
                self.events.remove(&reverse.entry);
                if let Some(service) = self.services.get(&reverse.entry) {
                    self.served.remove(service);
                }
            }
            (Act::Approve(approve), Some(TwoPersonAct::RecordEvent(event))) => {
                self.events.insert(approve.proposal, event.clone());
            }
            _ => {}
        }
        let Some((id, service)) = service_of(act, state) else {
            return;
        };
        self.follow(record, id, service);
        match &service.stage {
            Stage::Settled(visit) => {
                let trail = self.trails.remove(&id).unwrap_or_default();
                let served = Served {
                    unit: service.unit,
                    volunteer: visit.volunteer,
                    recipient: service.recipient,
                    trail,
                    minutes: visit.minutes.amount(),
                };
                self.served.entry(id).or_insert(served);
                let movement = service.settlement.as_ref().map(|it| it.movement);
                self.services
                    .extend(movement.map(|movement| (movement, id)));
            }
            Stage::Cancelled | Stage::Expired | Stage::Purchased => {
                self.served.remove(&id);
                self.trails.remove(&id);
            }
            _ => {}
        }
    }

    /// Notes what an act adds to the trail of a visit that is not settled before it.
    fn follow(&mut self, record: &Record, id: EntryId, service: &Service) {
        if self.served.contains_key(&id) {
            return;
        }
        let is_for_another = record.entry.on_behalf_of.is_some();
        let trail = self.trails.entry(id).or_default();
        match &record.entry.act {
            // Whoever takes it on begins anew.
            Act::AcceptCare(_) => *trail = Trail::default(),
            Act::StartVisit(act) => {
                trail.has_check_in = true;
                trail.has_evidence |= act.evidence.is_some();
            }
            Act::LogService(act) => {
                let over = service.stage.visit().map(|visit| visit.over());
                let late = over.is_some_and(|it| record.recorded > it.plus_hours(LATE_HOURS));
                trail.is_late = late;
                trail.is_stated_for = is_for_another;
                trail.has_evidence |= act.evidence.is_some();
            }
            Act::ConfirmService(_) => trail.is_confirmed_for = is_for_another,
            Act::RuleOnDispute(_) => trail.is_confirmed_for = true,
            _ => {}
        }
    }

    /// How long each volunteer has served, at visits and at events.
    pub(super) fn minutes(&self) -> BTreeMap<MemberId, i64> {
        let mut minutes: BTreeMap<MemberId, i64> = BTreeMap::new();
        for visit in self.served.values() {
            *minutes.entry(visit.volunteer).or_default() += visit.minutes;
        }
        for attended in self.events.values().flat_map(|event| event.roster.iter()) {
            *minutes.entry(attended.volunteer).or_default() += attended.minutes.amount();
        }
        minutes
    }

    /// The visits.
    pub(super) fn iter(&self) -> impl Iterator<Item = (EntryId, Served)> {
        self.served.iter().map(|(id, served)| (*id, *served))
    }
}
