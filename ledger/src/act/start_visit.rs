//! Checking in.

use super::Deed;
use crate::id::{Commitment, EntryId};
use crate::rejection::Rejection;
use crate::role::Role;
use crate::service::Service;
use crate::state::Halt;
use crate::transaction::Transaction;

/// States that the visit begins. By the volunteer, or by staff on their behalf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartVisit {
    /// The service.
    pub service: EntryId,
    /// Hash or commitment of evidence, such as the place or the code that was
    /// shown.
    pub evidence: Option<Commitment>,
}

impl Deed for StartVisit {
    const ON_BEHALF: &'static [Role] = &[Role::Staff];

    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let service: Service = tx.find(&self.service)?.ok_or(Rejection::ServiceUnknown)?;
        if service.stage.volunteer() != Some(tx.subject()) {
            return Err(Rejection::NotAParty.into());
        }
        let stage = service.stage.clone().begin(tx.now())?;
        tx.put(&self.service, Service { stage, ..service });
        Ok(())
    }
}
