//! Who is to have a member's hours.

use super::Deed;
use crate::id::MemberId;
use crate::member::Member;
use crate::rejection::Rejection;
use crate::role::Role;
use crate::state::Halt;
use crate::transaction::Transaction;

/// Names who is to have the member's hours after their death, or nobody. By the
/// member, or by staff on their behalf, who do not name themselves or their kin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameBeneficiary {
    /// Who; nobody, to take it back.
    pub beneficiary: Option<MemberId>,
}

impl Deed for NameBeneficiary {
    const ON_BEHALF: &'static [Role] = &[Role::Staff];

    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let (id, beneficiary) = (tx.subject(), self.beneficiary);
        if let Some(other) = beneficiary {
            tx.present_member(&other)?;
            if id != tx.author() {
                tx.require_uninvolved(&[other])?;
            }
            if other == id {
                return Err(Rejection::SelfTransfer.into());
            }
        }
        let member = tx.member(&id)?;
        tx.put(
            &id,
            Member {
                beneficiary,
                ..member
            },
        );
        Ok(())
    }
}
