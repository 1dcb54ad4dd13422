//! Members and their keys.

use serde::{Deserialize, Serialize};

use crate::id::{Commitment, MemberId, UnitId};
use crate::key::PublicKey;
use crate::log::Position;
use crate::time::YearMonth;

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

/// The standing of one key: valid for records at `from` and after, and before
/// `until`.
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
}
