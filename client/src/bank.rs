//! The bank's statement beside the fund's cash account: what is on both, and
//! what is on one alone.
//!
//! A movement is matched with one of the same amount, to the fen, that is at most
//! so many days away. The bank's rows are taken by date, each with the earliest
//! of the ledger's that is still free: with one window for all, no other way
//! matches more.

use std::collections::BTreeMap;

use ledger::Millis;
use serde::Serialize;

use crate::table::{self, Table, TableError};

/// What the columns may be called.
const DATE: &[&str] = &["date", "日期", "交易日期", "记账日期", "booking date"];
const AMOUNT: &[&str] = &["amount", "金额", "交易金额", "发生额"];
const INCOME: &[&str] = &["credit", "收入", "贷方", "贷方发生额", "收入金额"];
const EXPENSE: &[&str] = &["debit", "支出", "借方", "借方发生额", "支出金额"];
const TEXT: &[&str] = &["text", "摘要", "附言", "用途", "description", "reference"];

const DAY_MS: i64 = 86_400_000;

/// Something that moved money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Movement {
    /// The day: days since 1970-01-01.
    pub day: i64,
    /// What came in; below zero, what went out. In fen.
    pub fen: i64,
    /// What is known of it: the bank's text with its line, or the record.
    pub text: String,
}

/// What the comparison gave.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Reconciliation {
    /// How many are on both.
    pub matched: usize,
    /// Only on the bank's statement.
    pub only_bank: Vec<Movement>,
    /// Only in the ledger.
    pub only_ledger: Vec<Movement>,
    /// How much more the bank has than the ledger, by the two lists; in fen.
    pub difference_fen: i64,
}

impl Reconciliation {
    /// Whether there is no difference.
    pub fn is_even(&self) -> bool {
        self.only_bank.is_empty() && self.only_ledger.is_empty()
    }

    /// Compares; movements are the same if at most so many days are between them.
    /// What the ledger has before the first or after the last day of the bank's
    /// statement may be on it, and need not.
    pub fn of(mut bank: Vec<Movement>, mut ledger: Vec<Movement>, days: i64) -> Self {
        let mut result = Self::default();
        bank.sort_by_key(|it| it.day);
        let span = bank.first().zip(bank.last());
        let span = span.map(|(first, last)| first.day..=last.day);
        ledger.sort_by_key(|it| it.day);
        let mut free: BTreeMap<i64, Vec<Movement>> = BTreeMap::new();
        for movement in ledger.into_iter().rev() {
            free.entry(movement.fen).or_default().push(movement);
        }
        for movement in bank {
            let same = free.entry(movement.fen).or_default();
            // What is too early for this one is too early for all that follow.
            while let Some(early) = same.pop_if(|it| it.day < movement.day - days) {
                result.only_ledger.push(early);
            }
            match same.pop_if(|it| it.day <= movement.day + days) {
                Some(_) => result.matched += 1,
                None => result.only_bank.push(movement),
            }
        }
        result.only_ledger.extend(free.into_values().flatten());
        result.only_ledger.sort_by_key(|it| it.day);
        let is_within = |it: &Movement| span.as_ref().is_none_or(|span| span.contains(&it.day));
        result.only_ledger.retain(is_within);
        let sum = |movements: &[Movement]| -> i64 { movements.iter().map(|it| it.fen).sum() };
        result.difference_fen = sum(&result.only_bank) - sum(&result.only_ledger);
        result
    }
}

/// The day of a time, in days since 1970-01-01 by the clock that is so many hours
/// before UTC: the bank's.
pub const fn day_of(time: Millis, hours_east: i64) -> i64 {
    (time.get() + hours_east * 3_600_000).div_euclid(DAY_MS)
}

