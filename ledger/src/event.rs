//! Group events: who helped at one.

use serde::{Deserialize, Serialize};

use crate::amount::Minutes;
use crate::id::MemberId;

/// How many a roster may name: what one entry does stays small.
pub const ROSTER_MAX: usize = 50;

/// That a volunteer helped at an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendance {
    /// Who.
    pub volunteer: MemberId,
    /// How long, from the start of the event.
    pub minutes: Minutes,
}

/// Who helped at an event: at least one and at most [`ROSTER_MAX`], in the order
/// of their ids, nobody twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster(Vec<Attendance>);

impl Roster {
    /// A roster; none if it breaks its own order or is too short or too long.
    pub fn new(list: Vec<Attendance>) -> Option<Self> {
        let is_ordered = list.is_sorted_by(|one, next| one.volunteer < next.volunteer);
        let fits = (1..=ROSTER_MAX).contains(&list.len());
        (is_ordered && fits).then_some(Self(list))
    }

    /// Everyone on it.
    pub fn iter(&self) -> impl Iterator<Item = &Attendance> {
        self.0.iter()
    }

    /// Who is on it.
    pub fn volunteers(&self) -> Vec<MemberId> {
        self.iter().map(|it| it.volunteer).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(ids: impl IntoIterator<Item = u8>) -> Vec<Attendance> {
        let attended = |id| Attendance {
            volunteer: MemberId::from_bytes([id; 16]),
            minutes: Minutes::parse(60).expect("an hour"),
        };
        ids.into_iter().map(attended).collect()
    }

    #[test]
    fn a_roster_names_everyone_once_and_in_order() {
        assert!(Roster::new(list([1, 2, 9])).is_some());
        assert_eq!(Roster::new(list([2, 1])), None);
        assert_eq!(Roster::new(list([1, 1])), None);
        assert_eq!(Roster::new(list([])), None);
        assert!(Roster::new(list(0..50)).is_some());
        assert_eq!(Roster::new(list(0..51)), None);
    }
}
