//! The server and its witnesses: what is cosigned, published and served, with a
//! witness that is not ours, and with some that misbehave.
//!
//! The server runs in this process, so that the tests can wait for what it tells
//! of itself; what it serves is read over its port.

/// Runs the named tests of a module on both databases.
macro_rules! on_both_databases {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() -> anyhow::Result<()> {
                super::$test($crate::town::Kind::Sqlite).await
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() -> anyhow::Result<()> {
                super::$test($crate::town::Kind::Postgres).await
            })+
        }
    };
}

mod ahead;
mod away;
mod foreign;
mod misbehaving;
mod post_quantum;
mod quorum;
mod scripted;
mod several;
mod town;
