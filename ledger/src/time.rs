//! Points in time and calendar months. Nobody here reads a clock.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::rejection::Rejection;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// 2200-01-01: beyond what any entry may name, far below overflow.
const MILLIS_MAX: i64 = 7_258_118_400_000;

/// Milliseconds since 1970-01-01 UTC.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Millis(i64);

impl Millis {
    /// Takes any number: for clocks and for bytes that were checked before.
    pub const fn new(ms: i64) -> Self {
        Self(ms)
    }

    /// Takes a time that an entry names.
    ///
    /// # Errors
    /// [`Rejection::TimeOutOfRange`] outside 1970 to 2199.
    pub fn parse(field: &'static str, ms: i64) -> Result<Self, Rejection> {
        if (0..MILLIS_MAX).contains(&ms) {
            Ok(Self(ms))
        } else {
            Err(Rejection::TimeOutOfRange { field })
        }
    }

    /// The number of milliseconds.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// The next moment there is.
    #[must_use]
    pub const fn plus_millisecond(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// This time plus so many minutes.
    #[must_use]
    pub const fn plus_minutes(self, minutes: u32) -> Self {
        Self(self.0.saturating_add(minutes as i64 * 60_000))
    }

    /// This time plus so many hours.
    #[must_use]
    pub const fn plus_hours(self, hours: u32) -> Self {
        Self(self.0.saturating_add(hours as i64 * HOUR_MS))
    }

    /// This time plus so many days of 24 hours.
    #[must_use]
    pub const fn plus_days(self, days: u32) -> Self {
        Self(self.0.saturating_add(days as i64 * DAY_MS))
    }

    /// This time less so many days of 24 hours.
    #[must_use]
    pub const fn minus_days(self, days: u32) -> Self {
        Self(self.0.saturating_sub(days as i64 * DAY_MS))
    }

    /// The month in which this moment lies, in UTC.
    pub fn month(self) -> YearMonth {
        let (year, month, _) = self.date();
        YearMonth { year, month }
    }

    /// The day on which this moment lies, in UTC: year, month, day of the month.
    pub fn date(self) -> (u16, u8, u8) {
        // Days to civil date, proleptic Gregorian, years beginning in March:
        // see "chrono-compatible low-level date algorithms" (H. Hinnant).
        let days = self.0.div_euclid(DAY_MS) + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let march_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * march_month + 2) / 5 + 1;
        let (month, carry) = if march_month < 10 {
            (march_month + 3, 0)
        } else {
            (march_month - 9, 1)
        };
        let year = year_of_era + era * 400 + carry;
        (
            u16::try_from(year).unwrap_or(0),
            u8::try_from(month).unwrap_or(1),
            u8::try_from(day).unwrap_or(1),
        )
    }
}

/// A calendar month: as exact as the rules need a birth date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct YearMonth {
    year: u16,
    month: u8,
}

impl YearMonth {
    /// A month from 1880 to 2200.
    ///
    /// # Errors
    /// [`Rejection::MonthOutOfRange`] for any other.
    pub fn parse(year: i32, month: i32) -> Result<Self, Rejection> {
        match (u16::try_from(year), u8::try_from(month)) {
            (Ok(year @ 1880..=2200), Ok(month @ 1..=12)) => Ok(Self { year, month }),
            _ => Err(Rejection::MonthOutOfRange),
        }
    }

    /// The year.
    pub const fn year(self) -> u16 {
        self.year
    }

    /// The month, 1 to 12.
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The month before; the first of all months has none and is its own.
    #[must_use]
    pub const fn previous(self) -> Self {
        match (self.year, self.month) {
            (0, 1) => self,
            (year, 1) => Self {
                year: year - 1,
                month: 12,
            },
            (year, month) => Self {
                year,
                month: month - 1,
            },
        }
    }

    /// This month plus so many; none beyond the year 2200.
    pub fn plus_months(self, months: u32) -> Option<Self> {
        let index = u32::from(self.year) * 12 + u32::from(self.month) - 1 + months;
        let year = u16::try_from(index / 12)
            .ok()
            .filter(|year| *year <= 2200)?;
        let month = u8::try_from(index % 12 + 1).ok()?;
        Some(Self { year, month })
    }

