//! Opening a district or a station.

use super::Deed;
use crate::id::UnitId;
use crate::rejection::Rejection;
use crate::role::Role;
use crate::state::Halt;
use crate::transaction::Transaction;
use crate::unit::{Unit, UnitKind};

/// Opens a unit under another. By an operator or regulator of that one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenUnit {
    /// The new unit.
    pub unit: UnitId,
    /// The unit above it.
    pub parent: UnitId,
    /// The public name.
    pub display_name: String,
    /// Its level.
    pub kind: UnitKind,
}

impl Deed for OpenUnit {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let parent = tx.open_unit(&self.parent)?;
        if tx.find::<Unit>(&self.unit)?.is_some() {
            return Err(Rejection::UnitExists.into());
        }
        if self.kind.parent() != Some(parent.kind) {
            return Err(Rejection::UnitLevel.into());
        }
        tx.require_role(&[Role::Operator, Role::Regulator], self.parent)?;
        let display_name = self.display_name.clone();
        tx.put(
            &self.unit,
            Unit::new(self.kind, Some(self.parent), display_name),
        );
        Ok(())
    }
}
