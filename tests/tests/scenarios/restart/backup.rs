//! A copy of a database, taken and put back while no server runs on it.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use sqlx::{Connection, PgConnection};

use crate::world::{Database, World};

/// Where the copy is.
pub(super) enum Backup {
    /// Files beside the database's.
    Files(Vec<(PathBuf, Vec<u8>)>),
    /// The URL of another database.
    Url(String),
}

/// Copies the database of a world whose server has ended.
pub(super) async fn take(world: &World) -> Result<Backup> {
    match world.database {
        Database::Sqlite => {
            let mut files = Vec::new();
            for entry in std::fs::read_dir(&world.plan.data)? {
                let path = entry?.path();
                if is_of_database(&path) {
                    files.push((path.clone(), std::fs::read(&path)?));
                }
            }
            ensure!(!files.is_empty(), "the database is in the data folder");
            Ok(Backup::Files(files))
        }
        Database::Postgres => {
            let url = &world.plan.database;
            let (server, name) = name(url)?;
            let copy = format!("{name}_copy");
            let mut connection = PgConnection::connect(&format!("{server}postgres{}", rest(url)?))
                .await
                .context("the server of the database")?;
            // Names cannot be bound; this one is made of letters and digits.
            let sql = format!("-- copy()\nCREATE DATABASE {copy} TEMPLATE {name}");
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
                .execute(&mut connection)
                .await?;
            connection.close().await?;
            Ok(Backup::Url(format!("{server}{copy}{}", rest(url)?)))
        }
    }
}

/// Puts the copy in the place of the database.
pub(super) fn put_back(world: &mut World, backup: Backup) -> Result<()> {
    match backup {
        Backup::Files(files) => {
            for entry in std::fs::read_dir(&world.plan.data)? {
                let path = entry?.path();
                if is_of_database(&path) {
                    std::fs::remove_file(path)?;
                }
            }
            for (path, bytes) in files {
                std::fs::write(path, bytes)?;
            }
        }
        Backup::Url(url) => world.plan.database = url,
    }
    Ok(())
}

/// The file, and what SQLite keeps beside it.
fn is_of_database(path: &std::path::Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with("ledger.db")
}

/// What stands before the name in `postgres:///name?host=…`, and the name.
fn name(url: &str) -> Result<(&str, &str)> {
    let before_query = url.split('?').next().context("a URL")?;
    let (_, name) = before_query.rsplit_once('/').context("a path")?;
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    ensure!(name.chars().all(is_plain), "a plain name: {name}");
    Ok((&before_query[..before_query.len() - name.len()], name))
}

/// What stands after the name.
fn rest(url: &str) -> Result<&str> {
    let at = url.find('?').context("a query")?;
    Ok(&url[at..])
}