    /// Full years from this month to `now`: whoever has a birthday in the
    /// running month has had it. Zero for months to come.
    pub fn age_years(self, now: Millis) -> u32 {
        let today = now.month();
        let months = |m: Self| i32::from(m.year) * 12 + i32::from(m.month);
        u32::try_from((months(today) - months(self)).div_euclid(12)).unwrap_or(0)
    }
}

impl fmt::Display for YearMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// A text is no month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a month such as 1950-03")]
pub struct MonthError;

impl FromStr for YearMonth {
    type Err = MonthError;

    /// Reads what [`fmt::Display`] writes, and nothing else.
    fn from_str(text: &str) -> Result<Self, MonthError> {
        let read = || {
            let (year, month) = text.split_once('-')?;
            Self::parse(year.parse().ok()?, month.parse().ok()?).ok()
        };
        let month: Option<Self> = read();
        month.filter(|it| it.to_string() == text).ok_or(MonthError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month_of(ms: i64) -> (u16, u8) {
        let month = Millis::new(ms).month();
        (month.year(), month.month())
    }

    #[test]
    fn months_are_those_of_the_calendar() {
        assert_eq!(month_of(0), (1970, 1));
        assert_eq!(month_of(951_782_399_999), (2000, 2)); // 2000-02-28T23:59:59.999Z
        assert_eq!(month_of(951_868_800_000), (2000, 3)); // 2000-03-01
        assert_eq!(month_of(1_767_225_599_999), (2025, 12));
        assert_eq!(month_of(1_767_225_600_000), (2026, 1));
        assert_eq!(month_of(-1), (1969, 12));
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        let date = |ms| Millis::new(ms).date();
        assert_eq!(date(0), (1970, 1, 1));
        assert_eq!(date(951_782_399_999), (2000, 2, 28));
        assert_eq!(date(951_782_400_000), (2000, 2, 29));
        assert_eq!(date(1_767_225_599_999), (2025, 12, 31));
    }

    #[test]
    fn a_birthday_counts_from_the_first_of_its_month() {
        let born = YearMonth::parse(1966, 1).expect("a month");
        assert_eq!(born.age_years(Millis::new(1_767_225_599_999)), 59);
        assert_eq!(born.age_years(Millis::new(1_767_225_600_000)), 60);
        assert_eq!(
            YearMonth::parse(2100, 1)
                .expect("a month")
                .age_years(Millis::new(0)),
            0
        );
    }

    #[test]
    fn months_are_counted_over_the_turn_of_the_year() {
        let month = |year, month| YearMonth::parse(year, month).expect("a month");
        assert_eq!(month(2026, 12).plus_months(1), Some(month(2027, 1)));
        assert_eq!(month(2026, 1).plus_months(11), Some(month(2026, 12)));
        assert_eq!(month(2026, 3).plus_months(24), Some(month(2028, 3)));
        assert_eq!(month(2200, 12).plus_months(1), None);
    }

    #[test]
    fn a_month_has_one_spelling() {
        let month = YearMonth::parse(1950, 3).expect("a month");
        assert_eq!(
            (month.to_string(), "1950-03".parse()),
            ("1950-03".to_owned(), Ok(month))
        );
        for text in [
            "1950",
            "1950-13",
            "1950-3",
            "50-03",
            "1950-03-01",
            "+1950-03",
            "",
        ] {
            assert_eq!(text.parse::<YearMonth>(), Err(MonthError), "{text}");
        }
    }

    #[test]
    fn impossible_months_and_times_are_refused() {
        for (year, month) in [(1879, 1), (2201, 1), (2000, 0), (2000, 13), (-1, 1)] {
            assert_eq!(
                YearMonth::parse(year, month),
                Err(Rejection::MonthOutOfRange)
            );
        }
        for ms in [-1, MILLIS_MAX, i64::MAX] {
            let refused = Err(Rejection::TimeOutOfRange { field: "start_ms" });
            assert_eq!(Millis::parse("start_ms", ms), refused);
        }
    }
}
