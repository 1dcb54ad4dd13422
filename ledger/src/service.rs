//! A service: one piece of care from request to settlement.
//!
//! The stages consume themselves: a stage is left only through the act that
//! may leave it, and the answer is the next stage or the reason why not.
//!
//! ```text
//! open ──accept──▶ booked ──log──▶ logged ──confirm──▶ settled
//!  │  ◀──────hand back─┴─────────┘ │                     │
//!  ├──purchase──▶ purchased        └──dispute▶ disputed ◀┘
//!  └──cancel, expire──┴─▶ closed        rule ─▶ settled, cancelled
//! ```

mod visit;

use serde::{Deserialize, Serialize};

pub use visit::{Booking, Dispute, Settlement, Visit};

use crate::amount::Minutes;
use crate::id::{MemberId, UnitId};
use crate::rejection::Rejection;
use crate::rules::RulesVersion;
use crate::time::Millis;

/// What is asked for: a code of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemCode(String);

impl ItemCode {
    /// 1 to 32 of `a-z`, `0-9` and `-`.
    ///
    /// # Errors
    /// [`Rejection::ItemInvalid`] for any other text.
    pub fn parse(code: String) -> Result<Self, Rejection> {
        let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if (1..=32).contains(&code.len()) && code.bytes().all(fits) {
            Ok(Self(code))
        } else {
            Err(Rejection::ItemInvalid)
        }
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The standing of one service, named by the entry that asked for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// The unit that serves it.
    pub unit: UnitId,
    /// Who is served.
    pub recipient: MemberId,
    /// Who signed the request: the recipient, or staff on their behalf.
    pub requested_by: MemberId,
    /// What is asked for.
    pub item: ItemCode,
    /// When it should start.
    pub start: Millis,
    /// Planned length.
    pub planned: Minutes,
    /// Minutes held on the recipient's account until the service closes.
    pub held: u32,
    /// The rules under which it was asked for.
    pub rules: RulesVersion,
    /// Credit-minutes for an hour, as it was when it was asked for.
    pub price: u32,
    /// When it was asked for.
    pub asked: Millis,
    /// When it was settled, and by which entry.
    pub settlement: Option<Settlement>,
    /// Whether the recipient has rated it.
    pub rated_by_recipient: bool,
    /// Whether the volunteer has rated it.
    pub rated_by_volunteer: bool,
    /// How far it is.
    pub stage: Stage,
}

/// How far a service is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// Waiting for a volunteer until it is due.
    Open {
        /// When it may be expired.
        due: Millis,
    },
    /// A volunteer will come.
    Booked(Booking),
    /// The volunteer has stated the visit.
    Logged(Visit),
    /// Confirmed and paid.
    Settled(Visit),
    /// Somebody says that the visit was not as stated.
    Disputed(Dispute),
    /// The fund has bought the care, for no volunteer was found.
    Purchased,
    /// Withdrawn by the recipient.
    Cancelled,
    /// Closed because nothing happened in time.
    Expired,
}

