//! Closing what is due: timeouts are entries too.

use super::cancel_care::close;
use super::{Deed, NamedProposal};
use crate::id::EntryId;
use crate::proposal::{Outcome, Proposal};
use crate::rejection::Rejection;
use crate::service::Service;
use crate::state::Halt;
use crate::transaction::Transaction;

/// Closes a request, booking or proposal whose time has run out. By any
/// member: anyone can check that it was due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expire {
    /// The service or the proposal.
    pub target: EntryId,
}

impl Deed for Expire {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        if let Some(service) = tx.find::<Service>(&self.target)? {
            let stage = service.stage.clone().expire(tx.now())?;
            return close(tx, self.target, service, stage);
        }
        if tx.find::<Proposal>(&self.target)?.is_none() {
            return Err(Rejection::TargetUnknown.into());
        }
        let named = NamedProposal::find(tx, self.target)?;
        named.require_open()?;
        let due = named.proposal.due;
        if tx.now() < due {
            return Err(Rejection::NotDue { due_ms: due.get() }.into());
        }
        named.proposal.act.withdraw(tx)?;
        named.close(tx, Outcome::Expired);
        Ok(())
    }
}
