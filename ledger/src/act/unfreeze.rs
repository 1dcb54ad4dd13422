//! Letting hours leave an account again.

use super::Deed;
use crate::id::{Commitment, MemberId};
use crate::member::Member;
use crate::rejection::Rejection;
use crate::role::Role;
use crate::state::Halt;
use crate::transaction::Transaction;

/// Ends a freeze before its time. By an operator or regulator of the member's
/// home unit who is not involved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfreeze {
    /// Whose hours.
    pub member: MemberId,
    /// Commitment to the reason.
    pub reason: Option<Commitment>,
}

impl Deed for Unfreeze {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let member = tx.member(&self.member)?;
        tx.require_role(&[Role::Operator, Role::Regulator], member.unit)?;
        tx.require_uninvolved(&[self.member])?;
        if !member.is_frozen(tx.now()) {
            let standing = member.standing.name();
            return Err(Rejection::MemberStanding { standing }.into());
        }
        tx.put(
            &self.member,
            Member {
                frozen_until: None,
                ..member
            },
        );
        Ok(())
    }
}
