//! Two servers on one PostgreSQL: each has a guard of its own, and one adoption
//! is enough for both.

use anyhow::{Result, ensure};
use ledger::Minutes;
use ledger::act::Give;

use super::lost::{adoption, read_only_reason, writes};
use super::{reason_of, refusal};
use crate::site::{Kind, Site};
use crate::wire;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_adoption_at_one_server_ends_the_wait_of_the_other() -> Result<()> {
    let site = Site::finished(Kind::Postgres, 4, 40).await?;
    let beside = Site::beside(&site)?;
    let mut sql = site.sql().await?;
    sql.keep().await?;
    let (bank, other) = (site.plan.start()?, beside.plan.start()?);
    wire::submit(&other.url(), &[site.gift(0)]).await?;
    wire::submit(&bank.url(), &[site.gift(1)]).await?;
    bank.end()?;
    other.end()?;
    sql.drop_triggers().await?;
    sql.restore().await?;
    let (larger, smaller) = (site.guarded()?, beside.guarded()?);
    ensure!((larger.size.get(), smaller.size.get()) == (42, 41));

    let (bank, other) = (site.plan.start()?, beside.plan.start()?);
    ensure!(read_only_reason(&bank)?.contains("seen 42 signed"));
    ensure!(read_only_reason(&other)?.contains("seen 41 signed"));
    // The other server does not know of the larger tree.
    let adopted = adoption(&site, larger);
    let mut service = wire::service(&other.url()).await?;
    let refused = refusal(wire::submit_one(&mut service, &adopted).await)?;
    ensure!(reason_of(&refused) == "READ_ONLY");
    let first = wire::submit(&bank.url(), std::slice::from_ref(&adopted)).await?;
    ensure!(wire::submit(&other.url(), &[adopted]).await? == first);
    wire::submit(&other.url(), &[site.gift(2)]).await?;
    wire::submit(&bank.url(), &[site.gift(3)]).await?;
    writes(&other.url(), true).await?;
    let report = site.audit(&bank.url()).await?;
    ensure!(report.tree_size.get() == 43 && report.adoptions.len() == 1);
    bank.end()?;
    other.end()?;
    for plan in [&site.plan, &beside.plan] {
        let bank = plan.start()?;
        ensure!(bank.read_only.is_none(), "{:?}", bank.read_only);
        bank.end()?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_adoptions_at_once_one_is_recorded() -> Result<()> {
    let site = Site::finished(Kind::Postgres, 4, 40).await?;
    let lost = super::lost::lose(&site, 2).await?;
    let beside = Site::beside(&site)?;
    std::fs::copy(site.plan.data.join("guard"), beside.plan.data.join("guard"))?;
    let (bank, other) = (site.plan.start()?, beside.plan.start()?);
    let (url, other_url) = (bank.url(), other.url());
    let entries = [adoption(&site, lost.tree), adoption(&site, lost.tree)];
    let [one, two] = entries.map(|entry| [entry]);
    let (first, second) = tokio::join!(wire::submit(&url, &one), wire::submit(&other_url, &two));
    ensure!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    wire::submit(&url, &[site.gift(0)]).await?;
    wire::submit(&other_url, &[site.gift(1)]).await?;
    let report = wire::audit(&url, &site.street.auditor).await?;
    ensure!(report.tree_size.get() == 43 && report.adoptions.len() == 1);
    bank.end()?;
    other.end()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_idle_server_notices_an_adoption_by_itself() -> Result<()> {
    let site = Site::finished(Kind::Postgres, 4, 40).await?;
    let lost = super::lost::lose(&site, 2).await?;
    let beside = Site::beside(&site)?;
    std::fs::copy(site.plan.data.join("guard"), beside.plan.data.join("guard"))?;
    let (bank, other) = (site.plan.start()?, beside.plan.start()?);
    ensure!(other.read_only.is_some());
    writes(&other.url(), false).await?;
    wire::submit(&bank.url(), &[adoption(&site, lost.tree)]).await?;
    writes(&other.url(), true).await?;
    bank.end()?;
    other.end()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guard_follows_what_other_servers_have_signed() -> Result<()> {
    let site = Site::finished(Kind::Postgres, 4, 40).await?;
    let beside = Site::beside(&site)?;
    let mut sql = site.sql().await?;
    sql.keep().await?;
    let bank = site.plan.start()?;
    wire::submit(&bank.url(), &[site.gift(0)]).await?;
    // One that starts has read the head.
    let other = beside.plan.start()?;
    ensure!(beside.guarded()? == site.guarded()?);
    wire::submit(&bank.url(), &[site.gift(1), site.gift(2)]).await?;
    // One that was too late has read it again, and has nothing to append.
    let spent = Give {
        recipient: site.street.members[0].id,
        minutes: Minutes::parse(15)?,
    };
    let refused = site.street.pen.sign(&site.street.auditor, spent).1;
    let refused = wire::submit(&other.url(), &[refused]).await;
    ensure!(refused.is_err(), "{refused:?}");
    bank.end()?;
    other.end()?;
    sql.drop_triggers().await?;
    sql.restore().await?;
    let other = beside.plan.start()?;
    ensure!(read_only_reason(&other)?.contains("seen 43 signed"));
    other.end()
}
