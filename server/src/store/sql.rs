//! The store over SQL, for both databases.

mod offers;
mod openings;
mod read;
mod write;

use std::marker::PhantomData;
use std::sync::Arc;

use async_trait::async_trait;
use ledger::EntryId;
use ledger::account::{Posting, PostingRef};
use ledger::log::{Position, Tile, TileId, TreeSize};
use ledger::state::{Key, Row, Scope};
use sqlx::Database;
use tokio::sync::{Mutex, mpsc};

use self::read::{
    array, bytes, corrupt, in_order, int, key_values, posting, read_head, row_bytes, scan_values,
    signed, state_row, unsigned,
};
use self::write::cut;
use super::backend::{Backend, Connections, Postgres, Sql, Sqlite, TransactionError, Value};
use super::statement::{self, ManyRows};
use super::{Batch, Head, StateChunk, Store, StoreError};

/// The version of the bytes in `state_rows`. A database of another version is
/// refused.
const STATE_FORMAT: i64 = 7;
/// State rows in one chunk of a stream.
const CHUNK_ROWS: u32 = 1_000;

type Connection<B> = <<B as Backend>::Db as Database>::Connection;
type DbRow<B> = <<B as Backend>::Db as Database>::Row;

/// Connects to the database of a URL: `sqlite:` or `postgres:`. The schema is
/// brought up to date, and the head is made for `origin` if there is none.
///
/// # Errors
/// [`StoreError::Unavailable`]; [`StoreError::Corrupt`] if the database
/// belongs to another ledger.
pub async fn connect(url: &str, origin: &str) -> Result<Arc<dyn Store>, StoreError> {
    if url.starts_with("postgres") {
        Ok(Arc::new(SqlStore::<Postgres>::open(url, origin).await?))
    } else {
        Ok(Arc::new(SqlStore::<Sqlite>::open(url, origin).await?))
    }
}

/// Connects to the database of a URL to read it, beside a server or without
/// one. Nothing is made and nothing is brought up to date.
///
/// # Errors
/// As [`connect`]; [`StoreError::Unavailable`] too if there is no ledger, or one
/// whose schema no server of this version has brought up to date.
pub async fn connect_to_read(url: &str, origin: &str) -> Result<Arc<dyn Store>, StoreError> {
    if url.starts_with("postgres") {
        let connections = Postgres::connect_to_read(url).await?;
        Ok(Arc::new(SqlStore::of(connections, origin).await?))
    } else {
        let connections = Sqlite::connect_to_read(url).await?;
        Ok(Arc::new(SqlStore::of(connections, origin).await?))
    }
}

/// A store over one of the backends.
pub struct SqlStore<B: Backend> {
    connections: Connections<B>,
    /// Whether bytes of erased openings may still be in the database's files, for
    /// all that this process knows. Locked by the one who removes them.
    removal_is_due: Mutex<bool>,
    backend: PhantomData<B>,
}

