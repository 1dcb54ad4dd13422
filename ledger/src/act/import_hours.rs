//! Hours from an older register.

use serde::{Deserialize, Serialize};

use super::{Deed, NamedProposal, TwoPersonAct, TwoPersonDeed, budgets};
use crate::account::AccountId;
use crate::amount::Minutes;
use crate::id::{Commitment, MemberId};
use crate::lot::LotSource;
use crate::role::Role;
use crate::state::Halt;
use crate::transaction::{Origin, Purse, Transaction};

/// Proposes to take over hours from a passbook or register that is older than
/// the ledger. By staff or an operator of the member's home unit; approved by an
/// operator or regulator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportHours {
    /// Whose hours.
    pub member: MemberId,
    /// How much.
    pub minutes: Minutes,
    /// Hash or commitment of the scan.
    pub scan: Commitment,
}

impl Deed for ImportHours {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let member = tx.present_member(&self.member)?;
        tx.require_role(&[Role::Staff, Role::Operator], member.unit)?;
        tx.require_uninvolved(&[self.member])?;
        let act = TwoPersonAct::ImportHours(self.clone());
        NamedProposal::open(tx, act, member.unit, vec![self.member]);
        Ok(())
    }
}

impl TwoPersonDeed for ImportHours {
    const APPROVERS: &'static [Role] = &[Role::Operator, Role::Regulator];

    fn carry_out(&self, tx: &mut Transaction<'_>, from: &NamedProposal) -> Result<(), Halt> {
        let member = tx.present_member(&self.member)?;
        tx.require_room(self.member, self.minutes)?;
        budgets::require_coverage(tx)?;
        tx.set_origin(Origin::New(LotSource::Imported));
        let issued = Purse::available(AccountId::Issued(member.unit));
        tx.transfer(issued, Purse::of(self.member), self.minutes.amount())?;
        let signers = vec![from.proposal.proposer, tx.author()];
        tx.remember_movement(from.id, member.unit, signers)
    }
}
