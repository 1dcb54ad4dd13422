//! Kill -9 of the server at random moments under load.
//!
//! Several tellers submit all the time and remember what was acknowledged: one
//! entry a call or batches on a stream, gifts or whole visits. After each kill
//! the server is started again on what it left, and must still have every
//! acknowledged entry at its place, under a log that extends every checkpoint
//! that it ever showed. What was not acknowledged is submitted again, so that
//! in the end every entry is in the log exactly once.
//!
//! The same is done to PostgreSQL itself, under a server that it leaves alone.
//!
//! `FAULTS_SEED` chooses the moments, `FAULTS_KILLS` how many there are on each
//! database.

mod load;
mod memory;
mod teller;

use std::time::Duration;

use anyhow::{Context, Result};
use timebank_tests::faulty::Dice;
use timebank_tests::postgres::{Cluster, Durability};

use self::load::Load;
use crate::site::{Kind, Site};

on_both_databases!(every_acknowledged_entry_survives_every_kill);

/// Kills of the server on each database.
const KILLS: u64 = 105;
/// An audit follows each kill of this number.
const AUDIT_EVERY: u64 = 21;
/// Crashes of PostgreSQL.
const CRASHES: u64 = 12;
const MEMBERS: u64 = 10;

async fn every_acknowledged_entry_survives_every_kill(kind: Kind) -> Result<()> {
    let mut dice = Dice::of_this_run();
    let mut load = Load::open(Site::new(kind, MEMBERS)?).await?;
    let kills = kills();
    for kill in 1..=kills {
        let moment = Duration::from_millis(5 + dice.below(116));
        killed(&mut load, moment)
            .await
            .with_context(|| format!("kill {kill} after {moment:?}"))?;
        if kill % AUDIT_EVERY == 0 {
            let bank = load.restart()?;
            load.audit(&bank).await?;
            bank.kill_nine()?;
        }
    }
    let recorded = load.finish().await?;
    println!("{kind:?}: {kills} kills, {recorded}");
    Ok(())
}

fn kills() -> u64 {
    let wanted = std::env::var("FAULTS_KILLS").ok();
    wanted.and_then(|kills| kills.parse().ok()).unwrap_or(KILLS)
}

/// Starts the server, looks for what was acknowledged, lets the tellers loose,
/// and kills the server at its moment.
async fn killed(load: &mut Load, moment: Duration) -> Result<()> {
    let bank = load.restart()?;
    load.check_newest(&bank).await?;
    let working = load.release(&bank);
    wait(moment).await;
    bank.kill_nine()?;
    load.gather(working).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_acknowledged_entry_survives_a_crash_of_the_database() -> Result<()> {
    let mut dice = Dice::of_this_run();
    let cluster = Cluster::start(Durability::Full)?;
    let site = Site::on(Kind::Postgres, cluster.create_database("bank")?, MEMBERS)?;
    let mut load = Load::open(site).await?;
    for crash in 1..=CRASHES {
        let [before, during, after] = [150, 40, 150].map(|most| 5 + dice.below(most));
        let bank = load.restart()?;
        load.check_newest(&bank).await?;
        let working = load.release(&bank);
        wait(Duration::from_millis(before)).await;
        cluster.kill_nine()?;
        wait(Duration::from_millis(during)).await;
        cluster.restart()?;
        // The server goes on, or has stopped because it could not know.
        wait(Duration::from_millis(after)).await;
        bank.kill_nine()?;
        let gathered = load.gather(working).await;
        gathered.with_context(|| format!("crash {crash}"))?;
    }
    let recorded = load.finish().await?;
    println!("{CRASHES} crashes, {recorded}");
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "the moment of the fault is random; nothing waits for anything here"
)]
async fn wait(moment: Duration) {
    tokio::time::sleep(moment).await;
}