/// Reads a bank's statement: a date, and an amount with its sign or two columns
/// of what came in and what went out.
///
/// # Errors
/// [`TableError`]; for a row that cannot be read, [`TableError::Csv`] with its
/// line: a statement is taken whole or not at all.
pub fn read(bytes: &[u8]) -> Result<Vec<Movement>, TableError> {
    let table = Table::read(bytes)?;
    let date = table.column(DATE)?;
    let (amount, text) = (table.find(AMOUNT), table.find(TEXT));
    let both = match amount {
        Some(_) => None,
        None => Some((table.column(INCOME)?, table.column(EXPENSE)?)),
    };
    let mut movements = Vec::new();
    for row in table.rows() {
        let wrong =
            |what: &str, error| TableError::Csv(format!("line {}: {what:?} {error}", row.line));
        let money = |column| {
            let cell = row.cell(column);
            match cell {
                "" | "-" | "--" => Ok(0),
                _ => table::money(cell).map_err(|error| wrong(cell, error)),
            }
        };
        let fen = match (amount, both) {
            (Some(amount), _) => money(amount)?,
            (None, Some((income, expense))) => money(income)? - money(expense)?.abs(),
            (None, None) => 0,
        };
        let cell = row.cell(date);
        let date = table::date(cell).map_err(|error| wrong(cell, error))?;
        let note = text.map_or("", |column| row.cell(column));
        movements.push(Movement {
            day: date
                .days()
                .ok_or_else(|| wrong(cell, table::CellError::Date))?,
            fen,
            text: format!("line {} {note}", row.line).trim_end().to_owned(),
        });
    }
    movements.retain(|it| it.fen != 0);
    Ok(movements)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn movement(day: i64, fen: i64) -> Movement {
        let text = String::new();
        Movement { day, fen, text }
    }

    #[test]
    fn a_statement_is_read_with_one_column_or_two() {
        let one = "date,amount,text\n2026-11-01,1200.50,gift\n2026-11-02,-80,care\n";
        let two =
            "交易日期,摘要,收入,支出\n2026年11月1日,gift,\"1,200.50\",\n20261102,care,-,80.00\n";
        let read = |text: &str| read(text.as_bytes()).unwrap();
        let expected = [(20_758, 120_050), (20_759, -8_000)];
        for movements in [read(one), read(two)] {
            let plain: Vec<_> = movements.iter().map(|it| (it.day, it.fen)).collect();
            assert_eq!(plain, expected);
            assert_eq!(movements[1].text, "line 3 care");
        }
    }

    #[test]
    fn a_row_that_cannot_be_read_stops_it() {
        let wrong = read(b"date,amount\n2026-11-01,12\n2026-11,1\n").unwrap_err();
        assert!(wrong.to_string().contains("line 3"), "{wrong}");
        let wrong = read(b"date,amount\n2026-11-01,twelve\n").unwrap_err();
        assert!(wrong.to_string().contains("line 2: \"twelve\""), "{wrong}");
        assert!(
            read(b"date,credit\n").is_err(),
            "nothing says what went out"
        );
    }

    #[test]
    fn what_is_on_both_is_matched_and_the_rest_is_told() {
        let bank = vec![movement(10, 500), movement(12, -80), movement(13, 7)];
        let ledger = vec![
            movement(11, -80),
            movement(8, 500),
            movement(12, 9),
            movement(30, 7),
        ];
        let result = Reconciliation::of(bank, ledger, 5);
        assert_eq!((result.matched, result.is_even()), (2, false));
        assert_eq!(result.only_bank, [movement(13, 7)]);
        assert_eq!(result.only_ledger, [movement(12, 9)], "day 30 is not on it");
        assert_eq!(result.difference_fen, -2);
    }

    #[test]
    fn the_last_day_of_the_window_is_in_it() {
        let compare = |day| {
            let result = Reconciliation::of(vec![movement(10, 5)], vec![movement(day, 5)], 3);
            result.matched
        };
        assert_eq!([6, 7, 13, 14].map(compare), [0, 1, 1, 0]);
    }

    #[test]
    fn equal_amounts_are_matched_as_often_as_can_be() {
        // Taking the nearest first would leave the bank's second alone.
        let bank = vec![movement(10, 5), movement(14, 5)];
        let ledger = vec![movement(7, 5), movement(11, 5)];
        let result = Reconciliation::of(bank, ledger, 3);
        assert_eq!((result.matched, result.is_even()), (2, true));
        let twice = Reconciliation::of(vec![movement(1, 5)], vec![movement(1, 5); 2], 3);
        assert_eq!(twice.only_ledger.len(), 1, "one was booked twice");
    }

    #[test]
    fn a_day_is_that_of_the_bank() {
        let late = Millis::new(20 * 3_600_000);
        assert_eq!((day_of(late, 0), day_of(late, 8)), (0, 1));
    }
}
