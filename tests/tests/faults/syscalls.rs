//! Every system call by which the server keeps something, on the way from an
//! empty folder to a small ledger and to the end of the server: each one fails
//! once, and each one is the last that the process lives to make.
//!
//! Afterwards the server starts on what is left, without anybody's help. What was
//! acknowledged stands where it was said to stand, the rest is taken in, and the
//! audit passes. Calls are counted thread by thread, as `strace` counts them.
//!
//! `TIMEBANK_UNTRACEABLE` says that processes cannot be traced here: `tests/run`
//! sets it and lists this as not checked.

use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use ledger::SignedEntry;
use proto::v1;
use timebank_tests::bank::{Bank, Plan};

use crate::site::{Kind, Site};
use crate::wire;

/// Longer than any answer takes.
const PATIENCE: Duration = Duration::from_secs(20);
/// Entries that the server is sent on which the fault falls.
const SUBMITTED: usize = 5;
/// The number of SIGKILL.
const SIGKILL: i32 = 9;

/// System calls, by the names of `strace`.
struct Calls {
    names: &'static str,
    /// Whether they are also made for what is no file of the data folder, and so
    /// only those are meant that name one of [`FILES`].
    of_files: bool,
    /// Fewest that a run makes: below that, the sweep has not swept.
    least: usize,
}

/// What the server keeps in its data folder under names that are known before.
const FILES: [&str; 8] = [
    "",
    "log.key",
    "openings.key",
    "guard",
    "ledger.db",
    "ledger.db-wal",
    "ledger.db-shm",
    "ledger.db-journal",
];

/// All writes into files are by position; others are into sockets and pipes.
const WRITES: Calls = Calls {
    names: "pwrite64",
    of_files: false,
    least: 100,
};
const SYNCS: Calls = Calls {
    names: "fsync,fdatasync",
    of_files: false,
    least: 20,
};
const OPENS: Calls = Calls {
    names: "openat",
    of_files: true,
    least: 5,
};
const NAMES: Calls = Calls {
    names: "rename,renameat2,link,linkat,unlink,ftruncate",
    of_files: false,
    least: 1,
};

/// What happens at the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// It fails as a broken disk does.
    Error,
    /// It fails as a full disk does.
    Full,
    /// The process is killed.
    Kill,
}

/// What the first server has acknowledged, each entry by its number.
type Acknowledged = Vec<(usize, v1::SubmitEntryResponse)>;

macro_rules! sweeps {
    ($($test:ident: $calls:ident, $fault:ident;)+) => {
        $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $test() -> Result<()> {
            sweep(&$calls, Fault::$fault).await
        })+
    };
}

sweeps! {
    nothing_is_lost_whichever_write_fails: WRITES, Error;
    nothing_is_lost_whichever_write_finds_a_full_disk: WRITES, Full;
    nothing_is_lost_whichever_write_is_the_last: WRITES, Kill;
    nothing_is_lost_whichever_sync_fails: SYNCS, Error;
    nothing_is_lost_whichever_sync_is_the_last: SYNCS, Kill;
    nothing_is_lost_whichever_open_fails: OPENS, Error;
    nothing_is_lost_whichever_open_is_the_last: OPENS, Kill;
    nothing_is_lost_whichever_change_of_names_fails: NAMES, Error;
    nothing_is_lost_whichever_change_of_names_is_the_last: NAMES, Kill;
}

/// Runs with the fault at the first call, at the second, and so on until a run
/// makes fewer calls.
async fn sweep(calls: &Calls, fault: Fault) -> Result<()> {
    if std::env::var_os("TIMEBANK_UNTRACEABLE").is_some() {
        println!("not checked: processes cannot be traced here");
        return Ok(());
    }
    let mut number = 1;
    while run(calls, fault, number)
        .await
        .with_context(|| format!("{fault:?} at call {number} of {}", calls.names))?
    {
        number += 1;
    }
    println!("{fault:?} at each of {} {}", number - 1, calls.names);
    ensure!(number > calls.least, "only {} calls were made", number - 1);
    Ok(())
}

