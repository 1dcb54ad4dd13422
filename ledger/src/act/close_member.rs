//! Leaving.

use super::merge_members::require_no_duties;
use super::{Deed, keys};
use crate::member::{Member, Standing};
use crate::role::Role;
use crate::state::Halt;
use crate::transaction::Transaction;

/// Ends a membership: the account is empty, for hours are given or donated
/// before and never lost, and the keys end. By the member, or by staff on their
/// behalf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloseMember {}

impl Deed for CloseMember {
    const ON_BEHALF: &'static [Role] = &[Role::Staff];

    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let id = tx.subject();
        let member = tx.member(&id)?;
        require_no_duties(&member)?;
        tx.require_empty(id)?;
        let standing = Standing::Closed;
        tx.put(&id, Member { standing, ..member });
        keys::end_all(tx, id)
    }
}
