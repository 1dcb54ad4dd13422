//! Giving own hours to another member.

use super::Deed;
use crate::amount::Minutes;
use crate::id::MemberId;
use crate::rejection::Rejection;
use crate::rules::GiveScope;
use crate::state::Halt;
use crate::transaction::{Purse, Transaction};

/// Gives own hours to another member, as the rules allow. By the giver alone:
/// nobody gives what is another's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Give {
    /// Who receives.
    pub recipient: MemberId,
    /// How much.
    pub minutes: Minutes,
}

impl Deed for Give {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let giver = tx.author();
        tx.member(&self.recipient)?;
        if self.recipient == giver {
            return Err(Rejection::SelfTransfer.into());
        }
        if tx.rules().give_scope == GiveScope::Nobody {
            return Err(Rejection::GivingNotAllowed.into());
        }
        tx.require_room(self.recipient, self.minutes)?;
        tx.transfer(
            Purse::of(giver),
            Purse::of(self.recipient),
            self.minutes.amount(),
        )?;
        let unit = tx.member(&giver)?.unit;
        tx.remember_movement(tx.id(), unit, vec![giver]);
        Ok(())
    }
}
