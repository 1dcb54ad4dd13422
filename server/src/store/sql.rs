//! The store over SQL, for both databases.

use std::marker::PhantomData;
use std::sync::Arc;

use async_trait::async_trait;
use ledger::account::{Bucket, Posting, PostingRef};
use ledger::log::{Position, Tile, TileId, TreeSize};
use ledger::state::{Key, Row, Scope};
use ledger::{AccountId, EntryId, Millis};
use sqlx::Database;
use tokio::sync::mpsc;

use super::backend::{Backend, Connections, Postgres, Sql, Sqlite, Value};
use super::statement::{self, ManyRows};
use super::{Batch, Head, StateChunk, Store, StoreError, account_key};

/// The version of the bytes in `state_rows`. A database of another version is
/// rebuilt from its records.
const STATE_FORMAT: i64 = 1;
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

/// A store over one of the backends.
pub struct SqlStore<B: Backend> {
    connections: Connections<B>,
    backend: PhantomData<B>,
}

impl<B: Backend> SqlStore<B>
where
    for<'c> &'c mut Connection<B>: sqlx::Executor<'c, Database = B::Db>,
{
    async fn open(url: &str, origin: &str) -> Result<Self, StoreError> {
        let connections = B::connect(url).await.map_err(StoreError::Unavailable)?;
        let store = Self {
            connections,
            backend: PhantomData,
        };
        let mut writer = store
            .connections
            .writer
            .acquire()
            .await
            .map_err(StoreError::Unavailable)?;
        let values = vec![Value::Text(origin.to_owned()), Value::Int(STATE_FORMAT)];
        execute::<B>(&mut writer, statement::CREATE_HEAD.into(), values).await?;
        drop(writer);
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
        let mut reader = self
            .connections
            .readers
            .acquire()
            .await
            .map_err(StoreError::Unavailable)?;
        let rows = B::fetch(&mut reader, sql.into(), values)
            .await
            .map_err(StoreError::Unavailable)?;
        rows.iter().map(map).collect()
    }

    /// Runs a statement over many rows on a reader, cut as it must be.
    async fn read_many<T>(
        &self,
        statement: ManyRows,
        values: Vec<Value>,
        map: impl Fn(&DbRow<B>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut reader = self
            .connections
            .readers
            .acquire()
            .await
            .map_err(StoreError::Unavailable)?;
        let mut found = Vec::new();
        for (sql, values) in cut::<B>(statement, values) {
            let rows = B::fetch(&mut reader, sql, values)
                .await
                .map_err(StoreError::Unavailable)?;
            for row in &rows {
                found.push(map(row)?);
            }
        }
        Ok(found)
    }

    async fn stream_state_to(
        readers: sqlx::Pool<B::Db>,
        chunks: &mpsc::Sender<Result<StateChunk, StoreError>>,
    ) -> Result<(), StoreError> {
        let mut tx = readers
            .begin_with(B::BEGIN_READ)
            .await
            .map_err(StoreError::Unavailable)?;
        let size = read_head::<B>(&mut tx).await?.size;
        let mut after = Vec::new();
        loop {
            let values = scan_values(Scope::All, after, CHUNK_ROWS);
            let rows = B::fetch(&mut tx, statement::SCAN.into(), values)
                .await
                .map_err(StoreError::Unavailable)?;
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
        let mut reader = self
            .connections
            .readers
            .acquire()
            .await
            .map_err(StoreError::Unavailable)?;
        read_head::<B>(&mut reader).await
    }

    async fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        let writer = &self.connections.writer;
        let mut tx = writer
            .begin_with(B::BEGIN_WRITE)
            .await
            .map_err(StoreError::Unavailable)?;
        write::<B>(&mut tx, batch).await?;
        tx.commit().await.map_err(StoreError::OutcomeUnknown)
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
        let mut tx = readers
            .begin_with(B::BEGIN_READ)
            .await
            .map_err(StoreError::Unavailable)?;
        let size = read_head::<B>(&mut tx).await?.size;
        let mut found = Vec::with_capacity(keys.len());
        for (sql, values) in cut::<B>(statement::FIND_ROWS, key_values(keys)) {
            let rows = B::fetch(&mut tx, sql, values)
                .await
                .map_err(StoreError::Unavailable)?;
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
        let found = self
            .read(statement::NEWEST_CHECKPOINT, vec![], |row| {
                bytes::<B>(row, 0)
            })
            .await?;
        Ok(found.into_iter().next())
    }

    async fn checkpoint_over(&self, position: Position) -> Result<Option<Vec<u8>>, StoreError> {
        let values = vec![Value::Int(signed(position.get())?)];
        let found = self
            .read(statement::CHECKPOINT_OVER, values, |row| bytes::<B>(row, 0))
            .await?;
        Ok(found.into_iter().next())
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

/// Writes everything of a batch within a transaction. The head comes first: its
/// row is the lock, and its size the comparison.
async fn write<B: Backend>(tx: &mut Connection<B>, batch: &Batch) -> Result<(), StoreError> {
    let (old, new) = (
        signed(batch.old_size.get())?,
        signed(batch.new_size().get())?,
    );
    let head = vec![
        Value::Int(new),
        Value::Int(batch.recorded.get()),
        Value::Int(old),
    ];
    if execute::<B>(tx, statement::ADVANCE_HEAD.into(), head).await? != 1 {
        return Err(StoreError::Conflict);
    }
    let checkpoint = vec![Value::Int(new), Value::Bytes(batch.checkpoint.clone())];
    execute::<B>(tx, statement::INSERT_CHECKPOINT.into(), checkpoint).await?;
    write_many::<B>(tx, statement::INSERT_RECORDS, record_values(batch, old)).await?;
    write_many::<B>(tx, statement::UPSERT_TILES, tile_values(batch)?).await?;
    write_many::<B>(tx, statement::INSERT_POSTINGS, posting_values(batch)?).await?;
    let (upserts, deletes) = row_values(batch);
    write_many::<B>(tx, statement::UPSERT_ROWS, upserts).await?;
    write_many::<B>(tx, statement::DELETE_ROWS, deletes).await
}

fn record_values(batch: &Batch, old: i64) -> Vec<Value> {
    let records = batch.records.iter().zip(old..);
    records
        .flat_map(|(record, position)| {
            let id = record.entry_id.as_bytes().to_vec();
            [
                Value::Int(position),
                Value::Bytes(id),
                Value::Bytes(record.leaf.clone()),
            ]
        })
        .collect()
}

fn tile_values(batch: &Batch) -> Result<Vec<Value>, StoreError> {
    let mut values = Vec::with_capacity(batch.tiles.len() * 3);
    for (id, tile) in &batch.tiles {
        values.push(Value::Int(id.level.into()));
        values.push(Value::Int(signed(id.index)?));
        values.push(Value::Bytes(tile.to_bytes()));
    }
    Ok(values)
}

fn posting_values(batch: &Batch) -> Result<Vec<Value>, StoreError> {
    let mut values = Vec::with_capacity(batch.postings.len() * 8);
    for posting in &batch.postings {
        values.push(Value::Int(signed(posting.at.position.get())?));
        values.push(Value::Int(posting.at.line.into()));
        values.push(Value::Bytes(account_key(&posting.account)));
        values.push(Value::Int(match posting.bucket {
            Bucket::Available => 0,
            Bucket::Held => 1,
        }));
        values.push(Value::Int(posting.amount));
        values.push(Value::Int(posting.balance));
        let previous = posting
            .previous
            .map(|at| signed(at.position.get()))
            .transpose()?;
        values.push(Value::MaybeInt(previous));
        values.push(Value::MaybeInt(posting.previous.map(|at| at.line.into())));
    }
    Ok(values)
}

/// Rows to write and rows to remove, each in the order of their keys: fewer
/// pages are touched, and two servers cannot lock each other out.
fn row_values(batch: &Batch) -> (Vec<Value>, Vec<Value>) {
    let mut rows: Vec<_> = batch
        .rows
        .iter()
        .map(|(key, row)| (key.encode(), row))
        .collect();
    rows.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    let (mut upserts, mut deletes) = (Vec::new(), Vec::new());
    for (key, row) in rows {
        match row {
            Some(row) => upserts.extend([Value::Bytes(key), Value::Bytes(row.encode())]),
            None => deletes.push(Value::Bytes(key)),
        }
    }
    (upserts, deletes)
}

fn key_values(keys: &[Key]) -> Vec<Value> {
    keys.iter().map(|key| Value::Bytes(key.encode())).collect()
}

/// What was found, for each key that was asked for.
fn in_order(keys: &[Key], found: Vec<(Key, Row)>) -> Vec<(Key, Option<Row>)> {
    let mut found: std::collections::HashMap<Key, Row> = found.into_iter().collect();
    keys.iter().map(|key| (*key, found.remove(key))).collect()
}

fn scan_values(scope: Scope, after: Vec<u8>, limit: u32) -> Vec<Value> {
    let prefix = scope.prefix();
    let end = prefix_end(&prefix);
    vec![
        Value::Bytes(prefix),
        Value::Bytes(after),
        Value::Bytes(end),
        Value::Int(limit.into()),
    ]
}

/// The first key after all that begin with `prefix`.
fn prefix_end(prefix: &[u8]) -> Vec<u8> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < u8::MAX {
            end.push(last + 1);
            return end;
        }
    }
    vec![u8::MAX; 64]
}

async fn execute<B: Backend>(
    connection: &mut Connection<B>,
    sql: Sql,
    values: Vec<Value>,
) -> Result<u64, StoreError> {
    B::execute(connection, sql, values)
        .await
        .map_err(refused_write)
}

async fn write_many<B: Backend>(
    connection: &mut Connection<B>,
    statement: ManyRows,
    values: Vec<Value>,
) -> Result<(), StoreError> {
    for (sql, values) in cut::<B>(statement, values) {
        execute::<B>(connection, sql, values).await?;
    }
    Ok(())
}

/// Cuts the values of a statement over many rows.
fn cut<B: Backend>(
    statement: ManyRows,
    values: Vec<Value>,
) -> impl Iterator<Item = (Sql, Vec<Value>)> + Send {
    let cuts = statement.cuts(values.len() / statement.width, B::VALUES_MAX);
    let mut values = values.into_iter();
    cuts.into_iter().map(move |rows| {
        let group = values.by_ref().take(rows * statement.width).collect();
        (statement.text(rows, B::PLACEHOLDERS), group)
    })
}

/// A write that a constraint or trigger refuses contradicts the log; any other
/// failure is the database's.
fn refused_write(error: sqlx::Error) -> StoreError {
    match &error {
        sqlx::Error::Database(refusal) if refusal.is_unique_violation() => corrupt(error),
        _ => StoreError::Unavailable(error),
    }
}

async fn read_head<B: Backend>(connection: &mut Connection<B>) -> Result<Head, StoreError> {
    let rows = B::fetch(connection, statement::READ_HEAD.into(), vec![])
        .await
        .map_err(StoreError::Unavailable)?;
    let row = rows
        .first()
        .ok_or_else(|| StoreError::Corrupt("it has no head".to_owned()))?;
    let format = int::<B>(row, 3)?;
    if format != STATE_FORMAT {
        return Err(StoreError::Corrupt(format!(
            "its state has the format {format}"
        )));
    }
    Ok(Head {
        origin: B::text(row, 0).map_err(StoreError::Unavailable)?,
        size: TreeSize::new(unsigned(int::<B>(row, 1)?)?),
        recorded: Millis::new(int::<B>(row, 2)?),
    })
}

fn row_bytes<B: Backend>(row: &DbRow<B>) -> Result<(Vec<u8>, Vec<u8>), StoreError> {
    Ok((bytes::<B>(row, 0)?, bytes::<B>(row, 1)?))
}

fn state_row<B: Backend>(row: &DbRow<B>) -> Result<(Key, Row), StoreError> {
    let (key, value) = row_bytes::<B>(row)?;
    let key = Key::decode(&key).map_err(corrupt)?;
    let row = Row::decode(&key, &value).map_err(corrupt)?;
    Ok((key, row))
}

fn posting<B: Backend>(row: &DbRow<B>) -> Result<Posting, StoreError> {
    let at = |position, line| -> Result<PostingRef, StoreError> {
        let line = u16::try_from(line).map_err(corrupt)?;
        Ok(PostingRef {
            position: Position::new(unsigned(position)?),
            line,
        })
    };
    let bucket = match int::<B>(row, 3)? {
        0 => Bucket::Available,
        1 => Bucket::Held,
        other => return Err(StoreError::Corrupt(format!("there is no bucket {other}"))),
    };
    let previous = match (maybe_int::<B>(row, 6)?, maybe_int::<B>(row, 7)?) {
        (Some(position), Some(line)) => Some(at(position, line)?),
        (None, None) => None,
        _ => return Err(StoreError::Corrupt("half a link of a posting".to_owned())),
    };
    Ok(Posting {
        at: at(int::<B>(row, 0)?, int::<B>(row, 1)?)?,
        account: account(&bytes::<B>(row, 2)?)?,
        bucket,
        amount: int::<B>(row, 4)?,
        balance: int::<B>(row, 5)?,
        previous,
    })
}

fn account(key: &[u8]) -> Result<AccountId, StoreError> {
    match Key::decode(key).map_err(corrupt)? {
        Key::Account(account) => Ok(account),
        _ => Err(StoreError::Corrupt("a posting on no account".to_owned())),
    }
}

fn int<B: Backend>(row: &DbRow<B>, column: usize) -> Result<i64, StoreError> {
    B::int(row, column).map_err(StoreError::Unavailable)
}

fn maybe_int<B: Backend>(row: &DbRow<B>, column: usize) -> Result<Option<i64>, StoreError> {
    B::maybe_int(row, column).map_err(StoreError::Unavailable)
}

fn bytes<B: Backend>(row: &DbRow<B>, column: usize) -> Result<Vec<u8>, StoreError> {
    B::bytes(row, column).map_err(StoreError::Unavailable)
}

fn array<const N: usize>(bytes: &[u8]) -> Result<[u8; N], StoreError> {
    bytes.try_into().map_err(corrupt)
}

fn signed(value: u64) -> Result<i64, StoreError> {
    i64::try_from(value).map_err(corrupt)
}

fn unsigned(value: i64) -> Result<u64, StoreError> {
    u64::try_from(value).map_err(corrupt)
}

fn corrupt(error: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(error.to_string())
}
