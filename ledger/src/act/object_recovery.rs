//! The member's no to a recovery of their keys.

use super::{Deed, NamedProposal, TwoPersonAct, TwoPersonDeed, keys};
use crate::entry::Attestation;
use crate::id::EntryId;
use crate::member::KeyRing;
use crate::proposal::{Outcome, Proposal};
use crate::rejection::Rejection;
use crate::role::Role;
use crate::state::{Due, Halt};
use crate::transaction::Transaction;

/// Ends a recovery before it is finished, approved or not. By the member with
/// any valid key, or for the member by uninvolved staff, or by an uninvolved
/// operator or regulator: a small station may have nobody else. Whoever is not there
/// in person may be the thief of a phone: such an objection counts once until
/// a recovery is finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectRecovery {
    /// The recovery: the entry that proposed it.
    pub recovery: EntryId,
}

impl Deed for ObjectRecovery {
    const ON_BEHALF: &'static [Role] = &[Role::Staff, Role::Operator, Role::Regulator];

    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let proposal: Proposal = tx.find(&self.recovery)?.ok_or(Rejection::RecoveryUnknown)?;
        let TwoPersonAct::RecoverKey(recovery) = proposal.act.clone() else {
            return Err(Rejection::RecoveryUnknown.into());
        };
        let member = tx.subject();
        if member != recovery.member {
            return Err(Rejection::NotOwnRecovery.into());
        }
        let (author, outcome) = (tx.author(), proposal.outcome);
        if proposal.proposer == author || outcome == Outcome::Approved(author) {
            return Err(Rejection::Involved.into());
        }
        let ring = keys::ring(tx, member)?;
        let pending = ring.recovery.filter(|it| it.id == self.recovery);
        let pending = pending.ok_or(Rejection::ProposalClosed {
            outcome: outcome.name(),
        })?;
        if !is_in_person(tx) {
            if !ring.contested.is_empty() {
                return Err(Rejection::ObjectionUsed.into());
            }
            let mut contested = vec![proposal.proposer];
            if let Outcome::Approved(approver) = outcome {
                contested.push(approver);
            }
            tx.put(&member, KeyRing { contested, ..ring });
        }
        recovery.withdraw(tx)?;
        let named = NamedProposal {
            id: self.recovery,
            proposal,
        };
        match pending.due {
            None => named.close(tx, Outcome::Objected(author)),
            Some(due) => {
                tx.remove::<Due>(&(due, self.recovery));
                named.decide(tx, Outcome::Objected(author));
            }
        }
        Ok(())
    }
}

/// Whether somebody of the time bank has the member before them.
fn is_in_person(tx: &Transaction<'_>) -> bool {
    let behalf = tx.entry().on_behalf_of;
    behalf.is_some_and(|behalf| behalf.attestation == Attestation::Kiosk)
}
