//! Withdrawing a request, or handing a visit back.

use super::Deed;
use super::request_care::open_until;
use crate::id::EntryId;
use crate::rejection::Rejection;
use crate::role::Role;
use crate::service::{Service, Stage};
use crate::state::{Due, Halt, OpenRequest, OpenService};
use crate::transaction::{Purse, Transaction};

/// Why a visit does not take place as planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CancelReason {
    /// The help is no longer needed.
    NotNeeded,
    /// Someone fell ill.
    Illness,
    /// The time does not suit.
    Time,
    /// Something else.
    Other,
}

/// By the recipient: ends the service and releases the hold. By the volunteer:
/// hands the visit back, also after stating it wrongly, and the request is open
/// again. Or by staff on behalf of either.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CancelCare {
    /// The service.
    pub service: EntryId,
    /// Why.
    pub reason: CancelReason,
}

impl Deed for CancelCare {
    const ON_BEHALF: &'static [Role] = &[Role::Staff];

    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let service: Service = tx.find(&self.service)?.ok_or(Rejection::ServiceUnknown)?;
        if service.recipient == tx.subject() {
            let stage = service.stage.clone().cancel()?;
            close(tx, self.service, service, stage)
        } else if service.stage.volunteer() == Some(tx.subject()) {
            self.hand_back(tx, service)
        } else {
            Err(Rejection::NotAParty.into())
        }
    }
}

impl CancelCare {
    fn hand_back(&self, tx: &mut Transaction<'_>, service: Service) -> Result<(), Halt> {
        let (id, due) = (self.service, open_until(tx, service.start));
        let booked_due = service.stage.due();
        let stage = service.stage.hand_back(due)?;
        if let Some(due) = booked_due {
            tx.remove::<Due>(&(due, id));
        }
        tx.remove::<OpenService>(&(tx.subject(), id));
        tx.put(&(service.unit, id), OpenRequest);
        tx.put(&(due, id), Due);
        tx.put(&id, Service { stage, ..service });
        Ok(())
    }
}

/// Ends a service in a final stage: what is still held goes back to the
/// recipient, and the service leaves every list.
pub(super) fn close(
    tx: &mut Transaction<'_>,
    id: EntryId,
    service: Service,
    stage: Stage,
) -> Result<(), Halt> {
    let recipient = service.recipient;
    if service.held > 0 {
        tx.transfer(
            Purse::held(recipient),
            Purse::of(recipient),
            service.held.into(),
        )?;
    }
    tx.remove::<OpenService>(&(recipient, id));
    if let Some(volunteer) = service.stage.volunteer() {
        tx.remove::<OpenService>(&(volunteer, id));
    }
    if let Some(due) = service.stage.due() {
        tx.remove::<Due>(&(due, id));
    }
    if matches!(service.stage, Stage::Open { .. }) {
        tx.remove::<OpenRequest>(&(service.unit, id));
    }
    tx.put(
        &id,
        Service {
            stage,
            held: 0,
            ..service
        },
    );
    Ok(())
}
