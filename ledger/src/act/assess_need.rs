//! What help a member needs.

use super::Deed;
use crate::id::{Commitment, MemberId};
use crate::member::{Member, NeedCategory};
use crate::role::Role;
use crate::state::Halt;
use crate::transaction::Transaction;

/// States the need for care that was assessed. By staff or an operator of the
/// member's home unit who is not kin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssessNeed {
    /// Whose need.
    pub member: MemberId,
    /// What was found.
    pub need: NeedCategory,
    /// Commitment to the assessment.
    pub assessment: Option<Commitment>,
}

impl Deed for AssessNeed {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let member = tx.present_member(&self.member)?;
        tx.require_role(&[Role::Staff, Role::Operator], member.unit)?;
        tx.require_uninvolved(&[self.member])?;
        let need = self.need;
        tx.put(&self.member, Member { need, ..member });
        Ok(())
    }
}
