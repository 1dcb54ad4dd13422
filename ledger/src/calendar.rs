//! Calendars: the recent visits of a member, to find those that overlap or are
//! too many.

use serde::{Deserialize, Serialize};

use crate::id::EntryId;
use crate::time::Millis;

/// A visit that was stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// The service.
    pub service: EntryId,
    /// When it started.
    pub start: Millis,
    /// How long it took, in minutes.
    pub minutes: u32,
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

    /// Adds a visit, and drops what ended before a time.
    pub(crate) fn add(&mut self, visit: Slot, before: Millis) {
        self.slots.retain(|slot| slot.end() >= before);
        self.slots.push(visit);
    }

    /// Removes the visit of a service.
    pub(crate) fn remove(&mut self, service: EntryId) {
        self.slots.retain(|slot| slot.service != service);
    }

    /// Whether there is nothing in it.
    pub const fn is_empty(&self) -> bool {
        self.slots.is_empty()
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
    fn what_is_long_over_is_dropped() {
        let mut calendar = Calendar::default();
        calendar.add(slot(8, 60), MONDAY);
        calendar.add(slot(90, 60), MONDAY.plus_days(2));
        assert!(!calendar.overlaps(&slot(8, 60)));
        calendar.remove(slot(0, 0).service);
        assert!(calendar.is_empty());
    }
}
