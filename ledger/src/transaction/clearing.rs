//! Hours that cross the border between two districts.

use super::{Purse, Transaction};
use crate::account::{Account, AccountId};
use crate::id::{MemberId, UnitId};
use crate::rejection::Rejection;
use crate::state::Halt;
use crate::unit::UnitKind;

impl Transaction<'_> {
    /// Moves an amount above zero from a purse of one member to what another is
    /// free to use. Between districts it passes their clearing accounts.
    pub(crate) fn transfer_between(
        &mut self,
        from: (MemberId, Purse),
        to: MemberId,
        amount: i64,
    ) -> Result<(), Halt> {
        let (giver, purse) = from;
        let left = self.district_of(self.member(&giver)?.unit)?;
        let to = self.receiver(to)?;
        let reached = match to {
            AccountId::Member(member) => self.member(&member)?.unit,
            AccountId::Pool(unit) => unit,
            _ => unreachable!("a member or a pool receives what is meant for members"),
        };
        let reached = self.district_of(reached)?;
        if left == reached {
            return self.transfer(purse, Purse::available(to), amount);
        }
        self.post(purse, -amount)?;
        self.post(Purse::available(AccountId::Clearing(left, reached)), amount)?;
        self.post(
            Purse::available(AccountId::Clearing(reached, left)),
            -amount,
        )?;
        self.post(Purse::available(to), amount)?;
        self.check_clearing(left, reached, amount)
    }

    /// The district of a unit; the scheme for a unit above all districts.
    pub(crate) fn district_of(&self, unit: UnitId) -> Result<UnitId, Halt> {
        let mut id = unit;
        loop {
            let unit = self.unit(&id)?;
            match (unit.kind, unit.parent) {
                (UnitKind::Station, Some(parent)) => id = parent,
                _ => return Ok(id),
            }
        }
    }

    /// What one district has taken over from another, in minutes.
    pub(crate) fn clearing(&self, unit: UnitId, other: UnitId) -> Result<i64, Halt> {
        let account: Option<Account> = self.find(&AccountId::Clearing(unit, other))?;
        Ok(account.map_or(0, |account| account.available))
    }

    /// Refuses what lifts the debt between two districts above the limit.
    fn check_clearing(&self, unit: UnitId, other: UnitId, moved: i64) -> Result<(), Halt> {
        let minutes_max = self.rules.inter_district_minutes_max;
        let (after, before) = (
            self.clearing(unit, other)?,
            self.clearing(unit, other)? - moved,
        );
        if after.abs() > minutes_max && after.abs() > before.abs() {
            return Err(Rejection::ClearingLimit { minutes_max }.into());
        }
        Ok(())
    }
}
