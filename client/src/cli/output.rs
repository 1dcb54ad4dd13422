//! Printing. A reader who has gone away (`| head`) is no error.

use std::io::{self, Write as _};

/// Prints bytes as they are.
pub(crate) fn print(bytes: &[u8]) {
    // Nobody is left to tell if this fails.
    let _ = io::stdout().write_all(bytes);
}

/// Prints a line.
pub(crate) fn print_line(text: &str) {
    let _ = writeln!(io::stdout(), "{text}");
}

/// Prints a line to the standard error.
pub(crate) fn print_error(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Sets words in columns, two spaces apart; the last column is not padded.
pub(crate) fn table(rows: &[Vec<String>]) -> String {
    let width = |text: &String| text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            rows.iter()
                .filter_map(|row| row.get(column))
                .map(width)
                .max()
                .unwrap_or(0)
        })
        .collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, widest) in row.iter().zip(&widths) {
            line.push_str(cell);
            let padding = widest.saturating_sub(width(cell)) + 2;
            line.push_str(&" ".repeat(padding));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_each_other_also_with_wide_letters() {
        let rows = [["a", "bb", "c"], ["时间", "b", "c"]];
        let rows: Vec<Vec<String>> = rows
            .iter()
            .map(|row| row.map(str::to_owned).into())
            .collect();
        assert_eq!(table(&rows), "a     bb  c\n时间  b   c");
    }
}
