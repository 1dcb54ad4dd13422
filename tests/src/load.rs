//! The load generator: how fast the whole is, beside the limits of the machine,
//! measured in the same run.
//!
//! Entries are signed beforehand. Every run is bounded in number, and every
//! answer is checked.

mod drive;
mod limits;
mod peers;
mod plan;
mod proofs;
mod readers;
mod report;
mod tiles;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;
use client::audit::Signatures;
use ledger::SignedEntry;

use self::plan::Workload;
use self::proofs::Cost;
use self::report::Report;
use crate::bank::{Bank, ORIGIN, Plan};
use crate::pen::Pen;
use crate::street::Street;

/// What to measure.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Entries of each throughput run
    #[arg(long, default_value_t = 60_000)]
    pub entries: usize,
    /// Runs of each figure; the median is reported
    #[arg(long, default_value_t = 3)]
    pub runs: usize,
    /// Records of the ledger whose audit is timed
    #[arg(long, default_value_t = 200_000)]
    pub audit: usize,
    /// Records at which growth is measured; 0 leaves it out
    #[arg(long, default_value_t = 1_000_000)]
    pub growth: usize,
    /// `PostgreSQL` URL of an empty database; without it a private cluster
    #[arg(long)]
    pub postgres: Option<String>,
    /// Measure only figures whose name contains this
    #[arg(long)]
    pub only: Option<String>,
}

/// A bank that is open and has members with hours.
pub(crate) struct Field {
    bank: Bank,
    plan: Plan,
    street: Street,
}

/// How many members the load is spread over.
const MEMBERS: u64 = 400;
/// How many there are where the log begins small.
const PROVEN_MEMBERS: u64 = 100;

impl Field {
    /// Starts a server and opens the scheme.
    async fn open(binary: &Path, database: String, members: u64) -> Result<Self> {
        let plan = Plan::on(binary, database)?;
        let bank = plan.start()?;
        let street = Street::new(Pen::new(ORIGIN), members);
        let opening: Vec<Vec<SignedEntry>> = street
            .opening(10_000_000)
            .chunks(500)
            .map(<[_]>::to_vec)
            .collect();
        drive::stream(&bank, opening).await?;
        Ok(Self { bank, plan, street })
    }
}

/// Runs every figure and prints the table.
///
/// # Errors
/// Whatever fails: a wrong answer of the server is an error, not a figure.
pub async fn run(binary: PathBuf, options: Options) -> Result<()> {
    let mut report = Report::new(options.only.clone());
    let limit = limits::verify_rate();
    report.limit("verify_strict, all cores", limit);
    for (name, database) in databases(&options)? {
        let field = Field::open(&binary, database, MEMBERS).await?;
        throughput(&mut report, &field, name, &options).await?;
    }
    latency(&mut report, &binary, &options).await?;
    for (name, database) in databases(&options)? {
        let field = Field::open(&binary, database, MEMBERS).await?;
        peers::measure(&mut report, &field, name, &options).await?;
    }
    readers(&mut report, &binary, &options).await?;
    audit(&mut report, &binary, &options).await?;
    if options.growth > 0 {
        growth(&mut report, &binary, &options).await?;
    }
    tile(&mut report, &binary, &options).await?;
    let proofs = receipts(&report, &binary, &options).await?;
    report.limit("verify_strict, all cores, again", limits::verify_rate());
    report.print();
    proofs::print(&proofs);
    Ok(())
}

fn databases(options: &Options) -> Result<Vec<(&'static str, String)>> {
    let postgres = match &options.postgres {
        Some(url) => url.clone(),
        None => crate::postgres::fresh_database()?,
    };
    Ok(vec![("SQLite", String::new()), ("PostgreSQL", postgres)])
}

async fn throughput(
    report: &mut Report,
    field: &Field,
    database: &str,
    options: &Options,
) -> Result<()> {
    for (work, label) in [(Workload::Care, "care"), (Workload::Gifts, "gifts")] {
        for size in [500, 1] {
            let name = format!("{database}: stream of {size}s, {label}");
            for _ in report.runs(&name, options.runs) {
                let limit = limits::verify_rate();
                let batches = plan::batches(&field.street, work, options.entries, size);
                let rate = drive::stream(&field.bank, batches).await?;
                report.ratio(&name, rate, limit);
            }
        }
    }
    let name = format!("{database}: unary, 512 in flight");
    for _ in report.runs(&name, options.runs) {
        let limit = limits::verify_rate();
        let entries = plan::entries(&field.street, Workload::Gifts, options.entries / 2);
        let (rate, latencies) = drive::unary(&field.bank, entries, 8, 512).await?;
        report.ratio(&name, rate, limit);
        report.latencies(&name, latencies);
    }
    Ok(())
}

async fn latency(report: &mut Report, binary: &Path, options: &Options) -> Result<()> {
    let name = "SQLite: unary, one in flight";
    if report.runs(name, 1).next().is_none() {
        return Ok(());
    }
    let field = Field::open(binary, String::new(), MEMBERS).await?;
    for _ in 0..options.runs {
        let append = limits::synchronous_append(&field.plan.data)?;
        let call = drive::empty_call(&field.bank).await?;
        let entries = plan::entries(&field.street, Workload::Gifts, 1_000);
        let (_, latencies) = drive::unary(&field.bank, entries, 1, 1).await?;
        report.latency_ratio(name, report::median(latencies), append + call);
    }
    Ok(())
}

