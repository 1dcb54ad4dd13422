//! A register that is older than the ledger: which of its rows can be taken over,
//! and why the others cannot.
//!
//! One row is one piece of help, or one line of a passbook. Nothing here asks a
//! server or signs anything: [`Register::read`] reads the file, and whoever runs
//! the import says which members there are.

use std::collections::{BTreeMap, BTreeSet};

use ledger::code::MemberCode;
use ledger::{MemberId, Minutes, YearMonth};
use serde::Serialize;

use crate::table::{self, Column, Date, Row, Table, TableError};

/// What the columns may be called.
const MEMBER: &[&str] = &["member", "code", "编号", "会员", "会员编号", "志愿者编号"];
const DOCUMENT: &[&str] = &["document", "证件号", "证件号码", "身份证号", "身份证号码"];
const HOURS: &[&str] = &["hours", "时长", "小时", "服务时长", "时间", "时间币"];
const DATE: &[&str] = &["date", "日期", "服务日期"];

/// A register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Register {
    /// Whether members are named by their documents, and not by id or code.
    pub by_document: bool,
    /// Rows that can be read, in the order of the file.
    pub rows: Vec<Entry>,
    /// Rows that cannot, in the order of the file.
    pub bad: Vec<BadRow>,
}

/// A row that can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its line in the file.
    pub line: u64,
    /// Who, as it stands there: an id, a short code or the number of a document.
    pub member: String,
    /// How long.
    pub minutes: i64,
    /// When, if the register says so.
    pub date: Option<Date>,
}

/// A row that cannot be taken over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BadRow {
    /// Its line in the file.
    pub line: u64,
    /// Why not, and what to do.
    pub reason: String,
}

/// What a member is to be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    /// The sum of the rows.
    pub minutes: Minutes,
    /// The lines of the rows.
    pub lines: Vec<u64>,
}

impl Register {
    /// Reads a register as it was on a month: later dates are wrong.
    ///
    /// # Errors
    /// [`TableError`]: the file is no table, or has no column of members or of
    /// hours.
    pub fn read(bytes: &[u8], now: YearMonth) -> Result<Self, TableError> {
        let table = Table::read(bytes)?;
        let document = table
            .find(DOCUMENT)
            .filter(|_| table.find(MEMBER).is_none());
        let member = match document {
            Some(document) => document,
            None => table.column(MEMBER)?,
        };
        let columns = (member, table.column(HOURS)?, table.find(DATE));
        let mut register = Self {
            by_document: document.is_some(),
            rows: Vec::new(),
            bad: Vec::new(),
        };
        let mut seen = BTreeMap::new();
        for row in table.rows() {
            let line = row.line;
            let read = read_row(row, columns, now, document.is_some());
            let read = read.and_then(|entry| {
                let same = (entry.member.clone(), entry.minutes, entry.date);
                match entry.date.and_then(|_| seen.insert(same, line)) {
                    Some(first) => Err(format!("says the same as line {first}")),
                    None => Ok(entry),
                }
            });
            match read {
                Ok(entry) => register.rows.push(entry),
                Err(reason) => register.refuse(line, reason),
            }
        }
        Ok(register)
    }

    /// Who is named, each once.
    pub fn members(&self) -> BTreeSet<&str> {
        self.rows.iter().map(|row| row.member.as_str()).collect()
    }

    /// What each member is to be given. `find` tells who somebody is, or why
    /// nothing can be given to them: then all their rows are bad.
    pub fn totals(
        &mut self,
        find: impl Fn(&str) -> Result<MemberId, String>,
    ) -> BTreeMap<MemberId, Total> {
        let mut sums: BTreeMap<MemberId, (i64, Vec<u64>)> = BTreeMap::new();
        for row in std::mem::take(&mut self.rows) {
            match find(&row.member) {
                Ok(member) => {
                    let (sum, lines) = sums.entry(member).or_default();
                    *sum = sum.saturating_add(row.minutes);
                    lines.push(row.line);
                    self.rows.push(row);
                }
                Err(reason) => self.refuse(row.line, reason),
            }
        }
        let mut totals = BTreeMap::new();
        for (member, (sum, lines)) in sums {
            if let Ok(minutes) = Minutes::parse(sum) {
                totals.insert(member, Total { minutes, lines });
            } else {
                self.rows.retain(|row| !lines.contains(&row.line));
                for line in lines {
                    self.refuse(
                        line,
                        format!("with all of the member's rows: {sum} minutes"),
                    );
                }
            }
        }
        self.bad.sort_by_key(|bad| bad.line);
        totals
    }

    fn refuse(&mut self, line: u64, reason: String) {
        self.bad.push(BadRow { line, reason });
    }
}

