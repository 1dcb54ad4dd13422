//! The count of the scheme's operators who have a key, of whom one must stay:
//! without any, nobody could appoint the next.

use super::keys::ring;
use crate::id::{MemberId, UnitId};
use crate::rejection::Rejection;
use crate::role::{Appointment, Role};
use crate::scheme::Scheme;
use crate::state::Halt;
use crate::transaction::Transaction;

/// Counts a role that begins or ends.
pub(super) fn count_role(
    tx: &mut Transaction<'_>,
    (member, unit, role): (MemberId, UnitId, Role),
    change: i32,
) -> Result<(), Halt> {
    let is_counted = role == Role::Operator && unit == scheme(tx)?.unit;
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
    let role = (member, scheme(tx)?.unit, Role::Operator);
    match tx.find::<Appointment>(&role)? {
        Some(_) => count(tx, change),
        None => Ok(()),
    }
}

fn count(tx: &mut Transaction<'_>, change: i32) -> Result<(), Halt> {
    let scheme = scheme(tx)?;
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

fn scheme(tx: &Transaction<'_>) -> Result<Scheme, Halt> {
    Ok(tx.find(&())?.expect("the ledger is open"))
}
