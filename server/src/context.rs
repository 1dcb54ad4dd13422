//! What every handler needs.

use std::fmt;
use std::sync::Arc;

use ledger::BatchVerifier;
use ledger::log::{Policy, SignedNote, TreeSize};
use tokio::sync::watch;

use crate::clock::Clock;
use crate::keys::KeyDirectory;
use crate::store::{Store, StoreError};
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
    /// Checks many signatures at once.
    pub verifier: BatchVerifier,
    /// Seals what is kept outside the log.
    pub vault: Arc<Vault>,
    /// The size of the log, told after each commit of this process.
    pub size: watch::Receiver<TreeSize>,
    /// Becomes true when the server is asked to stop: then streams that would
    /// go on for ever end.
    pub stopping: watch::Receiver<bool>,
    /// What a checkpoint needs in order to be published. What was published under
    /// another one may not meet it.
    pub policy: Arc<Policy>,
}

impl Context {
    /// Whether a published note meets the policy in force.
    pub(crate) fn is_enough(&self, note: &[u8]) -> Result<bool, StoreError> {
        let corrupt = |error: &dyn fmt::Display| {
            StoreError::Corrupt(format!("a published checkpoint cannot be read: {error}"))
        };
        let note = SignedNote::parse(note).map_err(|error| corrupt(&error))?;
        let verdict = self.policy.check(&note).map_err(|error| corrupt(&error))?;
        Ok(verdict.is_quorum_met())
    }

    /// Resolves when the server is asked to stop.
    pub fn asked_to_stop(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut stopping = self.stopping.clone();
        async move {
            // A server that is gone has stopped too.
            let _ = stopping.wait_for(|stopping| *stopping).await;
        }
    }
}
