//! The demonstration of the README: the first thing that anybody runs.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};
use timebank_tests::bank::fresh_folder;

#[test]
fn the_demonstration_plays_its_day_and_is_audited() -> Result<()> {
    let data = fresh_folder()?;
    let output = Command::new(Path::new(env!("CARGO_BIN_EXE_timebank-lab")))
        .args(["demo", "--once", "--listen", "127.0.0.1:0", "--data"])
        .arg(&data)
        .output()?;
    let said = String::from_utf8(output.stdout)?;
    let cause = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{said}{cause}");
    // The figures that the README shows.
    let readme = include_str!("../../README.md");
    let figures = said
        .lines()
        .filter(|line| line.starts_with("  ") && line.contains("records,"));
    let figures: Vec<&str> = figures.map(str::trim).collect();
    ensure!(figures.len() == 1 && readme.contains(figures[0]), "{said}");
    let rows = said.lines().find(|line| line.contains("state rows"));
    ensure!(
        rows.is_some_and(|rows| readme.contains(rows.trim())),
        "{said}"
    );
    std::fs::remove_dir_all(&data)?;
    Ok(())
}
