//! Honours: stars for hours served. They are counted from visits and never
//! become hours: who gives, donates or spends keeps them, and nobody can pass
//! them on.

use serde::Serialize;

use crate::id::{MemberId, UnitId};

/// The hours of each star. The first, fourth and fifth as Nanjing has them
/// (100, 1,000 and 1,500 hours); the two between are a proposal.
pub const STAR_HOURS: [i64; 5] = [100, 300, 600, 1_000, 1_500];

/// Somebody who has served for a star at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Honour {
    /// Who.
    #[serde(skip)]
    pub member: MemberId,
    /// The home unit.
    #[serde(skip)]
    pub unit: UnitId,
    /// What they have served, in minutes.
    pub minutes: i64,
    /// 1 to 5.
    pub stars: u8,
}

/// How many stars so many minutes of visits are worth: 0 to 5.
pub fn stars(minutes: i64) -> u8 {
    let reached = STAR_HOURS.iter().filter(|hours| minutes >= **hours * 60);
    u8::try_from(reached.count()).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_reached_to_the_minute() {
        let cases = [
            (0, 0),
            (5_999, 0),
            (6_000, 1),
            (59_999, 3),
            (60_000, 4),
            (90_000, 5),
        ];
        for (minutes, expected) in cases {
            assert_eq!(stars(minutes), expected, "{minutes}");
        }
    }
}
