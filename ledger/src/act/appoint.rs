//! Giving a role.

use super::{Deed, operators};
use crate::id::{MemberId, UnitId};
use crate::member::Member;
use crate::rejection::Rejection;
use crate::role::{Appointment, Role};
use crate::state::Halt;
use crate::transaction::Transaction;

/// Gives a member a role in a unit and all below it. By an operator or
/// regulator of the unit, never to oneself; regulators by regulators alone, once
/// there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appoint {
    /// Who is appointed.
    pub member: MemberId,
    /// Where.
    pub unit: UnitId,
    /// As what.
    pub role: Role,
}

impl Deed for Appoint {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        tx.unit(&self.unit)?;
        let member = tx.present_member(&self.member)?;
        let id = (self.member, self.unit, self.role);
        if tx.find::<Appointment>(&id)?.is_some() {
            return Err(Rejection::AppointmentExists.into());
        }
        operators::require_appointer(tx, self.unit, self.role)?;
        if self.member == tx.author() {
            return Err(Rejection::OwnAppointment.into());
        }
        tx.put(&self.member, with_role(member, self.role)?);
        tx.put(
            &id,
            Appointment {
                since: tx.position(),
            },
        );
        operators::count_role(tx, id, 1)
    }
}

/// A member with one role more. Whoever audits does nothing else.
fn with_role(mut member: Member, role: Role) -> Result<Member, Rejection> {
    let (added, other) = match role {
        Role::Auditor => (&mut member.audits, member.duties),
        _ => (&mut member.duties, member.audits),
    };
    if other > 0 {
        return Err(Rejection::RolesIncompatible);
    }
    *added += 1;
    Ok(member)
}