impl<B: Backend> SqlStore<B>
where
    for<'c> &'c mut Connection<B>: sqlx::Executor<'c, Database = B::Db>,
{
    async fn open(url: &str, origin: &str) -> Result<Self, StoreError> {
        let connections = B::connect(url).await?;
        let mut writer = connections.writer.acquire().await?;
        let values = vec![Value::Text(origin.to_owned()), Value::Int(STATE_FORMAT)];
        B::execute(&mut writer, statement::CREATE_HEAD.into(), values).await?;
        drop(writer);
        Self::of(connections, origin).await
    }

    /// A store over connections to a database that belongs to `origin`.
    async fn of(connections: Connections<B>, origin: &str) -> Result<Self, StoreError> {
        let store = Self {
            connections,
            removal_is_due: Mutex::new(true),
            backend: PhantomData,
        };
        let head = store.head().await?;
        if head.origin != origin {
            let found = head.origin;
            let message = format!("it belongs to the ledger {found}, not to {origin}");
            return Err(StoreError::Corrupt(message));
        }
        Ok(store)
    }

    /// Runs a statement on a reader and maps its rows.
    async fn read<T>(
        &self,
        sql: impl Into<Sql>,
        values: Vec<Value>,
        map: impl Fn(&DbRow<B>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut reader = self.connections.readers.acquire().await?;
        let rows = B::fetch(&mut reader, sql.into(), values).await?;
        rows.iter().map(map).collect()
    }

    /// Runs a statement over many rows on a reader, cut as it must be.
    async fn read_many<T>(
        &self,
        statement: ManyRows,
        values: Vec<Value>,
        map: impl Fn(&DbRow<B>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut reader = self.connections.readers.acquire().await?;
        let mut found = Vec::new();
        for (sql, values) in cut::<B>(statement, values) {
            let rows = B::fetch(&mut reader, sql, values).await?;
            for row in &rows {
                found.push(map(row)?);
            }
        }
        Ok(found)
    }

    /// Reads a signed note, over a position if the statement asks for one.
    async fn read_note(
        &self,
        statement: &'static str,
        over: Option<Position>,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let over = over.map(|position| signed(position.get())).transpose()?;
        let values = over.map(Value::Int).into_iter().collect();
        let notes = self.read(statement, values, |row| bytes::<B>(row, 0));
        Ok(notes.await?.into_iter().next())
    }

    async fn stream_state_to(
        readers: sqlx::Pool<B::Db>,
        chunks: &mpsc::Sender<Result<StateChunk, StoreError>>,
    ) -> Result<(), StoreError> {
        let mut tx = readers.begin_with(B::BEGIN_READ).await?;
        let size = read_head::<B>(&mut tx).await?.size;
        let mut after = Vec::new();
        loop {
            let values = scan_values(Scope::All, after, CHUNK_ROWS);
            let rows = B::fetch(&mut tx, statement::SCAN.into(), values).await?;
            let rows = rows
                .iter()
                .map(row_bytes::<B>)
                .collect::<Result<Vec<_>, _>>()?;
            let Some((last, _)) = rows.last() else {
                return Ok(());
            };
            after = last.clone();
            if chunks.send(Ok(StateChunk { size, rows })).await.is_err() {
                return Ok(());
            }
        }
    }
}

#[async_trait]
impl<B: Backend> Store for SqlStore<B>
where
    for<'c> &'c mut Connection<B>: sqlx::Executor<'c, Database = B::Db>,
{
    async fn head(&self) -> Result<Head, StoreError> {
        let mut reader = self.connections.readers.acquire().await?;
        read_head::<B>(&mut reader).await
    }

    async fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        let statements = write::statements::<B>(batch)?;
        let writer = self.connections.writer.acquire();
        let mut writer = writer.await?;
        B::transaction(&mut writer, statements)
            .await
            .map_err(|error| match error {
                TransactionError::Undone(sqlx::Error::Database(refusal))
                    if write::is_conflict(&refusal.kind()) =>
                {
                    StoreError::Conflict
                }
                TransactionError::Undone(error) => StoreError::Unavailable(error),
                TransactionError::Unknown(error) => StoreError::OutcomeUnknown(error),
            })
    }

    async fn rows(&self, keys: &[Key]) -> Result<Vec<(Key, Option<Row>)>, StoreError> {
        let found = self
            .read_many(statement::FIND_ROWS, key_values(keys), state_row::<B>)
            .await?;
        Ok(in_order(keys, found))
    }

    async fn rows_at_head(
        &self,
        keys: &[Key],
    ) -> Result<(TreeSize, Vec<(Key, Option<Row>)>), StoreError> {
        let readers = &self.connections.readers;
        let mut tx = readers.begin_with(B::BEGIN_READ).await?;
        let size = read_head::<B>(&mut tx).await?.size;
        let mut found = Vec::with_capacity(keys.len());
        for (sql, values) in cut::<B>(statement::FIND_ROWS, key_values(keys)) {
            let rows = B::fetch(&mut tx, sql, values).await?;
            for row in &rows {
                found.push(state_row::<B>(row)?);
            }
        }
        Ok((size, in_order(keys, found)))
    }

    async fn scan(
        &self,
        scope: Scope,
        after: Option<Vec<u8>>,
        limit: u32,
    ) -> Result<Vec<(Key, Row)>, StoreError> {
        let values = scan_values(scope, after.unwrap_or_default(), limit);
        self.read(statement::SCAN, values, state_row::<B>).await
    }

    async fn positions(&self, ids: &[EntryId]) -> Result<Vec<(EntryId, Position)>, StoreError> {
        let values = ids
            .iter()
            .map(|id| Value::Bytes(id.as_bytes().to_vec()))
            .collect();
        self.read_many(statement::FIND_POSITIONS, values, |row| {
            let id = EntryId::from_bytes(array(&bytes::<B>(row, 0)?)?);
            Ok((id, Position::new(unsigned(int::<B>(row, 1)?)?)))
        })
        .await
    }

    async fn leaves(&self, from: Position, limit: u32) -> Result<Vec<Vec<u8>>, StoreError> {
        let from = signed(from.get())?;
        let values = vec![
            Value::Int(from),
            Value::Int(from.saturating_add(limit.into())),
        ];
        self.read(statement::LEAVES, values, |row| bytes::<B>(row, 0))
            .await
    }

    async fn leaves_at(
        &self,
        positions: &[Position],
    ) -> Result<Vec<(Position, Vec<u8>)>, StoreError> {
        let values = positions
            .iter()
            .map(|position| Ok(Value::Int(signed(position.get())?)));
        let values = values.collect::<Result<_, StoreError>>()?;
        self.read_many(statement::FIND_LEAVES, values, |row| {
            Ok((
                Position::new(unsigned(int::<B>(row, 0)?)?),
                bytes::<B>(row, 1)?,
            ))
        })
        .await
    }

    async fn tiles(&self, ids: &[TileId]) -> Result<Vec<(TileId, Tile)>, StoreError> {
        let mut values = Vec::with_capacity(ids.len() * 2);
        for id in ids {
            values.push(Value::Int(id.level.into()));
            values.push(Value::Int(signed(id.index)?));
        }
        self.read_many(statement::FIND_TILES, values, |row| {
            let level = u8::try_from(int::<B>(row, 0)?).map_err(corrupt)?;
            let index = unsigned(int::<B>(row, 1)?)?;
            let tile = Tile::from_bytes(&bytes::<B>(row, 2)?).map_err(corrupt)?;
            Ok((TileId { level, index }, tile))
        })
        .await
    }

    async fn newest_checkpoint(&self) -> Result<Option<Vec<u8>>, StoreError> {
        self.read_note(statement::NEWEST_CHECKPOINT, None).await
    }

    async fn checkpoint_over(&self, position: Position) -> Result<Option<Vec<u8>>, StoreError> {
        let over = Some(position);
        self.read_note(statement::CHECKPOINT_OVER, over).await
    }

    async fn newest_published(&self) -> Result<Option<Vec<u8>>, StoreError> {
        self.read_note(statement::NEWEST_PUBLISHED, None).await
    }

    async fn published_over(&self, position: Position) -> Result<Option<Vec<u8>>, StoreError> {
        let over = Some(position);
        self.read_note(statement::PUBLISHED_OVER, over).await
    }

    async fn publish(
        &self,
        size: TreeSize,
        before: Option<&[u8]>,
        note: &[u8],
    ) -> Result<bool, StoreError> {
        let (sql, values) = write::publishing(size, before, note)?;
        let mut writer = self.connections.writer.acquire().await?;
        Ok(B::execute(&mut writer, sql, values).await? == 1)
    }

    async fn statement(&self, from: PostingRef, limit: u32) -> Result<Vec<Posting>, StoreError> {
        let position = signed(from.position.get())?;
        let values = vec![
            Value::Int(position),
            Value::Int(from.line.into()),
            Value::Int(limit.into()),
        ];
        self.read(statement::STATEMENT, values, posting::<B>).await
    }

    async fn postings(
        &self,
        from: PostingRef,
        before: Position,
        limit: u32,
    ) -> Result<Vec<Posting>, StoreError> {
        let values = vec![
            Value::Int(signed(from.position.get())?),
            Value::Int(from.line.into()),
            Value::Int(signed(before.get())?),
            Value::Int(limit.into()),
        ];
        self.read(statement::POSTINGS, values, posting::<B>).await
    }

    fn stream_state(&self) -> mpsc::Receiver<Result<StateChunk, StoreError>> {
        let (chunks, receiver) = mpsc::channel(2);
        let readers = self.connections.readers.clone();
        tokio::spawn(async move {
            if let Err(error) = Self::stream_state_to(readers, &chunks).await {
                // A receiver that has gone needs no error.
                let _ = chunks.send(Err(error)).await;
            }
        });
        receiver
    }
}
