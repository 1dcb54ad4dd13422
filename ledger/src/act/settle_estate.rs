//! What a member has left.

use serde::{Deserialize, Serialize};

use super::{Deed, NamedProposal, TwoPersonAct, TwoPersonDeed};
use crate::account::{Account, AccountId};
use crate::id::{Commitment, MemberId};
use crate::member::{Member, Standing};
use crate::rejection::Rejection;
use crate::role::Role;
use crate::rules::DeathRule;
use crate::state::Halt;
use crate::time::Millis;
use crate::transaction::{Origin, Purse, Transaction};

/// Proposes where the hours go that a dead member has left: to the beneficiary
/// or to kin, as the rules allow and in time; or to the pool of the home unit,
/// once the time has run out or where the rules say so. What is above the heir's
/// cap goes to the pool. By staff or an operator of the member's home unit;
/// approved by another, or by a regulator, all of them uninvolved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettleEstate {
    /// Who has died.
    pub member: MemberId,
    /// Who has the hours; nobody: the pool.
    pub heir: Option<MemberId>,
    /// Commitment to the papers that were seen.
    pub papers: Option<Commitment>,
}

impl Deed for SettleEstate {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let member = tx.member(&self.member)?;
        if let Some(heir) = self.heir {
            tx.present_member(&heir)?;
        }
        tx.require_role(&[Role::Staff, Role::Operator], member.unit)?;
        let mut parties = vec![self.member];
        parties.extend(self.heir);
        tx.require_uninvolved(&parties)?;
        self.check(tx, &member)?;
        let act = TwoPersonAct::SettleEstate(self.clone());
        NamedProposal::open(tx, act, member.unit, parties);
        Ok(())
    }
}

impl TwoPersonDeed for SettleEstate {
    const APPROVERS: &'static [Role] = &[Role::Staff, Role::Operator, Role::Regulator];

    fn carry_out(&self, tx: &mut Transaction<'_>, from: &NamedProposal) -> Result<(), Halt> {
        let member = tx.member(&self.member)?;
        self.check(tx, &member)?;
        let account: Option<Account> = tx.find(&AccountId::Member(self.member))?;
        let Account {
            available, held, ..
        } = account.unwrap_or_default();
        if held > 0 {
            return Err(Rejection::BalanceNotEmpty { total: held }.into());
        }
        tx.set_origin(Origin::Passed);
        let mut left = available;
        if let Some(heir) = self.heir {
            let part = available.min(tx.room(heir)?);
            if part > 0 {
                tx.transfer_between((self.member, Purse::of(self.member)), heir, part)?;
            }
            left -= part;
        }
        if left > 0 {
            let pool = Purse::available(AccountId::Pool(member.unit));
            tx.transfer(Purse::of(self.member), pool, left)?;
        }
        if available > 0 {
            let signers = vec![from.proposal.proposer, tx.author()];
            tx.remember_movement(from.id, member.unit, signers)?;
        }
        let standing = Standing::Closed;
        tx.put(&self.member, Member { standing, ..member });
        Ok(())
    }
}

impl SettleEstate {
    fn check(&self, tx: &Transaction<'_>, member: &Member) -> Result<(), Halt> {
        let Standing::Dead { due } = member.standing else {
            let standing = member.standing.name();
            return Err(Rejection::MemberStanding { standing }.into());
        };
        match self.heir {
            Some(heir) => self.check_heir(tx, member, heir),
            None => Ok(check_due(tx, due)?),
        }
    }

    fn check_heir(
        &self,
        tx: &Transaction<'_>,
        member: &Member,
        heir: MemberId,
    ) -> Result<(), Halt> {
        let is_named = member.beneficiary == Some(heir);
        let may_inherit = tx.rules().death_rule == DeathRule::Heir;
        if may_inherit && (is_named || tx.kin(self.member, heir)?.is_some()) {
            return Ok(());
        }
        Err(Rejection::NotHeir.into())
    }
}

/// Refuses the pool while heirs may still come.
fn check_due(tx: &Transaction<'_>, due: Millis) -> Result<(), Rejection> {
    if tx.rules().death_rule == DeathRule::Heir && tx.now() < due {
        return Err(Rejection::NotDue { due_ms: due.get() });
    }
    Ok(())
}
