//! Somebody did not come.

use super::Deed;
use super::cancel_care::{close, reopen};
use crate::id::EntryId;
use crate::member::Member;
use crate::rejection::Rejection;
use crate::role::Role;
use crate::service::{Service, Stage};
use crate::state::Halt;
use crate::tie::Scope;
use crate::transaction::Transaction;

/// States that the other side was not there when the visit should have begun.
/// By the recipient, a proxy or the volunteer, or by staff on behalf of either.
/// It is counted on the absent member and moves no hours: nobody alone takes
/// what is another's. If the volunteer did not come, the request is open again;
/// if the recipient was not there, the service ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportNoShow {
    /// The service.
    pub service: EntryId,
}

impl Deed for ReportNoShow {
    const ON_BEHALF: &'static [Role] = &[Role::Staff];
    const SCOPE: Option<Scope> = Some(Scope::Care);

    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let (id, by) = (self.service, tx.subject());
        let service: Service = tx.find(&id)?.ok_or(Rejection::ServiceUnknown)?;
        let volunteer = service.stage.volunteer();
        if service.recipient != by && volunteer != Some(by) {
            return Err(Rejection::NotAParty.into());
        }
        let booking = service.stage.booking()?;
        if tx.now() < service.start {
            let due_ms = service.start.get();
            return Err(Rejection::NotDue { due_ms }.into());
        }
        if service.recipient == by {
            count_missed(tx, booking.volunteer)?;
            reopen(tx, id, service)
        } else {
            count_missed(tx, service.recipient)?;
            close(tx, id, service, Stage::Cancelled)
        }
    }
}

/// Counts one visit more that a member has missed.
pub(super) fn count_missed(tx: &mut Transaction<'_>, id: crate::id::MemberId) -> Result<(), Halt> {
    let member = tx.member(&id)?;
    let missed = member.missed.saturating_add(1);
    tx.put(&id, Member { missed, ..member });
    Ok(())
}
