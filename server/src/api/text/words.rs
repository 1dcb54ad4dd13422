//! Data in words. `{}` is English, `{:#}` is Chinese.

use std::fmt;

use ledger::role::Role;
use ledger::{Millis, YearMonth};

use crate::access::Reader;
use crate::api::error::{Root, SeenBy};

/// A length of time: "1 h 30 min" or "1 小时 30 分".
pub(super) struct Length(pub(super) i64);

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "−" } else { "" };
        let (hours, minutes) = (self.0.unsigned_abs() / 60, self.0.unsigned_abs() % 60);
        match (hours, minutes, f.alternate()) {
            (0, minutes, false) => write!(f, "{sign}{minutes} min"),
            (hours, 0, false) => write!(f, "{sign}{hours} h"),
            (hours, minutes, false) => write!(f, "{sign}{hours} h {minutes} min"),
            (0, minutes, true) => write!(f, "{sign}{minutes} 分钟"),
            (hours, 0, true) => write!(f, "{sign}{hours} 小时"),
            (hours, minutes, true) => write!(f, "{sign}{hours} 小时 {minutes} 分"),
        }
    }
}

/// A moment to the minute: in UTC, or in Beijing time.
pub(super) struct Moment(pub(super) i64);

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MINUTE_MS: i64 = 60_000;
        const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
        let ahead_ms = if f.alternate() { 8 * 60 * MINUTE_MS } else { 0 };
        let local_ms = self.0.saturating_add(ahead_ms);
        let month = Millis::new(local_ms).month();
        let day = day_of_month(local_ms, month, DAY_MS);
        let minutes = local_ms.rem_euclid(DAY_MS) / MINUTE_MS;
        let (hour, minute) = (minutes / 60, minutes % 60);
        let (year, month) = (month.year(), month.month());
        if f.alternate() {
            write!(
                f,
                "北京时间 {year} 年 {month} 月 {day} 日 {hour:02}:{minute:02}"
            )
        } else {
            write!(f, "{year}-{month:02}-{day:02} {hour:02}:{minute:02} UTC")
        }
    }
}

/// How many days the month has had, this one included.
fn day_of_month(local_ms: i64, month: YearMonth, day_ms: i64) -> i64 {
    let is_earlier = |days: &i64| Millis::new(local_ms - days * day_ms).month() == month;
    (1..31)
        .take_while(is_earlier)
        .count()
        .try_into()
        .unwrap_or(0)
        + 1
}

/// A role.
pub(super) struct RoleName(pub(super) Role);

impl fmt::Display for RoleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (english, chinese) = match self.0 {
            Role::Operator => ("operator", "运营方"),
            Role::Regulator => ("regulator", "监管方"),
            Role::Staff => ("staff", "站点工作人员"),
            Role::FundAdmin => ("fund administrator", "基金管理员"),
            Role::Auditor => ("auditor", "审计员"),
        };
        f.write_str(if f.alternate() { chinese } else { english })
    }
}

/// Who may read something: "the owner, staff or auditors".
pub(super) struct Readers(pub(super) &'static [Reader]);

impl fmt::Display for Readers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, reader) in self.0.iter().enumerate() {
            let is_last = number + 1 == self.0.len();
            let between = match (number, is_last, f.alternate()) {
                (0, _, _) => "",
                (_, true, false) => " and ",
                (_, false, false) => ", ",
                (_, true, true) => "和",
                (_, false, true) => "、",
            };
            f.write_str(between)?;
            let (english, chinese) = reader_name(*reader);
            f.write_str(if f.alternate() { chinese } else { english })?;
        }
        Ok(())
    }
}

const fn reader_name(reader: Reader) -> (&'static str, &'static str) {
    match reader {
        Reader::Public => ("everybody", "任何人"),
        Reader::Member => ("members", "会员"),
        Reader::Party => ("the people concerned", "当事人本人"),
        Reader::Proxy => ("their proxies", "当事人的代理人"),
        Reader::Staff => ("staff of the station", "所属站点工作人员"),
        Reader::FundAdmin => ("fund administrators", "基金管理员"),
        Reader::Operator => ("operators", "运营方"),
        Reader::Regulator => ("regulators", "监管方"),
        Reader::Auditor => ("auditors", "审计员"),
    }
}

/// How a member or a unit stands, by the name that the ledger gives it.
pub(super) struct StandingName(pub(super) &'static str);

impl fmt::Display for StandingName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (english, chinese) = match self.0 {
            "ACTIVE" => ("is a member in good standing", "状态正常"),
            "SUSPENDED" => ("is suspended", "已暂停接单"),
            "DEAD" => ("has died", "已故"),
            "MERGED" => ("goes by another code", "已并入另一编号"),
            "PAUSED" => ("is paused", "已暂停受理"),
            _ => ("is closed", "已关闭"),
        };
        f.write_str(if f.alternate() { chinese } else { english })
    }
}

