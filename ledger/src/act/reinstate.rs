//! Letting a volunteer take visits on again.

use super::Deed;
use crate::id::{Commitment, MemberId};
use crate::member::{Member, Standing};
use crate::rejection::Rejection;
use crate::role::Role;
use crate::state::Halt;
use crate::transaction::Transaction;

/// Ends a suspension before its time. By an operator or regulator of the member's
/// home unit who is not involved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reinstate {
    /// Who.
    pub member: MemberId,
    /// Commitment to the reason.
    pub reason: Option<Commitment>,
}

impl Deed for Reinstate {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let member = tx.member(&self.member)?;
        tx.require_role(&[Role::Operator, Role::Regulator], member.unit)?;
        tx.require_uninvolved(&[self.member])?;
        let Standing::Suspended { .. } = member.standing else {
            let standing = member.standing.name();
            return Err(Rejection::MemberStanding { standing }.into());
        };
        let standing = Standing::Active;
        tx.put(&self.member, Member { standing, ..member });
        Ok(())
    }
}
