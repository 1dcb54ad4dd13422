//! Making a person a member.

use super::{Deed, keys};
use crate::code::MemberCode;
use crate::entry::NewKey;
use crate::id::{Commitment, MemberId, UnitId};
use crate::member::{Member, NeedCategory};
use crate::rejection::Rejection;
use crate::role::Role;
use crate::state::{CodeOwner, Halt, UnitMember};
use crate::time::YearMonth;
use crate::transaction::Transaction;

/// Makes a person a member of a unit. By staff or an operator of the unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolMember {
    /// The new member.
    pub member: MemberId,
    /// The home unit.
    pub unit: UnitId,
    /// The month of birth.
    pub birth_month: YearMonth,
    /// The assessed need.
    pub need: NeedCategory,
    /// The first key; none for members who act at the counter.
    pub key: Option<NewKey>,
    /// Commitment to the profile, or to the papers that were seen.
    pub identity: Option<Commitment>,
}

impl Deed for EnrolMember {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        tx.open_unit(&self.unit)?;
        let member = Member {
            profile: self.identity.map(|_| tx.id()),
            ..Member::new(self.unit, self.birth_month, self.need)
        };
        add_member(tx, self.member, member)?;
        if let Some(key) = &self.key {
            keys::add(tx, self.member, key, tx.next_position())?;
        }
        tx.require_role(&[Role::Staff, Role::Operator], self.unit)
    }
}

/// Adds a member whose id and short code are free.
pub(super) fn add_member(
    tx: &mut Transaction<'_>,
    id: MemberId,
    member: Member,
) -> Result<(), Halt> {
    if tx.find::<Member>(&id)?.is_some() {
        return Err(Rejection::MemberExists.into());
    }
    let code = MemberCode::of(&id);
    if tx.find::<CodeOwner>(&code)?.is_some() {
        return Err(Rejection::MemberCodeTaken.into());
    }
    tx.put(&code, CodeOwner(id));
    tx.put(&(member.unit, id), UnitMember);
    tx.put(&id, member);
    Ok(())
}
