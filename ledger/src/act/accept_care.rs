//! Taking on an open request.

use super::{Deed, volunteers};
use crate::id::EntryId;
use crate::rejection::Rejection;
use crate::role::Role;
use crate::service::{Booking, Service};
use crate::state::{Due, Halt, OpenRequest, OpenService};
use crate::transaction::Transaction;

/// Takes on an open request. By a volunteer, or by staff on their behalf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptCare {
    /// The service.
    pub service: EntryId,
}

impl Deed for AcceptCare {
    const ON_BEHALF: &'static [Role] = &[Role::Staff];

    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let (id, volunteer, rules) = (self.service, tx.subject(), tx.rules());
        let service: Service = tx.find(&id)?.ok_or(Rejection::ServiceUnknown)?;
        if service.recipient == volunteer {
            return Err(Rejection::OwnService.into());
        }
        if tx.is_blocked(service.recipient, volunteer)? {
            return Err(Rejection::PairBlocked.into());
        }
        let over = service.start.plus_minutes(service.planned.get());
        let due = over
            .max(tx.now())
            .plus_days(tx.local_rules(&service.unit)?.late_entry_days_max);
        let open_due = service.stage.due();
        let booking = Booking {
            volunteer,
            due,
            started: None,
        };
        let stage = service.stage.clone().accept(booking, tx.now())?;
        volunteers::check(tx, volunteer, service.unit, &service.item)?;
        if !rules.kin_service_counts && tx.kin(service.recipient, volunteer)?.is_some() {
            return Err(Rejection::KinService.into());
        }
        if let Some(due) = open_due {
            tx.remove::<Due>(&(due, id));
        }
        tx.remove::<OpenRequest>(&(service.unit, id));
        tx.put(&(volunteer, id), OpenService);
        tx.put(&(due, id), Due);
        tx.put(&id, Service { stage, ..service });
        Ok(())
    }
}
