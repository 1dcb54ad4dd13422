//! Scenarios: what people do with a time bank, over the network, against a
//! server in a process of its own and a ledger of its own.
//!
//! Each is played on SQLite and on PostgreSQL, and each ends with an audit of
//! its whole ledger. The numbers in comments are those of the behaviours that
//! other time banks' tests assert; the tests are ours.

/// Plays scenarios on both databases, in the street of a setting: what a
/// function returns, or the usual one.
macro_rules! on_both {
    (in $setting:ident; $($scenario:ident),+ $(,)?) => {
        on_both!(@both super::$setting(); $($scenario),+);
    };
    (@both $setting:expr; $($scenario:ident),+) => {
        mod sqlite {
            on_both!(@tests Sqlite, $setting; $($scenario),+);
        }
        mod postgres {
            on_both!(@tests Postgres, $setting; $($scenario),+);
        }
    };
    (@tests $database:ident, $setting:expr; $($scenario:ident),+) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $scenario() -> anyhow::Result<()> {
                let database = $crate::world::Database::$database;
                $crate::world::play(database, $setting, super::$scenario).await
            }
        )+
    };
    ($($scenario:ident),+ $(,)?) => {
        on_both!(@both $crate::world::Setting::default(); $($scenario),+);
    };
}

mod access;
mod bad_input;
mod care;
mod city;
mod counter;
mod expiry;
mod idempotency;
mod keys;
mod limits;
mod lists;
mod log_files;
mod log_http;
mod offices;
mod openings;
mod proofs;
mod proposals;
mod races;
mod recovery;
mod restart;
mod reversals;
mod scheme;
mod serving;
mod statements;
mod streams;
mod tls;
mod transfers;
mod two_servers;
mod wire;
mod world;
