//! What a district decides for itself.

use serde::{Deserialize, Serialize};

use super::{Deed, NamedProposal, TwoPersonAct, TwoPersonDeed};
use crate::id::{Commitment, UnitId};
use crate::options::{UnitOptions, UpcomingOptions};
use crate::rejection::Rejection;
use crate::role::Role;
use crate::state::Halt;
use crate::time::Millis;
use crate::transaction::Transaction;
use crate::unit::{Unit, UnitKind};

/// Proposes what a district asks beyond the rules of the scheme, in place of what
/// it asked before, from a time to come. By an operator of the district; approved
/// by an operator or regulator of the scheme. It is announced as long before as
/// new rules are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetOptions {
    /// The district.
    pub unit: UnitId,
    /// What it asks.
    pub options: UnitOptions,
    /// The first moment at which it does.
    pub from: Millis,
    /// Commitment to the reason.
    pub reason: Option<Commitment>,
}

impl Deed for SetOptions {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let unit = tx.unit(&self.unit)?;
        self.options.check(tx.rules())?;
        let UnitKind::District = unit.kind else {
            return Err(Rejection::UnitLevel.into());
        };
        let scheme = unit.parent.ok_or(Rejection::UnitLevel)?;
        tx.require_role(&[Role::Operator], self.unit)?;
        self.check_time(tx, unit)?;
        let act = TwoPersonAct::SetOptions(self.clone());
        NamedProposal::open(tx, act, scheme, Vec::new());
        Ok(())
    }
}

impl TwoPersonDeed for SetOptions {
    const APPROVERS: &'static [Role] = &[Role::Operator, Role::Regulator];

    fn carry_out(&self, tx: &mut Transaction<'_>, _: &NamedProposal) -> Result<(), Halt> {
        let unit = tx.unit(&self.unit)?.clone();
        self.options.check(tx.rules())?;
        self.check_time(tx, &unit)?;
        let (options, from) = (self.options, self.from);
        let unit = Unit {
            options: *unit.options_at(tx.now()),
            upcoming: Some(UpcomingOptions { options, from }),
            ..unit
        };
        tx.put(&self.unit, unit);
        Ok(())
    }
}

impl SetOptions {
    /// Refuses options on top of others that nobody has lived under yet, and those
    /// that come too soon.
    fn check_time(&self, tx: &Transaction<'_>, unit: &Unit) -> Result<(), Rejection> {
        if let Some(UpcomingOptions { from, .. }) = unit.upcoming
            && tx.now() < from
        {
            let from_ms = from.get();
            return Err(Rejection::RulesPending { from_ms });
        }
        let days_min = tx.rules().rule_change_notice_days;
        if self.from < tx.now().plus_days(days_min) {
            return Err(Rejection::NoticeTooShort { days_min });
        }
        Ok(())
    }
}
