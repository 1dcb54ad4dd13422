//! A store that fails on demand: each fault comes in two forms, failed, and
//! failed but was written.
//!
//! It stands around a real store and passes everything else on. What fails is
//! said beforehand, call by call, or drawn with seeded dice.

mod dice;
mod offers;
mod openings;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use ledger::EntryId;
use ledger::account::{Posting, PostingRef};
use ledger::log::{Position, Tile, TileId, TreeSize};
use ledger::state::{Key, Row, Scope};
use server::store::{Batch, Head, StateChunk, Store, StoreError};
use tokio::sync::mpsc;

pub use self::dice::Dice;

/// What a failed call says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The database does not answer.
    Unavailable,
    /// Another server was first.
    Conflict,
    /// The database failed while it committed.
    OutcomeUnknown,
}

/// How a commit fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommitFault {
    /// What it says.
    pub failure: Failure,
    /// Whether it was written all the same.
    pub written: bool,
}

/// What is going to fail.
#[derive(Debug, Default)]
struct Script {
    commits: VecDeque<Option<CommitFault>>,
    reads: VecDeque<bool>,
    chance: Option<(Dice, u64)>,
}

/// A store around another one.
pub struct Faulty {
    inner: Arc<dyn Store>,
    script: Mutex<Script>,
    injected: AtomicU64,
    reads: AtomicU64,
}

impl Faulty {
    /// A store that does not fail yet.
    pub fn around(inner: Arc<dyn Store>) -> Arc<Self> {
        Arc::new(Self {
            inner,
            script: Mutex::default(),
            injected: AtomicU64::new(0),
            reads: AtomicU64::new(0),
        })
    }

    /// Lets the next commit fail.
    pub fn fail_commit(&self, fault: CommitFault) {
        self.change(|script| script.commits.push_back(Some(fault)));
    }

    /// Lets one read fail, after so many that do not.
    pub fn fail_read_after(&self, reads: usize) {
        self.change(|script| {
            script.reads.extend(std::iter::repeat_n(false, reads));
            script.reads.push_back(true);
        });
    }

    /// Lets every call fail with a chance of so many in a thousand.
    pub fn fail_by_chance(&self, dice: Dice, per_mille: u64) {
        self.change(|script| script.chance = Some((dice, per_mille)));
    }

    /// From now on nothing fails.
    pub fn calm(&self) {
        self.change(|script| *script = Script::default());
    }

    /// How many calls have failed.
    pub fn injected(&self) -> u64 {
        self.injected.load(Ordering::Relaxed)
    }

    /// How often something was read.
    pub fn reads(&self) -> u64 {
        self.reads.load(Ordering::Relaxed)
    }

    fn change<T>(&self, change: impl FnOnce(&mut Script) -> T) -> T {
        change(&mut self.script.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn count(&self) {
        self.injected.fetch_add(1, Ordering::Relaxed);
    }

    /// Fails a read if it is its turn.
    fn read(&self) -> Result<(), StoreError> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        if self.change(Script::next_read) {
            self.count();
            return Err(Failure::Unavailable.error());
        }
        Ok(())
    }
}

impl Script {
    fn next_commit(&mut self) -> Option<CommitFault> {
        if let Some(planned) = self.commits.pop_front() {
            return planned;
        }
        let (dice, per_mille) = self.chance.as_mut()?;
        if dice.below(1_000) >= *per_mille {
            return None;
        }
        let failure = match dice.below(3) {
            0 => Failure::Unavailable,
            1 => Failure::Conflict,
            _ => Failure::OutcomeUnknown,
        };
        let written = dice.below(2) == 0;
        Some(CommitFault { failure, written })
    }

