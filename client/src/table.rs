//! Tables that other programs have written: CSV with a row of headings, in UTF-8
//! or GB18030, with whatever a spreadsheet has made of numbers and dates.
//!
//! Cells are read with forgiveness where there is one meaning, and refused with
//! a reason where there are two. RFC 4180 is the format; GB18030 is what
//! spreadsheets in China save.

mod cell;

use std::borrow::Cow;

pub use cell::{CellError, Date, date, minutes, money};

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    headings: Vec<String>,
    rows: Vec<Row>,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its line in the file, from 1: the headings are in line 1.
    pub line: u64,
    cells: Vec<String>,
}

/// A table cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// Neither UTF-8 nor GB18030.
    #[error("the file is neither UTF-8 nor GB18030: save it as \"CSV UTF-8\"")]
    Encoding,
    /// The quotes or columns do not fit.
    #[error("the file is no CSV: {0}")]
    Csv(String),
    /// A column is missing.
    #[error("there is no column {wanted}; the headings are {}", .found.join(", "))]
    ColumnMissing {
        /// Which one: every name that would do.
        wanted: String,
        /// The headings that there are.
        found: Vec<String>,
    },
}

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column(usize);

impl Table {
    /// Reads a file.
    ///
    /// # Errors
    /// [`TableError`].
    pub fn read(bytes: &[u8]) -> Result<Self, TableError> {
        let text = decode(bytes)?;
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let wrong = |error: csv::Error| TableError::Csv(error.to_string());
        let headings = reader.headers().map_err(wrong)?;
        let headings = headings.iter().map(cell::narrow).collect();
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(wrong)?;
            let line = record.position().map_or(0, csv::Position::line);
            let cells: Vec<String> = record.iter().map(cell::narrow).collect();
            if cells.iter().any(|cell| !cell.is_empty()) {
                rows.push(Row { line, cells });
            }
        }
        Ok(Self { headings, rows })
    }

    /// The rows that are not empty.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The first column that has one of these names.
    pub fn find(&self, names: &[&str]) -> Option<Column> {
        let is_meant = |heading: &String| names.contains(&heading.to_lowercase().as_str());
        self.headings.iter().position(is_meant).map(Column)
    }

    /// The same, if there has to be one.
    ///
    /// # Errors
    /// [`TableError::ColumnMissing`].
    pub fn column(&self, names: &[&str]) -> Result<Column, TableError> {
        self.find(names).ok_or_else(|| TableError::ColumnMissing {
            wanted: names.join(" or "),
            found: self.headings.clone(),
        })
    }
}

impl Row {
    /// What stands in a column; empty where the row is too short.
    pub fn cell(&self, column: Column) -> &str {
        self.cells.get(column.0).map_or("", String::as_str)
    }
}

/// UTF-8 if it is that, with or without a byte order mark; else GB18030.
fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, TableError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.into());
    }
    let text = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes);
    text.ok_or(TableError::Encoding)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_table_is_read_in_either_encoding() {
        let text = "编号,时长\n1234,\"2小时\"\n\n,\n5678,１.５\n";
        let (gb, _, _) = encoding_rs::GB18030.encode(text);
        let marked = [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
        let table = Table::read(text.as_bytes()).unwrap();
        assert_eq!(Table::read(&gb).unwrap(), table);
        assert_eq!(Table::read(&marked).unwrap(), table);
        let hours = table.column(&["hours", "时长"]).unwrap();
        let cells = table.rows().iter().map(|row| (row.line, row.cell(hours)));
        assert_eq!(cells.collect::<Vec<_>>(), [(2, "2小时"), (5, "1.5")]);
    }

    #[test]
    fn what_is_no_table_is_refused() {
        assert_eq!(Table::read(b"a\n\xff\xff"), Err(TableError::Encoding));
        let table = Table::read(b"Name,Hours\nx\n").unwrap();
        let name = table.column(&["name"]).unwrap();
        let hours = table.column(&["hours"]).unwrap();
        assert_eq!(table.rows()[0].cell(name), "x");
        assert_eq!(table.rows()[0].cell(hours), "", "the row is short");
        let missing = table.column(&["date", "日期"]).unwrap_err().to_string();
        let expected = "there is no column date or 日期; the headings are Name, Hours";
        assert_eq!(missing, expected);
    }
}
