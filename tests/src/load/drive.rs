//! Driving a server and timing it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};
use client::audit::{FolderSource, ServerSource, Signatures};
use client::{Address, Client, Connection, Identity, Memory, audit_reading};
use ledger::{SignedEntry, UnitId};
use proto::v1::entry_result::Outcome;
use proto::v1::ledger_service_client::LedgerServiceClient;
use proto::v1::{SubmitEntriesRequest, SubmitEntryRequest};
use tokio_stream::StreamExt;

use crate::bank::{self, Bank, Plan};
use crate::pen::Person;

/// Sends batches over one stream, and waits for all answers. Entries a second.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
pub(super) async fn stream(bank: &Bank, batches: Vec<Vec<SignedEntry>>) -> Result<f64> {
    let entries: usize = batches.iter().map(Vec::len).sum();
    let messages: Vec<_> = batches
        .into_iter()
        .map(|batch| SubmitEntriesRequest {
            signed_entries: batch.iter().map(proto::signed_entry_to).collect(),
        })
        .collect();
    let mut client = LedgerServiceClient::new(bank.channel().await?);
    let start = Instant::now();
    let mut answers = client
        .submit_entries(tokio_stream::iter(messages))
        .await?
        .into_inner();
    let mut recorded = 0;
    while let Some(answer) = answers.next().await {
        for result in answer?.results {
            match result.outcome {
                Some(Outcome::Recorded(_)) => recorded += 1,
                other => bail!("not recorded: {other:?}"),
            }
        }
    }
    let elapsed = start.elapsed();
    ensure!(recorded == entries, "{recorded} of {entries} were answered");
    Ok(per_second(entries, elapsed))
}

/// Sends entries one a call, so many in flight over so many connections.
/// Entries a second, and the time of every call.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
pub(super) async fn unary(
    bank: &Bank,
    entries: Vec<SignedEntry>,
    connections: usize,
    in_flight: usize,
) -> Result<(f64, Vec<Duration>)> {
    let total = entries.len();
    let messages: Vec<_> = entries.iter().map(proto::signed_entry_to).collect();
    let (messages, next) = (Arc::new(messages), Arc::new(AtomicUsize::new(0)));
    let mut clients = Vec::new();
    for _ in 0..connections {
        clients.push(LedgerServiceClient::new(bank.channel().await?));
    }
    let start = Instant::now();
    let workers: Vec<_> = (0..in_flight)
        .map(|worker| {
            let mut client = clients[worker % connections].clone();
            let (messages, next) = (Arc::clone(&messages), Arc::clone(&next));
            tokio::spawn(async move {
                let mut times = Vec::new();
                while let Some(message) = messages.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let begun = Instant::now();
                    let signed_entry = Some(message.clone());
                    client
                        .submit_entry(SubmitEntryRequest { signed_entry })
                        .await?;
                    times.push(begun.elapsed());
                }
                Ok::<_, tonic::Status>(times)
            })
        })
        .collect();
    let mut times = Vec::with_capacity(total);
    for worker in workers {
        times.extend(worker.await??);
    }
    Ok((per_second(total, start.elapsed()), times))
}

/// Median of a call that does nothing.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
pub(super) async fn empty_call(bank: &Bank) -> Result<Duration> {
    let mut client = tonic_health::pb::health_client::HealthClient::new(bank.channel().await?);
    let mut times = Vec::new();
    for _ in 0..1_000 {
        let start = Instant::now();
        client
            .check(tonic_health::pb::HealthCheckRequest::default())
            .await?;
        times.push(start.elapsed());
    }
    Ok(super::report::median(times))
}

/// Saves the whole ledger in a new folder.
pub(super) async fn save(bank: &Bank, auditor: &Person) -> Result<PathBuf> {
    let (source, folder) = (source(bank, auditor).await?, bank::fresh_folder()?);
    let log_key = bank.verifier_key.parse()?;
    client::export::save(&source, &log_key, &folder, |_| {}).await?;
    Ok(folder)
}

/// Audits the whole ledger as an auditor would: in a folder, or over the
/// network. Records a second.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
pub(super) async fn audit(
    bank: &Bank,
    auditor: &Person,
    (folder, signatures): (Option<&Path>, Signatures),
) -> Result<f64> {
    let (source, log_key) = (source(bank, auditor).await?, bank.verifier_key.parse()?);
    let start = Instant::now();
    let (report, ()) = match folder {
        Some(folder) => {
            let source = FolderSource::new(folder);
            audit_reading(source, &log_key, signatures, (), |_| {}).await?
        }
        None => audit_reading(source, &log_key, signatures, (), |_| {}).await?,
    };
    Ok(per_second(
        usize::try_from(report.tree_size.get())?,
        start.elapsed(),
    ))
}

/// Asks for the page of the scheme: how long the answer takes.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
pub(super) async fn report(bank: &Bank, auditor: &Person, scheme: UnitId) -> Result<Duration> {
    let client = acting_as(bank, auditor).await?;
    let start = Instant::now();
    client.report(scheme, None).await?;
    Ok(start.elapsed())
}

async fn source(bank: &Bank, auditor: &Person) -> Result<ServerSource> {
    Ok(ServerSource::new(acting_as(bank, auditor).await?))
}

async fn acting_as(bank: &Bank, auditor: &Person) -> Result<Client> {
    let connection = Connection::open(&Address::new(bank.url())).await?;
    let client = Client::connect(connection, Arc::new(Memory::volatile()), None).await?;
    let (member, key) = (auditor.id, auditor.key.clone());
    Ok(client.acting_as(Identity { member, key }))
}

/// How long a server takes until it listens.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
pub(super) fn start_up(plan: &Plan) -> Result<Duration> {
    let mut times = Vec::new();
    for _ in 0..5 {
        let start = Instant::now();
        let bank = plan.start()?;
        times.push(start.elapsed());
        bank.end()?;
    }
    Ok(super::report::median(times))
}

pub(super) fn per_second(count: usize, elapsed: Duration) -> f64 {
    f64::from(u32::try_from(count).expect("fewer than 4 thousand million")) / elapsed.as_secs_f64()
}
