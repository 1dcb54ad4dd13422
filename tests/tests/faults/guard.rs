//! The guard: a database that does not extend what this server has signed is
//! served for reading only, and nothing is signed on it.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use timebank_tests::bank::{Bank, Plan};
use tonic::Code;

use crate::site::{Kind, Site, refusal};
use crate::wire;

on_both_databases!(
    a_torn_guard_is_read_from_its_other_half,
    a_guard_without_a_whole_half_is_refused,
    a_guard_that_is_behind_is_no_fault,
    a_database_from_an_older_backup_is_read_only,
    another_database_of_the_same_size_is_read_only,
    a_lost_log_key_is_not_replaced_in_silence,
);

/// Where the second half of the file begins.
const HALF: u64 = 4096;

async fn a_torn_guard_is_read_from_its_other_half(kind: Kind) -> Result<()> {
    let site = Site::finished(kind, 4, 40).await?;
    for half in [0, HALF] {
        let kept = fs::read(guard_file(&site.plan))?;
        damage(&site.plan, half + 20)?;
        let bank = site.plan.start()?;
        ensure!(bank.read_only.is_none(), "{:?}", bank.read_only);
        wire::submit(&bank.url(), &[site.gift(0)]).await?;
        site.audit(&bank.url()).await?;
        bank.end()?;
        ensure!(
            fs::read(guard_file(&site.plan))? != kept,
            "it was written again"
        );
    }
    Ok(())
}

async fn a_guard_without_a_whole_half_is_refused(kind: Kind) -> Result<()> {
    let site = Site::finished(kind, 4, 40).await?;
    // So that both halves are written.
    let bank = site.plan.start()?;
    wire::submit(&bank.url(), &[site.gift(0)]).await?;
    wire::submit(&bank.url(), &[site.gift(1)]).await?;
    bank.end()?;
    let whole = fs::read(guard_file(&site.plan))?;
    damage(&site.plan, 3)?;
    damage(&site.plan, HALF + 3)?;
    let said = refusal(&site.plan)?;
    ensure!(said.contains("guard file is damaged"), "{said}");
    for cut in [4100, 10] {
        fs::write(guard_file(&site.plan), &whole[..cut])?;
        let said = refusal(&site.plan)?;
        ensure!(said.contains("guard file"), "{said}");
    }
    fs::write(guard_file(&site.plan), whole)?;
    let bank = site.plan.start()?;
    site.audit(&bank.url()).await?;
    bank.end()
}

async fn a_guard_that_is_behind_is_no_fault(kind: Kind) -> Result<()> {
    let site = Site::finished(kind, 4, 40).await?;
    let older = fs::read(guard_file(&site.plan))?;
    let bank = site.plan.start()?;
    for number in 0..5 {
        wire::submit(&bank.url(), &[site.gift(number)]).await?;
    }
    bank.end()?;
    fs::write(guard_file(&site.plan), older)?;
    ensure!(site.guarded()?.size.get() == 40);
    let bank = site.plan.start()?;
    ensure!(bank.read_only.is_none(), "{:?}", bank.read_only);
    wire::submit(&bank.url(), &[site.gift(9)]).await?;
    ensure!(site.audit(&bank.url()).await?.tree_size.get() == 46);
    bank.end()
}

async fn a_database_from_an_older_backup_is_read_only(kind: Kind) -> Result<()> {
    let site = Site::finished(kind, 4, 40).await?;
    let mut sql = site.sql().await?;
    sql.keep().await?;
    let bank = site.plan.start()?;
    let later = site.gift(0);
    wire::submit(&bank.url(), std::slice::from_ref(&later)).await?;
    bank.end()?;
    sql.drop_triggers().await?;
    sql.restore().await?;
    let bank = site.plan.start()?;
    read_only(&site, &bank, 40, "seen 41 signed").await?;
    bank.end()?;
    // What was lost may have been shown to somebody: it never starts by itself.
    let bank = site.plan.start()?;
    ensure!(bank.read_only.is_some());
    bank.end()
}

async fn another_database_of_the_same_size_is_read_only(kind: Kind) -> Result<()> {
    let site = Site::finished(kind, 4, 40).await?;
    let other = Site::new(kind, 4)?;
    fs::copy(
        site.plan.data.join("log.key"),
        other.plan.data.join("log.key"),
    )?;
    let bank = other.plan.start()?;
    let opening = other.street.opening(90);
    wire::submit(&bank.url(), &opening).await?;
    let gifts: Vec<_> = (opening.len()..40)
        .map(|number| other.gift(number))
        .collect();
    wire::submit(&bank.url(), &gifts).await?;
    bank.end()?;
    fs::copy(guard_file(&site.plan), guard_file(&other.plan))?;
    let bank = other.plan.start()?;
    read_only(&other, &bank, 40, "differs").await?;
    bank.end()
}

/// A server that says why it serves reads only, and does so.
async fn read_only(site: &Site, bank: &Bank, records: u64, why: &str) -> Result<()> {
    let reason = bank.read_only.as_ref().context("it would sign")?;
    ensure!(reason.contains(why), "{reason}");
    let guarded = fs::read(guard_file(&site.plan))?;
    let mut service = wire::service(&bank.url()).await?;
    let refused = wire::submit_one(&mut service, &site.gift(0)).await;
    let status = refused.err().context("it has recorded something")?;
    ensure!(status.code() == Code::Unavailable, "{status}");
    ensure!(String::from_utf8_lossy(status.details()).contains("READ_ONLY"));
    let batch = wire::submit(&bank.url(), &[site.gift(0)]).await;
    ensure!(batch.is_err(), "the stream has recorded something");
    // What is there can be read and is in itself right.
    let report = wire::audit(&bank.url(), &site.street.auditor).await?;
    ensure!(report.tree_size.get() == records);
    ensure!(
        guarded == fs::read(guard_file(&site.plan))?,
        "the guard has changed"
    );
    Ok(())
}

async fn a_lost_log_key_is_not_replaced_in_silence(kind: Kind) -> Result<()> {
    let site = Site::finished(kind, 4, 40).await?;
    let key_file = site.plan.data.join("log.key");
    let key = fs::read(&key_file)?;
    fs::remove_file(&key_file)?;
    let said = refusal(&site.plan)?;
    ensure!(
        said.contains("log.key") && said.contains("missing"),
        "{said}"
    );
    ensure!(!key_file.exists(), "another key was made");
    // Without the guard, which remembers it, the checkpoint tells the key.
    let guard = fs::read(guard_file(&site.plan))?;
    fs::remove_file(guard_file(&site.plan))?;
    let said = refusal(&site.plan)?;
    ensure!(
        said.contains("checkpoint") && said.contains("key"),
        "{said}"
    );
    fs::write(guard_file(&site.plan), guard)?;
    // Nothing was signed under another key, and with the old one it goes on.
    fs::write(&key_file, key)?;
    let bank = site.plan.start()?;
    wire::submit(&bank.url(), &[site.gift(0)]).await?;
    ensure!(site.audit(&bank.url()).await?.tree_size.get() == 41);
    bank.end()
}

fn guard_file(plan: &Plan) -> impl AsRef<Path> + use<> {
    plan.data.join("guard")
}

fn damage(plan: &Plan, offset: u64) -> Result<()> {
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .open(guard_file(plan))?;
    let mut byte = [0];
    file.read_exact_at(&mut byte, offset)?;
    file.write_all_at(&[!byte[0]], offset)?;
    Ok(())
}
