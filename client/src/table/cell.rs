//! One cell: hours, money and dates as people and spreadsheets write them.

use jiff::civil;
use ledger::YearMonth;

/// A cell does not say one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CellError {
    /// Nothing stands there.
    #[error("is empty")]
    Empty,
    /// It is no amount of hours.
    #[error("is no amount of hours: write 2, 1.5, 1:30 or 1h30")]
    Hours,
    /// It is not a whole number of minutes.
    #[error("is not a whole number of minutes")]
    Fraction,
    /// It is no amount of money.
    #[error("is no amount of money: write 1200 or 1200.50")]
    Money,
    /// It is no date.
    #[error("is no date: write 2016-03-05")]
    Date,
    /// The year has two digits, or day and month can be mistaken.
    #[error("can be read as more than one date: write 2016-03-05")]
    DateUnclear,
    /// A spreadsheet's count of days.
    #[error("is a spreadsheet's count of days: format the column as a date and save again")]
    DateCounted,
}

/// A day, or a month of which the day is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// Year and month.
    pub month: YearMonth,
    /// 1 to 31; 0 if only the month is known.
    pub day: u8,
}

impl Date {
    /// Days since 1970-01-01; none if only the month is known.
    pub fn days(self) -> Option<i64> {
        let (year, month) = (self.month.year(), self.month.month());
        let (year, month) = (i16::try_from(year).ok()?, i8::try_from(month).ok()?);
        let date = civil::Date::new(year, month, i8::try_from(self.day).ok()?).ok()?;
        Some(date.duration_since(civil::date(1970, 1, 1)).as_hours() / 24)
    }
}

/// Letters and digits of full width as those of ASCII, and without the spaces
/// around.
pub(super) fn narrow(text: &str) -> String {
    let narrow = |letter: char| match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
        '\u{3000}' | '\u{a0}' => ' ',
        '。' => '.',
        _ => letter,
    };
    let text: String = text.chars().map(narrow).collect();
    text.trim().to_owned()
}

/// Reads hours: `2`, `1.5`, `1:30`, `1h30`, `90m`, `2小时`, `1小时30分`.
///
/// # Errors
/// [`CellError::Empty`], [`CellError::Hours`], [`CellError::Fraction`].
pub fn minutes(text: &str) -> Result<i64, CellError> {
    if text.is_empty() {
        return Err(CellError::Empty);
    }
    let plain = text.replace("小时", "h").replace("分钟", "m");
    let plain = plain.replace(['时', '点'], "h").replace('分', "m");
    let plain = plain.replace(' ', "").to_lowercase();
    if let Some(minutes) = plain.strip_suffix('m').and_then(whole) {
        return Ok(minutes);
    }
    if let Some((hours, minutes)) = plain.split_once(['h', ':']) {
        let minutes = minutes.trim_end_matches('m');
        let minutes = if minutes.is_empty() {
            Some(0)
        } else {
            whole(minutes)
        };
        let both = whole(hours).zip(minutes.filter(|minutes| *minutes < 60));
        let sum = both.and_then(|(hours, minutes)| hours.checked_mul(60)?.checked_add(minutes));
        return match sum {
            Some(sum) => Ok(sum),
            None if minutes == Some(0) => fraction(hours),
            None => Err(CellError::Hours),
        };
    }
    fraction(&plain)
}

/// Hours with a fraction, to the minute.
fn fraction(hours: &str) -> Result<i64, CellError> {
    let (units, parts) = hours.split_once('.').unwrap_or((hours, "0"));
    let read = whole(units)
        .zip(whole(parts))
        .zip(u32::try_from(parts.len()).ok());
    let ((units, part), digits) = read.ok_or(CellError::Hours)?;
    let scale = 10_i64.checked_pow(digits).ok_or(CellError::Hours)?;
    let part = part.checked_mul(60).ok_or(CellError::Hours)?;
    if part % scale != 0 {
        return Err(CellError::Fraction);
    }
    let minutes = units
        .checked_mul(60)
        .and_then(|units| units.checked_add(part / scale));
    minutes.ok_or(CellError::Hours)
}

/// Reads money to the fen: `1200`, `-1,200.5`, `¥1200.50`, `(35.00)` for what
/// was paid.
///
/// # Errors
/// [`CellError::Empty`], [`CellError::Money`].
pub fn money(text: &str) -> Result<i64, CellError> {
    if text.is_empty() {
        return Err(CellError::Empty);
    }
    let plain = text.replace([',', ' ', '¥', '￥', '元'], "");
    let bracketed = plain.strip_prefix('(').and_then(|it| it.strip_suffix(')'));
    let (is_out, amount) = match (bracketed, plain.strip_prefix('-')) {
        (Some(amount), _) | (None, Some(amount)) => (true, amount),
        (None, None) => (false, plain.strip_prefix('+').unwrap_or(&plain)),
    };
    let (yuan, cents) = amount.split_once('.').unwrap_or((amount, "0"));
    let cents = match cents.len() {
        1 => whole(cents).map(|tenths| tenths * 10),
        2 => whole(cents),
        _ => None,
    };
    let fen = whole(yuan).and_then(|yuan| yuan.checked_mul(100)?.checked_add(cents?));
    let fen = fen.ok_or(CellError::Money)?;
    Ok(if is_out { -fen } else { fen })
}

