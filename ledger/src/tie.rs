//! What ties two members: kinship, representation, and the wish not to meet.

use serde::{Deserialize, Serialize};

use crate::time::Millis;

/// What someone is to a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Husband or wife.
    Spouse,
    /// Father, mother, or their parents.
    Parent,
    /// Son, daughter, or their children.
    Child,
    /// Brother or sister.
    Sibling,
    /// Other kin.
    Other,
}

impl Relation {
    /// What the member is to the other.
    #[must_use]
    pub const fn reverse(self) -> Self {
        match self {
            Self::Parent => Self::Child,
            Self::Child => Self::Parent,
            same => same,
        }
    }
}

/// Kinship; its key names the member and the kin. There is one row each way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kin {
    /// What the kin is to the member.
    pub relation: Relation,
}

/// What a proxy may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Ask for visits and withdraw them.
    Care,
    /// Confirm, dispute and rate visits.
    Confirm,
    /// Give and donate hours.
    Hours,
}

/// Representation; its key names the member and the proxy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delegation {
    /// What the proxy may do; in order, none twice.
    pub scopes: Vec<Scope>,
    /// When it ends.
    pub until: Millis,
}

/// A member does not want to meet another; its key names both. Why, nobody is
/// asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blocked;
