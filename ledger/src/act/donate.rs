//! Giving own hours to the pool of a unit.

use super::Deed;
use crate::account::AccountId;
use crate::amount::Minutes;
use crate::id::UnitId;
use crate::state::Halt;
use crate::transaction::{Purse, Transaction};

/// Gives own hours to the pool of a unit. By the giver alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Donate {
    /// Whose pool receives.
    pub unit: UnitId,
    /// How much.
    pub minutes: Minutes,
}

impl Deed for Donate {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        tx.unit(&self.unit)?;
        let (giver, pool) = (tx.author(), Purse::available(AccountId::Pool(self.unit)));
        tx.transfer(Purse::of(giver), pool, self.minutes.amount())?;
        tx.remember_movement(tx.id(), self.unit, vec![giver]);
        Ok(())
    }
}