    fn next_read(&mut self) -> bool {
        if let Some(planned) = self.reads.pop_front() {
            return planned;
        }
        let chance = self.chance.as_mut();
        chance.is_some_and(|(dice, per_mille)| dice.below(1_000) < *per_mille)
    }
}

impl Failure {
    fn error(self) -> StoreError {
        let cause = || sqlx::Error::Io(std::io::Error::other("a fault of the test"));
        match self {
            Self::Unavailable => StoreError::Unavailable(cause()),
            Self::Conflict => StoreError::Conflict,
            Self::OutcomeUnknown => StoreError::OutcomeUnknown(cause()),
        }
    }
}

#[async_trait]
impl Store for Faulty {
    async fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        let Some(CommitFault { failure, written }) = self.change(Script::next_commit) else {
            return self.inner.commit(batch).await;
        };
        if written {
            self.inner.commit(batch).await?;
        }
        self.count();
        Err(failure.error())
    }

    async fn head(&self) -> Result<Head, StoreError> {
        self.read()?;
        self.inner.head().await
    }

    async fn rows(&self, keys: &[Key]) -> Result<Vec<(Key, Option<Row>)>, StoreError> {
        self.read()?;
        self.inner.rows(keys).await
    }

    async fn rows_at_head(
        &self,
        keys: &[Key],
    ) -> Result<(TreeSize, Vec<(Key, Option<Row>)>), StoreError> {
        self.read()?;
        self.inner.rows_at_head(keys).await
    }

    async fn scan(
        &self,
        scope: Scope,
        after: Option<Vec<u8>>,
        limit: u32,
    ) -> Result<Vec<(Key, Row)>, StoreError> {
        self.read()?;
        self.inner.scan(scope, after, limit).await
    }

    async fn positions(&self, ids: &[EntryId]) -> Result<Vec<(EntryId, Position)>, StoreError> {
        self.read()?;
        self.inner.positions(ids).await
    }

    async fn leaves(&self, from: Position, limit: u32) -> Result<Vec<Vec<u8>>, StoreError> {
        self.read()?;
        self.inner.leaves(from, limit).await
    }

    async fn leaves_at(
        &self,
        positions: &[Position],
    ) -> Result<Vec<(Position, Vec<u8>)>, StoreError> {
        self.read()?;
        self.inner.leaves_at(positions).await
    }

    async fn tiles(&self, ids: &[TileId]) -> Result<Vec<(TileId, Tile)>, StoreError> {
        self.read()?;
        self.inner.tiles(ids).await
    }

    async fn newest_checkpoint(&self) -> Result<Option<Vec<u8>>, StoreError> {
        self.read()?;
        self.inner.newest_checkpoint().await
    }

    async fn checkpoint_over(&self, position: Position) -> Result<Option<Vec<u8>>, StoreError> {
        self.read()?;
        self.inner.checkpoint_over(position).await
    }

    async fn newest_published(&self) -> Result<Option<Vec<u8>>, StoreError> {
        self.read()?;
        self.inner.newest_published().await
    }

    async fn published_over(&self, position: Position) -> Result<Option<Vec<u8>>, StoreError> {
        self.read()?;
        self.inner.published_over(position).await
    }

    async fn publish(
        &self,
        size: TreeSize,
        before: Option<&[u8]>,
        note: &[u8],
    ) -> Result<bool, StoreError> {
        self.read()?;
        self.inner.publish(size, before, note).await
    }

    async fn statement(&self, from: PostingRef, limit: u32) -> Result<Vec<Posting>, StoreError> {
        self.read()?;
        self.inner.statement(from, limit).await
    }

    async fn postings(
        &self,
        from: PostingRef,
        before: Position,
        limit: u32,
    ) -> Result<Vec<Posting>, StoreError> {
        self.read()?;
        self.inner.postings(from, before, limit).await
    }

    fn stream_state(&self) -> mpsc::Receiver<Result<StateChunk, StoreError>> {
        if let Err(error) = self.read() {
            let (sender, receiver) = mpsc::channel(1);
            // The channel is new and has room.
            let _ = sender.try_send(Err(error));
            return receiver;
        }
        self.inner.stream_state()
    }
}
