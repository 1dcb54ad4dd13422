//! Moving back, once, what an entry moved.

use serde::{Deserialize, Serialize};

use super::{Deed, NamedProposal, TwoPersonAct, TwoPersonDeed, calendars};
use crate::account::AccountId;
use crate::id::{Commitment, EntryId};
use crate::proposal::{Movement, Proposal, Reversal};
use crate::rejection::Rejection;
use crate::role::Role;
use crate::service::Service;
use crate::state::{Halt, Key};
use crate::transaction::Transaction;

/// Proposes to move back what an entry moved. By staff or an operator of the
/// unit; approved by an operator or regulator who signed nothing that led to it
/// and whose account it does not touch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reverse {
    /// The entry that moved hours; for a grant, the one that proposed it.
    pub entry: EntryId,
    /// Commitment to the reason.
    pub reason: Option<Commitment>,
}

impl Deed for Reverse {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let movement = self.movement(tx)?;
        tx.require_role(&[Role::Staff, Role::Operator], movement.unit)?;
        match movement.reversal {
            Reversal::None => {}
            Reversal::Proposed(_) => return Err(Rejection::ReversalProposed.into()),
            Reversal::Done(_) => return Err(Rejection::AlreadyReversed.into()),
        }
        let mut parties = movement.signers.clone();
        parties.extend(
            movement
                .changes
                .iter()
                .filter_map(|(account, _)| match account {
                    AccountId::Member(member) => Some(*member),
                    _ => None,
                }),
        );
        let (unit, id) = (movement.unit, tx.id());
        tx.put(
            &self.entry,
            Movement {
                reversal: Reversal::Proposed(id),
                ..movement
            },
        );
        NamedProposal::open(tx, TwoPersonAct::Reverse(self.clone()), unit, parties);
        Ok(())
    }
}

impl TwoPersonDeed for Reverse {
    const APPROVERS: &'static [Role] = &[Role::Operator, Role::Regulator];

    fn carry_out(&self, tx: &mut Transaction<'_>, from: &NamedProposal) -> Result<(), Halt> {
        let movement = self.movement(tx)?;
        tx.move_back(&movement)?;
        self.free_time(tx, &movement)?;
        tx.put(
            &self.entry,
            Movement {
                reversal: Reversal::Done(from.id),
                ..movement
            },
        );
        Ok(())
    }

    fn withdraw(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let movement = self.movement(tx)?;
        tx.put(
            &self.entry,
            Movement {
                reversal: Reversal::None,
                ..movement
            },
        );
        Ok(())
    }
}

impl Reverse {
    /// Frees the time of the visit or event that was paid, so that it can be
    /// recorded anew as it was.
    fn free_time(&self, tx: &mut Transaction<'_>, movement: &Movement) -> Result<(), Halt> {
        if let Some(id) = movement.service {
            let service: Service = tx.find(&id)?.ok_or(Halt::Torn(Key::Service(id)))?;
            return calendars::forget(tx, id, &service);
        }
        let proposal: Option<Proposal> = tx.find(&self.entry)?;
        if let Some(TwoPersonAct::RecordEvent(event)) = proposal.map(|it| it.act) {
            calendars::forget_slots(tx, self.entry, &event.roster.volunteers())?;
        }
        Ok(())
    }

    fn movement(&self, tx: &Transaction<'_>) -> Result<Movement, Halt> {
        Ok(tx.find(&self.entry)?.ok_or(Rejection::MovementUnknown)?)
    }
}
