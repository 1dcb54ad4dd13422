//! Money that the fund pays.

use serde::{Deserialize, Serialize};

use super::{Deed, NamedProposal, TwoPersonAct, TwoPersonDeed, budgets};
use crate::amount::Fen;
use crate::budget::BudgetLine;
use crate::id::{Commitment, UnitId};
use crate::rejection::Rejection;
use crate::role::Role;
use crate::state::Halt;
use crate::transaction::Transaction;

/// Proposes a payment on a line of a unit's budget. By a fund administrator of
/// the unit; approved by another, an operator or a regulator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayMoney {
    /// The unit whose budget pays.
    pub unit: UnitId,
    /// The line.
    pub line: BudgetLine,
    /// How much.
    pub fen: Fen,
    /// Hash or commitment of the voucher.
    pub voucher: Option<Commitment>,
}

impl Deed for PayMoney {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        require_money(self.line)?;
        tx.unit(&self.unit)?;
        tx.require_role(&[Role::FundAdmin], self.unit)?;
        let act = TwoPersonAct::PayMoney(self.clone());
        NamedProposal::open(tx, act, self.unit, Vec::new());
        Ok(())
    }
}

impl TwoPersonDeed for PayMoney {
    const APPROVERS: &'static [Role] = &[Role::FundAdmin, Role::Operator, Role::Regulator];

    fn carry_out(&self, tx: &mut Transaction<'_>, _: &NamedProposal) -> Result<(), Halt> {
        budgets::spend(tx, self.unit, self.line, self.fen)
    }
}

/// Refuses the one line that does not count money.
pub(super) const fn require_money(line: BudgetLine) -> Result<(), Rejection> {
    match line {
        BudgetLine::Hours => Err(Rejection::EnumUnknown { field: "line" }),
        _ => Ok(()),
    }
}
