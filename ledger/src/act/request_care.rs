//! Asking for a visit.

use super::Deed;
use crate::amount::Minutes;
use crate::id::{Commitment, UnitId};
use crate::options::LocalRules;
use crate::rejection::Rejection;
use crate::role::Role;
use crate::rules::{Issuance, cost};
use crate::service::{ItemCode, Service, Stage};
use crate::state::{Due, Halt, OpenRequest, OpenService};
use crate::tie::Scope;
use crate::time::Millis;
use crate::transaction::{Purse, Transaction};

/// Asks for a visit and places the hold. By the recipient, by a proxy, or by
/// staff on their behalf. The entry's id names the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestCare {
    /// The unit that serves it.
    pub unit: UnitId,
    /// What is asked for.
    pub item: ItemCode,
    /// When it should start; the past is for late entries.
    pub start: Millis,
    /// Planned length.
    pub minutes: Minutes,
    /// Commitment to notes for the volunteer.
    pub note: Option<Commitment>,
}

impl Deed for RequestCare {
    const ON_BEHALF: &'static [Role] = &[Role::Staff];
    const SCOPE: Option<Scope> = Some(Scope::Care);

    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        tx.open_unit(&self.unit)?;
        let (id, recipient, rules) = (tx.id(), tx.subject(), tx.rules());
        let price = rules.catalogue.terms(&self.item)?.price;
        tx.require_unfrozen(recipient)?;
        tx.require_eligible(&tx.member(&recipient)?)?;
        let local = tx.local_rules(&self.unit)?;
        rules.check_session(self.minutes, &local)?;
        tx.require_recent(self.start, &local)?;
        self.check_lead(tx, &local)?;
        let held = match rules.issuance {
            Issuance::Transfer => cost(self.minutes, price, rules.rounding).get(),
            Issuance::Mint => 0,
        };
        if held > 0 {
            tx.transfer(Purse::of(recipient), Purse::held(recipient), held.into())?;
        }
        let due = open_until(tx, self.start);
        tx.put(
            &id,
            Service {
                unit: self.unit,
                recipient,
                requested_by: tx.author(),
                item: self.item.clone(),
                start: self.start,
                planned: self.minutes,
                held,
                rules: rules.version,
                price,
                asked: tx.now(),
                settlement: None,
                rated_by_recipient: false,
                rated_by_volunteer: false,
                stage: Stage::Open { due },
            },
        );
        tx.put(&(self.unit, id), OpenRequest);
        tx.put(&(recipient, id), OpenService);
        tx.put(&(due, id), Due);
        Ok(())
    }
}

impl RequestCare {
    /// Refuses a visit that is to start too soon; one that has started is entered
    /// late.
    fn check_lead(&self, tx: &Transaction<'_>, local: &LocalRules) -> Result<(), Rejection> {
        let hours_min = local.lead_time_hours;
        if tx.now() < self.start && self.start < tx.now().plus_hours(hours_min) {
            return Err(Rejection::LeadTime { hours_min });
        }
        Ok(())
    }
}

/// Until when a request waits for a volunteer.
pub(super) fn open_until(tx: &Transaction<'_>, start: Millis) -> Millis {
    start
        .max(tx.now())
        .plus_hours(tx.rules().request_open_hours)
}
