//! The server of a world: in a process of its own, or in this one where the
//! test moves its clock.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use anyhow::Result;
use timebank_tests::bank::{Bank, ORIGIN, Plan};

use super::moved;

/// The server, where it runs.
pub(super) enum Server {
    /// In a process of its own.
    Process(Bank),
    /// In this process.
    Here(server::serve::Running),
}

impl Server {
    /// Starts it as planned: in a process of its own or, with an offset to the
    /// machine's clock, in this one.
    pub(super) async fn start(plan: &Plan, offset_ms: Option<&Arc<AtomicI64>>) -> Result<Self> {
        let Some(offset_ms) = offset_ms else {
            let plan = plan.clone();
            let bank = tokio::task::spawn_blocking(move || plan.start()).await??;
            return Ok(Self::Process(bank));
        };
        let settings = server::settings::Settings {
            origin: ORIGIN.parse()?,
            data: plan.data.clone(),
            database: plan.database.clone(),
            listen: "127.0.0.1:0".parse()?,
            ..server::settings::Settings::default()
        };
        let time = Arc::clone(offset_ms);
        let clock = server::clock::Clock::from_fn(move || moved(&time));
        Ok(Self::Here(server::serve::start(settings, clock).await?))
    }

    /// Ends it well, and waits for it.
    pub(super) async fn end(self) -> Result<()> {
        match self {
            Self::Process(bank) => tokio::task::spawn_blocking(|| bank.end()).await?,
            Self::Here(running) => Ok(running.stop().await?),
        }
    }

    /// Where it is.
    pub(super) fn url(&self) -> String {
        match self {
            Self::Process(bank) => bank.url(),
            Self::Here(running) => format!("http://{}", running.address),
        }
    }

    /// The log's verifier key, as it printed it.
    pub(super) fn verifier_key(&self) -> String {
        match self {
            Self::Process(bank) => bank.verifier_key.clone(),
            Self::Here(running) => running.verifier_key.clone(),
        }
    }

    /// Why it serves reads only, if so.
    pub(super) fn read_only(&self) -> Option<String> {
        match self {
            Self::Process(bank) => bank.read_only.clone(),
            Self::Here(running) => running.read_only.clone(),
        }
    }
}
