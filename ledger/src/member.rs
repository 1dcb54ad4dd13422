//! Members and their keys.

use serde::{Deserialize, Serialize};

use crate::id::{Commitment, EntryId, MemberId, UnitId};
use crate::key::{KeyId, PublicKey};
use crate::log::Position;
use crate::time::{Millis, YearMonth};

/// The need for care, as assessed by the station.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum NeedCategory {
    /// No need was assessed.
    None,
    /// Lives alone.
    LivingAlone,
    /// Partly unable to care for oneself.
    PartlyDisabled,
    /// Unable to care for oneself.
    Disabled,
    /// Receives the minimum living allowance or is in special hardship.
    Hardship,
}

/// The standing of one member. Nothing here says who it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The home unit: its staff serve the member.
    pub unit: UnitId,
    /// The month of birth.
    pub birth_month: YearMonth,
    /// The assessed need.
    pub need: NeedCategory,
    /// The entry that commits to the profile: the enrolment, or what has taken its
    /// place.
    pub profile: Option<EntryId>,
    /// How many roles other than auditor the member has.
    pub duties: u32,
    /// How many roles of auditor the member has.
    pub audits: u32,
    /// Whether the member is one still.
    pub standing: Standing,
    /// Until when no hours leave the account, if it is frozen.
    pub frozen_until: Option<Millis>,
    /// The agreement that the member has signed.
    pub agreement: Option<Commitment>,
    /// Who is to have the member's hours.
    pub beneficiary: Option<MemberId>,
    /// What the member has given to others in a year.
    pub given: Given,
    /// How often the member did not come, or cancelled too late.
    pub missed: u32,
    /// Whether the hours of the member's visits go to the pool.
    pub dedicated: bool,
    /// How many kin the member has: without any, none is looked for.
    pub kin: u32,
    /// How many others the member does not want to meet.
    pub blocked: u32,
}

impl Member {
    /// A new member without any role.
    pub const fn new(unit: UnitId, birth_month: YearMonth, need: NeedCategory) -> Self {
        Self {
            unit,
            birth_month,
            need,
            profile: None,
            duties: 0,
            audits: 0,
            standing: Standing::Active,
            frozen_until: None,
            agreement: None,
            beneficiary: None,
            given: Given {
                year: 0,
                minutes: 0,
            },
            missed: 0,
            dedicated: false,
            kin: 0,
            blocked: 0,
        }
    }

    /// Whether no hours leave the account at this time.
    pub fn is_frozen(&self, now: Millis) -> bool {
        self.frozen_until.is_some_and(|until| now < until)
    }
}

/// Whether a member is one still.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// Yes.
    Active,
    /// Yes, but takes no visits on until then.
    Suspended {
        /// When it ends.
        until: Millis,
    },
    /// Has died; the hours wait for an heir until then.
    Dead {
        /// From when they go to the pool.
        due: Millis,
    },
    /// Has left, or what was left has gone to the heirs.
    Closed,
    /// Was the same person as this member.
    Merged(MemberId),
}

impl Standing {
    /// The name of the standing, as errors and reads show it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Suspended { .. } => "SUSPENDED",
            Self::Dead { .. } => "DEAD",
            Self::Closed => "CLOSED",
            Self::Merged(_) => "MERGED",
        }
    }

    /// Whether the member is one still.
    pub const fn is_member(self) -> bool {
        matches!(self, Self::Active | Self::Suspended { .. })
    }
}

/// What a member has given to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// The year of the newest gift; zero if there was none.
    pub year: u16,
    /// How much in that year.
    pub minutes: i64,
}

/// How many valid keys a member may have: a recovery ends them all in one
/// record.
pub const KEYS_MAX: usize = 8;

/// The standing of one key: valid for records at `from` and after, and before
/// `until`. The interval of a key that waits for a recovery is empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberKey {
    /// Whose key it is.
    pub member: MemberId,
    /// The public half.
    pub public_key: PublicKey,
    /// The first position that it may sign.
    pub from: Position,
    /// The first position that it may no longer sign.
    pub until: Option<Position>,
}

impl MemberKey {
    /// Whether a record at `position` may be signed by this key.
    pub fn is_valid_at(&self, position: Position) -> bool {
        self.from <= position && self.until.is_none_or(|until| position < until)
    }

    /// Whether the key waits for a recovery: registered, and valid nowhere yet.
    pub fn is_waiting(&self) -> bool {
        self.until == Some(self.from)
    }
}

/// The keys of one member that have not ended, and the recovery that would end
/// them. There is no such row for members who never had a key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyRing {
    /// The keys, oldest first: at most [`KEYS_MAX`].
    pub keys: Vec<KeyId>,
    /// The recovery that is proposed, or approved and not finished.
    pub recovery: Option<Recovery>,
    /// Who signed the recovery to which someone has objected who was not there in
    /// person; nobody if there was none since the last that was finished. They
    /// approve none until then.
    pub contested: Vec<MemberId>,
}

/// A recovery under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recovery {
    /// The entry that proposed it.
    pub id: EntryId,
    /// The key that is to replace all others.
    pub key_id: KeyId,
    /// From when it may be finished; none while nobody has approved it.
    pub due: Option<Millis>,
}
