//! Proposals: acts that take effect only when a second, uninvolved person
//! approves. And movements: what such an act, or any other, has moved, kept so
//! that it can be reversed once.

use serde::{Deserialize, Serialize};

use crate::account::AccountId;
use crate::act::TwoPersonAct;
use crate::id::{EntryId, MemberId, UnitId};
use crate::lot::Lot;
use crate::time::Millis;

/// The standing of one proposal, named by the entry that proposed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// What takes effect on approval.
    pub act: TwoPersonAct,
    /// Who proposed it.
    pub proposer: MemberId,
    /// Everyone who may not decide it: proposer, who gains, who loses.
    pub parties: Vec<MemberId>,
    /// The unit in which an approver must have a role.
    pub unit: UnitId,
    /// When it may be expired.
    pub due: Millis,
    /// How it ended, if it has.
    pub outcome: Outcome,
}

/// How a proposal ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// Not yet.
    Open,
    /// Approved by this member, and carried out.
    Approved(MemberId),
    /// Refused by this member.
    Refused(MemberId),
    /// Nobody decided in time.
    Expired,
    /// The member whose keys it was about has objected, or this member of the
    /// staff for them; also after it was approved.
    Objected(MemberId),
}

impl Outcome {
    /// The name of the outcome, as errors and reads show it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "OPEN",
            Self::Approved(_) => "APPROVED",
            Self::Refused(_) => "REFUSED",
            Self::Expired => "EXPIRED",
            Self::Objected(_) => "OBJECTED",
        }
    }
}

/// What an entry moved between available balances, named by that entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Movement {
    /// The unit in whose name it was moved.
    pub unit: UnitId,
    /// What each account gained or lost; the amounts sum to zero.
    pub changes: Vec<(AccountId, i64)>,
    /// Who signed what led to it, and for whom it was done: they may not decide
    /// its reversal.
    pub signers: Vec<MemberId>,
    /// Whether and by which proposal it is reversed.
    pub reversal: Reversal,
    /// Who gave it, and until when they may take it back.
    pub gift: Option<Gift>,
    /// The lots that were taken from members: a reversal puts them back.
    pub taken: Vec<(MemberId, Vec<Lot>)>,
    /// The service whose visit it pays: a reversal frees the time of the visit.
    pub service: Option<EntryId>,
}

/// What makes a movement a gift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gift {
    /// Whose hours they were.
    pub giver: MemberId,
    /// Until when the giver may take them back.
    pub until: Millis,
}

/// Whether a movement is reversed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reversal {
    /// It stands.
    None,
    /// A reversal is proposed.
    Proposed(EntryId),
    /// It was reversed.
    Done(EntryId),
}
