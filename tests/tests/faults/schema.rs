//! The schema: nothing of a ledger is changed or removed, not even by a slip of
//! somebody with a database shell; and one SQL serves both databases.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use ledger::log::{Position, TreeSize};
use server::store::backend::{Backend, Postgres, Sqlite};
use server::store::statement;
use sqlx::{AssertSqlSafe, Column, Either, Executor, SqlSafeStr, Statement};
use timebank_tests::bank::ORIGIN;

use crate::site::{Kind, Site};
use crate::sql::Sql;

on_both_databases!(
    nothing_is_changed_or_deleted,
    tiles_and_the_head_only_grow,
    what_is_published_only_grows,
    what_is_appended_passes_the_triggers,
);

/// Each of them must be refused.
const CHANGES: [&str; 12] = [
    "UPDATE records SET leaf = leaf WHERE position = 3",
    "UPDATE records SET position = position + 1000",
    "DELETE FROM records WHERE position = 3",
    "DELETE FROM records",
    "UPDATE checkpoints SET note = note",
    "UPDATE checkpoints SET tree_size = tree_size + 1000",
    "DELETE FROM checkpoints",
    "UPDATE postings SET amount = amount",
    "UPDATE postings SET account = account WHERE line = 0",
    "DELETE FROM postings WHERE line = 0",
    "DELETE FROM tiles",
    "DELETE FROM log_head",
];

async fn nothing_is_changed_or_deleted(kind: Kind) -> Result<()> {
    let site = Site::finished(kind, 4, 40).await?;
    let mut sql = site.sql().await?;
    for change in CHANGES {
        refused(&mut sql, change, "never").await?;
    }
    if kind == Kind::Postgres {
        for table in ["records", "checkpoints", "postings", "tiles", "log_head"] {
            refused(&mut sql, &format!("TRUNCATE {table}"), "never").await?;
            refused(&mut sql, &format!("TRUNCATE {table} CASCADE"), "never").await?;
        }
    }
    let bank = site.plan.start()?;
    site.audit(&bank.url()).await?;
    bank.end()
}

async fn tiles_and_the_head_only_grow(kind: Kind) -> Result<()> {
    let site = Site::finished(kind, 4, 40).await?;
    let mut sql = site.sql().await?;
    let mut hashes = sql
        .bytes("SELECT hashes FROM tiles WHERE level = 0")
        .await?;
    let longer = sql.blob(&[hashes.as_slice(), &[7; 32]].concat());
    let shorter = sql.blob(&hashes[..hashes.len() - 32]);
    hashes[40] ^= 1;
    let other = sql.blob(&hashes);
    for tile in [shorter, other] {
        refused(
            &mut sql,
            &format!("UPDATE tiles SET hashes = {tile}"),
            "only grow",
        )
        .await?;
    }
    let moved = "UPDATE tiles SET tile_index = tile_index + 1";
    refused(&mut sql, moved, "only grow").await?;
    for head in [
        "tree_size = tree_size - 1",
        "origin = 'other.example/ledger'",
    ] {
        refused(
            &mut sql,
            &format!("UPDATE log_head SET {head}"),
            "only grows",
        )
        .await?;
    }
    // What the server does must be allowed.
    sql.run("UPDATE log_head SET tree_size = tree_size + 1")
        .await?;
    sql.run(&format!("UPDATE tiles SET hashes = {longer}"))
        .await?;
    Ok(())
}

async fn what_is_published_only_grows(kind: Kind) -> Result<()> {
    let site = Site::new(kind, 0)?;
    let store = server::store::connect(&site.database_url(), ORIGIN).await?;
    let (three, position) = (TreeSize::new(3), Position::new);
    ensure!(store.newest_published().await?.is_none());
    ensure!(store.publish(three, None, b"three\n").await?);
    ensure!(
        !store.publish(three, None, b"other\n").await?,
        "it is there"
    );
    let (before, longer) = (Some(&b"three\n"[..]), &b"three\nmore\n"[..]);
    ensure!(store.publish(three, before, longer).await?);
    ensure!(
        !store.publish(three, before, b"three\nless\n").await?,
        "it has changed"
    );
    let five = TreeSize::new(5);
    ensure!(store.publish(five, None, b"five\n").await?);
    let over = async |index| store.published_over(position(index)).await;
    ensure!(over(2).await?.as_deref() == Some(longer));
    ensure!(over(3).await?.as_deref() == Some(&b"five\n"[..]));
    ensure!(over(5).await?.is_none());
    ensure!(store.newest_published().await?.as_deref() == Some(&b"five\n"[..]));
    let shorter = store.publish(five, Some(&b"five\n"[..]), b"fiv\n").await;
    ensure!(shorter.is_err(), "a shorter one");
    let mut sql = site.sql().await?;
    for change in [
        "UPDATE published SET note = substr(note, 2)",
        "UPDATE published SET tree_size = tree_size + 1",
    ] {
        refused(&mut sql, change, "only grows").await?;
    }
    refused(&mut sql, "DELETE FROM published", "never").await?;
    if kind == Kind::Postgres {
        refused(&mut sql, "TRUNCATE published", "never").await?;
    }
    Ok(())
}

