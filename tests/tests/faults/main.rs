//! Faults: what happens when a server is killed, its files are altered, its
//! database fails, or somebody else writes into it.
//!
//! Everything is tried on SQLite and on PostgreSQL, against the real server, and
//! ends with an audit that reads the whole ledger again. What honest and
//! dishonest callers may do is tried in `scenarios`.

/// Runs the named tests of a module on both databases.
macro_rules! on_both_databases {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() -> anyhow::Result<()> {
                super::$test($crate::site::Kind::Sqlite).await
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() -> anyhow::Result<()> {
                super::$test($crate::site::Kind::Postgres).await
            })+
        }
    };
}

mod adoption;
mod erasure;
mod export;
mod folder;
mod follow;
mod guard;
mod kill;
mod overload;
mod race;
mod schema;
mod site;
mod sql;
mod start;
mod store;
mod syscalls;
mod tamper;
mod wire;