fn read_row(
    row: &Row,
    (member, hours, date): (Column, Column, Option<Column>),
    now: YearMonth,
    by_document: bool,
) -> Result<Entry, String> {
    let (who, how_long) = (row.cell(member), row.cell(hours));
    if who.is_empty() {
        return Err("names no member".to_owned());
    }
    if !by_document && who.parse::<MemberId>().is_err() {
        let code = who.parse::<MemberCode>();
        code.map_err(|error| format!("the member {who:?}: {error}"))?;
    }
    let minutes = table::minutes(how_long).map_err(|error| format!("{how_long:?} {error}"))?;
    Minutes::parse(minutes).map_err(|_| format!("{how_long:?} is no time that can be given"))?;
    let date = date
        .map(|column| row.cell(column))
        .filter(|it| !it.is_empty());
    let date = date.map(|text| {
        let date = table::date(text).map_err(|error| format!("{text:?} {error}"))?;
        let is_past = date.month <= now;
        is_past
            .then_some(date)
            .ok_or_else(|| format!("{text:?} is in the future"))
    });
    Ok(Entry {
        line: row.line,
        member: who.to_owned(),
        minutes,
        date: date.transpose()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u8) -> MemberId {
        MemberId::from_bytes([number; 16])
    }

    fn code(number: u8) -> String {
        MemberCode::of(&id(number)).to_string()
    }

    fn register(rows: &str) -> Register {
        let text = format!("编号,姓名,时长,日期\n{rows}");
        let now = YearMonth::parse(2026, 11).unwrap();
        Register::read(text.as_bytes(), now).unwrap()
    }

    #[test]
    fn every_bad_row_says_why() {
        let (one, two) = (code(1), code(2));
        let register = register(&format!(
            "{one},甲,2小时,2016年3月5日\n\
             {two},乙,半天,2016-03-05\n\
             {one},甲,1.5,5/3/2016\n\
             ,丙,1,2016-03-05\n\
             1111-1111-1111,丁,1,2016-03-05\n\
             {one},甲,2,2016-03-05\n\
             {two},乙,0,2016-03-05\n\
             {two},乙,1,2027-01\n\
             {two},乙,1,\n\
             {two},乙,1,\n"
        ));
        let lines: Vec<u64> = register.rows.iter().map(|row| row.line).collect();
        assert_eq!(lines, [2, 10, 11], "without a date, twice may be twice");
        let reasons = register
            .bad
            .iter()
            .map(|bad| (bad.line, bad.reason.as_str()));
        let reasons: Vec<_> = reasons.collect();
        assert_eq!(reasons[0].0, 3);
        assert!(reasons[0].1.starts_with("\"半天\" is no amount of hours"));
        assert!(reasons[1].1.contains("more than one date"));
        assert_eq!(reasons[2], (5, "names no member"));
        assert!(reasons[3].1.starts_with("the member \"1111-1111-1111\""));
        assert_eq!(reasons[4], (7, "says the same as line 2"));
        assert_eq!(reasons[5], (8, "\"0\" is no time that can be given"));
        assert_eq!(reasons[6], (9, "\"2027-01\" is in the future"));
        assert_eq!(reasons.len(), 7);
    }

    #[test]
    fn members_may_be_named_by_their_documents() {
        let now = YearMonth::parse(2026, 11).unwrap();
        let text = "身份证号,时长\n51010219x,1\n,2\n";
        let register = Register::read(text.as_bytes(), now).unwrap();
        assert!(register.by_document);
        assert_eq!(
            register.members().into_iter().collect::<Vec<_>>(),
            ["51010219x"]
        );
        assert_eq!(register.bad.len(), 1);
        let both = "编号,证件号,时长\n";
        assert!(!Register::read(both.as_bytes(), now).unwrap().by_document);
        assert!(Register::read("时长\n".as_bytes(), now).is_err());
    }

    #[test]
    fn a_member_is_given_the_sum_of_the_rows() {
        let (one, two) = (code(1), code(2));
        let rows = format!(
            "{one},,2,2016-03\n{two},,1,2016-03\n{},,90m,2016-04\n",
            id(1)
        );
        let mut register = register(&rows);
        assert_eq!(register.members().len(), 3);
        let totals = register.totals(|who| {
            if who == two {
                Err("is not enrolled".to_owned())
            } else {
                Ok(id(1))
            }
        });
        let expected = Total {
            minutes: Minutes::parse(210).unwrap(),
            lines: vec![2, 4],
        };
        assert_eq!(totals, BTreeMap::from([(id(1), expected)]));
        let reason = "is not enrolled".to_owned();
        assert_eq!(register.bad, [BadRow { line: 3, reason }]);
    }

    #[test]
    fn more_than_anybody_can_have_is_refused_row_by_row() {
        let rows = format!("{0},,1000000,2016-03\n{0},,1000000,2016-04\n", code(1));
        let mut register = register(&rows);
        assert_eq!(register.rows.len(), 2, "each alone would do");
        assert!(register.totals(|_| Ok(id(1))).is_empty());
        assert_eq!(register.bad.len(), 2);
        assert!(register.rows.is_empty());
    }
}
