//! What others do on the same machine, in the same run: a plain double entry in
//! PostgreSQL, etcd, and TigerBeetle. None of them checks a signature, proves anything,
//! knows rules or asks who may do what; etcd keeps no accounts either.
//!
//! `bash tests/run peers` installs etcd, and pgbench comes with PostgreSQL. TigerBeetle
//! has no package: it is measured where `TIMEBANK_TIGERBEETLE` names its program. What
//! is missing is said, and left out.

mod etcd;
mod pgbench;
mod tigerbeetle;

use std::path::PathBuf;

use anyhow::Result;

use super::{Field, Options, Report, Workload, drive, limits, plan};

/// Entries of a batch, where they come in batches.
const BATCH: usize = 500;

/// A way of asking, by the ledger and by the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asking {
    /// One entry a request, so many requests in flight.
    One(usize),
    /// A batch a request.
    Batches,
}

/// Measures the ledger on a database and each of the others, one entry a request and in
/// batches.
pub(super) async fn measure(
    report: &mut Report,
    field: &Field,
    database: &str,
    options: &Options,
) -> Result<()> {
    for (asking, how) in [
        (Asking::One(64), "one a request, 64 in flight"),
        (Asking::One(512), "one a request, 512 in flight"),
        (Asking::Batches, "batches of 500"),
    ] {
        let name = format!("{database} beside peers, {how}");
        for _ in report.runs(&name, options.runs) {
            let ours = ours(field, asking, options.entries / 2).await?;
            report.ratio(&name, ours, limits::verify_rate());
            for (peer, rate) in others(asking).await? {
                report.ratio(&format!("{name}: {peer}"), ours, rate);
            }
        }
    }
    Ok(())
}

async fn ours(field: &Field, asking: Asking, entries: usize) -> Result<f64> {
    match asking {
        Asking::One(in_flight) => {
            let entries = plan::entries(&field.street, Workload::Gifts, entries);
            let (rate, _) = drive::unary(&field.bank, entries, 8, in_flight).await?;
            Ok(rate)
        }
        Asking::Batches => {
            let batches = plan::batches(&field.street, Workload::Gifts, entries, BATCH);
            drive::stream(&field.bank, batches).await
        }
    }
}

/// What those who are there do, each in entries a second.
async fn others(asking: Asking) -> Result<Vec<(&'static str, f64)>> {
    let found = [
        ("PostgreSQL double entry", pgbench::rate(asking)?),
        ("etcd", etcd::rate(asking).await?),
        ("TigerBeetle", tigerbeetle::rate(asking)?),
    ];
    let there = |(name, rate): (_, Option<f64>)| rate.map(|rate| (name, rate));
    Ok(found.into_iter().filter_map(there).collect())
}

/// Where a program is: on the path, or in one more folder.
pub(super) fn installed(program: &str, elsewhere: PathBuf) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders = std::env::split_paths(&path).chain([elsewhere]);
    folders.find_map(|folder| Some(folder.join(program)).filter(|it| it.exists()))
}

/// Says which figure is missing, and why.
fn not_measured(peer: &str, why: &str) {
    eprintln!("  NOT MEASURED: {peer}: {why}");
}
