//! Withdrawing a request, or handing a visit back.

use super::report_no_show::count_missed;
use super::request_care::open_until;
use super::{Deed, calendars};
use crate::id::EntryId;
use crate::rejection::Rejection;
use crate::role::Role;
use crate::service::{Service, Stage};
use crate::state::{Due, Halt, OpenRequest, OpenService};
use crate::tie::Scope;
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
    const SCOPE: Option<Scope> = Some(Scope::Care);
    const FOR_THE_GONE: bool = true;

    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let service: Service = tx.find(&self.service)?.ok_or(Rejection::ServiceUnknown)?;
        self.count_if_late(tx, &service)?;
        if service.recipient == tx.subject() {
            let stage = service.stage.clone().cancel()?;
            close(tx, self.service, service, stage)
        } else if service.stage.volunteer() == Some(tx.subject()) {
            calendars::forget(tx, self.service, &service)?;
            reopen(tx, self.service, service)
        } else {
            Err(Rejection::NotAParty.into())
        }
    }
}

impl CancelCare {
    /// Counts a booked visit that is cancelled or handed back too late as missed; not on
    /// who has died or left.
    fn count_if_late(&self, tx: &mut Transaction<'_>, service: &Service) -> Result<(), Halt> {
        let free_until = tx.now().plus_hours(tx.rules().free_cancel_hours);
        let is_late = tx.now() < service.start && service.start < free_until;
        let Stage::Booked(booking) = &service.stage else {
            return Ok(());
        };
        let is_party = [service.recipient, booking.volunteer].contains(&tx.subject());
        let is_excused = self.reason == CancelReason::Illness;
        if is_late && is_party && !is_excused && tx.member(&tx.subject())?.standing.is_member() {
            count_missed(tx, tx.subject())?;
        }
        Ok(())
    }
}

/// Takes a service from its volunteer, and opens the request again.
pub(super) fn reopen(tx: &mut Transaction<'_>, id: EntryId, service: Service) -> Result<(), Halt> {
    let due = open_until(tx, service.start);
    let (booked_due, volunteer) = (service.stage.due(), service.stage.volunteer());
    let stage = service.stage.hand_back(due)?;
    if let Some(due) = booked_due {
        tx.remove::<Due>(&(due, id));
    }
    if let Some(volunteer) = volunteer {
        tx.remove::<OpenService>(&(volunteer, id));
    }
    tx.put(&(service.unit, id), OpenRequest);
    tx.put(&(due, id), Due);
    tx.put(&id, Service { stage, ..service });
    Ok(())
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
    leave_lists(tx, id, &service);
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

/// Takes a service that closes from every list.
pub(super) fn leave_lists(tx: &mut Transaction<'_>, id: EntryId, service: &Service) {
    tx.remove::<OpenService>(&(service.recipient, id));
    if let Some(volunteer) = service.stage.volunteer() {
        tx.remove::<OpenService>(&(volunteer, id));
    }
    if let Some(due) = service.stage.due() {
        tx.remove::<Due>(&(due, id));
    }
    if matches!(service.stage, Stage::Open { .. }) {
        tx.remove::<OpenRequest>(&(service.unit, id));
    }
}
