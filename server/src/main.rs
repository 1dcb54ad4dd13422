//! `timebank-server`: the command.

use std::io::IsTerminal as _;
use std::pin::pin;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use mimalloc::MiMalloc;
use server::clock::Clock;
use server::export::{Export, export};
use server::log_keys::verifier_keys;
use server::rotation::{Unreadable, rotate};
use server::serve::start;
use server::settings::{LogFormat, Overrides, Settings};
use server::status::status;
use server::store::{connect, connect_to_read};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// See docs/decisions.md for what it is worth.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Keeps a time bank's ledger and serves it on one port.
///
/// Settings come from a TOML file, then the environment, then flags; the later
/// wins. Without any, a ledger on SQLite in ./timebank-data is served on
/// 127.0.0.1:7070.
#[derive(Parser)]
#[command(version, before_help = EXAMPLES)]
struct Command {
    #[command(subcommand)]
    action: Option<Action>,
    #[command(flatten)]
    overrides: Overrides,
}

const EXAMPLES: &str = "Examples:
  timebank-server                                   # SQLite, loopback
  timebank-server --origin hours.example.org/city --database postgres://…/bank
  timebank-server check --config bank.toml          # print the settings, start nothing
  timebank-server status --config bank.toml         # has the database all that was signed?
  timebank-server export --out public/log           # a folder for any web server";

const EXPORT_EXAMPLES: &str = "Examples:
  timebank-server export --out public/log               # all, and on from there next time
  timebank-server export --out public/log --no-entries  # hashes only: nothing of members";

const ROTATE_EXAMPLES: &str = "Examples:
  timebank-server rotate-openings-key --config bank.toml";

#[derive(Subcommand)]
enum Action {
    /// Serve (the default)
    Serve,
    /// Print the settings that would be used, and start nothing
    Check,
    /// Say whether the database has all that was signed, and start nothing
    ///
    /// Compares it with the guard and with the published checkpoint. Ends with 1
    /// if records are missing.
    Status,
    /// Write the ledger into a folder that any web server can serve
    ///
    /// Reads the database, beside a running server or without one. Started
    /// again, it goes on from where it stopped. See docs/export.md.
    #[command(before_help = EXPORT_EXAMPLES)]
    Export(Export),
    /// Seal all openings under a new key, and destroy the old one
    ///
    /// After it nobody can read an opening in an older backup or in an archived
    /// write-ahead log, erased or not. Every server of the ledger must be
    /// stopped. See docs/operating.md.
    #[command(before_help = ROTATE_EXAMPLES)]
    RotateOpeningsKey {
        /// Give up the openings whose key is lost; whoever has one may deposit it
        /// again
        #[arg(long)]
        give_up_unreadable: bool,
    },
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("timebank-server: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<()> {
    let command = Command::parse();
    let settings = command.overrides.settings()?;
    match command.action.unwrap_or(Action::Serve) {
        Action::Serve => serve(settings),
        Action::Check => check(&settings),
        Action::Status => show_status(&settings),
        Action::Export(options) => write_export(&settings, &options),
        Action::RotateOpeningsKey { give_up_unreadable } => {
            rotate_openings_key(&settings, give_up_unreadable)
        }
    }
}

/// Prints what a server would do with the settings, and the keys that verify what
/// it signs; the lines about these are comments in TOML.
fn check(settings: &Settings) -> anyhow::Result<()> {
    let roster = settings.roster()?;
    print!("{}", settings.shown());
    for witness in roster.witnesses() {
        println!("# asks the witness {}", witness.name);
    }
    let keys = verifier_keys(&settings.data, &settings.origin)?;
    if keys.is_empty() {
        println!("# the log's keys are made at the first start");
    }
    for key in keys {
        println!("# log {key}");
    }
    Ok(())
}

fn rotate_openings_key(settings: &Settings, gives_up: bool) -> anyhow::Result<()> {
    let unreadable = if gives_up {
        Unreadable::GiveUp
    } else {
        Unreadable::Refuse
    };
    start_logging(settings.log_format);
    let runtime = tokio::runtime::Runtime::new()?;
    let (url, origin) = (settings.database_url()?, settings.origin.as_str());
    let rotated = runtime.block_on(async {
        let store = connect(&url, origin).await?;
        anyhow::Ok(rotate(&settings.data, &*store, unreadable).await?)
    })?;
    println!(
        "{} openings are sealed under the new key.",
        rotated.resealed
    );
    if rotated.given_up > 0 {
        println!("{} could not be read, and are given up.", rotated.given_up);
    }
    Ok(())
}

fn show_status(settings: &Settings) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let status = runtime.block_on(status(settings))?;
    println!("{status}");
    match status.behind {
        Some(behind) => anyhow::bail!("{behind}; {}", behind.remedy()),
        None => Ok(()),
    }
}

fn write_export(settings: &Settings, options: &Export) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let origin = &settings.origin;
    let exported = runtime.block_on(async {
        let store = connect_to_read(&settings.database_url()?, origin.as_str()).await?;
        let exported = export(&*store, origin, options, |done, total| {
            // A line a twentieth, and one at the end.
            if done == total || done * 20 / total > done.saturating_sub(256) * 20 / total {
                eprintln!("{done} of {total} records");
            }
        });
        anyhow::Ok(exported.await?)
    })?;
    let signed = if exported.is_published {
        "with the published signatures"
    } else {
        "signed by the log alone"
    };
    let (folder, files) = (options.out.display(), exported.files);
    println!(
        "{folder} has {} records, {signed}; {files} files are new.",
        exported.size
    );
    Ok(())
}

fn serve(settings: Settings) -> anyhow::Result<()> {
    start_logging(settings.log_format);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut asked_to_stop = pin!(asked_to_stop()?);
        let running = tokio::select! {
            running = start(settings, Clock::system()) => running?,
            () = &mut asked_to_stop => return Ok(()),
        };
        tracing::info!(
            address = %running.address,
            verifier_key = running.verifier_key,
            further_keys = ?running.further_keys,
            read_only = running.read_only.is_some(),
            "serving"
        );
        running.until(asked_to_stop).await?;
        tracing::info!("ended");
        Ok(())
    })
}

/// Resolves at the first SIGTERM or SIGINT.
fn asked_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

fn start_logging(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    match format {
        LogFormat::Text => lines.init(),
        LogFormat::Json => lines.json().init(),
    }
}
