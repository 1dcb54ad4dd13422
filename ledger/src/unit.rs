//! Units of organisation: scheme, district, station.

use serde::{Deserialize, Serialize};

use crate::id::UnitId;

/// The level of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum UnitKind {
    /// The whole scheme.
    Scheme,
    /// A district of a scheme.
    District,
    /// A station of a district.
    Station,
}

impl UnitKind {
    /// The level above, which a unit of this kind is opened under.
    pub const fn parent(self) -> Option<Self> {
        match self {
            Self::Scheme => None,
            Self::District => Some(Self::Scheme),
            Self::Station => Some(Self::District),
        }
    }
}

/// The standing of one unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Its level.
    pub kind: UnitKind,
    /// The unit above; none above the scheme.
    pub parent: Option<UnitId>,
    /// The public name.
    pub display_name: String,
    /// Whether it takes on anything new.
    pub standing: UnitStanding,
}

/// Whether a unit takes on anything new.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum UnitStanding {
    /// Yes.
    Open,
    /// Not for now.
    Paused,
    /// Never again.
    Closed {
        /// Whose people act for its members.
        successor: UnitId,
    },
}

impl UnitStanding {
    /// The name of the standing, as errors and reads show it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "OPEN",
            Self::Paused => "PAUSED",
            Self::Closed { .. } => "CLOSED",
        }
    }
}
