//! Calendars: the recent visits of a member, to find those that overlap or are
//! too many.

use serde::{Deserialize, Serialize};

use crate::id::EntryId;
use crate::time::Millis;

/// From when on after its end the statement of a visit is late, in hours.
pub const LATE_HOURS: u32 = 24;

/// A visit that was stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// The service.
    pub service: EntryId,
    /// When it started.
    pub start: Millis,
    /// How long it took, in minutes.
    pub minutes: u32,
    /// Whether the volunteer alone stated it late.
    pub is_late: bool,
}

impl Slot {
    const fn end(&self) -> Millis {
        self.start.plus_minutes(self.minutes)
    }
}

/// The visits that may still meet one that is yet to be stated.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    slots: Vec<Slot>,
    /// How many were ever stated.
    stated: u32,
    /// Of them late.
    late: u32,
}

impl Calendar {
    /// Whether a visit overlaps another.
    pub fn overlaps(&self, visit: &Slot) -> bool {
        let meets = |slot: &Slot| slot.start < visit.end() && visit.start < slot.end();
        self.slots.iter().any(meets)
    }

    /// The most minutes of any span of so many days, were this visit added, that
    /// contains its start. A visit belongs to the spans that contain its start.
    pub fn busiest(&self, visit: &Slot, days: u32) -> u32 {
        let all = || self.slots.iter().chain([visit]);
        let last = visit.start.plus_days(days);
        let ends = all().filter(|slot| visit.start <= slot.start && slot.start < last);
        let span = |end: &Slot| -> u32 {
            let within = |it: &&Slot| it.start <= end.start && end.start < it.start.plus_days(days);
            all().filter(within).map(|slot| slot.minutes).sum()
        };
        ends.map(span).max().unwrap_or(0)
    }

    /// Whether another may be late, where so many of a hundred may be: one always
    /// may.
    pub const fn has_room_for_late(&self, percent_max: u32) -> bool {
        let (late, stated) = (self.late as u64 + 1, self.stated as u64 + 1);
        late == 1 || late * 100 <= stated * percent_max as u64
    }

    /// Adds a visit, and drops what ended before a time.
    pub(crate) fn add(&mut self, visit: Slot, before: Millis) {
        self.slots.retain(|slot| slot.end() >= before);
        self.slots.push(visit);
        self.stated = self.stated.saturating_add(1);
        self.late = self.late.saturating_add(visit.is_late.into());
    }

    /// Removes the visit of a service.
    pub(crate) fn remove(&mut self, service: EntryId) {
        let (gone, kept) = std::mem::take(&mut self.slots)
            .into_iter()
            .partition(|slot| slot.service == service);
        self.slots = kept;
        for slot in gone {
            self.stated = self.stated.saturating_sub(1);
            self.late = self.late.saturating_sub(slot.is_late.into());
        }
    }

    /// Whether there is nothing in it.
    pub const fn is_empty(&self) -> bool {
        self.slots.is_empty() && self.stated == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MONDAY: Millis = Millis::new(1_772_409_600_000);

    fn slot(hours: u32, minutes: u32) -> Slot {
        Slot {
            service: EntryId::new(MONDAY, [1; 10]),
            start: MONDAY.plus_hours(hours),
            minutes,
            is_late: false,
        }
    }

    #[test]
    fn visits_that_touch_do_not_overlap() {
        let mut calendar = Calendar::default();
        calendar.add(slot(8, 60), MONDAY);
        assert!(!calendar.overlaps(&slot(9, 60)));
        assert!(!calendar.overlaps(&slot(7, 60)));
        assert!(calendar.overlaps(&slot(7, 61)));
        assert!(calendar.overlaps(&slot(8, 1)));
    }

    #[test]
    fn the_busiest_day_is_found_in_whatever_order_visits_come() {
        let mut calendar = Calendar::default();
        calendar.add(slot(20, 120), MONDAY);
        assert_eq!(calendar.busiest(&slot(8, 60), 1), 180);
        assert_eq!(calendar.busiest(&slot(43, 60), 1), 180);
        assert_eq!(calendar.busiest(&slot(44, 60), 1), 60);
        assert_eq!(calendar.busiest(&slot(100, 60), 7), 180);
    }

    #[test]
    fn what_is_handed_back_was_never_stated() {
        let late = Slot {
            is_late: true,
            ..slot(8, 60)
        };
        let mut calendar = Calendar::default();
        assert!(calendar.has_room_for_late(0), "one always may be");
        calendar.add(late, MONDAY);
        assert!(!calendar.has_room_for_late(50), "two of two");
        assert!(calendar.has_room_for_late(100));
        calendar.remove(late.service);
        assert!(calendar.is_empty());
        assert!(calendar.has_room_for_late(0));
    }

    #[test]
    fn so_many_of_a_hundred_may_be_late() {
        let mut calendar = Calendar::default();
        for hours in 0..18 {
            calendar.add(slot(hours, 60), MONDAY);
        }
        let late = Slot {
            is_late: true,
            ..slot(20, 60)
        };
        calendar.add(late, MONDAY);
        assert!(calendar.has_room_for_late(10), "two of twenty");
        calendar.add(late, MONDAY);
        assert!(!calendar.has_room_for_late(10), "three of twenty-one");
    }

    #[test]
    fn what_is_long_over_is_dropped() {
        let mut calendar = Calendar::default();
        calendar.add(slot(8, 60), MONDAY);
        calendar.add(slot(90, 60), MONDAY.plus_days(2));
        assert!(!calendar.overlaps(&slot(8, 60)));
        assert!(!calendar.is_empty(), "it still counts");
    }
}
