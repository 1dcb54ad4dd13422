//! Visits that were served, as they stand now: what a ruling or a reversal has
//! undone is none.

use std::collections::BTreeMap;

use super::reading::{approved, service_of};
use crate::act::{Act, RecordEvent, TwoPersonAct};
use crate::entry::Record;
use crate::id::{EntryId, MemberId, UnitId};
use crate::service::Stage;
use crate::state::State;

/// A visit that was settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Served {
    /// The unit that served.
    pub(super) unit: UnitId,
    /// Who served.
    pub(super) volunteer: MemberId,
    /// How long it took, whatever was paid for it.
    pub(super) minutes: i64,
}

/// All of them, by service.
#[derive(Debug, Clone, Default)]
pub(super) struct Visits {
    served: BTreeMap<EntryId, Served>,
    services: BTreeMap<EntryId, EntryId>,
    events: BTreeMap<EntryId, RecordEvent>,
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
        match &service.stage {
            Stage::Settled(visit) => {
                let served = Served {
                    unit: service.unit,
                    volunteer: visit.volunteer,
                    minutes: visit.minutes.amount(),
                };
                self.served.entry(id).or_insert(served);
                let movement = service.settlement.as_ref().map(|it| it.movement);
                self.services
                    .extend(movement.map(|movement| (movement, id)));
            }
            Stage::Cancelled => {
                self.served.remove(&id);
            }
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
