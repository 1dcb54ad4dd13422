//! TigerBeetle by its own benchmark: a replica of its own, on a file in a new folder.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::{Asking, BATCH, not_measured};
use crate::bank::fresh_folder;

/// The program.
const PROGRAM: &str = "TIMEBANK_TIGERBEETLE";

/// Transfers a second; `None` without the program.
pub(super) fn rate(asking: Asking) -> Result<Option<f64>> {
    let Some(program) = std::env::var_os(PROGRAM) else {
        not_measured("TigerBeetle", &format!("{PROGRAM} names no program"));
        return Ok(None);
    };
    let (batch, transfers, clients) = match asking {
        Asking::One(in_flight) => (1, 10_000, in_flight.min(32)),
        Asking::Batches => (BATCH, 200_000, 4),
    };
    let folder = fresh_folder()?;
    let output = Command::new(program)
        .current_dir(&folder)
        .arg("benchmark")
        .arg(format!("--transfer-batch-count={batch}"))
        .arg(format!("--transfer-count={transfers}"))
        .arg(format!("--clients={clients}"))
        .output()?;
    fs::remove_dir_all(folder)?;
    let said = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "tigerbeetle: {complaint}");
    let line = said.lines().chain(complaint.lines());
    let mut accepted = line.filter_map(|line| line.split_once("load accepted = "));
    let (_, number) = accepted.next().context("it told no rate")?;
    let number = number.split_whitespace().next().context("a number")?;
    Ok(Some(number.parse()?))
}
