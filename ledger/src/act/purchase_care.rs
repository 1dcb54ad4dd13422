//! Care that the fund buys, for no volunteer was found.

use serde::{Deserialize, Serialize};

use super::cancel_care::leave_lists;
use super::{Deed, NamedProposal, TwoPersonAct, TwoPersonDeed, budgets};
use crate::account::AccountId;
use crate::amount::Fen;
use crate::budget::BudgetLine;
use crate::id::{Commitment, EntryId};
use crate::rejection::Rejection;
use crate::role::Role;
use crate::service::Service;
use crate::state::Halt;
use crate::transaction::{Purse, Transaction};

/// Proposes to buy the care of a request that nobody has taken on for as long as
/// the rules say: the money is spent and the hours retire in the same entry. By
/// a fund administrator or staff of the unit that serves; approved by another
/// fund administrator, an operator or a regulator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurchaseCare {
    /// The service.
    pub service: EntryId,
    /// What it costs.
    pub fen: Fen,
    /// Hash or commitment of the voucher.
    pub voucher: Option<Commitment>,
}

impl Deed for PurchaseCare {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let service: Service = tx.find(&self.service)?.ok_or(Rejection::ServiceUnknown)?;
        tx.require_role(&[Role::FundAdmin, Role::Staff], service.unit)?;
        let parties = vec![service.recipient, service.requested_by];
        if service.recipient == tx.author() || tx.kin(service.recipient, tx.author())?.is_some() {
            return Err(Rejection::Involved.into());
        }
        check(tx, &service)?;
        let act = TwoPersonAct::PurchaseCare(self.clone());
        NamedProposal::open(tx, act, service.unit, parties);
        Ok(())
    }
}

impl TwoPersonDeed for PurchaseCare {
    const APPROVERS: &'static [Role] = &[Role::FundAdmin, Role::Operator, Role::Regulator];

    fn carry_out(&self, tx: &mut Transaction<'_>, _: &NamedProposal) -> Result<(), Halt> {
        let service: Service = tx.find(&self.service)?.ok_or(Rejection::ServiceUnknown)?;
        check(tx, &service)?;
        budgets::spend(tx, service.unit, BudgetLine::Redemption, self.fen)?;
        if service.held > 0 {
            let retired = Purse::available(AccountId::Retired);
            let held = Purse::held(service.recipient);
            tx.transfer(held, retired, service.held.into())?;
        }
        leave_lists(tx, self.service, &service);
        let stage = service.stage.clone().purchase()?;
        tx.put(
            &self.service,
            Service {
                stage,
                held: 0,
                ..service
            },
        );
        Ok(())
    }
}

/// Refuses care that somebody has taken on, or may still.
fn check(tx: &Transaction<'_>, service: &Service) -> Result<(), Rejection> {
    service.stage.clone().purchase()?;
    let due = service.asked.plus_hours(tx.rules().unmatched_hours);
    if tx.now() < due {
        return Err(Rejection::NotDue { due_ms: due.get() });
    }
    Ok(())
}
