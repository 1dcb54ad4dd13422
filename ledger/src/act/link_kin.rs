//! Recording that two members are kin.

use super::Deed;
use crate::id::{Commitment, MemberId};
use crate::rejection::Rejection;
use crate::role::Role;
use crate::state::Halt;
use crate::tie::{Kin, Relation};
use crate::transaction::Transaction;

/// Records that two members are kin. By staff or an operator of the home unit of
/// the first, who is neither of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkKin {
    /// A member.
    pub member: MemberId,
    /// The other.
    pub kin: MemberId,
    /// What the other is to the member.
    pub relation: Relation,
    /// Commitment to the papers that were seen.
    pub papers: Option<Commitment>,
}

impl Deed for LinkKin {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let unit = tx.present_member(&self.member)?.unit;
        tx.present_member(&self.kin)?;
        if tx.kin(self.member, self.kin)?.is_some() {
            return Err(Rejection::KinExists.into());
        }
        tx.require_role(&[Role::Staff, Role::Operator], unit)?;
        if [self.member, self.kin].contains(&tx.author()) {
            return Err(Rejection::Involved.into());
        }
        if self.member == self.kin {
            return Err(Rejection::SelfTransfer.into());
        }
        let relation = self.relation;
        tx.put(&(self.member, self.kin), Kin { relation });
        let relation = relation.reverse();
        tx.put(&(self.kin, self.member), Kin { relation });
        tx.count_kin(self.member, true)?;
        tx.count_kin(self.kin, true)?;
        Ok(())
    }
}
