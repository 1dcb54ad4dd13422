//! PostgreSQL: for a city. Several servers may share one database.

use std::str::FromStr;

use sqlx::Connection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::{Backend, Connections, Sql, TransactionError, Value, arguments, statements};
use crate::store::statement::Placeholders;

/// What the writer asks of its session. Statements over a thousand rows have
/// thousands of parameters: planning them anew each time costs more than they do.
const DURABLE_AND_PLANNED_ONCE: [(&str, &str); 2] = [
    ("synchronous_commit", "on"),
    ("plan_cache_mode", "force_generic_plan"),
];

/// What a session that only reads asks for.
const READ_ONLY: [(&str, &str); 1] = [("default_transaction_read_only", "on")];

/// The PostgreSQL backend.
pub struct Postgres;

impl Backend for Postgres {
    type Db = sqlx::Postgres;

    const BEGIN_READ: &'static str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    const VALUES_MAX: usize = 60_000;
    const PLACEHOLDERS: Placeholders = Placeholders::Numbered;

    async fn connect(url: &str) -> Result<Connections<Self>, sqlx::Error> {
        let options = PgConnectOptions::from_str(url)?.statement_cache_capacity(256);
        let durable = options.clone().options(DURABLE_AND_PLANNED_ONCE);
        let writer = PgPoolOptions::new()
            .max_connections(1)
            .connect_with(durable)
            .await?;
        sqlx::migrate!("../migrations/postgres")
            .run(&writer)
            .await?;
        let cleaner = PgPoolOptions::new()
            .max_connections(1)
            .connect_lazy_with(options.clone());
        let readers = PgPoolOptions::new()
            .max_connections(8)
            .connect_with(options)
            .await?;
        Ok(Connections {
            readers,
            writer,
            cleaner,
        })
    }

    async fn connect_to_read(url: &str) -> Result<Connections<Self>, sqlx::Error> {
        let options = PgConnectOptions::from_str(url)?.options(READ_ONLY);
        let readers = PgPoolOptions::new()
            .max_connections(2)
            .connect_with(options)
            .await?;
        let (writer, cleaner) = (readers.clone(), readers.clone());
        Ok(Connections {
            readers,
            writer,
            cleaner,
        })
    }

    async fn transaction(
        connection: &mut sqlx::PgConnection,
        statements: Vec<(Sql, Vec<Value>)>,
    ) -> Result<(), TransactionError> {
        let mut tx = connection.begin().await.map_err(TransactionError::Undone)?;
        for (sql, values) in statements {
            // Dropping the transaction rolls it back.
            Self::execute(&mut tx, sql, values)
                .await
                .map_err(TransactionError::Undone)?;
        }
        tx.commit().await.map_err(TransactionError::Unknown)
    }

    /// The version before stays in its page until it is vacuumed.
    async fn execute_without_trace(
        connection: &mut sqlx::PgConnection,
        sql: Sql,
        values: Vec<Value>,
    ) -> Result<u64, sqlx::Error> {
        Self::execute(connection, sql, values).await
    }

    async fn remove_openings(connection: &mut sqlx::PgConnection) -> Result<(), sqlx::Error> {
        Self::execute(connection, VACUUM_OPENINGS.into(), vec![]).await?;
        Ok(())
    }

    async fn rewrite_openings(connection: &mut sqlx::PgConnection) -> Result<(), sqlx::Error> {
        Self::execute(connection, REWRITE_OPENINGS.into(), vec![]).await?;
        Ok(())
    }

    statements!(sqlx::Postgres);
}

const VACUUM_OPENINGS: &str = "-- vacuum_openings()
VACUUM openings";

/// Into new files; the old ones are removed.
const REWRITE_OPENINGS: &str = "-- rewrite_openings()
VACUUM (FULL) openings";

arguments!(sqlx::Postgres);
