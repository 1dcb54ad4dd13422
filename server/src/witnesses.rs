//! Witnesses: whoever independent cosigns the checkpoints of this log, asked and
//! published beside everything else. C2SP tlog-witness, the side of the log.
//!
//! The sequencer signs a checkpoint at every commit and answers members with it;
//! no answer waits for a witness. From time to time the [`collector`] takes the
//! newest one, adds the log's further signatures (ML-DSA-44), has the witnesses of
//! the [`roster`] cosign it, and publishes it when their quorum is met. What a
//! witness of ours does is not here: that is for the client.

pub mod collector;
mod conversation;
mod http;
mod publish;
pub mod roster;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use ledger::log::{Checkpoint, Cosigner, Hash, NoteSigner, Policy};
use ledger::log::{SignedNote, TreeSize, VerifierKey};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

pub use self::collector::Collecting;
use self::collector::Collector;
use self::conversation::{Failure, Question, size_seen};
use self::http::Http;
pub use self::roster::{Roster, RosterError, Witness};
use crate::ahead::Behind;
use crate::api::ledger::read_checkpoint;
use crate::clock::Clock;
use crate::store::{Store, StoreError};

/// A witness says that it has cosigned records that this database does not have:
/// it was put back to an older state, or the log's key signs somewhere else.
///
/// It is the witness' word alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ahead {
    /// What the policy file calls the witness.
    pub witness: String,
    /// How many records it has cosigned; none if it has cosigned another tree of
    /// no more records than ours.
    pub size: Option<TreeSize>,
}

/// The keys of the log.
#[derive(Debug, Clone)]
pub struct Signers {
    /// Signs every checkpoint.
    pub first: NoteSigner,
    /// Sign those that are published, after the first: their signatures are too
    /// large or too slow for every commit.
    pub further: Vec<Cosigner>,
}

/// The witnesses of one log, and what it takes to ask them.
pub struct Witnesses {
    store: Arc<dyn Store>,
    clock: Clock,
    signers: Signers,
    roster: Roster,
    timeout: Duration,
    http: Option<Http>,
}

impl Witnesses {
    /// The witnesses of a roster for the log with these keys.
    ///
    /// # Errors
    /// If the system has no certificate authorities: some witness may speak TLS.
    pub fn new(
        store: Arc<dyn Store>,
        clock: Clock,
        signers: Signers,
        roster: Roster,
        timeout: Duration,
    ) -> io::Result<Self> {
        let further = signers.further.iter().map(Cosigner::verifier_key);
        let keys = std::iter::once(signers.first.verifier_key()).chain(further);
        let roster = roster.for_log(keys);
        let is_anyone_asked = !roster.witnesses().is_empty();
        Ok(Self {
            store,
            clock,
            signers,
            roster,
            timeout,
            http: is_anyone_asked.then(Http::new).transpose()?,
        })
    }

    /// Whether anything is ever published: witnesses are asked, or the log has
    /// further signatures of its own.
    pub fn has_work(&self) -> bool {
        self.http.is_some() || !self.signers.further.is_empty()
    }

    /// By which a checkpoint is published.
    pub fn policy(&self) -> &Policy {
        self.roster.policy()
    }

    /// The keys that verify the further signatures of the log.
    pub fn further_keys(&self) -> impl Iterator<Item = VerifierKey> {
        self.signers.further.iter().map(Cosigner::verifier_key)
    }

    /// Asks each witness once how many records it has cosigned, by showing it the
    /// newest checkpoint of the database. Those that give no good answer in time
    /// are left out, and named in the log with what they said.
    ///
    /// # Errors
    /// If the database cannot say what is newest.
    pub async fn sizes_seen(&self) -> Result<Vec<(String, TreeSize)>, StoreError> {
        let Some(http) = &self.http else {
            return Ok(Vec::new());
        };
        let newest = Arc::new(self.newest().await?);
        let mut asked = JoinSet::new();
        for witness in self.roster.witnesses().iter().cloned() {
            let (http, store) = (http.clone(), Arc::clone(&self.store));
            let (newest, timeout) = (Arc::clone(&newest), self.timeout);
            asked.spawn(async move {
                let size = size_seen(&http, &*store, &witness, &newest);
                let size = tokio::time::timeout(timeout, size).await;
                let size = size.unwrap_or(Err(Failure::Late));
                let warn = |why: &Failure| {
                    let witness = &witness.name;
                    tracing::warn!(witness, %why, "a witness does not say what it has seen");
                };
                let size = size.inspect_err(warn).ok()?;
                Some((witness.name, size))
            });
        }
        Ok(asked.join_all().await.into_iter().flatten().collect())
    }

    /// Begins to collect and publish, on a task of its own. `sizes` tells when the
    /// log has grown; it ends when that ends, or when it is asked to stop. While the
    /// database is `behind`, nobody is asked and nothing signed.
    pub fn collect(
        self,
        sizes: watch::Receiver<TreeSize>,
        behind: watch::Receiver<Option<Arc<Behind>>>,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> (Collecting, JoinHandle<()>) {
        Collector::start(self, sizes, behind, stop)
    }

    /// The newest checkpoint; of an empty database, that of the empty tree.
    async fn newest(&self) -> Result<Question, StoreError> {
        if let Some(newest) = newest(&*self.store).await? {
            return Ok(newest);
        }
        let first = &self.signers.first;
        let origin = first.verifier_key().name().clone();
        let empty = Checkpoint::new(origin, TreeSize::ZERO, Hash::EMPTY_ROOT);
        let note = empty
            .sign(std::slice::from_ref(first))
            .expect("a checkpoint is a text that notes may have");
        Ok(Question::about(note, TreeSize::ZERO))
    }
}

/// The newest checkpoint of a database, if it has records.
async fn newest(store: &dyn Store) -> Result<Option<Question>, StoreError> {
    let Some(note) = store.newest_checkpoint().await? else {
        return Ok(None);
    };
    let (note, checkpoint) = read_checkpoint(&note)?;
    Ok(Some(Question::about(note, checkpoint.size())))
}

impl Question {
    /// A question to a witness of which nothing is known.
    fn about(note: SignedNote, size: TreeSize) -> Self {
        let old = TreeSize::ZERO;
        Self { note, size, old }
    }
}
