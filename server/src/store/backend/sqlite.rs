//! SQLite: the embedded default. WAL, synchronous=FULL, one writer.

use std::str::FromStr;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::{Backend, Connections, arguments, statements};
use crate::store::statement::Placeholders;

/// The SQLite backend.
pub struct Sqlite;

impl Backend for Sqlite {
    type Db = sqlx::Sqlite;

    const BEGIN_WRITE: &'static str = "BEGIN IMMEDIATE";
    const BEGIN_READ: &'static str = "BEGIN";
    const VALUES_MAX: usize = 30_000;
    const PLACEHOLDERS: Placeholders = Placeholders::Anonymous;

    async fn connect(url: &str) -> Result<Connections<Self>, sqlx::Error> {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .page_size(16_384)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .statement_cache_capacity(256);
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options.clone())
            .await?;
        sqlx::migrate!("../migrations/sqlite").run(&writer).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(8)
            .connect_with(options.read_only(true))
            .await?;
        Ok(Connections { readers, writer })
    }

    statements!(sqlx::Sqlite);
}

arguments!(sqlx::Sqlite);
