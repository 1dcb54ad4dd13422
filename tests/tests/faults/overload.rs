//! Too much, and too many: callers that bring more than can be recorded, and callers
//! that only take up room. Whoever behaves is served, and nothing that was acknowledged
//! is lost.

mod hostile;

use std::collections::HashMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use ledger::SignedEntry;
use tokio::task::JoinSet;
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::site::{Kind, Site};
use crate::wire::{self, Service};

on_both_databases!(
    what_is_too_much_is_refused_and_the_rest_is_kept,
    a_stream_is_held_back_and_loses_nothing,
);

/// Entries that may wait.
const PLACES: &str = "64";
/// Calls at once: many times as many.
const CALLS: usize = 3_000;

/// A place whose server has few places.
async fn narrow(kind: Kind, flags: &[&str]) -> Result<(Site, timebank_tests::bank::Bank)> {
    let mut site = Site::new(kind, 10)?;
    site.plan.flags = flags.iter().map(|flag| (*flag).to_owned()).collect();
    let bank = site.open_ledger().await?;
    Ok((site, bank))
}

async fn what_is_too_much_is_refused_and_the_rest_is_kept(kind: Kind) -> Result<()> {
    let (site, bank) = narrow(kind, &["--waiting-entries-max", PLACES]).await?;
    let entries: Vec<_> = (0..CALLS).map(|number| site.gift(number)).collect();
    let mut services = Vec::new();
    for _ in 0..4 {
        services.push(wire::service(&bank.url()).await?);
    }
    let mut health = tonic_health::pb::health_client::HealthClient::new(bank.channel().await?);
    let mut calls = all_at_once(&services, &entries);
    // Meanwhile others are answered: health, and who reads.
    let mut slowest = Duration::ZERO;
    let (mut recorded, mut refused) = (HashMap::new(), Vec::new());
    while let Some(call) = calls.join_next().await {
        let (number, answer) = call?;
        match answer {
            Ok(position) => drop(recorded.insert(number, position)),
            Err(status) => {
                check_refusal(&status)?;
                refused.push(number);
            }
        }
        if (recorded.len() + refused.len()) % 100 == 0 {
            slowest = slowest.max(answered(&mut health, &mut services[0]).await?);
        }
    }
    ensure!(refused.len() > CALLS / 4, "only {} refused", refused.len());
    ensure!(recorded.len() >= 64, "only {} recorded", recorded.len());
    ensure!(slowest < Duration::from_secs(5), "reads took {slowest:?}");
    // It is over at once, and what was refused is taken in as it was.
    for number in refused.into_iter().take(50) {
        let answer = wire::submit_one(&mut services[0], &entries[number]).await?;
        recorded.insert(number, answer.position);
    }
    let mut positions: Vec<_> = recorded.values().collect();
    positions.sort_unstable();
    positions.dedup();
    ensure!(
        positions.len() == recorded.len(),
        "a position was given twice"
    );
    // Whoever asks again learns the same place.
    for (number, position) in recorded.iter().take(100) {
        let again = wire::submit_one(&mut services[0], &entries[*number]).await?;
        ensure!(again.position == *position, "entry {number} has moved");
    }
    let opening = site.street.opening(1).len();
    let report = site.audit(&bank.url()).await?;
    ensure!(report.tree_size.get() == (opening + recorded.len()) as u64);
    bank.end()
}

type Call = (usize, Result<i64, Status>);

fn all_at_once(services: &[Service], entries: &[SignedEntry]) -> JoinSet<Call> {
    let mut calls = JoinSet::new();
    for (number, entry) in entries.iter().enumerate() {
        let mut service = services[number % services.len()].clone();
        let entry = entry.clone();
        calls.spawn(async move {
            let answer = wire::submit_one(&mut service, &entry).await;
            (number, answer.map(|answer| answer.position))
        });
    }
    calls
}

/// A refusal says that it is for now, and when to come again.
fn check_refusal(status: &Status) -> Result<()> {
    ensure!(status.code() == Code::ResourceExhausted, "{status}");
    let details = status.get_error_details();
    let reason = details.error_info().map(|info| info.reason.as_str());
    ensure!(reason == Some("QUEUE_FULL"), "{status}");
    let retry = details.retry_info().context("when to come again")?;
    ensure!(retry.retry_delay == Some(Duration::from_secs(1)));
    Ok(())
}

/// How long health and a read take.
#[expect(
    clippy::disallowed_methods,
    reason = "it is the time that is looked at"
)]
async fn answered(
    health: &mut tonic_health::pb::health_client::HealthClient<tonic::transport::Channel>,
    service: &mut Service,
) -> Result<Duration> {
    let start = Instant::now();
    health
        .check(tonic_health::pb::HealthCheckRequest::default())
        .await?;
    service
        .get_checkpoint(proto::v1::GetCheckpointRequest {})
        .await?;
    Ok(start.elapsed())
}

async fn a_stream_is_held_back_and_loses_nothing(kind: Kind) -> Result<()> {
    let (site, bank) = narrow(kind, &["--waiting-entries-max", "100"]).await?;
    let mut streams = JoinSet::new();
    // Messages that are longer than the queue, beside some that are short.
    for (stream, size) in [(0, 250), (1, 3), (2, 100)] {
        let entries: Vec<_> = (0..750).map(|number| site.gift(stream + number)).collect();
        let url = bank.url();
        streams.spawn(async move {
            let mut service = wire::service(&url).await?;
            let messages: Vec<_> = entries.chunks(size).map(wire::message).collect();
            let answers = service.submit_entries(tokio_stream::iter(messages)).await?;
            let (mut answers, mut recorded) = (answers.into_inner(), 0);
            while let Some(answer) = answers.message().await? {
                recorded += wire::all_recorded(answer)?.len();
            }
            anyhow::Ok(recorded)
        });
    }
    while let Some(recorded) = streams.join_next().await {
        ensure!(recorded?? == 750);
    }
    let report = site.audit(&bank.url()).await?;
    ensure!(report.tree_size.get() == (site.street.opening(1).len() + 3 * 750) as u64);
    bank.end()
}
