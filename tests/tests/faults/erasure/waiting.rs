//! An erasure that has to wait holds up nobody else.

use anyhow::{Result, ensure};

use super::{client, deposit};
use crate::site::{Kind, Site};
use crate::wire;

on_both_databases!(an_erasure_that_waits_for_a_reader_lets_others_write);

async fn an_erasure_that_waits_for_a_reader_lets_others_write(kind: Kind) -> Result<()> {
    let (site, bank) = Site::open(kind, 2).await?;
    let recipient = client(&bank, &site.street.members[0]).await?;
    let entries = deposit(&site, &recipient, 2).await?;
    // Whoever has begun to read sees this state until the end.
    let mut reader = site.sql().await?;
    reader.run("BEGIN").await?;
    reader.bytes("SELECT sealed FROM openings LIMIT 1").await?;
    let (erasing, entry) = (recipient.clone(), entries[0]);
    let erasure = tokio::spawn(async move { erasing.erase_opening(entry).await });
    while recipient.opening(entry).await?.erased.is_none() {}
    for number in 0..5 {
        wire::submit(&bank.url(), &[site.gift(number)]).await?;
    }
    if kind == Kind::Sqlite {
        ensure!(!erasure.is_finished(), "it did not wait for the reader");
    }
    reader.run("COMMIT").await?;
    let erased = erasure.await??;
    // Once it is done there is nothing to wait for.
    reader.run("BEGIN").await?;
    reader
        .bytes("SELECT sealed FROM openings WHERE erased_ms = 0")
        .await?;
    wire::submit(&bank.url(), &[site.gift(5)]).await?;
    ensure!(recipient.erase_opening(entry).await? == erased);
    reader.run("COMMIT").await?;
    bank.end()
}
