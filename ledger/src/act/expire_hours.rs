//! Hours whose time has run out.

use super::Deed;
use crate::account::{Account, AccountId};
use crate::id::MemberId;
use crate::lot::Lots;
use crate::rejection::Rejection;
use crate::state::Halt;
use crate::transaction::{Purse, Transaction};

/// Moves the hours of a member that have expired to the pool of the home unit.
/// What is held for booked visits stays. By any member: anyone can check that
/// they were due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpireHours {
    /// Whose hours.
    pub member: MemberId,
}

impl Deed for ExpireHours {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let member = tx.member(&self.member)?;
        let lots: Option<Lots> = tx.find(&self.member)?;
        let expired = lots.map_or(0, |lots| lots.expired(tx.now().month()));
        let account: Option<Account> = tx.find(&AccountId::Member(self.member))?;
        let expired = expired.min(account.map_or(0, |account| account.available));
        if expired == 0 {
            return Err(Rejection::NothingExpired.into());
        }
        let pool = Purse::available(AccountId::Pool(member.unit));
        tx.transfer(Purse::of(self.member), pool, expired)?;
        tx.remember_movement(tx.id(), member.unit, vec![tx.author()])
    }
}