/// Reads a day or a month: `2016-03-05`, `2016/3/5`, `2016.3.5`, `20160305`,
/// `2016年3月5日`, `2016-03`; a time of day after it is passed over.
///
/// # Errors
/// [`CellError`].
pub fn date(text: &str) -> Result<Date, CellError> {
    if text.is_empty() {
        return Err(CellError::Empty);
    }
    let day = text.split([' ', 'T']).next().unwrap_or(text);
    let plain = day
        .replace(['年', '月', '/', '.'], "-")
        .replace(['日', '号'], "");
    let plain = plain.trim_end_matches('-');
    let parts: Vec<&str> = match plain.len() {
        8 if whole(plain).is_some() => vec![&plain[..4], &plain[4..6], &plain[6..]],
        _ => plain.split('-').collect(),
    };
    let numbers: Option<Vec<i64>> = parts.iter().map(|part| whole(part)).collect();
    let numbers = numbers.ok_or(CellError::Date)?;
    match (numbers.as_slice(), parts[0].len()) {
        ([_], 5) => Err(CellError::DateCounted),
        ([_, _] | [_, _, _], 1 | 2) => Err(CellError::DateUnclear),
        (&[year, month], 4) => civil(year, month, 0),
        (&[year, month, day], 4) if day > 0 => civil(year, month, day),
        _ => Err(CellError::Date),
    }
}

/// A date of the calendar; a day of 0 stands for the whole month.
fn civil(year: i64, month: i64, day: i64) -> Result<Date, CellError> {
    let parsed = || {
        let month = YearMonth::parse(year.try_into().ok()?, month.try_into().ok()?).ok()?;
        let date = Date {
            month,
            day: day.try_into().ok()?,
        };
        (day == 0 || date.days().is_some()).then_some(date)
    };
    parsed().ok_or(CellError::Date)
}

fn whole(text: &str) -> Option<i64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_as_registers_have_them() {
        for (text, expected) in [
            ("2", 120),
            ("193.75", 11_625),
            ("0.5", 30),
            ("1:30", 90),
            ("1h30", 90),
            ("90m", 90),
            ("90分钟", 90),
            ("2小时", 120),
            ("1.5小时", 90),
            ("1小时30分", 90),
            ("1 小时 5 分钟", 65),
        ] {
            assert_eq!(minutes(text), Ok(expected), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_amount_of_hours_says_why() {
        assert_eq!(minutes(""), Err(CellError::Empty));
        assert_eq!(minutes("1.33"), Err(CellError::Fraction));
        for text in [
            "-2",
            "two",
            "1:75",
            "1,5",
            "h",
            "1.",
            "99999999999999999999",
            "两小时",
        ] {
            assert_eq!(minutes(text), Err(CellError::Hours), "{text:?}");
        }
    }

    #[test]
    fn money_is_read_with_its_sign() {
        for (text, expected) in [
            ("1200", 120_000),
            ("1,200.50", 120_050),
            ("-35.5", -3_550),
            ("(35.00)", -3_500),
            ("¥8.00", 800),
            ("+0.01", 1),
            ("12元", 1_200),
        ] {
            assert_eq!(money(text), Ok(expected), "{text:?}");
        }
        assert_eq!(money(""), Err(CellError::Empty));
        for text in ["1.234", "--1", "(1", "1.2.3", "abc", "."] {
            assert_eq!(money(text), Err(CellError::Money), "{text:?}");
        }
    }

    #[test]
    fn dates_are_read_in_every_spelling_with_one_meaning() {
        let on = |day| {
            let month = YearMonth::parse(2016, 3).unwrap();
            Ok(Date { month, day })
        };
        for text in [
            "2016-03-05",
            "2016/3/5",
            "2016.3.5",
            "20160305",
            "2016年3月5日",
            "2016-03-05 14:30",
            "2016-03-05T14:30:00Z",
        ] {
            assert_eq!(date(text), on(5), "{text:?}");
        }
        for text in ["2016-03", "2016年3月", "2016/3"] {
            assert_eq!(date(text), on(0), "{text:?}");
        }
    }

    #[test]
    fn a_date_with_two_meanings_is_refused() {
        assert_eq!(date(""), Err(CellError::Empty));
        for text in ["5/3/2016", "16-3-5", "3/5"] {
            assert_eq!(date(text), Err(CellError::DateUnclear), "{text:?}");
        }
        assert_eq!(date("42434"), Err(CellError::DateCounted));
        for text in [
            "2016-02-30",
            "2016-13-01",
            "2015-02-29",
            "spring",
            "2016",
            "2016-03-00",
        ] {
            assert_eq!(date(text), Err(CellError::Date), "{text:?}");
        }
        assert!(date("2016-02-29").is_ok());
    }

    #[test]
    fn wide_letters_become_narrow() {
        assert_eq!(narrow("　１２：３０ "), "12:30");
    }
}
