//! A group event: many volunteers, and no one recipient.

use serde::{Deserialize, Serialize};

use super::confirm_service::kept;
use super::grant::GrantSource;
use super::{Deed, NamedProposal, TwoPersonAct, TwoPersonDeed, budgets, calendars, volunteers};
use crate::account::AccountId;
use crate::amount::Minutes;
use crate::calendar::Slot;
use crate::event::{Attendance, Roster};
use crate::id::{Commitment, UnitId};
use crate::lot::LotSource;
use crate::role::Role;
use crate::rules::cost;
use crate::service::ItemCode;
use crate::state::Halt;
use crate::time::Millis;
use crate::transaction::{Origin, Purse, Transaction};

/// Proposes what the volunteers of a group event have earned. By staff or an
/// operator of the unit who is not on the roster, nor kin of who is; approved by
/// another such person, or by a regulator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordEvent {
    /// The unit that held it, and whose budget or pool pays.
    pub unit: UnitId,
    /// What it was.
    pub item: ItemCode,
    /// When it started.
    pub start: Millis,
    /// Who helped, and how long.
    pub roster: Roster,
    /// From where the hours come.
    pub source: GrantSource,
    /// Hash or commitment of the signed list of those who were there.
    pub evidence: Option<Commitment>,
}

impl Deed for RecordEvent {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        tx.open_unit(&self.unit)?;
        let volunteers = self.roster.volunteers();
        for volunteer in &volunteers {
            tx.present_member(volunteer)?;
        }
        tx.rules().catalogue.terms(&self.item)?;
        tx.require_role(&[Role::Staff, Role::Operator], self.unit)?;
        tx.require_uninvolved(&volunteers)?;
        for attended in self.roster.iter() {
            self.check(tx, attended)?;
        }
        let act = TwoPersonAct::RecordEvent(self.clone());
        NamedProposal::open(tx, act, self.unit, volunteers);
        Ok(())
    }
}

impl TwoPersonDeed for RecordEvent {
    const APPROVERS: &'static [Role] = &[Role::Staff, Role::Operator, Role::Regulator];

    fn carry_out(&self, tx: &mut Transaction<'_>, from: &NamedProposal) -> Result<(), Halt> {
        let price = tx.rules().catalogue.terms(&self.item)?.price;
        if self.source == GrantSource::Issue {
            budgets::require_coverage(tx)?;
        }
        tx.set_origin(Origin::New(LotSource::Earned));
        for attended in self.roster.iter() {
            tx.present_member(&attended.volunteer)?;
            let slot = Slot {
                service: from.id,
                start: self.start,
                minutes: attended.minutes.get(),
                is_late: false,
            };
            calendars::enter_event(tx, self.unit, attended.volunteer, slot)?;
            let earned = cost(attended.minutes, price, tx.rules().rounding);
            self.pay(tx, attended, earned)?;
        }
        let signers = vec![from.proposal.proposer, tx.author()];
        tx.remember_movement(from.id, self.unit, signers)
    }
}

impl RecordEvent {
    /// Refuses a volunteer who may not serve there, and minutes that are none of a
    /// visit.
    fn check(&self, tx: &Transaction<'_>, attended: &Attendance) -> Result<(), Halt> {
        volunteers::check(tx, attended.volunteer, self.unit, &self.item)?;
        let local = tx.local_rules(&self.unit)?;
        let over = self.start.plus_minutes(attended.minutes.get());
        tx.rules().check_session(attended.minutes, &local)?;
        tx.require_recent(over, &local)?;
        Ok(tx.require_over(over)?)
    }

    /// Pays up to the cap; what is above goes to the pool, where it stays if it
    /// came from there.
    fn pay(
        &self,
        tx: &mut Transaction<'_>,
        attended: &Attendance,
        earned: Minutes,
    ) -> Result<(), Halt> {
        let pool = AccountId::Pool(self.unit);
        let source = match self.source {
            GrantSource::Issue => AccountId::Issued(self.unit),
            GrantSource::Pool => pool,
        };
        let kept = kept(tx, attended.volunteer, earned.amount())?;
        if kept > 0 {
            tx.transfer(
                Purse::available(source),
                Purse::of(attended.volunteer),
                kept,
            )?;
        }
        let rest = earned.amount() - kept;
        if rest > 0 && source != pool {
            tx.transfer(Purse::available(source), Purse::available(pool), rest)?;
        }
        Ok(())
    }
}
