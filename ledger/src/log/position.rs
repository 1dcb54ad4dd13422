//! Where a record is, and how many there are: two numbers that are easily one apart.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The 0-based index of a record.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Position(u64);

/// The number of records in a tree.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct TreeSize(u64);

/// The text is not a number in its one spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("expected an ASCII decimal below 2^64 without sign or leading zeros")]
pub struct DecimalError;

impl Position {
    /// The position of the first record.
    pub const ZERO: Self = Self(0);

    /// The record with `index` records before it.
    pub const fn new(index: u64) -> Self {
        Self(index)
    }

    /// The index.
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl TreeSize {
    /// The size of the empty tree.
    pub const ZERO: Self = Self(0);

    /// A tree of `count` records.
    pub const fn new(count: u64) -> Self {
        Self(count)
    }

    /// The count.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// Whether a tree of this size has a record there.
    pub const fn contains(self, position: Position) -> bool {
        position.0 < self.0
    }

    /// The size of the smallest tree that contains the position; none for the last of all numbers.
    pub const fn after(position: Position) -> Option<Self> {
        match position.0.checked_add(1) {
            Some(count) => Some(Self(count)),
            None => None,
        }
    }

    /// The position that the next record will take.
    pub const fn next_position(self) -> Position {
        Position(self.0)
    }

    /// The position of the newest record; none in the empty tree.
    pub const fn last_position(self) -> Option<Position> {
        match self.0.checked_sub(1) {
            Some(index) => Some(Position(index)),
            None => None,
        }
    }

    /// The size after `count` more records, unless that exceeds 64 bits.
    pub const fn checked_add(self, count: u64) -> Option<Self> {
        match self.0.checked_add(count) {
            Some(count) => Some(Self(count)),
            None => None,
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for TreeSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Position {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Self, DecimalError> {
        decimal(text).map(Self)
    }
}

impl FromStr for TreeSize {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Self, DecimalError> {
        decimal(text).map(Self)
    }
}

/// Reads the only spelling that all C2SP formats allow for a number.
fn decimal(text: &str) -> Result<u64, DecimalError> {
    let number: u64 = text.parse().map_err(|_| DecimalError)?;
    if number.to_string() == text {
        Ok(number)
    } else {
        Err(DecimalError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_contains_the_positions_below_its_size() {
        let size = TreeSize::new(3);
        assert!(size.contains(Position::new(2)));
        assert!(!size.contains(Position::new(3)));
        assert!(!TreeSize::ZERO.contains(Position::ZERO));
    }

    #[test]
    fn positions_and_sizes_are_one_apart() {
        let size = TreeSize::new(3);
        assert_eq!(TreeSize::after(Position::new(2)), Some(size));
        assert_eq!(size.last_position(), Some(Position::new(2)));
        assert_eq!(size.next_position(), Position::new(3));
    }

    #[test]
    fn the_ends_of_the_range_are_checked() {
        assert_eq!(TreeSize::ZERO.last_position(), None);
        assert_eq!(TreeSize::after(Position::new(u64::MAX)), None);
        assert_eq!(TreeSize::new(u64::MAX).checked_add(1), None);
        assert_eq!(
            TreeSize::ZERO.checked_add(u64::MAX),
            Some(TreeSize::new(u64::MAX))
        );
    }

    #[test]
    fn a_number_has_one_spelling() {
        for number in [0, 7, 70_000, u64::MAX] {
            assert_eq!(number.to_string().parse(), Ok(TreeSize::new(number)));
            assert_eq!(number.to_string().parse(), Ok(Position::new(number)));
        }
        for text in [
            "",
            "+1",
            "-1",
            "01",
            "00",
            " 1",
            "1 ",
            "1e3",
            "٣",
            "18446744073709551616",
        ] {
            assert_eq!(text.parse::<TreeSize>(), Err(DecimalError), "{text:?}");
        }
    }
}
