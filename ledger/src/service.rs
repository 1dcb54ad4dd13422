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

use serde::{Deserialize, Serialize};

use crate::amount::Minutes;
use crate::id::{EntryId, MemberId, UnitId};
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
mod tests {
    use super::*;

    const NOW: Millis = Millis::new(1_000);
    const DUE: Millis = Millis::new(2_000);

    fn stages() -> [Stage; 8] {
        let volunteer = MemberId::from_bytes([1; 16]);
        let minutes = Minutes::parse(60).expect("positive");
        let visit = Visit {
            volunteer,
            logged_by: volunteer,
            start: NOW,
            minutes,
        };
        [
            Stage::Open { due: DUE },
            Stage::Booked(Booking {
                volunteer,
                due: DUE,
                started: None,
            }),
            Stage::Logged(visit),
            Stage::Settled(visit),
            Stage::Disputed(Dispute {
                visit,
                by: volunteer,
                due: DUE,
            }),
            Stage::Purchased,
            Stage::Cancelled,
            Stage::Expired,
        ]
    }

    /// For each act, the stages that it may leave.
    #[test]
    fn each_act_leaves_only_its_own_stages() {
        let volunteer = MemberId::from_bytes([1; 16]);
        let booking = Booking {
            volunteer,
            due: DUE,
            started: None,
        };
        let minutes = Minutes::parse(60).expect("positive");
        let visit = Visit {
            volunteer,
            logged_by: volunteer,
            start: NOW,
            minutes,
        };
        let allowed = |act: fn(Stage, Booking, Visit) -> bool| {
            stages()
                .into_iter()
                .filter(|s| act(s.clone(), booking, visit))
                .map(|s| s.name())
                .collect()
        };
        let accept: Vec<_> = allowed(|s, b, _| s.accept(b, NOW).is_ok());
        let hand_back: Vec<_> = allowed(|s, _, _| s.hand_back(DUE).is_ok());
        let log: Vec<_> = allowed(|s, _, v| s.log(v).is_ok());
        let settle: Vec<_> = allowed(|s, _, _| s.settle().is_ok());
        let cancel: Vec<_> = allowed(|s, _, _| s.cancel().is_ok());
        let expire: Vec<_> = allowed(|s, _, _| s.expire(DUE).is_ok());
        let begin: Vec<_> = allowed(|s, _, _| s.begin(NOW).is_ok());
        let dispute: Vec<_> = allowed(|s, b, _| s.dispute(b.volunteer, DUE).is_ok());
        let rule: Vec<_> = allowed(|s, _, _| s.disputed().is_ok());
        let purchase: Vec<_> = allowed(|s, _, _| s.purchase().is_ok());
        assert_eq!(begin, ["BOOKED"]);
        assert_eq!(dispute, ["LOGGED", "SETTLED"]);
        assert_eq!(rule, ["DISPUTED"]);
        assert_eq!(purchase, ["OPEN"]);
        assert_eq!(accept, ["OPEN"]);
        assert_eq!(hand_back, ["BOOKED", "LOGGED"]);
        assert_eq!(log, ["BOOKED"]);
        assert_eq!(settle, ["LOGGED"]);
        assert_eq!(cancel, ["OPEN", "BOOKED"]);
        assert_eq!(expire, ["OPEN", "BOOKED"]);
    }

    #[test]
    fn an_open_request_is_taken_before_it_is_due_and_expired_after() {
        let open = Stage::Open { due: DUE };
        let booking = Booking {
            volunteer: MemberId::from_bytes([1; 16]),
            due: DUE,
            started: None,
        };
        assert_eq!(
            open.clone().accept(booking, DUE),
            Err(Rejection::Overdue { due_ms: 2_000 })
        );
        assert_eq!(open.expire(NOW), Err(Rejection::NotDue { due_ms: 2_000 }));
    }
}
