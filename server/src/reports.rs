//! The reader of reports: folds the log of this server's own database, and counts
//! along, as an auditor does. It is made when somebody first asks, and then takes
//! in what is new; a server that nobody asks keeps none of it.
//!
//! Its memory is that of the state of the ledger. It writes nothing and signs
//! nothing, and no entry waits for it.

use std::sync::Arc;

use ledger::State;
use ledger::log::{Tree, leaf_hash};
use ledger::replay::Replay;
use ledger::report::Statistics;
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::store::{Store, StoreError};

/// Leaves that are folded before other tasks have their turn: some milliseconds.
const CHUNK: u32 = 512;

/// Reads the log for reports; cheap to clone.
#[derive(Clone)]
pub struct Reports {
    store: Arc<dyn Store>,
    fold: Arc<Mutex<Fold>>,
}

/// What the log says up to some size.
pub struct Fold {
    /// What was counted.
    pub statistics: Statistics,
    /// The hashes of the records.
    pub tree: Tree,
    replay: Replay,
}

impl Fold {
    /// The state at the newest record.
    pub fn state(&self) -> &State {
        self.replay.state()
    }
}

impl Reports {
    /// A reader that has read nothing yet.
    pub fn new(store: Arc<dyn Store>, origin: &str) -> Self {
        let fold = Fold {
            statistics: Statistics::default(),
            tree: Tree::new(),
            replay: Replay::new(origin),
        };
        Self {
            store,
            fold: Arc::new(Mutex::new(fold)),
        }
    }

    /// What the log says up to its newest record.
    ///
    /// # Errors
    /// Those of the store; [`StoreError::Corrupt`] if the records do not follow
    /// from each other.
    pub async fn newest(&self) -> Result<OwnedMutexGuard<Fold>, StoreError> {
        let mut fold = Arc::clone(&self.fold).lock_owned().await;
        loop {
            let next = fold.tree.size().next_position();
            let leaves = self.store.leaves(next, CHUNK).await?;
            if leaves.is_empty() {
                return Ok(fold);
            }
            fold.take_in(&leaves)?;
            tokio::task::yield_now().await;
        }
    }
}

impl Fold {
    fn take_in(&mut self, leaves: &[Vec<u8>]) -> Result<(), StoreError> {
        for leaf in leaves {
            let position = self.tree.size().next_position();
            let corrupt = |error: &dyn std::fmt::Display| {
                StoreError::Corrupt(format!("the record {position} cannot be folded: {error}"))
            };
            let (_, record) = proto::decode_leaf(position, leaf).map_err(|it| corrupt(&it))?;
            let effects = self.replay.push(&record).map_err(|it| corrupt(&it))?;
            self.statistics.read(&record, &effects, self.replay.state());
            self.tree.extend([leaf_hash(leaf)]);
        }
        Ok(())
    }
}