/// One run; whether there was such a call.
async fn run(calls: &Calls, fault: Fault, number: usize) -> Result<bool> {
    let site = Site::new(Kind::Sqlite, 1)?;
    let entries = site.street.opening(1_000);
    let log = site.plan.data.with_extension("strace");
    let traced = Plan {
        under: tracer(&site.plan.data, &log, calls, fault, number),
        ..site.plan.clone()
    };
    let (acknowledged, was_killed) = match traced.start() {
        Ok(bank) => {
            let acknowledged = submit(&bank, &entries[..SUBMITTED]).await;
            (acknowledged, bank.end_somehow()?.signal() == Some(SIGKILL))
        }
        // The fault came before the server listened.
        Err(_) => (Vec::new(), fault == Fault::Kill),
    };
    let traced = fs::read_to_string(&log).context("strace has not run")?;
    fs::remove_file(&log)?;
    let happened = was_killed || traced.contains("INJECTED");
    recovers(&site, &entries, &acknowledged).await?;
    Ok(happened)
}

fn tracer(data: &Path, log: &Path, calls: &Calls, fault: Fault, number: usize) -> Vec<String> {
    let what = match fault {
        Fault::Error => "error=EIO",
        Fault::Full => "error=ENOSPC",
        Fault::Kill => "signal=KILL",
    };
    let names = calls.names;
    // What the server says of its fault is what it was to say.
    let quietly = ["sh", "-c", "exec \"$@\" 2>/dev/null", "sh"];
    let strace = ["strace", "-D", "-f", "-qq", "-o"];
    let words = quietly.into_iter().chain(strace);
    let mut command: Vec<String> = words.map(Into::into).collect();
    command.push(log.display().to_string());
    command.extend(["-e".into(), format!("trace={names}")]);
    command.extend(["-e".into(), format!("inject={names}:{what}:when={number}")]);
    if calls.of_files {
        for file in FILES {
            let path = if file.is_empty() {
                data.to_owned()
            } else {
                data.join(file)
            };
            command.extend(["-P".into(), path.display().to_string()]);
        }
    }
    command
}

/// Submits entries one after the other, for as long as there is a server.
async fn submit(bank: &Bank, entries: &[SignedEntry]) -> Acknowledged {
    let mut acknowledged = Vec::new();
    let Ok(mut service) = wire::service(&bank.url()).await else {
        return acknowledged;
    };
    for (number, entry) in entries.iter().enumerate() {
        let answer = tokio::time::timeout(PATIENCE, wire::submit_one(&mut service, entry)).await;
        match answer {
            Ok(Ok(answer)) => acknowledged.push((number, answer)),
            Ok(Err(status)) if wire::is_lost(&status) => break,
            // What it lacks now may be missing for those that follow.
            Ok(Err(_)) => {}
            Err(_) => break,
        }
    }
    acknowledged
}

/// A server that starts on what is left has everything, and takes in the rest.
async fn recovers(site: &Site, entries: &[SignedEntry], before: &Acknowledged) -> Result<()> {
    let bank = site.plan.start()?;
    ensure!(bank.read_only.is_none(), "{:?}", bank.read_only);
    let mut service = wire::service(&bank.url()).await?;
    for (number, entry) in entries.iter().enumerate() {
        let answer = wire::submit_one(&mut service, entry).await?;
        ensure!(
            usize::try_from(answer.position)? == number,
            "it is at {}",
            answer.position
        );
        if let Some((_, first)) = before.iter().find(|(known, _)| *known == number) {
            let same = (first.position, first.recorded_ms) == (answer.position, answer.recorded_ms);
            ensure!(same, "{first:?} became {answer:?}");
        }
    }
    let mut service = wire::service(&bank.url()).await?;
    let newest = wire::newest(&mut service, &bank.verifier_key.parse()?).await?;
    ensure!(newest.size().get() == entries.len() as u64, "{newest:?}");
    for (_, answer) in before {
        let seen = wire::verified(&answer.checkpoint, &bank.verifier_key.parse()?)?;
        wire::check_extends(&mut service, &seen, &newest).await?;
    }
    site.audit(&bank.url()).await?;
    bank.end()
}
