//! The count of the scheme's operators who have a key, of whom one must stay:
//! without any, nobody could appoint the next. And the count of its regulators,
//! whom no operator can replace.

use super::keys::ring;
use crate::id::{MemberId, UnitId};
use crate::rejection::Rejection;
use crate::role::{Appointment, Role};
use crate::scheme::Scheme;
use crate::state::Halt;
use crate::transaction::Transaction;

/// Refuses an author who may not give or end a role.
pub(super) fn require_appointer(
    tx: &Transaction<'_>,
    unit: UnitId,
    role: Role,
) -> Result<(), Halt> {
    if role == Role::Regulator && tx.scheme()?.regulators > 0 {
        tx.require_role(&[Role::Regulator], unit)
    } else {
        tx.require_role(&[Role::Operator, Role::Regulator], unit)
    }
}

/// Counts a role that begins or ends.
pub(super) fn count_role(
    tx: &mut Transaction<'_>,
    (member, unit, role): (MemberId, UnitId, Role),
    change: i32,
) -> Result<(), Halt> {
    let mut scheme = tx.scheme()?;
    if role == Role::Regulator && unit == scheme.unit {
        scheme.regulators = scheme.regulators.saturating_add_signed(change);
        tx.put(&(), scheme);
        return Ok(());
    }
    let is_counted = role == Role::Operator && unit == scheme.unit;
    if !is_counted || ring(tx, member)?.keys.is_empty() {
        return Ok(());
    }
    count(tx, change)
}

/// Counts the first key of a member, or the end of the last.
pub(super) fn count_keys(
    tx: &mut Transaction<'_>,
    member: MemberId,
    change: i32,
) -> Result<(), Halt> {
    let role = (member, tx.scheme()?.unit, Role::Operator);
    match tx.find::<Appointment>(&role)? {
        Some(_) => count(tx, change),
        None => Ok(()),
    }
}

fn count(tx: &mut Transaction<'_>, change: i32) -> Result<(), Halt> {
    let scheme = tx.scheme()?;
    match scheme.operators.checked_add_signed(change) {
        Some(operators @ 1..) => tx.put(
            &(),
            Scheme {
                operators,
                ..scheme
            },
        ),
        _ => return Err(Rejection::LastOperator.into()),
    }
    Ok(())
}
