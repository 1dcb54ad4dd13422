//! What differs between the databases: how to connect, how to begin, and how
//! values are bound and read. The SQL is the same.

mod postgres;
mod sqlite;

use std::future::Future;

use sqlx::{Database, Pool};

use super::statement::Placeholders;

pub use self::postgres::Postgres;
pub use self::sqlite::Sqlite;

/// A value bound to a statement.
#[derive(Debug, Clone)]
pub enum Value {
    /// An integer.
    Int(i64),
    /// An integer that may be missing.
    MaybeInt(Option<i64>),
    /// Bytes.
    Bytes(Vec<u8>),
    /// Text.
    Text(String),
}

/// The SQL of a statement: fixed, or repeated for a number of rows.
pub type Sql = std::borrow::Cow<'static, str>;

/// Why a transaction failed.
#[derive(Debug)]
pub enum TransactionError {
    /// Nothing of it is written.
    Undone(sqlx::Error),
    /// Nobody knows whether it is written.
    Unknown(sqlx::Error),
}

/// A database that the store can use.
pub trait Backend: Send + Sync + Sized + 'static {
    /// Its driver.
    type Db: Database;

    /// Begins a transaction that reads one snapshot.
    const BEGIN_READ: &'static str;
    /// Most values that one statement can bind.
    const VALUES_MAX: usize;
    /// How it likes placeholders in statements over many rows.
    const PLACEHOLDERS: Placeholders;

    /// Connects, and brings the schema up to date.
    fn connect(url: &str) -> impl Future<Output = Result<Connections<Self>, sqlx::Error>> + Send;

    /// Connects to read: what is there, as it is.
    fn connect_to_read(
        url: &str,
    ) -> impl Future<Output = Result<Connections<Self>, sqlx::Error>> + Send;

    /// Runs statements as one transaction, all or nothing.
    fn transaction(
        connection: &mut <Self::Db as Database>::Connection,
        statements: Vec<(Sql, Vec<Value>)>,
    ) -> impl Future<Output = Result<(), TransactionError>> + Send;

    /// Runs a statement and counts the rows that it changed.
    fn execute(
        connection: &mut <Self::Db as Database>::Connection,
        sql: Sql,
        values: Vec<Value>,
    ) -> impl Future<Output = Result<u64, sqlx::Error>> + Send;

    /// The same for a statement over openings: what it removes leaves as little
    /// as possible in the database's files.
    fn execute_without_trace(
        connection: &mut <Self::Db as Database>::Connection,
        sql: Sql,
        values: Vec<Value>,
    ) -> impl Future<Output = Result<u64, sqlx::Error>> + Send;

    /// Removes the bytes of openings that were erased from the database's files,
    /// and holds up those who write only for moments.
    fn remove_openings(
        connection: &mut <Self::Db as Database>::Connection,
    ) -> impl Future<Output = Result<(), sqlx::Error>> + Send;

    /// Writes all openings anew, and nothing but them.
    fn rewrite_openings(
        connection: &mut <Self::Db as Database>::Connection,
    ) -> impl Future<Output = Result<(), sqlx::Error>> + Send;

    /// Runs a statement and collects its rows.
    fn fetch(
        connection: &mut <Self::Db as Database>::Connection,
        sql: Sql,
        values: Vec<Value>,
    ) -> impl Future<Output = Result<Vec<<Self::Db as Database>::Row>, sqlx::Error>> + Send;

    /// Reads an integer column.
    fn int(row: &<Self::Db as Database>::Row, column: usize) -> Result<i64, sqlx::Error>;

    /// Reads an integer column that may be NULL.
    fn maybe_int(
        row: &<Self::Db as Database>::Row,
        column: usize,
    ) -> Result<Option<i64>, sqlx::Error>;

    /// Reads a column of bytes.
    fn bytes(row: &<Self::Db as Database>::Row, column: usize) -> Result<Vec<u8>, sqlx::Error>;

    /// Reads a column of text.
    fn text(row: &<Self::Db as Database>::Row, column: usize) -> Result<String, sqlx::Error>;
}

/// Connections to one database: many that read, one that writes, and one that
/// tidies up.
pub struct Connections<B: Backend> {
    /// For handlers.
    pub readers: Pool<B::Db>,
    /// For the sequencer: a pool of one.
    pub writer: Pool<B::Db>,
    /// For what may take long: a pool of one, so that nobody waits for it who
    /// only writes.
    pub cleaner: Pool<B::Db>,
}

/// Implements the statements of a backend; both drivers bind and read alike.
macro_rules! statements {
    ($db:ty) => {
        async fn execute(
            connection: &mut <$db as sqlx::Database>::Connection,
            sql: $crate::store::backend::Sql,
            values: Vec<$crate::store::backend::Value>,
        ) -> Result<u64, sqlx::Error> {
            let arguments = arguments(values)?;
            let query = sqlx::query_with(sqlx::AssertSqlSafe(sql), arguments);
            Ok(query.execute(connection).await?.rows_affected())
        }

        async fn fetch(
            connection: &mut <$db as sqlx::Database>::Connection,
            sql: $crate::store::backend::Sql,
            values: Vec<$crate::store::backend::Value>,
        ) -> Result<Vec<<$db as sqlx::Database>::Row>, sqlx::Error> {
            let arguments = arguments(values)?;
            sqlx::query_with(sqlx::AssertSqlSafe(sql), arguments)
                .fetch_all(connection)
                .await
        }

        fn int(row: &<$db as sqlx::Database>::Row, column: usize) -> Result<i64, sqlx::Error> {
            sqlx::Row::try_get(row, column)
        }

        fn maybe_int(
            row: &<$db as sqlx::Database>::Row,
            column: usize,
        ) -> Result<Option<i64>, sqlx::Error> {
            sqlx::Row::try_get(row, column)
        }

        fn bytes(
            row: &<$db as sqlx::Database>::Row,
            column: usize,
        ) -> Result<Vec<u8>, sqlx::Error> {
            sqlx::Row::try_get(row, column)
        }

        fn text(row: &<$db as sqlx::Database>::Row, column: usize) -> Result<String, sqlx::Error> {
            sqlx::Row::try_get(row, column)
        }
    };
}

/// Implements the binding of values for a driver.
macro_rules! arguments {
    ($db:ty) => {
        fn arguments(
            values: Vec<$crate::store::backend::Value>,
        ) -> Result<<$db as sqlx::Database>::Arguments, sqlx::Error> {
            use $crate::store::backend::Value;
            let mut arguments = <$db as sqlx::Database>::Arguments::default();
            for value in values {
                match value {
                    Value::Int(value) => sqlx::Arguments::add(&mut arguments, value),
                    Value::MaybeInt(value) => sqlx::Arguments::add(&mut arguments, value),
                    Value::Bytes(value) => sqlx::Arguments::add(&mut arguments, value),
                    Value::Text(value) => sqlx::Arguments::add(&mut arguments, value),
                }
                .map_err(sqlx::Error::Encode)?;
            }
            Ok(arguments)
        }
    };
}

pub(crate) use {arguments, statements};
