//! Giving hours of the fund to a member in need.

use serde::{Deserialize, Serialize};

use super::{Deed, NamedProposal, TwoPersonAct, TwoPersonDeed, budgets};
use crate::account::AccountId;
use crate::amount::Minutes;
use crate::id::{Commitment, MemberId, UnitId};
use crate::lot::LotSource;
use crate::role::Role;
use crate::state::Halt;
use crate::transaction::{Origin, Purse, Transaction};

/// Where granted hours come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum GrantSource {
    /// Newly issued, within the unit's budget.
    Issue,
    /// From the pool of donated hours.
    Pool,
}

/// Proposes to give a member hours. By a fund administrator or operator of the
/// unit; approved by another, or by a regulator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The unit whose budget or pool pays.
    pub unit: UnitId,
    /// Who receives.
    pub recipient: MemberId,
    /// How much.
    pub minutes: Minutes,
    /// From where.
    pub source: GrantSource,
    /// Commitment to the reason.
    pub reason: Option<Commitment>,
}

impl Deed for Grant {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        tx.unit(&self.unit)?;
        let recipient = tx.present_member(&self.recipient)?;
        tx.require_role(&[Role::FundAdmin, Role::Operator], self.unit)?;
        tx.require_uninvolved(&[self.recipient])?;
        tx.require_eligible(&recipient)?;
        NamedProposal::open(
            tx,
            TwoPersonAct::Grant(self.clone()),
            self.unit,
            vec![self.recipient],
        );
        Ok(())
    }
}

impl TwoPersonDeed for Grant {
    const APPROVERS: &'static [Role] = &[Role::FundAdmin, Role::Operator, Role::Regulator];

    fn carry_out(&self, tx: &mut Transaction<'_>, from: &NamedProposal) -> Result<(), Halt> {
        tx.present_member(&self.recipient)?;
        tx.require_room(self.recipient, self.minutes)?;
        tx.set_origin(Origin::New(LotSource::Granted));
        let source = match self.source {
            GrantSource::Issue => {
                budgets::require_coverage(tx)?;
                AccountId::Issued(self.unit)
            }
            GrantSource::Pool => AccountId::Pool(self.unit),
        };
        let (source, recipient) = (Purse::available(source), Purse::of(self.recipient));
        tx.transfer(source, recipient, self.minutes.amount())?;
        let signers = vec![from.proposal.proposer, tx.author()];
        tx.remember_movement(from.id, self.unit, signers)
    }
}
