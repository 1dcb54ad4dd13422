//! The visit was not as stated.

use super::Deed;
use crate::id::{Commitment, EntryId};
use crate::rejection::Rejection;
use crate::role::Role;
use crate::service::Service;
use crate::state::{Due, Halt, OpenService};
use crate::tie::Scope;
use crate::transaction::Transaction;

/// Disputes a visit that was stated, or that was settled not long ago. By the
/// recipient, a proxy or the volunteer, or by staff on behalf of either. An
/// arbiter rules on it; if nobody does in time, it is again what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisputeService {
    /// The service.
    pub service: EntryId,
    /// Commitment to the reason.
    pub reason: Option<Commitment>,
}

impl Deed for DisputeService {
    const ON_BEHALF: &'static [Role] = &[Role::Staff];
    const SCOPE: Option<Scope> = Some(Scope::Confirm);
    const FOR_THE_GONE: bool = true;

    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let (id, by) = (self.service, tx.subject());
        let service: Service = tx.find(&id)?.ok_or(Rejection::ServiceUnknown)?;
        if service.recipient != by && service.stage.volunteer() != Some(by) {
            return Err(Rejection::NotAParty.into());
        }
        let rules = tx.rules();
        let due = tx.now().plus_days(rules.decide_days);
        let stage = service.stage.clone().dispute(by, due)?;
        if let Some(settlement) = service.settlement {
            let last = settlement.at.plus_days(rules.dispute_days);
            if tx.now() > last {
                return Err(Rejection::Overdue { due_ms: last.get() }.into());
            }
            tx.put(&(service.recipient, id), OpenService);
            if let Some(volunteer) = service.stage.volunteer() {
                tx.put(&(volunteer, id), OpenService);
            }
        }
        tx.put(&(due, id), Due);
        tx.put(&id, Service { stage, ..service });
        Ok(())
    }
}
