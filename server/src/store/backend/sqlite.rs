//! SQLite: the embedded default. WAL, synchronous=FULL, one writer.

use std::io;
use std::str::FromStr;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::{Backend, Connections, Sql, TransactionError, Value, arguments, statements};
use crate::store::statement::Placeholders;

/// The SQLite backend.
pub struct Sqlite;

impl Backend for Sqlite {
    type Db = sqlx::Sqlite;

    const BEGIN_READ: &'static str = "BEGIN";
    const VALUES_MAX: usize = 30_000;
    const PLACEHOLDERS: Placeholders = Placeholders::Anonymous;

    async fn connect(url: &str) -> Result<Connections<Self>, sqlx::Error> {
        let options = options(url)?.create_if_missing(true);
        let writer = pool_of(1).connect_with(options.clone()).await?;
        sqlx::migrate!("../migrations/sqlite").run(&writer).await?;
        let quick = options.clone().busy_timeout(TRY);
        let cleaner = pool_of(1).connect_lazy_with(quick);
        let readers = pool_of(8).connect_with(options.read_only(true)).await?;
        Ok(Connections {
            readers,
            writer,
            cleaner,
        })
    }

    async fn connect_to_read(url: &str) -> Result<Connections<Self>, sqlx::Error> {
        let options = options(url)?.read_only(true);
        let readers = pool_of(2).connect_with(options).await?;
        let (writer, cleaner) = (readers.clone(), readers.clone());
        Ok(Connections {
            readers,
            writer,
            cleaner,
        })
    }

    /// Every statement costs a change of threads to the driver's and back, more
    /// than a small one takes itself. So a small transaction is sent as one text
    /// of many statements; large ones, whose texts would be as many as their
    /// sizes, go statement by statement and find each prepared.
    async fn transaction(
        connection: &mut sqlx::SqliteConnection,
        statements: Vec<(Sql, Vec<Value>)>,
    ) -> Result<(), TransactionError> {
        let small = statements
            .iter()
            .map(|(_, values)| values.len())
            .sum::<usize>()
            <= SMALL;
        let (begin, end) = (
            ("BEGIN IMMEDIATE".into(), vec![]),
            ("COMMIT".into(), vec![]),
        );
        let all = std::iter::once(begin)
            .chain(statements)
            .chain(std::iter::once(end));
        let calls = if small {
            vec![joined(all)]
        } else {
            all.collect()
        };
        for (sql, values) in calls {
            if let Err(error) = Self::execute(connection, sql, values).await {
                return Err(undo(connection, error).await);
            }
        }
        Ok(())
    }

    /// What is removed is written over with zeros. It is asked for here alone:
    /// for all that the log writes it would cost pages.
    async fn execute_without_trace(
        connection: &mut sqlx::SqliteConnection,
        sql: Sql,
        values: Vec<Value>,
    ) -> Result<u64, sqlx::Error> {
        Self::execute(connection, ZEROS_ON.into(), vec![]).await?;
        let done = Self::execute(connection, sql, values).await;
        Self::execute(connection, ZEROS_OFF.into(), vec![]).await?;
        done
    }

    /// The write-ahead log holds the pages as they were. It is copied into the
    /// database and cut to nothing, which has to wait for those who still read
    /// an older state. Nobody can write meanwhile: so it waits for a moment only,
    /// and tries again after a pause in which the others write.
    async fn remove_openings(connection: &mut sqlx::SqliteConnection) -> Result<(), sqlx::Error> {
        for _ in 0..TRIES {
            let rows = Self::fetch(connection, EMPTY_WAL.into(), vec![]).await?;
            let is_busy = rows.first().map(|row| Self::int(row, 0)).transpose()?;
            if is_busy == Some(0) {
                return Ok(());
            }
            let _ = tokio::time::timeout(PAUSE, std::future::pending::<()>()).await;
        }
        Err(sqlx::Error::Io(io::Error::other(
            "somebody reads an older state, so the write-ahead log cannot be emptied",
        )))
    }

    async fn rewrite_openings(connection: &mut sqlx::SqliteConnection) -> Result<(), sqlx::Error> {
        Self::remove_openings(connection).await
    }

    statements!(sqlx::Sqlite);
}

/// How long one try to empty the write-ahead log may hold up those who write.
const TRY: Duration = Duration::from_millis(20);
/// How long they are left alone after it.
const PAUSE: Duration = Duration::from_millis(180);
/// How often it is tried: ten seconds in all.
const TRIES: u32 = 50;

const ZEROS_ON: &str = "-- zeros_on()
PRAGMA secure_delete = ON";

const ZEROS_OFF: &str = "-- zeros_off()
PRAGMA secure_delete = OFF";

const EMPTY_WAL: &str = "-- empty_wal()
PRAGMA wal_checkpoint(TRUNCATE)";

fn options(url: &str) -> Result<SqliteConnectOptions, sqlx::Error> {
    Ok(SqliteConnectOptions::from_str(url)?
        .page_size(4_096)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .statement_cache_capacity(256))
}

/// A pool that hands connections out untested: they lead to a file.
fn pool_of(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .test_before_acquire(false)
}

/// Most values in a transaction that is sent as one text.
const SMALL: usize = 256;

/// Statements as one text. The driver counts only anonymous placeholders on
/// from one statement to the next.
fn joined(statements: impl Iterator<Item = (Sql, Vec<Value>)>) -> (Sql, Vec<Value>) {
    let (mut text, mut all) = (String::new(), Vec::new());
    for (sql, values) in statements {
        let mut pieces = sql.split('$');
        text.push_str(pieces.next().unwrap_or_default());
        for piece in pieces {
            text.push('?');
            text.push_str(piece.trim_start_matches(|c: char| c.is_ascii_digit()));
        }
        text.push_str(";\n");
        all.extend(values);
    }
    (text.into(), all)
}

/// Rolls back after a failure. If there is nothing to roll back, the commit
/// itself has failed, or has not even begun to.
async fn undo(connection: &mut sqlx::SqliteConnection, error: sqlx::Error) -> TransactionError {
    let busy = matches!(&error, sqlx::Error::Database(refusal)
        if refusal.code().is_some_and(|code| code == SQLITE_BUSY));
    match Sqlite::execute(connection, "ROLLBACK".into(), vec![]).await {
        Ok(_) => TransactionError::Undone(error),
        Err(_) if busy => TransactionError::Undone(error),
        Err(_) => TransactionError::Unknown(error),
    }
}

/// Another connection has the lock: the transaction has not begun.
const SQLITE_BUSY: &str = "5";

arguments!(sqlx::Sqlite);
