//! A plain double entry in PostgreSQL: two balances and one row in one transaction, by
//! pgbench, over the socket, as fast as it gets.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::{Asking, BATCH, not_measured};
use crate::bank::fresh_folder;
use crate::postgres;

/// How long each is measured, in seconds.
const SECONDS: &str = "4";
/// Clients of which the best number counts.
const CLIENTS: [usize; 3] = [8, 16, 32];

const TABLES: &str = "
    CREATE TABLE accounts (id integer PRIMARY KEY, balance bigint NOT NULL);
    CREATE TABLE transfers (id bigserial PRIMARY KEY, giver integer NOT NULL,
        recipient integer NOT NULL, minutes bigint NOT NULL);
    INSERT INTO accounts SELECT number, 10000000 FROM generate_series(1, 400) number;";

/// One statement, so that there is one round trip. The accounts are locked in order.
const ONE: &str = "\\set giver random(1, 399)
\\set recipient random(:giver + 1, 400)
WITH debit AS (UPDATE accounts SET balance = balance - 15 WHERE id = :giver),
     credit AS (UPDATE accounts SET balance = balance + 15 WHERE id = :recipient)
INSERT INTO transfers (giver, recipient, minutes) VALUES (:giver, :recipient, 15);
";

/// All transfers of a batch in one statement, and each account once.
const MANY: &str = "WITH made AS (
    INSERT INTO transfers (giver, recipient, minutes)
    SELECT 1 + number % 399, 2 + number % 399, 15 FROM generate_series(1, 500) number
    RETURNING giver, recipient, minutes),
  moved AS (
    SELECT id, sum(minutes) AS minutes FROM (
      SELECT giver AS id, -minutes AS minutes FROM made
      UNION ALL SELECT recipient, minutes FROM made) lines GROUP BY id)
UPDATE accounts SET balance = balance + moved.minutes FROM moved WHERE accounts.id = moved.id;
";

/// Entries a second; `None` without pgbench.
pub(super) fn rate(asking: Asking) -> Result<Option<f64>> {
    let pgbench = postgres::program("pgbench")?;
    if !pgbench.exists() {
        not_measured("PostgreSQL", "this installation has no pgbench");
        return Ok(None);
    }
    let (folder, url) = (fresh_folder()?, postgres::fresh_database()?);
    let psql = Command::new(postgres::program("psql")?)
        .args([
            "--quiet",
            "--set=ON_ERROR_STOP=1",
            "--command",
            TABLES,
            &url,
        ])
        .status()?;
    ensure!(psql.success(), "psql could not make the tables");
    let script = folder.join("script.sql");
    let (text, entries) = match asking {
        Asking::One(_) => (ONE, 1),
        Asking::Batches => (MANY, BATCH),
    };
    fs::write(&script, text)?;
    let mut best = 0.0_f64;
    for clients in CLIENTS {
        // Batches lock all accounts: more than one client would wait in turns.
        let clients = match asking {
            Asking::One(_) => clients,
            Asking::Batches => 1,
        };
        let output = Command::new(&pgbench)
            .args([
                "--no-vacuum",
                "--protocol=prepared",
                "--jobs=2",
                "--time",
                SECONDS,
            ])
            .args(["--client", &clients.to_string(), "--file"])
            .arg(&script)
            .arg(&url)
            .output()?;
        let said = String::from_utf8_lossy(&output.stdout);
        let complaint = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "pgbench: {complaint}");
        best = best.max(transactions(&said)?);
        if asking == Asking::Batches {
            break;
        }
    }
    fs::remove_dir_all(folder)?;
    let entries = u32::try_from(entries).context("a batch is short")?;
    Ok(Some(best * f64::from(entries)))
}

/// Transactions a second, as pgbench says it.
fn transactions(said: &str) -> Result<f64> {
    let line = said.lines().find_map(|line| line.strip_prefix("tps = "));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.context("pgbench told no tps")?.parse()?)
}
