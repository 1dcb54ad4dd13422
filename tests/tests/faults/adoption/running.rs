//! A running server that learns that somebody has seen more than it has.

use anyhow::{Result, ensure};
use ledger::log::{Hash, TreeSize};
use server::ahead::{Claim, Source};
use server::clock::Clock;
use server::guard::Guarded;
use server::serve::{self, Running};
use server::settings::Settings;
use timebank_tests::bank::ORIGIN;

use super::lost::{adoption, writes};
use super::{messages, reason_of, refusal};
use crate::site::{Kind, Site};
use crate::wire;

on_both_databases!(
    a_server_stops_appending_when_a_witness_has_seen_more,
    a_server_goes_on_when_a_claim_is_of_its_own_log,
    another_history_is_not_adopted,
    a_database_put_back_under_a_server_is_noticed,
);

/// A server on a place, in this process.
async fn run(site: &Site) -> Result<(Running, String)> {
    let settings = Settings {
        origin: ORIGIN.parse()?,
        data: site.plan.data.clone(),
        database: site.plan.database.clone(),
        listen: ([127, 0, 0, 1], 0).into(),
        grace_seconds: 2,
        ..Settings::default()
    };
    let running = serve::start(settings, Clock::system()).await?;
    let url = format!("http://{}", running.address);
    Ok((running, url))
}

fn claim(size: u64, root: Option<Hash>) -> Claim {
    Claim {
        source: Source::Witness("witness.example/one".into()),
        size: TreeSize::new(size),
        root,
        declared: Vec::new(),
    }
}

async fn a_server_stops_appending_when_a_witness_has_seen_more(kind: Kind) -> Result<()> {
    let site = Site::finished(kind, 4, 40).await?;
    let (running, url) = run(&site).await?;
    ensure!(running.read_only.is_none());
    wire::submit(&url, &[site.gift(0)]).await?;
    writes(&url, true).await?;
    running.claims.tell(claim(43, None)).await;
    let mut service = wire::service(&url).await?;
    for _ in 0..2 {
        let refused = refusal(wire::submit_one(&mut service, &site.gift(1)).await)?;
        ensure!(reason_of(&refused) == "READ_ONLY", "{refused:?}");
        let texts = messages(&refused);
        ensure!(
            texts[0].contains("a witness has seen 43: 2 are missing"),
            "{texts:?}"
        );
        ensure!(texts[1].contains("缺失 2 条"), "{texts:?}");
    }
    writes(&url, false).await?;
    ensure!(site.audit(&url).await?.tree_size.get() == 41, "reads go on");
    let tree = Guarded {
        size: TreeSize::new(43),
        root: Hash::EMPTY_ROOT,
    };
    wire::submit(&url, &[adoption(&site, tree)]).await?;
    writes(&url, true).await?;
    // A witness never forgets, and tells it again.
    running.claims.tell(claim(43, None)).await;
    wire::submit(&url, &[site.gift(1)]).await?;
    let report = site.audit(&url).await?;
    ensure!(report.tree_size.get() == 43 && report.adoptions.len() == 1);
    Ok(running.stop().await?)
}

async fn a_server_goes_on_when_a_claim_is_of_its_own_log(kind: Kind) -> Result<()> {
    let site = Site::finished(kind, 4, 40).await?;
    let tree = site.guarded()?;
    let (running, url) = run(&site).await?;
    for claim in [
        claim(40, None),
        claim(40, Some(tree.root)),
        claim(7, None),
        claim(0, Some(Hash::EMPTY_ROOT)),
    ] {
        running.claims.tell(claim).await;
        wire::submit(&url, &[site.gift(0)]).await?;
    }
    writes(&url, true).await?;
    ensure!(site.audit(&url).await?.tree_size.get() == 44);
    Ok(running.stop().await?)
}

async fn another_history_is_not_adopted(kind: Kind) -> Result<()> {
    let site = Site::finished(kind, 4, 40).await?;
    let (running, url) = run(&site).await?;
    let tree = Guarded {
        size: TreeSize::new(30),
        root: Hash::EMPTY_ROOT,
    };
    running.claims.tell(claim(30, Some(tree.root))).await;
    let mut service = wire::service(&url).await?;
    let refused = refusal(wire::submit_one(&mut service, &site.gift(0)).await)?;
    let texts = messages(&refused);
    ensure!(
        texts[0].contains("another history of 30 records"),
        "{texts:?}"
    );
    ensure!(!texts[0].contains("adopt"), "{texts:?}");
    let refused = wire::submit_one(&mut service, &adoption(&site, tree)).await;
    ensure!(reason_of(&refusal(refused)?) == "NOTHING_LOST");
    ensure!(site.audit(&url).await?.tree_size.get() == 40);
    Ok(running.stop().await?)
}

async fn a_database_put_back_under_a_server_is_noticed(kind: Kind) -> Result<()> {
    let site = Site::finished(kind, 4, 40).await?;
    let mut sql = site.sql().await?;
    sql.keep().await?;
    let (running, url) = run(&site).await?;
    wire::submit(&url, &[site.gift(0), site.gift(1), site.gift(2)]).await?;
    // As if it had gone on with a standby that had not followed.
    sql.drop_triggers().await?;
    sql.restore().await?;
    let mut service = wire::service(&url).await?;
    for number in 3..5 {
        let refused = refusal(wire::submit_one(&mut service, &site.gift(number)).await)?;
        ensure!(reason_of(&refused) == "READ_ONLY", "{refused:?}");
        let texts = messages(&refused);
        ensure!(texts[0].contains("has seen 43: 3 are missing"), "{texts:?}");
    }
    let report = wire::audit(&url, &site.street.auditor).await?;
    ensure!(report.tree_size.get() == 40, "reads go on");
    let tree = site.guarded()?;
    ensure!(tree.size.get() == 43, "the guard has not moved");
    wire::submit(&url, &[adoption(&site, tree)]).await?;
    wire::submit(&url, &[site.gift(5)]).await?;
    ensure!(site.audit(&url).await?.tree_size.get() == 42);
    Ok(running.stop().await?)
}
