//! A new home unit.

use super::Deed;
use crate::id::UnitId;
use crate::member::Member;
use crate::role::Role;
use crate::state::{Halt, UnitMember};
use crate::transaction::Transaction;

/// Makes another unit the member's home; hours and keys stay as they are. By
/// the member, or by staff on their behalf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoveMember {
    /// The new home unit.
    pub unit: UnitId,
}

impl Deed for MoveMember {
    const ON_BEHALF: &'static [Role] = &[Role::Staff];

    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        tx.open_unit(&self.unit)?;
        let (id, unit) = (tx.subject(), self.unit);
        let member = tx.member(&id)?;
        tx.remove::<UnitMember>(&(member.unit, id));
        tx.put(&(unit, id), UnitMember);
        tx.put(&id, Member { unit, ..member });
        Ok(())
    }
}
