//! Visits that were served, as they stand now: what a ruling or a reversal has
//! undone is none.

use std::collections::BTreeMap;

use super::reading::{approved, service_of};
use crate::act::TwoPersonAct;
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
}

impl Visits {
    /// Takes in a record, with the state after it.
    pub(super) fn read(&mut self, record: &Record, state: &State) {
        let act = &record.entry.act;
        if let Some(TwoPersonAct::Reverse(reverse)) = approved(act, state).map(|it| &it.act)
            && let Some(service) = self.services.get(&reverse.entry)
        {
            self.served.remove(service);
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

    pub(super) fn iter(&self) -> impl Iterator<Item = (EntryId, Served)> {
        self.served.iter().map(|(id, served)| (*id, *served))
    }
}
