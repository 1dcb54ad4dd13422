//! What a unit may spend.

use serde::{Deserialize, Serialize};

use super::{Deed, NamedProposal, TwoPersonAct, TwoPersonDeed};
use crate::budget::{Budget, BudgetLine};
use crate::id::{Commitment, UnitId};
use crate::role::Role;
use crate::state::Halt;
use crate::transaction::Transaction;

/// Proposes the budget of a unit for a line, instead of the one before. What was
/// spent stays spent. By a fund administrator of the unit; approved by an
/// operator or regulator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetBudget {
    /// The unit.
    pub unit: UnitId,
    /// The line.
    pub line: BudgetLine,
    /// Most that may be spent, or issued, since the ledger was opened; in fen, or
    /// in minutes for hours: 0 to 10^15.
    pub limit: i64,
    /// Commitment to the reason.
    pub reason: Option<Commitment>,
}

impl Deed for SetBudget {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        tx.unit(&self.unit)?;
        tx.require_role(&[Role::FundAdmin], self.unit)?;
        let act = TwoPersonAct::SetBudget(self.clone());
        NamedProposal::open(tx, act, self.unit, Vec::new());
        Ok(())
    }
}

impl TwoPersonDeed for SetBudget {
    const APPROVERS: &'static [Role] = &[Role::Operator, Role::Regulator];

    fn carry_out(&self, tx: &mut Transaction<'_>, _: &NamedProposal) -> Result<(), Halt> {
        let id = (self.unit, self.line);
        let spent = tx.find::<Budget>(&id)?.map_or(0, |budget| budget.spent);
        let limit = self.limit;
        tx.put(&id, Budget { limit, spent });
        Ok(())
    }
}
