//! The volunteer's own statement of a visit.

use super::{Deed, calendars};
use crate::amount::Minutes;
use crate::id::{Commitment, EntryId};
use crate::options::LocalRules;
use crate::rejection::Rejection;
use crate::role::Role;
use crate::service::{Service, Visit};
use crate::state::{Due, Halt};
use crate::time::Millis;
use crate::transaction::Transaction;

/// States when a visit started and how long it took. By the volunteer, or by
/// staff on their behalf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogService {
    /// The service.
    pub service: EntryId,
    /// When it really started.
    pub start: Millis,
    /// How long it really took; at most what was booked.
    pub minutes: Minutes,
    /// Hash or commitment of evidence.
    pub evidence: Option<Commitment>,
}

impl Deed for LogService {
    const ON_BEHALF: &'static [Role] = &[Role::Staff];

    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let service: Service = tx.find(&self.service)?.ok_or(Rejection::ServiceUnknown)?;
        let (booked_due, started) = (service.stage.due(), service.stage.booking());
        let visit = Visit {
            volunteer: tx.subject(),
            logged_by: tx.author(),
            start: self.start,
            minutes: self.minutes,
        };
        let stage = service.stage.clone().log(visit)?;
        let has_started = started?.started.is_some();
        let local = tx.local_rules(&service.unit)?;
        self.check_minutes(tx, service.planned, has_started, &local)?;
        calendars::enter(tx, self.service, &service, &visit)?;
        if let Some(due) = booked_due {
            tx.remove::<Due>(&(due, self.service));
        }
        tx.put(&self.service, Service { stage, ..service });
        Ok(())
    }
}

impl LogService {
    fn check_minutes(
        &self,
        tx: &Transaction<'_>,
        booked: Minutes,
        has_started: bool,
        local: &LocalRules,
    ) -> Result<(), Rejection> {
        let (rules, over) = (tx.rules(), self.start.plus_minutes(self.minutes.get()));
        rules.check_quantum(self.minutes)?;
        tx.require_recent(over, local)?;
        tx.require_over(over)?;
        // Staff who enter a visit late vouch for what the phone did not see.
        if local.check_in_required && !has_started && tx.subject() == tx.author() {
            return Err(Rejection::CheckInMissing);
        }
        if self.minutes > booked {
            return Err(Rejection::MoreThanBooked {
                minutes_max: booked.get(),
            });
        }
        Ok(())
    }
}
