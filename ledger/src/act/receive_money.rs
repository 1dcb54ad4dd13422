//! Money that the fund received.

use super::Deed;
use super::pay_money::require_money;
use crate::account::AccountId;
use crate::amount::Fen;
use crate::budget::BudgetLine;
use crate::id::{Commitment, UnitId};
use crate::role::Role;
use crate::state::Halt;
use crate::transaction::{Purse, Transaction};

/// Books money that the fund received. By a fund administrator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiveMoney {
    /// The unit whose fund administrator books it.
    pub unit: UnitId,
    /// How much.
    pub fen: Fen,
    /// The one line that it is for, if the donor said so.
    pub line: Option<BudgetLine>,
    /// Hash or commitment of the voucher.
    pub voucher: Option<Commitment>,
}

impl Deed for ReceiveMoney {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        self.line.map_or(Ok(()), require_money)?;
        tx.unit(&self.unit)?;
        tx.require_role(&[Role::FundAdmin], self.unit)?;
        let cash = match self.line {
            Some(line) => AccountId::FundRestricted(line),
            None => AccountId::FundCash,
        };
        let donors = AccountId::FundDonors;
        tx.transfer(
            Purse::available(donors),
            Purse::available(cash),
            self.fen.get(),
        )
    }
}
