//! The demonstration: a day of a street's time bank, through the real client
//! over a real socket, audited at the end. Then the server stays up.

mod cast;
mod day;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use client::{Address, Client, Connection, Memory};
use server::clock::Clock;
use server::settings::Settings;
use tokio::signal::unix::{SignalKind, signal};

use self::cast::Cast;
use crate::bank;

/// How to run the demonstration.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Folder for database and keys; it must be new or empty [default: a new
    /// one among the temporary files]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Where to listen; if the port is taken, on any other
    #[arg(long, default_value = "127.0.0.1:7070")]
    pub listen: SocketAddr,
    /// End after the audit instead of staying up
    #[arg(long)]
    pub once: bool,
}

/// Plays the day.
///
/// # Errors
/// Whatever fails: nothing of it may.
pub async fn run(options: Options) -> Result<()> {
    let data = match options.data {
        Some(data) => data,
        None => bank::fresh_folder()?,
    };
    let settings = Settings {
        origin: "demo.example/street".parse()?,
        data: data.join("server"),
        listen: free_address(options.listen).await,
        ..Settings::default()
    };
    let running = server::serve::start(settings, Clock::system()).await?;
    let url = format!("http://{}", running.address);
    println!("A server is up at {url}, on SQLite in {}.", data.display());

    let home = data.join("home");
    let connection = Connection::open(&Address::new(url.as_str())).await?;
    let client = Client::connect(connection, Arc::new(Memory::in_home(&home)), None).await?;
    let cast = Cast::open_scheme(&client, &home).await?;
    day::play(&cast).await?;
    audit(&cast).await?;
    invite(&cast, &url, &home, &running.verifier_key);
    if !options.once {
        println!("\nThe server stays up. Ctrl-C ends it.");
        let mut terminate = signal(SignalKind::terminate())?;
        let asked = async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        };
        return Ok(running.until(asked).await?);
    }
    Ok(running.stop().await?)
}

/// The wished address if it is free, else the same with any port.
async fn free_address(wished: SocketAddr) -> SocketAddr {
    match tokio::net::TcpListener::bind(wished).await {
        Ok(_) => wished,
        Err(_) => SocketAddr::new(wished.ip(), 0),
    }
}

async fn audit(cast: &Cast) -> Result<()> {
    let auditor = cast.auditor.client.clone();
    let log_key = auditor.log().key().clone();
    let source = client::audit::ServerSource::new(auditor);
    let report = client::audit(source, &log_key, |_| {})
        .await
        .context("the audit")?;
    println!("\nThe auditor has recomputed it all from the bytes:");
    println!(
        "  {} records, each signature valid under its key at its position",
        report.tree_size
    );
    println!(
        "  {} postings, {} state rows and {} tiles as the server states them",
        report.postings, report.state_rows, report.tiles
    );
    println!(
        "  members hold {}, pools {}, issued {}; the sum is zero",
        hours(report.members.available_minutes + report.members.held_minutes),
        hours(report.pool_minutes),
        hours(report.issued_minutes)
    );
    println!("  root {}", report.root);
    Ok(())
}

fn invite(cast: &Cast, url: &str, home: &Path, verifier_key: &str) {
    println!("\nAddress       {url}");
    println!("Verifier key  {verifier_key}");
    println!("\nTry next, with the keys of the demonstration:");
    println!(
        "  export TIMEBANK_SERVER={url} TIMEBANK_HOME={}",
        home.display()
    );
    println!("  alias timebank='cargo run --release --quiet --bin timebank --'");
    for line in [
        "timebank --key volunteer hours balance",
        "timebank --key volunteer hours statement",
        &format!(
            "timebank --key volunteer care open --unit {}",
            cast.stations[0].unit
        ),
        "timebank --key recipient care mine",
        "timebank --key fund fund show",
        "timebank --key auditor audit",
    ] {
        println!("  {line}");
    }
}

/// Minutes as people say them.
fn hours(minutes: i64) -> String {
    format!("{} h {} min", minutes / 60, minutes % 60)
}
