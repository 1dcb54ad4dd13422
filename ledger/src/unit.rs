//! Units of organisation: scheme, district, station.

use serde::{Deserialize, Serialize};

use crate::id::UnitId;
use crate::options::{UnitOptions, UpcomingOptions};
use crate::time::Millis;

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
    /// What a district asks beyond the rules of the scheme.
    pub options: UnitOptions,
    /// What it asks from some time on; it may have come since.
    pub upcoming: Option<UpcomingOptions>,
}

impl Unit {
    /// A new unit.
    pub const fn new(kind: UnitKind, parent: Option<UnitId>, display_name: String) -> Self {
        Self {
            kind,
            parent,
            display_name,
            standing: UnitStanding::Open,
            options: UnitOptions::NONE,
            upcoming: None,
        }
    }

    /// What the unit asks at a time.
    pub fn options_at(&self, now: Millis) -> &UnitOptions {
        match &self.upcoming {
            Some(upcoming) if upcoming.from <= now => &upcoming.options,
            _ => &self.options,
        }
    }
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
