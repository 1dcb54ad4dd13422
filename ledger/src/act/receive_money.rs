//! Money that the fund received.

use super::Deed;
use crate::account::AccountId;
use crate::amount::Fen;
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
    /// Hash or commitment of the voucher.
    pub voucher: Option<Commitment>,
}

impl Deed for ReceiveMoney {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        tx.unit(&self.unit)?;
        tx.require_role(&[Role::FundAdmin], self.unit)?;
        let (donors, cash) = (AccountId::FundDonors, AccountId::FundCash);
        tx.transfer(
            Purse::available(donors),
            Purse::available(cash),
            self.fen.get(),
        )
    }
}
