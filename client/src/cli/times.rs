//! Points in time as people write and read them. Local time needs a database
//! of time zones; here a time is written with its offset, or relative to now.

use ledger::{Millis, YearMonth};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// A time as it was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// A point in time.
    At(Millis),
    /// So many milliseconds from now.
    FromNow(i64),
}

impl Moment {
    /// The point in time.
    pub(crate) fn at(self, now: Millis) -> Millis {
        match self {
            Self::At(time) => time,
            Self::FromNow(ms) => Millis::new(now.get().saturating_add(ms)),
        }
    }
}

/// Reads `2026-11-23T14:30Z`, `2026-11-23T14:30+08:00`, `now`, `-2h` or `+1d`.
pub(crate) fn moment(text: &str) -> Result<Moment, String> {
    let moment = match text {
        "now" => Some(Moment::FromNow(0)),
        _ if text.starts_with(['-', '+']) => from_now(text).map(Moment::FromNow),
        _ => point(text).map(Moment::At),
    };
    moment.ok_or_else(|| {
        "expected a time such as 2026-11-23T14:30Z, 2026-11-23T14:30+08:00, now, -2h or +1d"
            .to_owned()
    })
}

/// Reads `1950-03`.
pub(crate) fn month(text: &str) -> Result<YearMonth, String> {
    text.parse()
        .map_err(|error: ledger::MonthError| error.to_string())
}

/// Writes a time in UTC, to the second.
pub(crate) fn show(time: Millis) -> String {
    let (days, ms) = (time.get().div_euclid(DAY_MS), time.get().rem_euclid(DAY_MS));
    let (year, month, day) = civil(days);
    let (hour, minute, second) = (ms / HOUR_MS, ms / MINUTE_MS % 60, ms / 1000 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

fn from_now(text: &str) -> Option<i64> {
    let unit_ms = match text.chars().last()? {
        'm' => MINUTE_MS,
        'h' => HOUR_MS,
        'd' => DAY_MS,
        _ => return None,
    };
    let number: i64 = text[..text.len() - 1].parse().ok()?;
    number.checked_mul(unit_ms)
}

fn point(text: &str) -> Option<Millis> {
    let (date, time) = text.split_once(['T', ' '])?;
    let (time, offset_ms) = if let Some(time) = time.strip_suffix('Z') {
        (time, 0)
    } else {
        let (time, offset) = time.split_at_checked(time.len().checked_sub(6)?)?;
        (time, offset_ms(offset)?)
    };
    let mut date = date.split('-');
    let (year, month, day) = (
        number(date.next()?, 4)?,
        number(date.next()?, 2)?,
        number(date.next()?, 2)?,
    );
    if date.next().is_some() {
        return None;
    }
    let days = days_from_civil(year, month, day);
    if civil(days) != (year, month, day) {
        return None;
    }
    Some(Millis::new(
        days * DAY_MS + time_of_day_ms(time)? - offset_ms,
    ))
}

fn time_of_day_ms(text: &str) -> Option<i64> {
    let mut parts = text.split(':');
    let (hour, minute) = (number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    let second = parts.next().map_or(Some(0), |second| number(second, 2))?;
    let fits = hour < 24 && minute < 60 && second < 60 && parts.next().is_none();
    fits.then_some(hour * HOUR_MS + minute * MINUTE_MS + second * 1000)
}

fn offset_ms(text: &str) -> Option<i64> {
    let sign = match text.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let (hour, minute) = text[1..].split_once(':')?;
    let (hour, minute) = (number(hour, 2)?, number(minute, 2)?);
    (hour < 24 && minute < 60).then_some(sign * (hour * HOUR_MS + minute * MINUTE_MS))
}

fn number(text: &str, digits: usize) -> Option<i64> {
    let fits = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    if fits { text.parse().ok() } else { None }
}

/// Days since 1970-01-01 of a date: H. Hinnant, "chrono-compatible low-level
/// date algorithms", `days_from_civil`.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let march_month = (month + 9) % 12;
    let day_of_year = (153 * march_month + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The date of a day since 1970-01-01: `civil_from_days` of the same text.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 {
        march_month + 3
    } else {
        march_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_with_its_offset_is_read() {
        let at = |ms| Ok(Moment::At(Millis::new(ms)));
        assert_eq!(moment("1970-01-01T00:00Z"), at(0));
        assert_eq!(moment("2026-11-23T14:30Z"), at(1_795_444_200_000));
        assert_eq!(moment("2026-11-23T22:30+08:00"), at(1_795_444_200_000));
        assert_eq!(moment("2026-11-23 09:30:00-05:00"), at(1_795_444_200_000));
        assert_eq!(moment("2000-02-29T23:59:59Z"), at(951_868_799_000));
    }

    #[test]
    fn a_time_from_now_is_read() {
        assert_eq!(moment("now"), Ok(Moment::FromNow(0)));
        assert_eq!(moment("-2h"), Ok(Moment::FromNow(-7_200_000)));
        assert_eq!(moment("+90m"), Ok(Moment::FromNow(5_400_000)));
        assert_eq!(moment("+1d"), Ok(Moment::FromNow(86_400_000)));
        assert_eq!(
            moment("-2h").unwrap().at(Millis::new(7_200_001)),
            Millis::new(1)
        );
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "T",
            "2026-11-23",
            "2026-11-23T14:30",
            "2026-13-01T00:00Z",
            "2026-02-29T00:00Z",
            "2026-11-23T24:00Z",
            "2026-11-23T14:60Z",
            "26-11-23T14:30Z",
            "-2",
            "+h",
            "-2y",
            "2026-11-23T14:30:00:00Z",
            "2026-11-23-1T14:30Z",
            "2026-1１-23T14:30Z",
            "+99999999999999999d",
        ] {
            assert!(moment(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_time_is_shown_as_it_is_read() {
        for text in [
            "1970-01-01T00:00:00Z",
            "2024-02-29T12:34:56Z",
            "2199-12-31T23:59:59Z",
        ] {
            let Ok(Moment::At(time)) = moment(text) else {
                panic!("{text}")
            };
            assert_eq!(show(time), text);
        }
    }

    #[test]
    fn a_month_is_read() {
        assert_eq!(month("1950-03"), Ok(YearMonth::parse(1950, 3).unwrap()));
        for text in ["1950", "1950-13", "1950-3", "50-03-01", "1950-03-01"] {
            assert!(month(text).is_err(), "{text:?}");
        }
    }
}
