//! One person who was enrolled twice.

use serde::{Deserialize, Serialize};

use super::{Deed, NamedProposal, TwoPersonAct, TwoPersonDeed, keys};
use crate::account::{Account, AccountId};
use crate::id::{Commitment, MemberId};
use crate::member::{Member, Standing};
use crate::rejection::Rejection;
use crate::role::Role;
use crate::state::Halt;
use crate::transaction::{Origin, Purse, Transaction};

/// Proposes that two members are one person: the hours of the one go to the
/// other, and the one and its keys end. By an operator of the one that ends;
/// approved by another, or by a regulator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergeMembers {
    /// The member that ends.
    pub member: MemberId,
    /// The member that goes on.
    pub into: MemberId,
    /// Commitment to the papers that were seen.
    pub papers: Option<Commitment>,
}

impl Deed for MergeMembers {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let member = self.check(tx)?;
        tx.require_role(&[Role::Operator], member.unit)?;
        tx.require_uninvolved(&[self.member, self.into])?;
        if self.member == self.into {
            return Err(Rejection::SelfTransfer.into());
        }
        require_no_duties(&member)?;
        let parties = vec![self.member, self.into];
        let act = TwoPersonAct::MergeMembers(self.clone());
        NamedProposal::open(tx, act, member.unit, parties);
        Ok(())
    }
}

impl TwoPersonDeed for MergeMembers {
    const APPROVERS: &'static [Role] = &[Role::Operator, Role::Regulator];

    fn carry_out(&self, tx: &mut Transaction<'_>, from: &NamedProposal) -> Result<(), Halt> {
        let member = self.check(tx)?;
        require_no_duties(&member)?;
        let account: Option<Account> = tx.find(&AccountId::Member(self.member))?;
        let account = account.unwrap_or_default();
        if account.held > 0 {
            let total = account.held;
            return Err(Rejection::BalanceNotEmpty { total }.into());
        }
        if account.available > 0 {
            tx.set_origin(Origin::Passed);
            let purse = (self.member, Purse::of(self.member));
            tx.transfer_between(purse, self.into, account.available)?;
            let signers = vec![from.proposal.proposer, tx.author()];
            tx.remember_movement(from.id, member.unit, signers)?;
        }
        let standing = Standing::Merged(self.into);
        tx.put(&self.member, Member { standing, ..member });
        keys::end_all(tx, self.member)
    }
}

impl MergeMembers {
    fn check(&self, tx: &Transaction<'_>) -> Result<Member, Halt> {
        tx.present_member(&self.into)?;
        tx.present_member(&self.member)
    }
}

/// Refuses to end a member who holds an office.
pub(super) fn require_no_duties(member: &Member) -> Result<(), Rejection> {
    if member.duties + member.audits > 0 {
        return Err(Rejection::HasDuties);
    }
    Ok(())
}
