//! Signing the agreement.

use super::Deed;
use crate::id::Commitment;
use crate::member::Member;
use crate::role::Role;
use crate::state::Halt;
use crate::transaction::Transaction;

/// Signs the volunteers' agreement of the scheme in one wording. By the member,
/// or by staff on their behalf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agree {
    /// Commitment to the wording.
    pub agreement: Commitment,
}

impl Deed for Agree {
    const ON_BEHALF: &'static [Role] = &[Role::Staff];

    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let (id, agreement) = (tx.subject(), Some(self.agreement));
        let member = tx.member(&id)?;
        tx.put(
            &id,
            Member {
                agreement,
                ..member
            },
        );
        Ok(())
    }
}
