//! Budgets: what a unit may spend on a line, and what it has spent.

use serde::{Deserialize, Serialize};

/// What money, or hours, are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BudgetLine {
    /// Care that is bought because no volunteer was found; in fen.
    Redemption,
    /// Insurance; in fen.
    Insurance,
    /// Training; in fen.
    Training,
    /// The platform; in fen.
    Platform,
    /// Administration; in fen.
    Administration,
    /// Hours that a unit may have issued; in minutes.
    Hours,
}

impl BudgetLine {
    /// All lines, in the order of their numbers.
    pub const ALL: [Self; 6] = [
        Self::Redemption,
        Self::Insurance,
        Self::Training,
        Self::Platform,
        Self::Administration,
        Self::Hours,
    ];

    /// The number by which state keys name the line.
    pub const fn number(self) -> u8 {
        match self {
            Self::Redemption => 1,
            Self::Insurance => 2,
            Self::Training => 3,
            Self::Platform => 4,
            Self::Administration => 5,
            Self::Hours => 6,
        }
    }

    /// The line of a number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|line| line.number() == number)
    }

    /// The name of the line, as accounts show it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Redemption => "redemption",
            Self::Insurance => "insurance",
            Self::Training => "training",
            Self::Platform => "platform",
            Self::Administration => "administration",
            Self::Hours => "hours",
        }
    }
}

/// The budget of a unit for a line; its key names both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// Most that may be spent, since the ledger was opened; in fen or minutes.
    pub limit: i64,
    /// What was spent, in fen; zero for hours, which their account counts.
    pub spent: i64,
}

/// The newest valuation that was published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Valuation {
    /// What the promise is expected to cost, in fen.
    pub liability_fen: i64,
    /// What stands behind it, in fen.
    pub reserve_fen: i64,
    /// When it was published.
    pub published: crate::time::Millis,
}

impl Valuation {
    /// Reserve over liability in percent, rounded down; `i64::MAX` without any
    /// liability.
    pub const fn coverage_percent(&self) -> i64 {
        match self.liability_fen {
            0 => i64::MAX,
            liability => self.reserve_fen.saturating_mul(100) / liability,
        }
    }
}
