//! A published checkpoint: it tells what a new machine without a guard cannot
//! know.

use std::fs;

use anyhow::{Result, ensure};
use server::guard::Guarded;

use super::lost::{adoption, lose, read_only_reason};
use crate::site::{Kind, Site, refusal};
use crate::wire;

on_both_databases!(
    a_published_checkpoint_tells_what_a_lost_guard_cannot,
    a_published_checkpoint_that_the_log_has_not_signed_is_no_setting,
);

async fn a_published_checkpoint_tells_what_a_lost_guard_cannot(kind: Kind) -> Result<()> {
    let mut site = Site::finished(kind, 4, 40).await?;
    let lost = lose(&site, 3).await?;
    fs::remove_file(site.plan.data.join("guard"))?;
    let folder = site.plan.data.join("public");
    fs::create_dir_all(&folder)?;
    // Nothing is published yet, and nobody knows better.
    site.plan.flags = vec!["--published".to_owned(), folder.display().to_string()];
    let bank = site.plan.start()?;
    ensure!(bank.read_only.is_none(), "{:?}", bank.read_only);
    bank.end()?;
    let newest = lost.receipts.last().expect("three were lost");
    fs::write(folder.join("checkpoint"), newest.checkpoint.as_bytes())?;
    for path in [folder.clone(), folder.join("checkpoint")] {
        site.plan.flags = vec!["--published".to_owned(), path.display().to_string()];
        let bank = site.plan.start()?;
        let why = read_only_reason(&bank)?;
        ensure!(
            why.contains("the published checkpoint has seen 43"),
            "{why}"
        );
        ensure!(wire::submit(&bank.url(), &[site.gift(0)]).await.is_err());
        bank.end()?;
    }
    let bank = site.plan.start()?;
    let Guarded { size, root } = lost.tree;
    wire::submit(&bank.url(), &[adoption(&site, Guarded { size, root })]).await?;
    wire::submit(&bank.url(), &[site.gift(0)]).await?;
    ensure!(site.audit(&bank.url()).await?.adoptions.len() == 1);
    bank.end()?;
    // The old checkpoint is still published, and the log says that it is given up.
    let bank = site.plan.start()?;
    ensure!(bank.read_only.is_none(), "{:?}", bank.read_only);
    bank.end()
}

async fn a_published_checkpoint_that_the_log_has_not_signed_is_no_setting(
    kind: Kind,
) -> Result<()> {
    let mut site = Site::finished(kind, 4, 40).await?;
    let other = Site::finished(kind, 4, 40).await?;
    let file = site.plan.data.join("published");
    site.plan.flags = vec!["--published".to_owned(), file.display().to_string()];
    let bank = other.plan.start()?;
    let client = wire::client(&bank.url()).await?;
    let foreign = client.submit_signed(&other.gift(0)).await?.receipt;
    bank.end()?;
    for bytes in [b"nonsense".as_slice(), foreign.checkpoint.as_bytes()] {
        fs::write(&file, bytes)?;
        let said = refusal(&site.plan)?;
        ensure!(said.contains("published checkpoint"), "{said}");
    }
    Ok(())
}
