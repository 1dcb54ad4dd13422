//! The recipient's yes, which pays the volunteer.

use super::Deed;
use super::cancel_care::close;
use crate::account::AccountId;
use crate::amount::Minutes;
use crate::id::{EntryId, MemberId};
use crate::lot::LotSource;
use crate::rejection::Rejection;
use crate::role::Role;
use crate::rules::cost;
use crate::service::{Service, Settlement, Stage, Visit};
use crate::state::Halt;
use crate::tie::Scope;
use crate::transaction::{Origin, Purse, Transaction};

/// Confirms the logged minutes and settles the service. By the recipient, by a
/// proxy, or by staff who attest it; never by whoever stated the visit, nor by
/// kin of the volunteer for somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfirmService {
    /// The service.
    pub service: EntryId,
    /// The minutes; those that were logged, give or take what the rules tolerate.
    pub minutes: Minutes,
}

impl Deed for ConfirmService {
    const ON_BEHALF: &'static [Role] = &[Role::Staff];
    const SCOPE: Option<Scope> = Some(Scope::Confirm);
    const FOR_THE_GONE: bool = true;

    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let service: Service = tx.find(&self.service)?.ok_or(Rejection::ServiceUnknown)?;
        if service.recipient != tx.subject() {
            return Err(Rejection::NotAParty.into());
        }
        let visit = service.stage.visit();
        let stated_by = |visit: Visit| [visit.volunteer, visit.logged_by].contains(&tx.author());
        if visit.is_some_and(stated_by) {
            return Err(Rejection::SamePerson.into());
        }
        if let Some(visit) = visit
            && service.recipient != tx.author()
        {
            tx.require_uninvolved(&[visit.volunteer])?;
        }
        let (_, visit) = service.stage.clone().settle()?;
        let minutes = self.agreed(tx, visit.minutes)?;
        settle(tx, self.service, service, Visit { minutes, ..visit })
    }
}

impl ConfirmService {
    /// The minutes that both sides stand by: the lower of the two, where they
    /// differ by no more than the rules tolerate.
    fn agreed(&self, tx: &Transaction<'_>, logged: Minutes) -> Result<Minutes, Rejection> {
        let tolerance = tx.rules().tolerance_minutes;
        if self.minutes.get().abs_diff(logged.get()) > tolerance {
            let logged = logged.get();
            return Err(Rejection::MinutesDiffer { logged });
        }
        Ok(self.minutes.min(logged))
    }
}

/// Pays a visit and closes the service as settled.
pub(super) fn settle(
    tx: &mut Transaction<'_>,
    id: EntryId,
    mut service: Service,
    visit: Visit,
) -> Result<(), Halt> {
    let earned = cost(visit.minutes, service.price, tx.rules().rounding);
    pay(tx, &service, &visit, earned)?;
    service.held = service.held.saturating_sub(earned.get());
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
    service.settlement = Some(Settlement {
        at: tx.now(),
        movement: tx.id(),
    });
    close(tx, id, service, Stage::Settled(visit))?;
    tx.remember_payment(id, unit, parties)
}

/// Pays the volunteer up to the cap; what is above goes to the unit's pool.
/// Without a hold, under minting rules, the unit issues the minutes.
fn pay(
    tx: &mut Transaction<'_>,
    service: &Service,
    visit: &Visit,
    earned: Minutes,
) -> Result<(), Halt> {
    tx.set_origin(Origin::New(LotSource::Earned));
    let earned = match service.held {
        0 => earned.amount(),
        held => earned.amount().min(held.into()),
    };
    let kept = kept(tx, visit.volunteer, earned)?;
    let pool = Purse::available(AccountId::Pool(service.unit));
    if service.held == 0 {
        let issued = Purse::available(AccountId::Issued(service.unit));
        if kept > 0 {
            tx.transfer(issued, Purse::of(visit.volunteer), kept)?;
        }
        if earned > kept {
            tx.transfer(issued, pool, earned - kept)?;
        }
        return Ok(());
    }
    let held = Purse::held(service.recipient);
    if kept > 0 {
        tx.transfer_between((service.recipient, held), visit.volunteer, kept)?;
    }
    if earned > kept {
        tx.transfer(held, pool, earned - kept)?;
    }
    Ok(())
}

/// What a volunteer keeps of what they have earned: nothing, if they have
/// dedicated it, and no more than the cap has room for.
pub(super) fn kept(tx: &Transaction<'_>, volunteer: MemberId, earned: i64) -> Result<i64, Halt> {
    if tx.member(&volunteer)?.dedicated {
        return Ok(0);
    }
    Ok(earned.min(tx.room(volunteer)?))
}
