//! `timebank-lab`: the demonstration, the load generator, and the server that
//! they and the tests start.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use mimalloc::MiMalloc;
use server::clock::Clock;
use server::settings::Overrides;
use timebank_tests::{demo, load, specimen, witness};
use tokio::signal::unix::{SignalKind, signal};

/// See docs/decisions.md for what it is worth.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// See and measure timebank.
#[derive(Parser)]
#[command(version, before_help = EXAMPLES)]
struct Command {
    #[command(subcommand)]
    action: Action,
}

const EXAMPLES: &str = "Examples:
  timebank-lab demo      # a day of a street's time bank, then a server to try
  timebank-lab load      # how fast it is, beside the limits of this machine
  timebank-lab specimen --out logs   # made-up logs, for other people's auditors";

#[derive(Subcommand)]
enum Action {
    /// Play a day of a street's time bank, audit it, and stay up
    Demo(demo::Options),
    /// Measure throughput, latency, audit and growth
    Load(load::Options),
    /// Write made-up logs of chosen sizes, for other people's programs to check
    Specimen(specimen::Options),
    /// Serve a ledger, and print where on the first line (for the tests)
    Serve(Box<Overrides>),
    /// Serve a witness, and print where on the first line (for the tests)
    Witness(witness::Options),
}

fn main() -> ExitCode {
    let runtime = tokio::runtime::Runtime::new().expect("the system has threads for a runtime");
    let done = runtime.block_on(async {
        match Command::parse().action {
            Action::Demo(options) => demo::run(options).await,
            Action::Load(options) => load::run(std::env::current_exe()?, options).await,
            Action::Specimen(options) => specimen::run(&options),
            Action::Serve(overrides) => serve(*overrides).await,
            Action::Witness(options) => witness::run(options).await,
        }
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("timebank-lab: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(overrides: Overrides) -> anyhow::Result<()> {
    // Before it says that it listens: whoever reads that may end it at once.
    let mut terminate = signal(SignalKind::terminate())?;
    let running = server::serve::start(overrides.settings()?, Clock::system()).await?;
    let said = serde_json::json!({
        "address": running.address.to_string(),
        "verifier_key": running.verifier_key,
        "further_keys": running.further_keys,
        "read_only": running.read_only,
    });
    println!("{said}");
    let asked = async move {
        terminate.recv().await;
    };
    running.until(asked).await?;
    Ok(())
}
