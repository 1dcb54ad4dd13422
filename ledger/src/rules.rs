//! The rules of a scheme: one typed, versioned value. Every record is judged
//! by the version in force at its time, and a service is priced by the version
//! under which it was asked for.

mod catalogue;
mod choice;
mod parameter;

use std::iter;

use serde::{Deserialize, Serialize};

pub use catalogue::{Catalogue, Item, PAR, Terms};
pub use choice::{DeathRule, GiveScope, Guarantee, Issuance, Rounding};
pub use parameter::{CHOICES, PARAMETERS, Parameter, Rules};

pub(crate) use catalogue::cost;

use crate::amount::Minutes;
use crate::options::LocalRules;
use crate::rejection::Rejection;
use crate::time::Millis;

/// Which rules: counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RulesVersion(pub u32);

/// Whatever the rules say, no entry is recorded longer after it was signed.
pub(crate) const ENTRY_AGE_DAYS_LIMIT: u32 = 365;

impl Rules {
    /// Checks every parameter against its range.
    ///
    /// # Errors
    /// [`Rejection::RuleOutOfRange`] with the first parameter that is outside;
    /// then as [`Catalogue::check`].
    pub fn check(&self) -> Result<(), Rejection> {
        let version = ("version", self.version.0.into(), 1, i32::MAX.into());
        let numbers = PARAMETERS.iter().zip(self.numbers());
        let numbers = numbers.map(|(it, value)| (it.name, value, it.min, it.max));
        let longest = ("session_minutes_max", self.session_minutes_max.into());
        let longest = (longest.0, longest.1, self.session_minutes_min.into(), 1440);
        for (parameter, value, min, max) in iter::once(version).chain(numbers).chain([longest]) {
            if !(min..=max).contains(&value) {
                return Err(Rejection::RuleOutOfRange {
                    parameter,
                    min,
                    max,
                });
            }
        }
        self.catalogue.check()
    }

    /// Checks the length of a visit.
    pub(crate) fn check_session(
        &self,
        minutes: Minutes,
        local: &LocalRules,
    ) -> Result<(), Rejection> {
        let (min, max) = (self.session_minutes_min, local.session_minutes_max);
        if !(min..=max).contains(&minutes.get()) {
            return Err(Rejection::SessionLength { min, max });
        }
        self.check_quantum(minutes)
    }

    /// Checks that an amount is a multiple of the scheme's smallest step.
    pub(crate) fn check_quantum(&self, minutes: Minutes) -> Result<(), Rejection> {
        let quantum = self.quantum_minutes;
        if minutes.get().is_multiple_of(quantum) {
            Ok(())
        } else {
            Err(Rejection::NotAMultiple { quantum })
        }
    }

    /// How much a member who holds `total` may still take in.
    pub(crate) fn room(&self, total: i64) -> i64 {
        match self.balance_minutes_max {
            0 => i64::MAX,
            max => (max - total).max(0),
        }
    }

    /// Checks the signer's clock against the server's.
    pub(crate) fn check_clock(&self, signed: Millis, recorded: Millis) -> Result<(), Rejection> {
        if signed > recorded.plus_minutes(self.clock_ahead_minutes_max) {
            let minutes_max = self.clock_ahead_minutes_max;
            Err(Rejection::SignedInTheFuture { minutes_max })
        } else if recorded > signed.plus_days(self.entry_age_days_max) {
            Err(Rejection::SignedTooLongAgo {
                days_max: self.entry_age_days_max,
            })
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_within_their_ranges() {
        assert_eq!(Rules::default().check(), Ok(()));
    }

    #[test]
    fn a_parameter_outside_its_range_is_named() {
        let rules = Rules {
            quantum_minutes: 0,
            ..Rules::default()
        };
        let parameter = "quantum_minutes";
        assert_eq!(
            rules.check(),
            Err(Rejection::RuleOutOfRange {
                parameter,
                min: 1,
                max: 60
            })
        );
        let rules = Rules {
            session_minutes_max: 29,
            ..Rules::default()
        };
        let parameter = "session_minutes_max";
        assert_eq!(
            rules.check(),
            Err(Rejection::RuleOutOfRange {
                parameter,
                min: 30,
                max: 1440
            })
        );
    }

    #[test]
    fn the_documentation_lists_every_parameter_as_it_is() {
        let document = include_str!("../../docs/rules.md");
        for it in PARAMETERS {
            let (name, unit, min, max) = (it.name, it.unit, it.min, it.max);
            let (default, governs) = (it.default, it.governs);
            let row = format!("| `{name}` | {unit} | {min}–{max} | {default} | {governs} |");
            assert!(document.contains(&row), "docs/rules.md lacks: {row}");
        }
        for (name, governs) in CHOICES {
            let row = document
                .lines()
                .find(|line| line.starts_with(&format!("| `{name}` |")));
            assert!(
                row.is_some_and(|row| row.ends_with(&format!("| {governs} |"))),
                "{name}"
            );
        }
    }

    #[test]
    fn the_documentation_of_the_state_has_every_parameter_in_its_place() {
        let document = include_str!("../../docs/state.md");
        let row = document.lines().find(|line| line.starts_with("| Rules | "));
        let names = row.expect("a row of the rules").split(" · ").map(|field| {
            let name = field.split([':', ' ']).next();
            name.unwrap_or_default()
        });
        let names: Vec<&str> = names.skip(1).collect();
        let parameters = PARAMETERS.iter().map(|it| it.name);
        let parameters = parameters.chain(CHOICES.iter().map(|(name, _)| *name));
        assert_eq!(names, parameters.chain(["catalogue"]).collect::<Vec<_>>());
    }

    #[test]
    fn clocks_may_differ_within_limits() {
        let rules = Rules::default();
        let now = Millis::new(1_000_000_000_000);
        assert_eq!(rules.check_clock(now.plus_minutes(10), now), Ok(()));
        let ahead = Millis::new(now.plus_minutes(10).get() + 1);
        let refused = Err(Rejection::SignedInTheFuture { minutes_max: 10 });
        assert_eq!(rules.check_clock(ahead, now), refused);
        assert_eq!(rules.check_clock(now, now.plus_days(30)), Ok(()));
        let late = Millis::new(now.plus_days(30).get() + 1);
        assert_eq!(
            rules.check_clock(now, late),
            Err(Rejection::SignedTooLongAgo { days_max: 30 })
        );
    }
}
