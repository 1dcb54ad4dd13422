//! What a service carries with it from booking to settlement.

use serde::{Deserialize, Serialize};

use crate::amount::Minutes;
use crate::id::{EntryId, MemberId};
use crate::time::Millis;

/// A booked visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booking {
    /// Who will come.
    pub volunteer: MemberId,
    /// When it may be expired if no visit was logged.
    pub due: Millis,
    /// When the volunteer has begun the visit.
    pub started: Option<Millis>,
}

/// When and by which entry a service was settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    /// When.
    pub at: Millis,
    /// The entry that moved the hours.
    pub movement: EntryId,
}

/// A visit in dispute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispute {
    /// The visit as it was stated.
    pub visit: Visit,
    /// Who disputes it.
    pub by: MemberId,
    /// When it goes back to what it was if nobody has ruled.
    pub due: Millis,
}

/// A visit as the volunteer stated it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// Who came.
    pub volunteer: MemberId,
    /// Who signed the statement: the volunteer, or staff on their behalf.
    pub logged_by: MemberId,
    /// When it started.
    pub start: Millis,
    /// How long it took.
    pub minutes: Minutes,
}

impl Visit {
    /// When it was over.
    pub const fn over(&self) -> Millis {
        self.start.plus_minutes(self.minutes.get())
    }
}
