//! Not wanting to meet somebody.

use super::Deed;
use crate::id::MemberId;
use crate::role::Role;
use crate::state::Halt;
use crate::tie::Blocked;
use crate::transaction::Transaction;

/// States that the member does not want to meet another, or does again. No
/// reason is asked for. By the member, or by staff on their behalf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The other.
    pub other: MemberId,
    /// Whether the two shall not meet.
    pub blocked: bool,
}

impl Deed for Block {
    const ON_BEHALF: &'static [Role] = &[Role::Staff];

    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        tx.member(&self.other)?;
        let id = (tx.subject(), self.other);
        if tx.has_blocked(id.0, id.1)? == self.blocked {
            return Ok(());
        }
        let mut member = tx.member(&id.0)?;
        if self.blocked {
            member.blocked += 1;
            tx.put(&id, Blocked);
        } else {
            member.blocked -= 1;
            tx.remove::<Blocked>(&id);
        }
        tx.put(&id.0, member);
        Ok(())
    }
}
