//! What the promise is expected to cost: a valuation by expected redemptions.
//!
//! For each member's hours: the share that is ever redeemed, spread evenly over
//! the ages at which people redeem, times the chance to live until then, times
//! the share for which no volunteer is found, times the price of an hour bought
//! on the market, grown by wages and discounted. Hours that volunteers serve cost
//! the fund nothing. All in whole numbers, so that everybody comes to the same.
//!
//! Mortality is a law of Gompertz fitted to the chances that docs/solvency.md
//! states: 0.82 from 62 to 75, 0.52 from 62 to 85. It is a proposal, no life table
//! of a city.

use serde::{Deserialize, Serialize};

/// One, in parts per million.
const ONE: i128 = 1_000_000;
/// The yearly chance to die at the age of 62, in parts per million.
const DEATH_AT_62: i128 = 7_900;
/// By how much it grows with each year of age, in parts per million.
const DEATH_GROWTH: i128 = 1_102_500;
/// The age at which the table begins.
const AGE_MIN: u32 = 20;
/// The age that nobody outlives.
const AGE_MAX: u32 = 110;

/// What is assumed. Each is a proposal, to be replaced by what a city observes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assumptions {
    /// Share of hours that is ever redeemed, in percent.
    pub redemption_percent: u32,
    /// Share of redemptions for which no volunteer is found, in percent.
    pub unfilled_percent: u32,
    /// What an hour costs on the market, in fen.
    pub fen_per_hour: i64,
    /// Youngest age at which hours are redeemed, in years.
    pub age_from: u32,
    /// Oldest age at which hours are redeemed, in years.
    pub age_to: u32,
    /// Growth of wages a year, in thousandths.
    pub growth_permille: u32,
    /// Discount a year, in thousandths.
    pub discount_permille: u32,
    /// Whether heirs redeem what the dead have left.
    pub inherited: bool,
}

impl Default for Assumptions {
    fn default() -> Self {
        Self {
            redemption_percent: 35,
            unfilled_percent: 20,
            fen_per_hour: 4_000,
            age_from: 75,
            age_to: 84,
            growth_permille: 40,
            discount_permille: 20,
            inherited: true,
        }
    }
}

/// Hours of people of one age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holding {
    /// Their age in full years.
    pub age_years: u32,
    /// What they hold.
    pub minutes: i64,
}

/// What the promise is expected to cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Liability {
    /// Hours that the fund has to buy, in minutes.
    pub bought_minutes: i64,
    /// What they cost at today's price, in fen.
    pub today_fen: i64,
    /// What they cost with growth and discount, in fen.
    pub expected_fen: i64,
}

/// A change of one assumption, and what it does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stress {
    /// What is assumed instead.
    pub name: &'static str,
    /// What the promise then costs, in fen.
    pub expected_fen: i64,
}

/// Values holdings under assumptions.
pub fn value(holdings: &[Holding], assumptions: &Assumptions) -> Liability {
    let mut bought = 0_i128;
    let mut expected = 0_i128;
    for holding in holdings {
        for (years, share) in redemptions(holding.age_years, assumptions) {
            let minutes = i128::from(holding.minutes) * share;
            bought += minutes;
            expected += minutes * growth(years, assumptions) / ONE;
        }
    }
    let fen = |minutes: i128| minutes * i128::from(assumptions.fen_per_hour) / 60 / ONE;
    let whole = |value: i128| i64::try_from(value).unwrap_or(i64::MAX);
    Liability {
        bought_minutes: whole(bought / ONE),
        today_fen: whole(fen(bought)),
        expected_fen: whole(fen(expected)),
    }
}

/// The stress tests, with the assumptions as they are first and then what
/// raises the liability most first.
pub fn stress(holdings: &[Holding], assumptions: &Assumptions) -> Vec<Stress> {
    let base = *assumptions;
    let price = base.fen_per_hour.saturating_mul(3) / 2;
    let changes = [
        (
            "redemption doubles",
            Assumptions {
                redemption_percent: (base.redemption_percent * 2).min(100),
                ..base
            },
        ),
        (
            "fill rate falls by 30 points",
            Assumptions {
                unfilled_percent: (base.unfilled_percent + 30).min(100),
                ..base
            },
        ),
        (
            "an hour costs half as much again",
            Assumptions {
                fen_per_hour: price,
                ..base
            },
        ),
        (
            "wages grow by two points more",
            Assumptions {
                growth_permille: base.growth_permille + 20,
                ..base
            },
        ),
        (
            "heirs redeem what the dead leave",
            Assumptions {
                inherited: true,
                ..base
            },
        ),
    ];
    let of = |name, assumptions: &Assumptions| Stress {
        name,
        expected_fen: value(holdings, assumptions).expected_fen,
    };
    let mut tests: Vec<Stress> = changes.iter().map(|(name, it)| of(name, it)).collect();
    tests.sort_by_key(|test| -test.expected_fen);
    tests.insert(0, of("as assumed", assumptions));
    tests
}

/// The years until each redemption, and the share of a holding that the fund
/// then has to buy, in parts per million.
fn redemptions(age: u32, assumptions: &Assumptions) -> impl Iterator<Item = (u32, i128)> {
    let Assumptions {
        redemption_percent,
        unfilled_percent,
        age_from,
        age_to,
        inherited,
        ..
    } = *assumptions;
    let (from, to) = (age_from.max(age), age_to.max(age).max(age_from));
    let ages = i128::from(to - from + 1);
    let share = ONE * i128::from(redemption_percent) * i128::from(unfilled_percent) / 10_000;
    (from..=to).map(move |at| {
        // In the middle of the year.
        let alive = if inherited {
            ONE
        } else {
            i128::midpoint(survival(age, at), survival(age, at + 1))
        };
        (at - age, share * alive / ONE / ages)
    })
}

/// The chance to live from one age to another, in parts per million.
pub fn survival(from: u32, to: u32) -> i128 {
    (from..to).fold(ONE, |alive, age| alive * (ONE - death(age)) / ONE)
}

/// The yearly chance to die at an age, in parts per million.
pub fn death(age: u32) -> i128 {
    if age >= AGE_MAX {
        return ONE;
    }
    let mut chance = DEATH_AT_62;
    for _ in 62..age {
        chance = (chance * DEATH_GROWTH / ONE).min(ONE);
    }
    for _ in age.max(AGE_MIN)..62 {
        chance = chance * ONE / DEATH_GROWTH;
    }
    chance
}

/// By how much an hour costs more in the middle of the year after so many years,
/// discounted, in parts per million.
fn growth(years: u32, assumptions: &Assumptions) -> i128 {
    let grown = ONE + i128::from(assumptions.growth_permille) * 1_000;
    let discounted = ONE + i128::from(assumptions.discount_permille) * 1_000;
    let begin = (0..years).fold(ONE, |factor, _| factor * grown / discounted);
    i128::midpoint(begin, begin * grown / discounted)
}

#[cfg(test)]
mod tests;
