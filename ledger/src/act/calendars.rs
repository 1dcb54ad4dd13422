//! Visits that overlap, or are too many.

use crate::calendar::{Calendar, LATE_HOURS, Slot};
use crate::id::{EntryId, MemberId, UnitId};
use crate::rejection::Rejection;
use crate::service::{Service, Visit};
use crate::state::Halt;
use crate::transaction::Transaction;

/// Days for which a visit is kept beyond the time in which others may be stated.
const DAYS_KEPT: u32 = 8;

/// Refuses a visit that overlaps another of the volunteer or the recipient, or
/// that is one too many; and remembers it.
pub(super) fn enter(
    tx: &mut Transaction<'_>,
    id: EntryId,
    service: &Service,
    visit: &Visit,
) -> Result<(), Halt> {
    // Staff who enter a visit late vouch for it.
    let is_late = tx.now() > visit.over().plus_hours(LATE_HOURS) && tx.subject() == tx.author();
    let slot = Slot {
        service: id,
        start: visit.start,
        minutes: visit.minutes.get(),
        is_late,
    };
    enter_slot(
        tx,
        service.unit,
        (visit.volunteer, Some(service.recipient)),
        slot,
    )
}

/// The same for a volunteer of an event, which has no recipient.
pub(super) fn enter_event(
    tx: &mut Transaction<'_>,
    unit: UnitId,
    volunteer: MemberId,
    slot: Slot,
) -> Result<(), Halt> {
    enter_slot(tx, unit, (volunteer, None), slot)
}

fn enter_slot(
    tx: &mut Transaction<'_>,
    unit: UnitId,
    (volunteer, recipient): (MemberId, Option<MemberId>),
    slot: Slot,
) -> Result<(), Halt> {
    let (rules, local) = (tx.rules(), tx.local_rules(&unit)?);
    let (daily, weekly) = (local.daily_minutes_max, local.weekly_minutes_max);
    let late = rules.late_share_percent_max;
    if !rules.one_visit_at_a_time && daily == 0 && weekly == 0 && late == 100 {
        return Ok(());
    }
    let mut mine: Calendar = tx.find(&volunteer)?.unwrap_or_default();
    let theirs: Option<Calendar> = match recipient {
        Some(recipient) => Some(tx.find(&recipient)?.unwrap_or_default()),
        None => None,
    };
    let is_taken = mine.overlaps(&slot) || theirs.as_ref().is_some_and(|it| it.overlaps(&slot));
    if rules.one_visit_at_a_time && is_taken {
        return Err(Rejection::VisitsOverlap.into());
    }
    if daily > 0 && mine.busiest(&slot, 1) > daily {
        return Err(Rejection::DailyCap { minutes_max: daily }.into());
    }
    if weekly > 0 && mine.busiest(&slot, 7) > weekly {
        let minutes_max = weekly;
        return Err(Rejection::WeeklyCap { minutes_max }.into());
    }
    if slot.is_late && !mine.has_room_for_late(late) {
        return Err(Rejection::LateShare { percent_max: late }.into());
    }
    let days = rules.late_entry_days_max + DAYS_KEPT;
    let before = tx.now().minus_days(days);
    mine.add(slot, before);
    tx.put(&volunteer, mine);
    if let (Some(recipient), Some(mut theirs)) = (recipient, theirs) {
        theirs.add(slot, before);
        tx.put(&recipient, theirs);
    }
    Ok(())
}

/// Forgets the visit of a service that was handed back, or never was.
pub(super) fn forget(tx: &mut Transaction<'_>, id: EntryId, service: &Service) -> Result<(), Halt> {
    match service.stage.visit() {
        Some(visit) => forget_slots(tx, id, &[visit.volunteer, service.recipient]),
        None => Ok(()),
    }
}

/// Forgets a visit, or an event, of some members.
pub(super) fn forget_slots(
    tx: &mut Transaction<'_>,
    id: EntryId,
    members: &[MemberId],
) -> Result<(), Halt> {
    for member in members {
        if let Some(mut calendar) = tx.find::<Calendar>(member)? {
            calendar.remove(id);
            if calendar.is_empty() {
                tx.remove::<Calendar>(member);
            } else {
                tx.put(member, calendar);
            }
        }
    }
    Ok(())
}
