//! Visits that overlap, or are too many.

use crate::calendar::{Calendar, Slot};
use crate::id::{EntryId, MemberId};
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
    let rules = tx.rules();
    let (daily, weekly) = (rules.daily_minutes_max, rules.weekly_minutes_max);
    if !rules.one_visit_at_a_time && daily == 0 && weekly == 0 {
        return Ok(());
    }
    let slot = Slot {
        service: id,
        start: visit.start,
        minutes: visit.minutes.get(),
    };
    let of = |tx: &Transaction<'_>, member: MemberId| -> Result<Calendar, Halt> {
        Ok(tx.find(&member)?.unwrap_or_default())
    };
    let mut mine = of(tx, visit.volunteer)?;
    let mut theirs = of(tx, service.recipient)?;
    if rules.one_visit_at_a_time && (mine.overlaps(&slot) || theirs.overlaps(&slot)) {
        return Err(Rejection::VisitsOverlap.into());
    }
    if daily > 0 && mine.busiest(&slot, 1) > daily {
        return Err(Rejection::DailyCap { minutes_max: daily }.into());
    }
    if weekly > 0 && mine.busiest(&slot, 7) > weekly {
        let minutes_max = weekly;
        return Err(Rejection::WeeklyCap { minutes_max }.into());
    }
    let days = rules.late_entry_days_max + DAYS_KEPT;
    let before = tx.now().minus_days(days);
    mine.add(slot, before);
    theirs.add(slot, before);
    tx.put(&visit.volunteer, mine);
    tx.put(&service.recipient, theirs);
    Ok(())
}

/// Forgets the visit of a service that was handed back, or never was.
pub(super) fn forget(tx: &mut Transaction<'_>, id: EntryId, service: &Service) -> Result<(), Halt> {
    let Some(visit) = service.stage.visit() else {
        return Ok(());
    };
    for member in [visit.volunteer, service.recipient] {
        if let Some(mut calendar) = tx.find::<Calendar>(&member)? {
            calendar.remove(id);
            if calendar.is_empty() {
                tx.remove::<Calendar>(&member);
            } else {
                tx.put(&member, calendar);
            }
        }
    }
    Ok(())
}
