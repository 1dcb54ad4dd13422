//! Pausing, reopening and closing a unit.

use super::Deed;
use crate::id::{Commitment, UnitId};
use crate::rejection::Rejection;
use crate::role::Role;
use crate::state::Halt;
use crate::transaction::Transaction;
use crate::unit::{Unit, UnitStanding};

/// What becomes of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnitChange {
    /// It takes on nothing new for now.
    Pause,
    /// It takes on new things again.
    Reopen,
    /// It never takes on anything again.
    Close,
}

/// Pauses, reopens or closes a unit. By an operator or regulator of the unit
/// above. A unit that closes names one of its level whose people act for its
/// members from then on; no balance is touched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeUnit {
    /// The unit.
    pub unit: UnitId,
    /// What becomes of it.
    pub change: UnitChange,
    /// To whom a unit that closes is handed over.
    pub successor: Option<UnitId>,
    /// Commitment to the reason.
    pub reason: Option<Commitment>,
}

impl Deed for ChangeUnit {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let unit = tx.unit(&self.unit)?.clone();
        if let UnitStanding::Closed { .. } = unit.standing {
            return Err(Rejection::UnitNotOpen {
                standing: unit.standing.name(),
            }
            .into());
        }
        let parent = unit.parent.ok_or(Rejection::UnitLevel)?;
        let standing = match self.change {
            UnitChange::Pause => UnitStanding::Paused,
            UnitChange::Reopen => UnitStanding::Open,
            UnitChange::Close => UnitStanding::Closed {
                successor: self.check_successor(tx, &unit)?,
            },
        };
        tx.require_role(&[Role::Operator, Role::Regulator], parent)?;
        tx.put(&self.unit, Unit { standing, ..unit });
        Ok(())
    }
}

impl ChangeUnit {
    fn check_successor(&self, tx: &Transaction<'_>, unit: &Unit) -> Result<UnitId, Halt> {
        let successor = self.successor.ok_or(Rejection::HandOverNeeded)?;
        let other: Option<Unit> = tx.find(&successor)?;
        let fits = |it: &Unit| it.kind == unit.kind && it.standing == UnitStanding::Open;
        if successor == self.unit || !other.as_ref().is_some_and(fits) {
            return Err(Rejection::HandOverNeeded.into());
        }
        Ok(successor)
    }
}
