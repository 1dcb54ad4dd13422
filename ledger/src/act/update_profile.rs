//! Who a member is, corrected.

use super::Deed;
use crate::id::{Commitment, MemberId};
use crate::member::Member;
use crate::role::Role;
use crate::state::Halt;
use crate::transaction::Transaction;

/// Takes a new profile in the place of the one before: name, papers, address and
/// whatever else the station has to know. By staff or an operator of the member's
/// home unit who is not kin and has seen the papers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdateProfile {
    /// Whose.
    pub member: MemberId,
    /// Commitment to the profile.
    pub profile: Commitment,
}

impl Deed for UpdateProfile {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let member = tx.present_member(&self.member)?;
        tx.require_role(&[Role::Staff, Role::Operator], member.unit)?;
        tx.require_uninvolved(&[self.member])?;
        let profile = Some(tx.id());
        tx.put(&self.member, Member { profile, ..member });
        Ok(())
    }
}