async fn what_is_appended_passes_the_triggers(kind: Kind) -> Result<()> {
    let site = Site::finished(kind, 4, 40).await?;
    let mut sql = site.sql().await?;
    // A second row of the head, a half hash, a short id: refused by the tables.
    for (insert, why) in [
        (
            "log_head (only_row, origin, tree_size, recorded_ms, state_format) VALUES (2, 'x', 0, 0, 1)",
            "second head",
        ),
        (
            "postings (position, line, account, bucket, amount, balance) VALUES (90, 0, '', 2, 1, 1)",
            "bucket",
        ),
    ] {
        let done = sql.run(&format!("INSERT INTO {insert}")).await;
        ensure!(done.is_err(), "{why}");
    }
    let half = sql.blob(&[1; 33]);
    let tile = format!("INSERT INTO tiles (level, tile_index, hashes) VALUES (9, 0, {half})");
    ensure!(sql.run(&tile).await.is_err(), "half a hash");
    let id = sql.blob(&[1; 15]);
    let record =
        format!("INSERT INTO records (position, entry_id, leaf) VALUES (90, {id}, {half})");
    ensure!(sql.run(&record).await.is_err(), "a short id");
    let bank = site.plan.start()?;
    crate::wire::submit(&bank.url(), &[site.gift(0)]).await?;
    ensure!(site.audit(&bank.url()).await?.tree_size.get() == 41);
    bank.end()
}

async fn refused(sql: &mut Sql, change: &str, why: &str) -> Result<()> {
    let error = match sql.run(change).await {
        Ok(rows) => anyhow::bail!("{change}: changed {rows} rows"),
        Err(error) => error.to_string(),
    };
    ensure!(error.contains(why), "{change}: {error}");
    Ok(())
}

/// What a database says of a statement.
#[derive(Debug, PartialEq, Eq)]
struct Shape {
    parameters: usize,
    columns: Vec<String>,
}

/// The shape of every statement, as a backend prepares it. As the store does, it
/// says that the values in a list are numbers, where the list cannot tell.
async fn shapes<B: Backend>(
    url: &str,
    number: Option<<B::Db as sqlx::Database>::TypeInfo>,
) -> Result<Vec<(String, Shape)>>
where
    for<'c> &'c mut <B::Db as sqlx::Database>::Connection: Executor<'c, Database = B::Db>,
{
    let connections = B::connect(url).await?;
    let mut writer = connections.writer.acquire().await?;
    let mut shapes = Vec::new();
    for text in statement::all(B::PLACEHOLDERS) {
        let name = text.lines().next().context("a first line")?.to_owned();
        let sql = AssertSqlSafe(text.into_owned()).into_sql_str();
        let untyped = name.starts_with("-- find_tiles");
        let types = number.iter().filter(|_| untyped);
        let types: Vec<_> = types
            .flat_map(|number| [number.clone(), number.clone()])
            .collect();
        let prepared = (&mut *writer).prepare_with(sql, &types).await;
        let prepared = prepared.with_context(|| name.clone())?;
        let parameters = match prepared.parameters() {
            Some(Either::Left(types)) => types.len(),
            Some(Either::Right(count)) => count,
            None => 0,
        };
        let columns = prepared.columns().iter();
        let columns = columns.map(|column| column.name().to_owned()).collect();
        shapes.push((
            name,
            Shape {
                parameters,
                columns,
            },
        ));
    }
    Ok(shapes)
}

#[tokio::test]
async fn every_statement_is_the_same_on_both_databases() -> Result<()> {
    let (one, other) = (Site::new(Kind::Sqlite, 0)?, Site::new(Kind::Postgres, 0)?);
    let sqlite = shapes::<Sqlite>(&one.database_url(), None).await?;
    let number = sqlx::postgres::PgTypeInfo::with_name("INT8");
    let postgres = shapes::<Postgres>(&other.database_url(), Some(number)).await?;
    assert!(sqlite.len() > 15, "all of them");
    assert_eq!(sqlite, postgres);
    Ok(())
}

#[test]
fn migrations_go_in_pairs() -> Result<()> {
    let names = |folder: &str| -> Result<BTreeSet<_>> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations");
        let files = std::fs::read_dir(root.join(folder))?;
        Ok(files
            .map(|file| file.map(|file| file.file_name()))
            .collect::<Result<_, _>>()?)
    };
    let sqlite = names("sqlite")?;
    assert!(!sqlite.is_empty());
    assert_eq!(sqlite, names("postgres")?);
    Ok(())
}
