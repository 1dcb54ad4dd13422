//! Amounts in words.

use ledger::Minutes;

use super::Text;

/// `1 h 30 min`.
pub fn hours(minutes: i64) -> String {
    let sign = if minutes < 0 { "-" } else { "" };
    let (hours, rest) = (minutes.unsigned_abs() / 60, minutes.unsigned_abs() % 60);
    match (hours, rest) {
        (0, rest) => format!("{sign}{rest} min"),
        (hours, 0) => format!("{sign}{hours} h"),
        (hours, rest) => format!("{sign}{hours} h {rest} min"),
    }
}

/// `1 小时 30 分`, `1 h 30 min`.
pub fn length(minutes: Minutes) -> Text {
    let chinese = match (minutes.get() / 60, minutes.get() % 60) {
        (0, rest) => format!("{rest} 分钟"),
        (hours, 0) => format!("{hours} 小时"),
        (hours, rest) => format!("{hours} 小时 {rest} 分"),
    };
    Text::new(chinese, hours(minutes.amount()))
}

/// `1200.50 元`, `1200.50 yuan`.
pub fn money(fen: i64) -> Text {
    let sign = if fen < 0 { "-" } else { "" };
    let (yuan, rest) = (fen.unsigned_abs() / 100, fen.unsigned_abs() % 100);
    let amount = format!("{sign}{yuan}.{rest:02}");
    Text::new(format!("{amount} 元"), format!("{amount} yuan"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_are_shown_as_hours_and_minutes() {
        for (minutes, text) in [
            (0, "0 min"),
            (45, "45 min"),
            (60, "1 h"),
            (90, "1 h 30 min"),
            (-90, "-1 h 30 min"),
        ] {
            assert_eq!(hours(minutes), text);
        }
        assert_eq!(hours(i64::MIN), "-153722867280912930 h 8 min");
        for (minutes, chinese) in [(45, "45 分钟"), (60, "1 小时"), (90, "1 小时 30 分")] {
            let minutes = Minutes::parse(minutes).unwrap();
            assert_eq!(length(minutes).chinese, chinese);
        }
    }

    #[test]
    fn fen_are_shown_as_yuan() {
        for (fen, chinese, english) in [
            (0, "0.00 元", "0.00 yuan"),
            (5, "0.05 元", "0.05 yuan"),
            (-120_050, "-1200.50 元", "-1200.50 yuan"),
        ] {
            assert_eq!(money(fen), Text::new(chinese, english));
        }
    }
}
