//! Keeping hours on an account.

use super::Deed;
use crate::id::{Commitment, MemberId};
use crate::member::Member;
use crate::role::Role;
use crate::state::Halt;
use crate::time::Millis;
use crate::transaction::Transaction;

/// Keeps the hours of a member where they are until some day: they are not held
/// for new visits, given or donated. Visits that are booked go on, and it ends by
/// itself. By an operator or regulator of the member's home unit who is not
/// involved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freeze {
    /// Whose hours.
    pub member: MemberId,
    /// Until when.
    pub until: Millis,
    /// Commitment to the reason.
    pub reason: Option<Commitment>,
}

impl Deed for Freeze {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let member = tx.present_member(&self.member)?;
        tx.require_role(&[Role::Operator, Role::Regulator], member.unit)?;
        tx.require_uninvolved(&[self.member])?;
        tx.require_period(self.until, tx.rules().freeze_days_max)?;
        let frozen_until = Some(self.until);
        tx.put(
            &self.member,
            Member {
                frozen_until,
                ..member
            },
        );
        Ok(())
    }
}