impl Stage {
    /// The name of the stage, as errors and reads show it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Open { .. } => "OPEN",
            Self::Booked(_) => "BOOKED",
            Self::Logged(_) => "LOGGED",
            Self::Settled(_) => "SETTLED",
            Self::Disputed(_) => "DISPUTED",
            Self::Purchased => "PURCHASED",
            Self::Cancelled => "CANCELLED",
            Self::Expired => "EXPIRED",
        }
    }

    /// When the stage may be expired, if ever.
    pub const fn due(&self) -> Option<Millis> {
        match self {
            Self::Open { due }
            | Self::Booked(Booking { due, .. })
            | Self::Disputed(Dispute { due, .. }) => Some(*due),
            Self::Logged(_)
            | Self::Settled(_)
            | Self::Purchased
            | Self::Cancelled
            | Self::Expired => None,
        }
    }

    /// The volunteer, once there is one.
    pub const fn volunteer(&self) -> Option<MemberId> {
        match self {
            Self::Booked(booking) => Some(booking.volunteer),
            Self::Logged(visit) | Self::Settled(visit) | Self::Disputed(Dispute { visit, .. }) => {
                Some(visit.volunteer)
            }
            Self::Open { .. } | Self::Purchased | Self::Cancelled | Self::Expired => None,
        }
    }

    /// The visit, once it was stated.
    pub const fn visit(&self) -> Option<Visit> {
        match self {
            Self::Logged(visit) | Self::Settled(visit) | Self::Disputed(Dispute { visit, .. }) => {
                Some(*visit)
            }
            Self::Open { .. }
            | Self::Booked(_)
            | Self::Purchased
            | Self::Cancelled
            | Self::Expired => None,
        }
    }

    /// A volunteer takes the open request on.
    pub(crate) fn accept(self, booking: Booking, now: Millis) -> Result<Self, Rejection> {
        match self {
            Self::Open { due } if now >= due => Err(Rejection::Overdue { due_ms: due.get() }),
            Self::Open { .. } => Ok(Self::Booked(booking)),
            other => Err(other.refused()),
        }
    }

    /// The volunteer hands the visit back: before it, or to take back what was
    /// stated wrongly, as long as nobody has confirmed it.
    pub(crate) fn hand_back(self, due: Millis) -> Result<Self, Rejection> {
        match self {
            Self::Booked(_) | Self::Logged(_) => Ok(Self::Open { due }),
            other => Err(other.refused()),
        }
    }

    /// The volunteer states the visit.
    pub(crate) fn log(self, visit: Visit) -> Result<Self, Rejection> {
        if self
            .volunteer()
            .is_some_and(|volunteer| volunteer != visit.volunteer)
        {
            return Err(Rejection::NotAParty);
        }
        match self {
            Self::Booked(_) => Ok(Self::Logged(visit)),
            other => Err(other.refused()),
        }
    }

    /// The recipient confirms.
    pub(crate) fn settle(self) -> Result<(Self, Visit), Rejection> {
        match self {
            Self::Logged(visit) => Ok((Self::Settled(visit), visit)),
            other => Err(other.refused()),
        }
    }

    /// The volunteer begins the visit.
    pub(crate) fn begin(self, now: Millis) -> Result<Self, Rejection> {
        match self {
            Self::Booked(booking) if booking.started.is_none() => Ok(Self::Booked(Booking {
                started: Some(now),
                ..booking
            })),
            other => Err(other.refused()),
        }
    }

    /// Somebody disputes the visit.
    pub(crate) fn dispute(self, by: MemberId, due: Millis) -> Result<Self, Rejection> {
        match self {
            Self::Logged(visit) | Self::Settled(visit) => {
                Ok(Self::Disputed(Dispute { visit, by, due }))
            }
            other => Err(other.refused()),
        }
    }

    /// Somebody rules on the dispute, or its time has run out.
    pub(crate) fn disputed(&self) -> Result<Dispute, Rejection> {
        match self {
            Self::Disputed(dispute) => Ok(*dispute),
            other => Err(other.refused()),
        }
    }

    /// The booking, while the visit has not been stated.
    pub(crate) fn booking(&self) -> Result<Booking, Rejection> {
        match self {
            Self::Booked(booking) => Ok(*booking),
            other => Err(other.refused()),
        }
    }

    /// The fund buys the care.
    pub(crate) fn purchase(self) -> Result<Self, Rejection> {
        match self {
            Self::Open { .. } => Ok(Self::Purchased),
            other => Err(other.refused()),
        }
    }

    /// The recipient withdraws.
    pub(crate) fn cancel(self) -> Result<Self, Rejection> {
        match self {
            Self::Open { .. } | Self::Booked(_) => Ok(Self::Cancelled),
            other => Err(other.refused()),
        }
    }

    /// Time has run out.
    pub(crate) fn expire(self, now: Millis) -> Result<Self, Rejection> {
        match self {
            Self::Open { due } | Self::Booked(Booking { due, .. }) if now >= due => {
                Ok(Self::Expired)
            }
            Self::Open { due } | Self::Booked(Booking { due, .. }) => {
                Err(Rejection::NotDue { due_ms: due.get() })
            }
            other => Err(other.refused()),
        }
    }

    pub(crate) fn refused(&self) -> Rejection {
        Rejection::ServiceStage { stage: self.name() }
    }
}

#[cfg(test)]
mod tests;
