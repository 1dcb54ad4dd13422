//! The recipient's yes, which pays the volunteer.

use super::Deed;
use super::cancel_care::close;
use crate::account::AccountId;
use crate::amount::Minutes;
use crate::id::EntryId;
use crate::rejection::Rejection;
use crate::role::Role;
use crate::service::{Service, Visit};
use crate::state::Halt;
use crate::transaction::{Purse, Transaction};

/// Confirms the logged minutes and settles the service. By the recipient, or
/// by staff who attest it; never by whoever stated the visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfirmService {
    /// The service.
    pub service: EntryId,
    /// The minutes; those that were logged.
    pub minutes: Minutes,
}

impl Deed for ConfirmService {
    const ON_BEHALF: &'static [Role] = &[Role::Staff];

    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let mut service: Service = tx.find(&self.service)?.ok_or(Rejection::ServiceUnknown)?;
        if service.recipient != tx.subject() {
            return Err(Rejection::NotAParty.into());
        }
        let stated_by = |visit: Visit| [visit.volunteer, visit.logged_by].contains(&tx.author());
        if service.stage.visit().is_some_and(stated_by) {
            return Err(Rejection::SamePerson.into());
        }
        let (stage, visit) = service.stage.clone().settle()?;
        if self.minutes != visit.minutes {
            return Err(Rejection::MinutesDiffer {
                logged: visit.minutes.get(),
            }
            .into());
        }
        pay(tx, &service, &visit)?;
        service.held = service.held.saturating_sub(visit.minutes.get());
        let (recipient, asked) = (service.recipient, service.requested_by);
        let mut parties = vec![
            recipient,
            asked,
            visit.volunteer,
            visit.logged_by,
            tx.author(),
        ];
        parties.sort_unstable();
        parties.dedup();
        let unit = service.unit;
        close(tx, self.service, service, stage)?;
        tx.remember_movement(tx.id(), unit, parties);
        Ok(())
    }
}

/// Pays the volunteer up to the cap; what is above goes to the unit's pool.
/// Without a hold, under minting rules, the unit issues the minutes.
fn pay(tx: &mut Transaction<'_>, service: &Service, visit: &Visit) -> Result<(), Halt> {
    let source = match service.held {
        0 => Purse::available(AccountId::Issued(service.unit)),
        _ => Purse::held(service.recipient),
    };
    let earned = visit.minutes.amount();
    let kept = earned.min(tx.room(visit.volunteer)?);
    if kept > 0 {
        tx.transfer(source, Purse::of(visit.volunteer), kept)?;
    }
    if earned > kept {
        tx.transfer(
            source,
            Purse::available(AccountId::Pool(service.unit)),
            earned - kept,
        )?;
    }
    Ok(())
}
