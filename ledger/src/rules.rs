//! The rules of a scheme: one typed, versioned value. Every record is judged
//! by the version in force at its position.

use serde::{Deserialize, Serialize};

use crate::amount::Minutes;
use crate::rejection::Rejection;
use crate::time::Millis;

/// Which rules: counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RulesVersion(pub u32);

/// How hours come into being when a visit is confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Issuance {
    /// The recipient pays the volunteer from hours held at booking.
    Transfer,
    /// The unit issues the volunteer's hours; the recipient pays nothing.
    Mint,
}

/// To whom members may give hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GiveScope {
    /// To nobody.
    Nobody,
    /// To any member.
    Anyone,
}

/// The parameters of a scheme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Counted from 1.
    pub version: RulesVersion,
    /// Service minutes are multiples of this: 1 to 60.
    pub quantum_minutes: u32,
    /// Where a volunteer's hours come from.
    pub issuance: Issuance,
    /// Youngest age at which one may serve: 0 to 120 years.
    pub volunteer_age_years_min: u32,
    /// Youngest age at which one may be served without an assessed need: 0 to
    /// 120 years.
    pub recipient_age_years_min: u32,
    /// Shortest visit: 1 to 1440.
    pub session_minutes_min: u32,
    /// Longest visit: `session_minutes_min` to 1440.
    pub session_minutes_max: u32,
    /// Most that a member may hold; what a visit earns above it goes to the
    /// pool. Zero: no limit.
    pub balance_minutes_max: i64,
    /// Most that one unit may have issued.
    pub issued_minutes_max: i64,
    /// To whom members may give.
    pub give_scope: GiveScope,
    /// An open request is due this long after its start: 1 to 720.
    pub request_open_hours: u32,
    /// Minutes may be logged this long after the visit; then the booking is
    /// due: 1 to 365.
    pub late_entry_days_max: u32,
    /// A proposal is due after: 1 to 365.
    pub proposal_open_days: u32,
    /// An entry may be recorded this long after it was signed: 1 to 365.
    pub entry_age_days_max: u32,
    /// The signer's clock may be ahead of the server's by: 1 to 60.
    pub clock_ahead_minutes_max: u32,
    /// An approved recovery of a member's keys is due after: 1 to 90.
    pub recovery_delay_days: u32,
}

/// Whatever the rules say, no entry is recorded longer after it was signed.
pub(crate) const ENTRY_AGE_DAYS_LIMIT: u32 = 365;
/// Largest sum that rules may name, in minutes: a thousand million hours.
const TOTAL_MINUTES_MAX: i64 = 60_000_000_000;

impl Rules {
    /// Checks every parameter against its range.
    ///
    /// # Errors
    /// [`Rejection::RuleOutOfRange`] with the first parameter that is outside.
    pub fn check(&self) -> Result<(), Rejection> {
        for (parameter, value, min, max) in self.ranges() {
            if !(min..=max).contains(&value) {
                return Err(Rejection::RuleOutOfRange {
                    parameter,
                    min,
                    max,
                });
            }
        }
        Ok(())
    }

    /// Every parameter that is a number, with the least and the most of it.
    fn ranges(&self) -> [(&'static str, i64, i64, i64); 14] {
        let session_min = i64::from(self.session_minutes_min);
        [
            ("version", self.version.0.into(), 1, i32::MAX.into()),
            ("quantum_minutes", self.quantum_minutes.into(), 1, 60),
            (
                "volunteer_age_years_min",
                self.volunteer_age_years_min.into(),
                0,
                120,
            ),
            (
                "recipient_age_years_min",
                self.recipient_age_years_min.into(),
                0,
                120,
            ),
            ("session_minutes_min", session_min, 1, 1440),
            (
                "session_minutes_max",
                self.session_minutes_max.into(),
                session_min,
                1440,
            ),
            (
                "balance_minutes_max",
                self.balance_minutes_max,
                0,
                TOTAL_MINUTES_MAX,
            ),
            (
                "issued_minutes_max",
                self.issued_minutes_max,
                0,
                TOTAL_MINUTES_MAX,
            ),
            ("request_open_hours", self.request_open_hours.into(), 1, 720),
            (
                "late_entry_days_max",
                self.late_entry_days_max.into(),
                1,
                365,
            ),
            ("proposal_open_days", self.proposal_open_days.into(), 1, 365),
            (
                "entry_age_days_max",
                self.entry_age_days_max.into(),
                1,
                ENTRY_AGE_DAYS_LIMIT.into(),
            ),
            (
                "clock_ahead_minutes_max",
                self.clock_ahead_minutes_max.into(),
                1,
                60,
            ),
            (
                "recovery_delay_days",
                self.recovery_delay_days.into(),
                1,
                90,
            ),
        ]
    }

    /// Checks the length of a visit.
    pub(crate) fn check_session(&self, minutes: Minutes) -> Result<(), Rejection> {
        let (min, max) = (self.session_minutes_min, self.session_minutes_max);
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

impl Default for Rules {
    /// Defaults for a scheme of younger and older seniors. They are proposals,
    /// no city's rules.
    fn default() -> Self {
        Self {
            version: RulesVersion(1),
            quantum_minutes: 15,
            issuance: Issuance::Transfer,
            volunteer_age_years_min: 18,
            recipient_age_years_min: 60,
            session_minutes_min: 30,
            session_minutes_max: 240,
            balance_minutes_max: 1_500 * 60,
            issued_minutes_max: 10_000 * 60,
            give_scope: GiveScope::Anyone,
            request_open_hours: 24,
            late_entry_days_max: 7,
            proposal_open_days: 30,
            entry_age_days_max: 30,
            clock_ahead_minutes_max: 10,
            recovery_delay_days: 7,
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
