//! A second restore, to a backup that has the first declaration already: what that
//! declared does not excuse the loss of what came after it.

use std::fs;

use anyhow::{Result, ensure};
use client::{AuditError, Fault};
use ledger::SignedEntry;
use ledger::entry::Seen;
use server::guard::Guarded;

use super::lost::{adoption, gift, lose, read_only_reason};
use crate::site::{Kind, Site};
use crate::wire;

on_both_databases!(
    a_declaration_excuses_no_loss_of_what_came_after_it,
    a_checkpoint_of_the_log_that_went_on_is_a_fault_when_it_is_lost_too,
);

/// A log of 42 records, of which the one at 40 gives up a tree of 45. Lost is the
/// next one: its tree, and an entry whose signer had seen that.
async fn lose_again(site: &Site) -> Result<(Guarded, SignedEntry)> {
    let lost = lose(site, 5).await?;
    let mut sql = site.sql().await?;
    let bank = site.plan.start()?;
    wire::submit(&bank.url(), &[adoption(site, lost.tree)]).await?;
    wire::submit(&bank.url(), &[site.gift(0)]).await?;
    bank.end()?;
    sql.keep().await?;
    let bank = site.plan.start()?;
    wire::submit(&bank.url(), &[site.gift(1)]).await?;
    bank.end()?;
    sql.restore().await?;
    let tree = site.guarded()?;
    ensure!(tree.size.get() == 43);
    let Guarded { size, root } = tree;
    Ok((tree, gift(site, Some(Seen { size, root }))?))
}

async fn a_declaration_excuses_no_loss_of_what_came_after_it(kind: Kind) -> Result<()> {
    let site = Site::finished(kind, 4, 40).await?;
    let (tree, has_seen_it) = lose_again(&site).await?;
    for _ in 0..2 {
        let bank = site.plan.start()?;
        let why = read_only_reason(&bank)?;
        ensure!(why.contains("the guard has seen 43"), "{why}");
        bank.end()?;
    }
    let bank = site.plan.start()?;
    wire::submit(&bank.url(), &[adoption(&site, tree)]).await?;
    wire::submit(&bank.url(), &[site.gift(2), has_seen_it]).await?;
    let report = site.audit(&bank.url()).await?;
    let counted = report.adoptions.iter().map(|one| one.seen_checkpoints);
    ensure!(counted.eq([0, 1]), "{report:?}");
    bank.end()?;
    let bank = site.plan.start()?;
    ensure!(bank.read_only.is_none(), "{:?}", bank.read_only);
    bank.end()
}

async fn a_checkpoint_of_the_log_that_went_on_is_a_fault_when_it_is_lost_too(
    kind: Kind,
) -> Result<()> {
    let site = Site::finished(kind, 4, 40).await?;
    let (tree, has_seen_it) = lose_again(&site).await?;
    // Nobody is left who knows better, and no second loss is declared.
    fs::remove_file(site.plan.data.join("guard"))?;
    let bank = site.plan.start()?;
    wire::submit(&bank.url(), &[site.gift(2), has_seen_it]).await?;
    let auditor = wire::client_of(&bank.url(), &site.street.auditor).await?;
    let found = wire::try_audit(auditor).await;
    let Err(AuditError::Fault(fault)) = found else {
        anyhow::bail!("no fault: {found:?}");
    };
    ensure!(matches!(*fault, Fault::SeenOtherTree { size, .. } if size == tree.size));
    bank.end()
}
