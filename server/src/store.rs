//! The store: what the sequencer writes and the handlers read.
//!
//! One trait, so that the tests can put a faulty store in its place; one
//! implementation, [`sql::SqlStore`], over SQLite and PostgreSQL. The records
//! are the truth; every other table is derived from them in the same
//! transaction.

pub mod backend;
pub mod offers;
pub mod openings;
pub mod sql;
pub mod statement;

use async_trait::async_trait;
use ledger::account::{Posting, PostingRef};
use ledger::log::{Position, Tile, TileId, TreeSize};
use ledger::state::{Key, Row, Scope};
use ledger::{AccountId, EntryId, Millis};
use tokio::sync::mpsc;

pub use self::offers::Offers;
pub use self::openings::Openings;
pub use self::sql::{connect, connect_to_read};

/// Why the store did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another server appended first. Load the head and try again.
    #[error("another server has appended to the log")]
    Conflict,
    /// The database does not answer; nothing was written.
    #[error("the database is not available: {0}")]
    Unavailable(#[from] sqlx::Error),
    /// The database failed while committing: it may or may not have written.
    /// The process must stop and recover.
    #[error("the outcome of a commit is unknown: {0}")]
    OutcomeUnknown(#[source] sqlx::Error),
    /// What is stored contradicts itself or the log.
    #[error("the database is corrupt: {0}")]
    Corrupt(String),
}

/// The head of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The checkpoint origin.
    pub origin: String,
    /// Number of records.
    pub size: TreeSize,
    /// When the newest was recorded.
    pub recorded: Millis,
    /// The highest id of an entry. Ids are in time order: a higher one is new.
    pub highest_id: Option<EntryId>,
}

/// A record to append.
#[derive(Debug, Clone)]
pub struct NewRecord {
    /// Its id.
    pub entry_id: EntryId,
    /// Its stored bytes.
    pub leaf: Vec<u8>,
}

/// Everything that one commit writes.
#[derive(Debug, Clone)]
pub struct Batch {
    /// The size of the log that this batch extends.
    pub old_size: TreeSize,
    /// When its records are recorded.
    pub recorded: Millis,
    /// The records, from position `old_size` on.
    pub records: Vec<NewRecord>,
    /// Every tile that changed.
    pub tiles: Vec<(TileId, Tile)>,
    /// The checkpoint over all of it, as a signed note.
    pub checkpoint: Vec<u8>,
    /// The postings, in order.
    pub postings: Vec<Posting>,
    /// The state rows that changed, each once; `None` removes.
    pub rows: Vec<(Key, Option<Row>)>,
}

impl Batch {
    /// The size of the log after it.
    pub fn new_size(&self) -> TreeSize {
        TreeSize::new(self.old_size.get() + self.records.len() as u64)
    }
}

/// Some state rows as stored bytes, and the tree size at which they hold.
#[derive(Debug, Clone)]
pub struct StateChunk {
    /// The tree size.
    pub size: TreeSize,
    /// Keys and values, in the order of the keys.
    pub rows: Vec<(Vec<u8>, Vec<u8>)>,
}

/// What a server needs of a database.
#[async_trait]
pub trait Store: Offers + Openings + Send + Sync + 'static {
    /// The head of the log.
    async fn head(&self) -> Result<Head, StoreError>;

    /// Appends a batch, all or nothing, durably.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if the log is not of `old_size` any more.
    async fn commit(&self, batch: &Batch) -> Result<(), StoreError>;

    /// The state rows of some keys; `None` where there is none.
    async fn rows(&self, keys: &[Key]) -> Result<Vec<(Key, Option<Row>)>, StoreError>;

    /// The state rows of some keys, all of them at one tree size.
    async fn rows_at_head(
        &self,
        keys: &[Key],
    ) -> Result<(TreeSize, Vec<(Key, Option<Row>)>), StoreError>;

    /// A page of a list of state rows, in the order of their keys.
    async fn scan(
        &self,
        scope: Scope,
        after: Option<Vec<u8>>,
        limit: u32,
    ) -> Result<Vec<(Key, Row)>, StoreError>;

    /// Which of these entries are recorded, and where.
    async fn positions(&self, ids: &[EntryId]) -> Result<Vec<(EntryId, Position)>, StoreError>;

    /// The leaves of some positions that follow each other: as many as there
    /// are, at most `limit`.
    async fn leaves(&self, from: Position, limit: u32) -> Result<Vec<Vec<u8>>, StoreError>;

    /// The leaves of some positions, in no order. Those that do not exist are
    /// left out.
    async fn leaves_at(
        &self,
        positions: &[Position],
    ) -> Result<Vec<(Position, Vec<u8>)>, StoreError>;

    /// Tiles, as wide as they are now. Those that do not exist are left out.
    async fn tiles(&self, ids: &[TileId]) -> Result<Vec<(TileId, Tile)>, StoreError>;

    /// The newest checkpoint, if any record exists.
    async fn newest_checkpoint(&self) -> Result<Option<Vec<u8>>, StoreError>;

    /// The first checkpoint that covers a position.
    async fn checkpoint_over(&self, position: Position) -> Result<Option<Vec<u8>>, StoreError>;

    /// The newest checkpoint that a quorum of witnesses has cosigned.
    async fn newest_published(&self) -> Result<Option<Vec<u8>>, StoreError>;

    /// The first such checkpoint that covers a position.
    async fn published_over(&self, position: Position) -> Result<Option<Vec<u8>>, StoreError>;

    /// Publishes a checkpoint of a size; or, where one of that size is published
    /// as `before`, adds cosignatures at its end. False if it is not as `before`:
    /// another server has published meanwhile.
    async fn publish(
        &self,
        size: TreeSize,
        before: Option<&[u8]>,
        note: &[u8],
    ) -> Result<bool, StoreError>;

    /// Postings of an account, newest first, from one on.
    async fn statement(&self, from: PostingRef, limit: u32) -> Result<Vec<Posting>, StoreError>;

    /// Postings in order, from one on and before a position.
    async fn postings(
        &self,
        from: PostingRef,
        before: Position,
        limit: u32,
    ) -> Result<Vec<Posting>, StoreError>;

    /// Every state row at one tree size, in chunks.
    fn stream_state(&self) -> mpsc::Receiver<Result<StateChunk, StoreError>>;
}

/// The key under which an account's row is stored.
pub(crate) fn account_key(account: &AccountId) -> Vec<u8> {
    Key::Account(*account).encode()
}
