//! Kill -9 of the server at random moments under load.
//!
//! Several tellers submit all the time and remember what was acknowledged: one
//! entry a call or batches on a stream, gifts or whole visits. After each kill
//! the server is started again on what it left, and must still have every
//! acknowledged entry at its place, under a log that extends every checkpoint
//! that it ever showed. What was not acknowledged is submitted again, so that
//! in the end every entry is in the log exactly once.
//!
//! `FAULTS_SEED` chooses the moments, `FAULTS_KILLS` how many there are on each
//! database.

mod memory;
mod teller;

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use timebank_tests::bank::Bank;
use timebank_tests::faulty::Dice;

use self::memory::Memory;
use self::teller::{Manner, Teller};
use crate::site::{Kind, Site};
use crate::wire;

on_both_databases!(every_acknowledged_entry_survives_every_kill);

const KILLS: u64 = 105;
/// An audit follows each kill of this number.
const AUDIT_EVERY: u64 = 21;
const MEMBERS: u64 = 10;

async fn every_acknowledged_entry_survives_every_kill(kind: Kind) -> Result<()> {
    let mut dice = Dice::of_this_run();
    let (site, bank) = Site::open(kind, MEMBERS).await?;
    let opening = usize::try_from(
        wire::audit(&bank.url(), &site.street.auditor)
            .await?
            .tree_size
            .get(),
    )?;
    let mut memory = Memory::new(bank.verifier_key.parse()?);
    bank.kill_nine()?;
    let site = Arc::new(site);
    let mut tellers: Vec<Teller> = [Manner::Gifts, Manner::Gifts, Manner::Visits, Manner::Stream]
        .into_iter()
        .enumerate()
        .map(|(number, manner)| Teller::new(Arc::clone(&site), number, manner))
        .collect();
    let kills = kills();
    for kill in 1..=kills {
        let moment = Duration::from_millis(5 + dice.below(116));
        tellers = round(&site, &mut memory, tellers, moment)
            .await
            .with_context(|| format!("kill {kill} after {moment:?}"))?;
        if kill % AUDIT_EVERY == 0 {
            let bank = restart(&site)?;
            memory.check_history(&bank).await?;
            audit(&site, &bank).await?;
            bank.kill_nine()?;
        }
    }
    let bank = restart(&site)?;
    for teller in &mut tellers {
        teller.finish(&bank.url()).await?;
    }
    memory.learn(&tellers);
    memory.check_all(&bank, &tellers).await?;
    memory.check_history(&bank).await?;
    let recorded: usize = tellers.iter().map(|teller| teller.acknowledged.len()).sum();
    let report = audit(&site, &bank).await?;
    println!(
        "{kind:?}: {kills} kills, {recorded} entries, {} seen checkpoints",
        memory.seen
    );
    ensure!(recorded > 10, "there was no load");
    ensure!(
        report.tree_size.get() == (opening + recorded) as u64,
        "{opening} and {recorded} entries made {} records",
        report.tree_size
    );
    bank.end()
}

fn kills() -> u64 {
    let wanted = std::env::var("FAULTS_KILLS").ok();
    wanted.and_then(|kills| kills.parse().ok()).unwrap_or(KILLS)
}

fn restart(site: &Site) -> Result<Bank> {
    let bank = site.plan.start()?;
    ensure!(bank.read_only.is_none(), "{:?}", bank.read_only);
    Ok(bank)
}

/// Starts the server, looks for what was acknowledged, lets the tellers loose,
/// and kills the server at its moment.
async fn round(
    site: &Site,
    memory: &mut Memory,
    tellers: Vec<Teller>,
    moment: Duration,
) -> Result<Vec<Teller>> {
    let bank = restart(site)?;
    memory.check_newest(&bank, &tellers).await?;
    let working: Vec<_> = tellers
        .into_iter()
        .map(|teller| tokio::spawn(teller.work(bank.url())))
        .collect();
    wait(moment).await;
    bank.kill_nine()?;
    let mut tellers = Vec::with_capacity(working.len());
    for teller in working {
        tellers.push(teller.await??);
    }
    memory.learn(&tellers);
    Ok(tellers)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the moment of the fault is random; nothing waits for anything here"
)]
async fn wait(moment: Duration) {
    tokio::time::sleep(moment).await;
}

/// Audits the ledger. The guard may be one commit behind, but of this log.
async fn audit(site: &Site, bank: &Bank) -> Result<client::AuditReport> {
    let report = wire::audit(&bank.url(), &site.street.auditor).await?;
    ensure!(
        site.guarded()?.size <= report.tree_size,
        "the guard is ahead"
    );
    Ok(report)
}