/// How far a visit or a proposal is, by the name that the ledger gives it.
pub(super) struct StageName(pub(super) &'static str);

impl fmt::Display for StageName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (english, chinese) = match self.0 {
            "OPEN" => ("still open", "尚未处理"),
            "BOOKED" => ("taken by a volunteer", "已有志愿者接单"),
            "LOGGED" => ("waiting to be confirmed", "等待确认"),
            "SETTLED" => ("confirmed and paid", "已确认并结算"),
            "DISPUTED" => ("in dispute", "存在争议"),
            "PURCHASED" => ("bought by the fund", "已由基金购买"),
            "CANCELLED" => ("cancelled", "已取消"),
            "APPROVED" => ("approved", "已批准"),
            "REFUSED" => ("refused", "已否决"),
            "EXPIRED" => ("closed, because its time ran out", "已因过期而关闭"),
            "OBJECTED" => ("ended by an objection", "已因异议而终止"),
            other => (other, other),
        };
        f.write_str(if f.alternate() { chinese } else { english })
    }
}

/// What a database lacks: "its database has 40 records, and its guard has seen
/// 41".
pub(super) struct Shortfall {
    pub(super) records: u64,
    pub(super) seen_by: SeenBy,
    pub(super) seen: u64,
}

impl fmt::Display for Shortfall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { records, seen, .. } = self;
        let (english, chinese) = match self.seen_by {
            SeenBy::Guard => ("its own guard", "服务器自己的守护记录"),
            SeenBy::Published => ("a published checkpoint", "已公布的检查点"),
            SeenBy::Witness => ("a witness", "见证方"),
        };
        match (seen.checked_sub(*records), f.alternate()) {
            (None | Some(0), false) => {
                write!(f, "{english} has seen another history of {seen} records")
            }
            (None | Some(0), true) => write!(f, "{chinese}见过另一份有 {seen} 条记录的历史"),
            (Some(missing), false) => write!(
                f,
                "its database has {records} records and {english} has seen {seen}: {missing} are missing"
            ),
            (Some(missing), true) => write!(
                f,
                "数据库有 {records} 条记录，而{chinese}见过 {seen} 条，缺失 {missing} 条"
            ),
        }
    }
}

/// What an operator does about it.
pub(super) struct Remedy {
    pub(super) records: u64,
    pub(super) seen: u64,
    pub(super) root: Root,
}

impl fmt::Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (is_short, seen, root) = (self.seen > self.records, self.seen, self.root);
        match (is_short, f.alternate()) {
            (false, false) => f.write_str("bring back the database that this log was signed from"),
            (false, true) => f.write_str("请恢复签署该日志的原数据库"),
            (true, false) => write!(
                f,
                "bring back the newer database; if it is lost for good, declare that with \
                 “timebank scheme adopt --abandoned {seen}:{root}”"
            ),
            (true, true) => write!(
                f,
                "请恢复较新的数据库；如确已无法找回，请用\
                 “timebank scheme adopt --abandoned {seen}:{root}”声明丢失"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_hours_and_minutes() {
        let both = |minutes| {
            let length = Length(minutes);
            (format!("{length}"), format!("{length:#}"))
        };
        assert_eq!(
            both(90),
            ("1 h 30 min".to_owned(), "1 小时 30 分".to_owned())
        );
        assert_eq!(both(120), ("2 h".to_owned(), "2 小时".to_owned()));
        assert_eq!(both(15), ("15 min".to_owned(), "15 分钟".to_owned()));
        assert_eq!(both(0), ("0 min".to_owned(), "0 分钟".to_owned()));
        assert_eq!(
            both(-75),
            ("−1 h 15 min".to_owned(), "−1 小时 15 分".to_owned())
        );
    }

    #[test]
    fn moments_are_dates_of_the_calendar() {
        let moment = Moment(1_772_438_400_000);
        assert_eq!(format!("{moment}"), "2026-03-02 08:00 UTC");
        assert_eq!(format!("{moment:#}"), "北京时间 2026 年 3 月 2 日 16:00");
        assert_eq!(
            format!("{}", Moment(951_782_399_999)),
            "2000-02-28 23:59 UTC"
        );
        assert_eq!(
            format!("{:#}", Moment(951_782_399_999)),
            "北京时间 2000 年 2 月 29 日 07:59"
        );
        assert_eq!(
            format!("{}", Moment(1_767_225_599_999)),
            "2025-12-31 23:59 UTC"
        );
    }

    #[test]
    fn readers_are_a_list_in_words() {
        let readers = Readers(&[Reader::Party, Reader::Staff, Reader::Auditor]);
        let english = "the people concerned, staff of the station and auditors";
        assert_eq!(format!("{readers}"), english);
        assert_eq!(
            format!("{readers:#}"),
            "当事人本人、所属站点工作人员和审计员"
        );
    }
}
