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
        if self.blocked {
            tx.put(&id, Blocked);
        } else {
            tx.remove::<Blocked>(&id);
        }
        Ok(())
    }
}
