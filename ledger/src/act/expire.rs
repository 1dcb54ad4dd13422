//! Closing or finishing what is due: timeouts are entries too.

use super::cancel_care::close;
use super::open_case::escalate;
use super::rule_on_dispute::give_back;
use super::{Deed, NamedProposal, TwoPersonAct};
use crate::case::Case;
use crate::id::EntryId;
use crate::proposal::{Outcome, Proposal};
use crate::rejection::Rejection;
use crate::service::{Service, Stage};
use crate::state::Halt;
use crate::time::Millis;
use crate::transaction::Transaction;

/// Closes a request, booking or proposal whose time has run out, and finishes a
/// recovery of keys that has waited as long as the rules say. A dispute on which
/// nobody has ruled is again the visit that it was; a case that nobody has
/// closed goes to the unit above. By any member:
/// anyone can check that it was due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expire {
    /// The service, the proposal or the recovery.
    pub target: EntryId,
}

impl Deed for Expire {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        if let Some(case) = tx.find::<Case>(&self.target)? {
            let due = case.due.ok_or(Rejection::CaseClosed)?;
            require_due(tx, due)?;
            return escalate(tx, self.target, case);
        }
        if let Some(service) = tx.find::<Service>(&self.target)? {
            if let Stage::Disputed(dispute) = service.stage {
                require_due(tx, dispute.due)?;
                give_back(tx, self.target, service, &dispute);
                return Ok(());
            }
            let stage = service.stage.clone().expire(tx.now())?;
            return close(tx, self.target, service, stage);
        }
        if tx.find::<Proposal>(&self.target)?.is_none() {
            return Err(Rejection::TargetUnknown.into());
        }
        let named = NamedProposal::find(tx, self.target)?;
        if let TwoPersonAct::RecoverKey(recovery) = &named.proposal.act
            && let Some(due) = recovery.due(tx, named.id)?
        {
            require_due(tx, due)?;
            return recovery.finish(tx, named.id, due);
        }
        named.require_open()?;
        require_due(tx, named.proposal.due)?;
        named.proposal.act.withdraw(tx)?;
        named.close(tx, Outcome::Expired);
        Ok(())
    }
}

fn require_due(tx: &Transaction<'_>, due: Millis) -> Result<(), Rejection> {
    if tx.now() < due {
        return Err(Rejection::NotDue { due_ms: due.get() });
    }
    Ok(())
}
