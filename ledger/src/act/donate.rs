//! Giving own hours to the pool of a unit.

use super::Deed;
use crate::account::AccountId;
use crate::amount::Minutes;
use crate::id::UnitId;
use crate::state::Halt;
use crate::tie::Scope;
use crate::transaction::{Purse, Transaction};

/// Gives own hours to the pool of a unit. By the giver, or
/// by a proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Donate {
    /// Whose pool receives.
    pub unit: UnitId,
    /// How much.
    pub minutes: Minutes,
}

impl Deed for Donate {
    const SCOPE: Option<Scope> = Some(Scope::Hours);

    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        tx.unit(&self.unit)?;
        let (giver, pool) = (tx.subject(), Purse::available(AccountId::Pool(self.unit)));
        tx.require_unfrozen(giver)?;
        tx.transfer(Purse::of(giver), pool, self.minutes.amount())?;
        let mut signers = vec![giver, tx.author()];
        signers.dedup();
        tx.remember_gift(self.unit, signers, giver)
    }
}
