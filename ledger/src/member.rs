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
    /// Commitment to the papers that were seen.
    pub identity: Option<Commitment>,
    /// How many roles other than auditor the member has.
    pub duties: u32,
    /// How many roles of auditor the member has.
    pub audits: u32,
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
