//! Two districts are quits.

use serde::{Deserialize, Serialize};

use super::{Deed, NamedProposal, TwoPersonAct, TwoPersonDeed};
use crate::account::AccountId;
use crate::id::{Commitment, UnitId};
use crate::rejection::Rejection;
use crate::role::Role;
use crate::state::Halt;
use crate::transaction::{Purse, Transaction};

/// Proposes that what one district has taken over from another is settled: the
/// two clearing accounts go to zero. By an operator or fund administrator of the
/// first; approved by an operator, fund administrator or regulator of the second.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettleClearing {
    /// The district that proposes.
    pub unit: UnitId,
    /// The other.
    pub other: UnitId,
    /// What the first has taken over from the second, in minutes, as both state.
    pub minutes: i64,
    /// Hash or commitment of the settlement statement.
    pub statement: Option<Commitment>,
}

impl Deed for SettleClearing {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        tx.unit(&self.unit)?;
        tx.unit(&self.other)?;
        tx.require_role(&[Role::Operator, Role::FundAdmin], self.unit)?;
        self.check(tx)?;
        let act = TwoPersonAct::SettleClearing(self.clone());
        NamedProposal::open(tx, act, self.other, Vec::new());
        Ok(())
    }
}

impl TwoPersonDeed for SettleClearing {
    const APPROVERS: &'static [Role] = &[Role::Operator, Role::FundAdmin, Role::Regulator];

    fn carry_out(&self, tx: &mut Transaction<'_>, _: &NamedProposal) -> Result<(), Halt> {
        self.check(tx)?;
        let ours = Purse::available(AccountId::Clearing(self.unit, self.other));
        let theirs = Purse::available(AccountId::Clearing(self.other, self.unit));
        tx.post(ours, -self.minutes)?;
        tx.post(theirs, self.minutes)
    }
}

impl SettleClearing {
    fn check(&self, tx: &Transaction<'_>) -> Result<(), Halt> {
        let owed = tx.clearing(self.unit, self.other)?;
        if owed == 0 || owed != self.minutes {
            return Err(Rejection::NothingOwed.into());
        }
        Ok(())
    }
}
