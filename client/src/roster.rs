//! The roster of a group event, as a station writes it down: a table of who
//! helped, and how long.

use std::collections::BTreeMap;

use ledger::event::{Attendance, ROSTER_MAX, Roster};
use ledger::{MemberId, Minutes};

use crate::table::{self, Table, TableError};

/// What the columns may be called.
const MEMBER: &[&str] = &["member", "code", "编号", "会员", "会员编号", "志愿者编号"];
const HOURS: &[&str] = &["hours", "时长", "小时", "服务时长", "时间"];

/// A row: its line in the file, who, and how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its line in the file.
    pub line: u64,
    /// Who, as it stands there: an id or a short code.
    pub member: String,
    /// How long.
    pub minutes: Minutes,
}

/// A roster cannot be taken as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RosterError {
    /// The file is no table, or lacks a column.
    #[error(transparent)]
    Table(#[from] TableError),
    /// Some rows are wrong: what is wrong with each.
    #[error("{}", .0.join("\n"))]
    Rows(Vec<String>),
    /// Nobody is on it, or too many are.
    #[error("{0} people are on the roster: 1 to {ROSTER_MAX} fit; record the event in parts")]
    Count(usize),
}

/// Reads a roster.
///
/// # Errors
/// [`RosterError::Table`]; [`RosterError::Rows`] with every row that is wrong.
pub fn read(bytes: &[u8]) -> Result<Vec<Row>, RosterError> {
    let table = Table::read(bytes)?;
    let (member, hours) = (table.column(MEMBER)?, table.column(HOURS)?);
    let (mut rows, mut wrong) = (Vec::new(), Vec::new());
    for row in table.rows() {
        let (line, who, how_long) = (row.line, row.cell(member), row.cell(hours));
        let minutes = table::minutes(how_long).map_err(|error| format!("{how_long:?} {error}"));
        let minutes = minutes.and_then(|minutes| {
            let fault = |_| format!("{how_long:?} is no time that can be earned");
            Minutes::parse(minutes).map_err(fault)
        });
        match minutes {
            Ok(_) if who.is_empty() => wrong.push(format!("line {line}: names no member")),
            Ok(minutes) => rows.push(Row {
                line,
                member: who.to_owned(),
                minutes,
            }),
            Err(reason) => wrong.push(format!("line {line}: {reason}")),
        }
    }
    if wrong.is_empty() {
        Ok(rows)
    } else {
        Err(RosterError::Rows(wrong))
    }
}

/// The roster of rows whose members are known.
///
/// # Errors
/// [`RosterError::Rows`] with every member who stands there twice;
/// [`RosterError::Count`].
pub fn roster(rows: &[(Row, MemberId)]) -> Result<Roster, RosterError> {
    let (mut attended, mut wrong) = (BTreeMap::new(), Vec::new());
    for (row, volunteer) in rows {
        let (volunteer, minutes) = (*volunteer, row.minutes);
        let attendance = Attendance { volunteer, minutes };
        if let Some((first, _)) = attended.insert(volunteer, (row.line, attendance)) {
            let line = row.line;
            wrong.push(format!("line {line}: the same member as in line {first}"));
        }
    }
    if !wrong.is_empty() {
        return Err(RosterError::Rows(wrong));
    }
    let count = attended.len();
    let list = attended.into_values().map(|(_, attendance)| attendance);
    Roster::new(list.collect()).ok_or(RosterError::Count(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Result<Vec<Row>, RosterError> {
        read(format!("编号,姓名,时长\n{text}").as_bytes())
    }

    fn id(number: u8) -> MemberId {
        MemberId::from_bytes([number; 16])
    }

    #[test]
    fn a_list_of_a_station_is_a_roster_in_order() {
        let rows = rows("b,乙,2小时\na,甲,1.5\n").unwrap();
        let found = rows.into_iter().zip([id(2), id(1)]);
        let roster = roster(&found.collect::<Vec<_>>()).unwrap();
        let list: Vec<_> = roster
            .iter()
            .map(|it| (it.volunteer, it.minutes.get()))
            .collect();
        assert_eq!(list, [(id(1), 90), (id(2), 120)]);
    }

    #[test]
    fn every_wrong_row_says_why() {
        let wrong = rows("a,甲,半天\n,乙,1\nc,丙,0\n").unwrap_err().to_string();
        let lines: Vec<&str> = wrong.lines().collect();
        assert!(lines[0].starts_with("line 2: \"半天\""), "{wrong}");
        assert_eq!(lines[1], "line 3: names no member");
        assert_eq!(lines[2], "line 4: \"0\" is no time that can be earned");
    }

    #[test]
    fn nobody_stands_on_it_twice_and_it_is_never_empty() {
        let rows = rows("a,甲,1\nb,乙,1\na,甲,1\n").unwrap();
        let found = rows.into_iter().zip([id(1), id(2), id(1)]);
        let twice = roster(&found.collect::<Vec<_>>()).unwrap_err();
        assert_eq!(twice.to_string(), "line 4: the same member as in line 2");
        assert_eq!(roster(&[]), Err(RosterError::Count(0)));
    }
}