async fn audit(report: &mut Report, binary: &Path, options: &Options) -> Result<()> {
    let name = format!("audit of {} records", options.audit);
    if report.runs(&name, 1).next().is_none() {
        return Ok(());
    }
    let field = Field::open(binary, String::new(), MEMBERS).await?;
    let batches = plan::batches(&field.street, Workload::Care, options.audit, 500);
    drive::stream(&field.bank, batches).await?;
    let auditor = &field.street.auditor;
    let folder = drive::save(&field.bank, auditor).await?;
    for _ in 0..options.runs {
        let limit = limits::verify_rate();
        for (how, place, signatures) in [
            ("a folder", Some(folder.as_path()), Signatures::Each),
            (
                "a folder, signatures together",
                Some(folder.as_path()),
                Signatures::Together,
            ),
            ("from the server on the same cores", None, Signatures::Each),
        ] {
            let rate = drive::audit(&field.bank, auditor, (place, signatures)).await?;
            report.ratio(&format!("{name}, {how}"), rate, limit);
        }
    }
    std::fs::remove_dir_all(folder)?;
    pages(report, &field, options.audit).await
}

/// The supervisor's page by the server's word: the first answer folds the whole log.
async fn pages(report: &mut Report, field: &Field, records: usize) -> Result<()> {
    let before = field.bank.resident_bytes()?;
    let (auditor, scheme) = (&field.street.auditor, field.street.scheme);
    let first = drive::report(&field.bank, auditor, scheme).await?;
    let name = format!("report of {records} records");
    let rate = drive::per_second(records, first);
    report.ratio(&format!("{name}, the first"), rate, limits::verify_rate());
    let mut again = Vec::new();
    for _ in 0..21 {
        again.push(drive::report(&field.bank, auditor, scheme).await?);
    }
    report.latency_ratio(&format!("{name}, then"), report::median(again), first);
    let after = field.bank.resident_bytes()?;
    report.memory(&name, before, after);
    Ok(())
}

/// The writer beside readers, on both databases.
async fn readers(report: &mut Report, binary: &Path, options: &Options) -> Result<()> {
    for (database, url) in databases(options)? {
        let name = format!("{database}: stream of 500s beside 64 readers");
        if report.runs(&name, 1).next().is_none() {
            continue;
        }
        let field = Field::open(binary, url, MEMBERS).await?;
        for _ in 0..options.runs {
            let rates = readers::rates(&field, options.entries).await?;
            report.ratio(&name, rates.beside, rates.alone);
            eprintln!("  they read {:.0} a second meanwhile", rates.reads);
        }
    }
    Ok(())
}

/// Appends up to the full number; compares the cost of the last stretch with
/// that of the first, then memory and start-up.
async fn growth(report: &mut Report, binary: &Path, options: &Options) -> Result<()> {
    let name = format!("growth to {} records", options.growth);
    if report.runs(&name, 1).next().is_none() {
        return Ok(());
    }
    let field = Field::open(binary, String::new(), MEMBERS).await?;
    let stretch = 20_000;
    let (mut early, mut late, mut early_memory, mut written) = (Vec::new(), Vec::new(), 0, 0);
    while written < options.growth {
        let limit = limits::verify_rate_within(Duration::from_millis(300));
        let batches = plan::batches(&field.street, Workload::Care, stretch, 500);
        let cost = limit / drive::stream(&field.bank, batches).await?;
        written += stretch;
        if (10_000..110_000).contains(&written) {
            early.push(cost);
            early_memory = field.bank.resident_bytes()?;
        }
        if written + 100_000 > options.growth {
            late.push(cost);
        }
    }
    let late_memory = field.bank.resident_bytes()?;
    report.growth(&name, report::median_of(early), report::median_of(late));
    report.memory(&name, early_memory, late_memory);
    let Field { bank, plan, .. } = field;
    bank.end()?;
    report.start_up(&name, drive::start_up(&plan)?);
    Ok(())
}

/// A full tile from the cache, beside nginx.
async fn tile(report: &mut Report, binary: &Path, options: &Options) -> Result<()> {
    let name = "a tile over HTTP/1.1, beside nginx";
    if report.runs(name, 1).next().is_none() {
        return Ok(());
    }
    let field = Field::open(binary, String::new(), MEMBERS).await?;
    for _ in 0..options.runs {
        if let Some((served, peer)) = tiles::rates(&field).await? {
            report.ratio(name, served, peer);
        }
    }
    Ok(())
}

/// Receipts and proofs at a thousand records and every tenfold up to the full number.
async fn receipts(report: &Report, binary: &Path, options: &Options) -> Result<Vec<Cost>> {
    let mut costs = Vec::new();
    if report.runs("receipts and proofs", 1).next().is_none() {
        return Ok(costs);
    }
    let field = Field::open(binary, String::new(), PROVEN_MEMBERS).await?;
    let mut written = field.street.opening(1).len();
    let mut size = 1_000;
    while size <= options.growth {
        while written < size {
            let stretch = (size - written).min(20_000);
            let batches = plan::batches(&field.street, Workload::Gifts, stretch, 500);
            drive::stream(&field.bank, batches).await?;
            written += stretch;
        }
        costs.push(proofs::measure(&field).await?);
        size *= 10;
    }
    Ok(costs)
}
