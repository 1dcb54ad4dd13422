//! Ending a role.

use super::{Deed, operators};
use crate::id::{MemberId, UnitId};
use crate::rejection::Rejection;
use crate::role::{Appointment, Role};
use crate::state::Halt;
use crate::transaction::Transaction;

/// Ends a role. By an operator or regulator of the unit, or by the member, who
/// may always lay it down. Only regulators dismiss a regulator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dismiss {
    /// Whose role ends.
    pub member: MemberId,
    /// Where.
    pub unit: UnitId,
    /// Which role.
    pub role: Role,
}

impl Deed for Dismiss {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        tx.unit(&self.unit)?;
        let mut member = tx.member(&self.member)?;
        let id = (self.member, self.unit, self.role);
        tx.find::<Appointment>(&id)?
            .ok_or(Rejection::AppointmentUnknown)?;
        if self.member != tx.author() {
            operators::require_appointer(tx, self.unit, self.role)?;
        }
        operators::count_role(tx, id, -1)?;
        match self.role {
            Role::Auditor => member.audits -= 1,
            _ => member.duties -= 1,
        }
        tx.put(&self.member, member);
        tx.remove::<Appointment>(&id);
        Ok(())
    }
}
