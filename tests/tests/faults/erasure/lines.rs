//! What a server writes to its log, line by line, while texts come and go.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Result, ensure};
use client::{Address, Client, Connection, Identity, Memory};
use server::clock::Clock;
use server::serve;
use server::settings::Settings;
use timebank_tests::bank::ORIGIN;
use tracing::Level;
use tracing_subscriber::fmt::MakeWriter;

use super::{deposit, opening, text};
use crate::site::{Kind, Site};
use crate::wire;

/// The log lines of this process.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    fn have(&self, needle: &str) -> bool {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&lines).contains(needle)
    }
}

impl Write for Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.extend_from_slice(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_line_of_the_log_has_a_text_salt_or_commitment_in_it() -> Result<()> {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(Level::DEBUG)
        .with_ansi(false)
        .with_writer(lines.clone())
        .finish();
    tracing::subscriber::set_global_default(subscriber)?;
    let site = Site::new(Kind::Sqlite, 2)?;
    let settings = Settings {
        origin: ORIGIN.parse()?,
        data: site.plan.data.clone(),
        listen: ([127, 0, 0, 1], 0).into(),
        ..Settings::default()
    };
    let running = serve::start(settings, Clock::system()).await?;
    let url = format!("http://{}", running.address);
    wire::submit(&url, &site.street.opening(100_000)).await?;
    let connection = Connection::open(&Address::new(url)).await?;
    let client = Client::connect(connection, Memory::volatile().into(), None).await?;
    let acting = |person: &timebank_tests::pen::Person| {
        client.acting_as(Identity {
            member: person.id,
            key: person.key.clone(),
        })
    };
    let recipient = acting(&site.street.members[0]);
    let entry = deposit(&site, &recipient, 1).await?[0];
    recipient.opening(entry).await?;
    let stranger = acting(&site.street.members[1]);
    ensure!(stranger.opening(entry).await.is_err());
    recipient.erase_opening(entry).await?;
    ensure!(recipient.put_opening(entry, &opening(0)).await.is_err());
    // What must be there: the names of the statements.
    for name in ["put_opening(", "erase_opening(", "keep_read("] {
        ensure!(lines.have(name), "no line names {name}");
    }
    let (opening, text) = (opening(0), text(0));
    let commitment = opening.commitment(ledger::commitment::CommitmentKind::Note);
    for secret in [
        text[..40].to_owned(),
        hex::encode(&text[..20]),
        hex::encode(&opening.salt()[..16]),
        format!("{:?}", &opening.salt()[..8]).replace(['[', ']'], ""),
        commitment.to_string(),
    ] {
        ensure!(!lines.have(&secret), "{secret}");
    }
    running.stop().await?;
    Ok(())
}
