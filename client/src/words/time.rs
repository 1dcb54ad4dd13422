//! Points in time as the calendar and clock of a place show them.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::Millis;

use super::Text;

/// The place whose clocks are read. It reads the system's database of time
/// zones, and no clock.
#[derive(Debug, Clone)]
pub struct Zone(TimeZone);

impl Zone {
    /// The zone of this machine; UTC if it does not say.
    pub fn local() -> Self {
        Self(TimeZone::try_system().unwrap_or(TimeZone::UTC))
    }

    /// Universal time.
    pub const fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// The zone of a name such as `Asia/Shanghai`.
    pub fn named(name: &str) -> Option<Self> {
        TimeZone::get(name).ok().map(Self)
    }

    /// A point in time to the second, with the zone.
    pub fn show(&self, time: Millis) -> Text {
        const MONTHS: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        let Ok(time) = Timestamp::from_millisecond(time.get()) else {
            return Text::same(format!("{} ms", time.get()));
        };
        let local = time.to_zoned_datetime(self.0.clone());
        let (year, month, day) = (local.year(), local.month(), local.day());
        let (hour, minute, second) = (local.hour(), local.minute(), local.second());
        let clock = format!("{hour:02}:{minute:02}:{second:02}");
        let name = MONTHS[usize::from(local.month().unsigned_abs()) - 1];
        let zone = offset(local.offset().seconds());
        Text::new(
            format!("{year} 年 {month} 月 {day} 日 {clock}（{zone}）"),
            format!("{day} {name} {year}, {clock} ({zone})"),
        )
    }
}

/// `UTC`, `UTC+08:00`, `UTC-03:30`.
fn offset(seconds: i32) -> String {
    if seconds == 0 {
        return "UTC".to_owned();
    }
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.unsigned_abs() / 60;
    format!("UTC{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_shown_by_the_clocks_of_a_place() {
        let time = Millis::new(1_772_467_199_999);
        let utc = Zone::utc().show(time);
        assert_eq!(utc.chinese, "2026 年 3 月 2 日 15:59:59（UTC）");
        assert_eq!(utc.english, "2 March 2026, 15:59:59 (UTC)");
        let eastern = Zone(TimeZone::fixed(jiff::tz::offset(8)));
        let text = eastern.show(Millis::new(1_772_467_200_000));
        assert_eq!(text.chinese, "2026 年 3 月 3 日 00:00:00（UTC+08:00）");
        assert_eq!(text.english, "3 March 2026, 00:00:00 (UTC+08:00)");
    }

    #[test]
    fn an_offset_is_named_with_its_sign() {
        assert_eq!(offset(0), "UTC");
        assert_eq!(offset(28_800), "UTC+08:00");
        assert_eq!(offset(-12_600), "UTC-03:30");
    }

    #[test]
    fn a_time_beyond_the_calendar_is_shown_as_a_number() {
        assert_eq!(
            Zone::utc().show(Millis::new(i64::MAX)).english,
            "9223372036854775807 ms"
        );
    }
}
