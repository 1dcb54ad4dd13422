//! What every handler needs.

use std::sync::Arc;

use ledger::log::TreeSize;
use tokio::sync::watch;

use crate::clock::Clock;
use crate::keys::KeyDirectory;
use crate::store::Store;
use crate::vault::Vault;

/// Shared by all handlers; cheap to clone.
#[derive(Clone)]
pub struct Context {
    /// The database.
    pub store: Arc<dyn Store>,
    /// The checkpoint origin of the ledger.
    pub origin: Arc<str>,
    /// The log's verifier key, in the vkey encoding.
    pub verifier_key: Arc<str>,
    /// The time.
    pub clock: Clock,
    /// Members' public keys.
    pub keys: KeyDirectory,
    /// Seals what is kept outside the log.
    pub vault: Arc<Vault>,
    /// The size of the log, told after each commit of this process.
    pub size: watch::Receiver<TreeSize>,
    /// Becomes true when the server is asked to stop: then streams that would
    /// go on for ever end.
    pub stopping: watch::Receiver<bool>,
    /// Whether `/log/checkpoint` shows nothing but what a quorum of witnesses has
    /// cosigned.
    pub awaits_witnesses: bool,
}

impl Context {
    /// Resolves when the server is asked to stop.
    pub fn asked_to_stop(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut stopping = self.stopping.clone();
        async move {
            // A server that is gone has stopped too.
            let _ = stopping.wait_for(|stopping| *stopping).await;
        }
    }
}
