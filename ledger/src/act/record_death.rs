//! A member has died.

use serde::{Deserialize, Serialize};

use super::merge_members::require_no_duties;
use super::{Deed, NamedProposal, TwoPersonAct, TwoPersonDeed, keys};
use crate::id::{Commitment, MemberId};
use crate::member::{Member, Standing};
use crate::role::Role;
use crate::state::Halt;
use crate::transaction::Transaction;

/// Proposes that a member has died: the keys end, and the hours wait for the
/// heirs. By staff or an operator of the member's home unit; approved by another,
/// or by a regulator. Whoever would gain decides nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordDeath {
    /// Who.
    pub member: MemberId,
    /// Commitment to the papers that were seen.
    pub papers: Option<Commitment>,
}

impl Deed for RecordDeath {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let member = tx.present_member(&self.member)?;
        tx.require_role(&[Role::Staff, Role::Operator], member.unit)?;
        let mut parties = vec![self.member];
        parties.extend(member.beneficiary);
        tx.require_uninvolved(&parties)?;
        require_no_duties(&member)?;
        let act = TwoPersonAct::RecordDeath(self.clone());
        NamedProposal::open(tx, act, member.unit, parties);
        Ok(())
    }
}

impl TwoPersonDeed for RecordDeath {
    const APPROVERS: &'static [Role] = &[Role::Staff, Role::Operator, Role::Regulator];

    fn carry_out(&self, tx: &mut Transaction<'_>, _: &NamedProposal) -> Result<(), Halt> {
        let member = tx.present_member(&self.member)?;
        require_no_duties(&member)?;
        let due = tx.now().plus_days(tx.rules().estate_days);
        let standing = Standing::Dead { due };
        tx.put(&self.member, Member { standing, ..member });
        keys::end_all(tx, self.member)
    }
}
