//! Writing into a database beside its server, as somebody does who should not.

use std::str::FromStr;

use anyhow::Result;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, PgConnection, SqliteConnection};

use crate::site::Kind;

/// The tables of a ledger with their columns.
pub(crate) const TABLES: [(&str, &str); 6] = [
    (
        "log_head",
        "only_row, origin, tree_size, recorded_ms, state_format",
    ),
    ("records", "position, entry_id, leaf"),
    ("tiles", "level, tile_index, hashes"),
    ("checkpoints", "tree_size, note"),
    (
        "postings",
        "position, line, account, bucket, amount, balance, previous_position, previous_line",
    ),
    ("state_rows", "state_key, state_value"),
];

/// A connection of one's own.
pub(crate) enum Sql {
    Sqlite(Box<SqliteConnection>),
    Postgres(Box<PgConnection>),
}

impl Sql {
    pub(crate) async fn open(kind: Kind, url: &str) -> Result<Self> {
        Ok(match kind {
            Kind::Sqlite => {
                let options = SqliteConnectOptions::from_str(url)?;
                Self::Sqlite(Box::new(options.connect().await?))
            }
            Kind::Postgres => {
                let options = PgConnectOptions::from_str(url)?;
                Self::Postgres(Box::new(options.connect().await?))
            }
        })
    }

    /// Runs statements; the number of rows that they changed.
    pub(crate) async fn run(&mut self, sql: &str) -> Result<u64, sqlx::Error> {
        let statements = sqlx::raw_sql(AssertSqlSafe(sql));
        match self {
            Self::Sqlite(connection) => {
                let done = statements.execute(&mut **connection).await?;
                Ok(done.rows_affected())
            }
            Self::Postgres(connection) => {
                let done = statements.execute(&mut **connection).await?;
                Ok(done.rows_affected())
            }
        }
    }

    /// The bytes that a query finds in its only column and row.
    pub(crate) async fn bytes(&mut self, sql: &str) -> Result<Vec<u8>> {
        let query = AssertSqlSafe(sql);
        Ok(match self {
            Self::Sqlite(connection) => {
                sqlx::query_scalar(query)
                    .fetch_one(&mut **connection)
                    .await?
            }
            Self::Postgres(connection) => {
                sqlx::query_scalar(query)
                    .fetch_one(&mut **connection)
                    .await?
            }
        })
    }

    /// Bytes as the database spells them.
    pub(crate) fn blob(&self, bytes: &[u8]) -> String {
        match self {
            Self::Sqlite(_) => format!("x'{}'", hex::encode(bytes)),
            Self::Postgres(_) => format!("'\\x{}'::bytea", hex::encode(bytes)),
        }
    }

    /// Does away with the triggers that refuse what follows.
    pub(crate) async fn drop_triggers(&mut self) -> Result<()> {
        match self {
            Self::Sqlite(connection) => {
                let query = "SELECT name FROM sqlite_master WHERE type = 'trigger'";
                let names: Vec<String> = sqlx::query_scalar(query)
                    .fetch_all(&mut **connection)
                    .await?;
                for name in names {
                    self.run(&format!("DROP TRIGGER {name}")).await?;
                }
            }
            Self::Postgres(_) => {
                for (table, _) in TABLES {
                    let sql = format!("ALTER TABLE {table} DISABLE TRIGGER USER");
                    self.run(&sql).await?;
                }
            }
        }
        Ok(())
    }

    /// Keeps a copy of every table, and none from before.
    pub(crate) async fn keep(&mut self) -> Result<()> {
        for (table, columns) in TABLES {
            let sql = format!(
                "DROP TABLE IF EXISTS kept_{table};
                 CREATE TABLE kept_{table} AS SELECT {columns} FROM {table}"
            );
            self.run(&sql).await?;
        }
        Ok(())
    }

    /// Puts every table back to what was kept. Needs the triggers gone.
    pub(crate) async fn restore(&mut self) -> Result<()> {
        let tables = TABLES.map(|(table, columns)| {
            format!(
                "DELETE FROM {table};
                 INSERT INTO {table} ({columns}) SELECT {columns} FROM kept_{table};"
            )
        });
        let sql = format!("BEGIN; {} COMMIT", tables.concat());
        self.run(&sql).await?;
        Ok(())
    }
}
