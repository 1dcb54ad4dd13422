//! An arbiter decides.

use super::cancel_care::close;
use super::confirm_service::settle;
use super::{Deed, calendars};
use crate::amount::Minutes;
use crate::id::{Commitment, EntryId};
use crate::proposal::{Movement, Reversal};
use crate::rejection::Rejection;
use crate::role::Role;
use crate::service::{Dispute, Service, Stage, Visit};
use crate::state::{Due, Halt, Key, OpenService};
use crate::transaction::Transaction;

/// What an arbiter finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ruling {
    /// The visit was as stated.
    Stands,
    /// There was no such visit: nothing is paid, and what was paid goes back.
    Void,
    /// It took so long; only before it was settled, and at most what was booked.
    Corrected(Minutes),
}

/// Rules on a dispute. By an operator or regulator of the unit that serves, who
/// is not involved in any way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleOnDispute {
    /// The service.
    pub service: EntryId,
    /// The ruling.
    pub ruling: Ruling,
    /// Commitment to the reason.
    pub reason: Option<Commitment>,
}

impl Deed for RuleOnDispute {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let service: Service = tx.find(&self.service)?.ok_or(Rejection::ServiceUnknown)?;
        tx.require_role(&[Role::Operator, Role::Regulator], service.unit)?;
        let mut parties = vec![service.recipient, service.requested_by];
        if let Some(visit) = service.stage.visit() {
            parties.extend([visit.volunteer, visit.logged_by]);
        }
        tx.require_uninvolved(&parties)?;
        let dispute = service.stage.disputed()?;
        let minutes = match self.ruling {
            Ruling::Stands => dispute.visit.minutes,
            Ruling::Corrected(_) if service.settlement.is_some() => {
                let stage = "SETTLED";
                return Err(Rejection::ServiceStage { stage }.into());
            }
            Ruling::Corrected(minutes) => minutes,
            Ruling::Void => return self.void(tx, service, &dispute),
        };
        if minutes > service.planned {
            let minutes_max = service.planned.get();
            return Err(Rejection::MoreThanBooked { minutes_max }.into());
        }
        if service.settlement.is_some() {
            give_back(tx, self.service, service, &dispute);
            return Ok(());
        }
        tx.remove::<Due>(&(dispute.due, self.service));
        let visit = Visit {
            minutes,
            ..dispute.visit
        };
        settle(tx, self.service, service, visit)
    }
}

impl RuleOnDispute {
    fn void(
        &self,
        tx: &mut Transaction<'_>,
        service: Service,
        dispute: &Dispute,
    ) -> Result<(), Halt> {
        if let Some(settlement) = service.settlement {
            let id = settlement.movement;
            let movement: Movement = tx.find(&id)?.ok_or(Halt::Torn(Key::Movement(id)))?;
            match movement.reversal {
                Reversal::None => {}
                Reversal::Proposed(_) => return Err(Rejection::ReversalProposed.into()),
                Reversal::Done(_) => return Err(Rejection::AlreadyReversed.into()),
            }
            tx.move_back(&movement)?;
            let reversal = Reversal::Done(tx.id());
            tx.put(
                &id,
                Movement {
                    reversal,
                    ..movement
                },
            );
        }
        calendars::forget(tx, self.service, &service)?;
        tx.remove::<Due>(&(dispute.due, self.service));
        close(tx, self.service, service, Stage::Cancelled)
    }
}

/// Gives a service back to the stage in which it was disputed.
pub(super) fn give_back(
    tx: &mut Transaction<'_>,
    id: EntryId,
    service: Service,
    dispute: &Dispute,
) {
    tx.remove::<Due>(&(dispute.due, id));
    let stage = if service.settlement.is_some() {
        tx.remove::<OpenService>(&(service.recipient, id));
        tx.remove::<OpenService>(&(dispute.visit.volunteer, id));
        Stage::Settled(dispute.visit)
    } else {
        Stage::Logged(dispute.visit)
    };
    tx.put(&id, Service { stage, ..service });
}
