//! Keeping a volunteer from taking visits on.

use super::Deed;
use crate::id::{Commitment, MemberId};
use crate::member::{Member, Standing};
use crate::role::Role;
use crate::state::Halt;
use crate::time::Millis;
use crate::transaction::Transaction;

/// Keeps a member from taking visits on until some day. Hours are not touched,
/// and help for the member goes on. By an operator or regulator of the member's
/// home unit who is not involved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspend {
    /// Who.
    pub member: MemberId,
    /// Until when.
    pub until: Millis,
    /// Commitment to the reason.
    pub reason: Option<Commitment>,
}

impl Deed for Suspend {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let member = tx.present_member(&self.member)?;
        tx.require_role(&[Role::Operator, Role::Regulator], member.unit)?;
        tx.require_uninvolved(&[self.member])?;
        tx.require_period(self.until, tx.rules().freeze_days_max)?;
        let standing = Standing::Suspended { until: self.until };
        tx.put(&self.member, Member { standing, ..member });
        Ok(())
    }
}
