//! Erasure, byte by byte: nothing of an erased text is left in any file of the
//! database, the data folder or an export, and the text was never there plainly
//! to begin with. Each scan first finds something that must be there.

mod files;
mod lines;
mod lost_key;
mod people;
mod waiting;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use client::{Address, Client, Connection, Identity, Memory};
use ledger::EntryId;
use ledger::act::RequestCare;
use ledger::commitment::{CommitmentKind, Opening};
use ledger::service::ItemCode;
use server::export::{Export, export};
use server::rotation::{Rotated, RotationError, Unreadable, rotate};
use server::store::{connect, connect_to_read};
use timebank_tests::bank::{Bank, ORIGIN, fresh_folder};
use timebank_tests::pen::{self, Person};

use self::files::Files;
use crate::site::{Kind, Site};
use crate::sql::Sql;

on_both_databases!(
    no_byte_of_an_erased_text_is_left,
    of_many_openings_exactly_the_erased_ones_are_gone,
    after_a_rotation_older_copies_cannot_be_read,
    a_rotation_that_is_cut_off_loses_nothing,
    what_is_erased_stays_erased_in_the_database,
);

/// Of many lengths, up to more than a page holds of a row.
fn text(number: usize) -> String {
    let sentence = format!("第 {number} 号 the key of flat {number} hangs behind the bell. ");
    sentence.repeat(1 + number % 7 * 12)
}

fn opening(number: usize) -> Opening {
    let mut salt = [0x5a; 32];
    salt[..8].copy_from_slice(&number.to_be_bytes());
    Opening::new(salt, text(number).into_bytes()).expect("short")
}

async fn client(bank: &Bank, person: &Person) -> Result<Client> {
    let connection = Connection::open(&Address::new(bank.url())).await?;
    let client = Client::connect(connection, Memory::volatile().into(), None).await?;
    Ok(client.acting_as(Identity {
        member: person.id,
        key: person.key.clone(),
    }))
}

/// Requests of the first member, each with a note that is deposited.
async fn deposit(site: &Site, client: &Client, numbers: usize) -> Result<Vec<EntryId>> {
    let mut entries = Vec::new();
    for number in 0..numbers {
        let opening = opening(number);
        let request = RequestCare {
            unit: site.street.stations[0],
            item: ItemCode::parse("companionship".to_owned())?,
            start: pen::now(),
            minutes: ledger::Minutes::parse(30)?,
            note: Some(opening.commitment(CommitmentKind::Note)),
        };
        let recorded = client.submit(request, None).await?;
        client.put_opening(recorded.entry_id, &opening).await?;
        entries.push(recorded.entry_id);
    }
    Ok(entries)
}

async fn sealed(sql: &mut Sql, entry: EntryId) -> Result<Vec<u8>> {
    let id = sql.blob(entry.as_bytes());
    sql.bytes(&format!(
        "SELECT sealed FROM openings WHERE entry_id = {id}"
    ))
    .await
}

async fn exported(site: &Site) -> Result<PathBuf> {
    let store = connect_to_read(&site.database_url(), ORIGIN).await?;
    let options = Export {
        out: fresh_folder()?,
        no_entries: false,
        no_books: false,
    };
    export(&*store, &ORIGIN.parse()?, &options, |_, _| {}).await?;
    Ok(options.out)
}

async fn no_byte_of_an_erased_text_is_left(kind: Kind) -> Result<()> {
    let (site, bank) = Site::open(kind, 2).await?;
    let recipient = client(&bank, &site.street.members[0]).await?;
    let entry = deposit(&site, &recipient, 1).await?[0];
    let mut sql = site.sql().await?;
    let sealed = sealed(&mut sql, entry).await?;
    let commitment = opening(0).commitment(CommitmentKind::Note);
    let (text, salt) = (text(0), *opening(0).salt());
    let plain: [&[u8]; 2] = [text.as_bytes(), &salt];
    // The scan finds what must be there: the commitment, and what is sealed.
    let files = Files::of(&site, &mut sql).await?;
    ensure!(files.have(commitment.as_bytes())?, "the scan sees nothing");
    ensure!(files.have(&sealed)?, "the scan sees nothing");
    for plain in plain {
        ensure!(!files.have(plain)?, "it lies there plainly");
    }
    recipient.erase_opening(entry).await?;
    let export = exported(&site).await?;
    let files = Files::of(&site, &mut sql).await?.and(&export);
    ensure!(files.have(commitment.as_bytes())?, "the scan sees nothing");
    for plain in plain {
        ensure!(!files.have(plain)?, "it lies there plainly");
    }
    if kind == Kind::Sqlite {
        // No part of it, where a page may have cut it.
        for part in sealed.chunks(16).filter(|part| part.len() == 16) {
            ensure!(!files.have(part)?, "something sealed is left");
        }
        let wal = fs::metadata(site.plan.data.join("ledger.db-wal"))?;
        ensure!(
            wal.len() == 0,
            "the write-ahead log has {} bytes",
            wal.len()
        );
    }
    site.audit(&bank.url()).await?;
    fs::remove_dir_all(export)?;
    bank.end()
}

/// The openings of a database that has moved them about in its pages.
async fn of_many_openings_exactly_the_erased_ones_are_gone(kind: Kind) -> Result<()> {
    const COUNT: usize = 120;
    let (site, bank) = Site::open(kind, 2).await?;
    let recipient = client(&bank, &site.street.members[0]).await?;
    let entries = deposit(&site, &recipient, COUNT).await?;
    let mut sql = site.sql().await?;
    let mut tails = Vec::new();
    for entry in &entries {
        let sealed = sealed(&mut sql, *entry).await?;
        // The end of a long one stands in another page than its beginning.
        tails.push((sealed[..24].to_vec(), sealed[sealed.len() - 16..].to_vec()));
    }
    let is_erased = |number: usize| number.is_multiple_of(3);
    for (number, entry) in entries.iter().enumerate() {
        if is_erased(number) {
            recipient.erase_opening(*entry).await?;
        }
    }
    let files = Files::of(&site, &mut sql).await?;
    for (number, entry) in entries.iter().enumerate() {
        let read = recipient.opening(*entry).await?;
        ensure!(read.opening.is_none() == is_erased(number), "{number}");
        let (head, tail) = &tails[number];
        // PostgreSQL keeps older versions of a page, all of them sealed.
        if kind == Kind::Sqlite {
            let left = (files.have(head)?, files.have(tail)?);
            let expected = !is_erased(number);
            ensure!(left == (expected, expected), "{number}: {left:?}");
        }
    }
    bank.end()
}

async fn after_a_rotation_older_copies_cannot_be_read(kind: Kind) -> Result<()> {
    let (site, bank) = Site::open(kind, 2).await?;
    let member = &site.street.members[0];
    let recipient = client(&bank, member).await?;
    let entries = deposit(&site, &recipient, 3).await?;
    recipient.erase_opening(entries[1]).await?;
    let store = connect(&site.database_url(), ORIGIN).await?;
    let refused = rotate(&site.plan.data, &*store, Unreadable::Refuse).await;
    ensure!(
        matches!(refused, Err(RotationError::Vault(_))),
        "{refused:?}"
    );
    let mut sql = site.sql().await?;
    let older = sealed(&mut sql, entries[0]).await?;
    bank.end()?;
    let key = || fs::read_to_string(site.plan.data.join("openings.key"));
    let old_key = key()?;
    let expected = Rotated {
        resealed: 2,
        given_up: 0,
    };
    let done = rotate(&site.plan.data, &*store, Unreadable::Refuse).await?;
    ensure!(done == expected);
    ensure!(key()? != old_key && key()?.lines().count() == 1);
    let bank = site.plan.start()?;
    let recipient = client(&bank, member).await?;
    for number in [0, 2] {
        let read = recipient.opening(entries[number]).await?;
        ensure!(read.opening == Some(opening(number)), "{number}");
    }
    ensure!(recipient.opening(entries[1]).await?.erased.is_some());
    // What an old backup held is put back, as it was under the old key.
    let (id, older) = (sql.blob(entries[0].as_bytes()), sql.blob(&older));
    let restore = format!("UPDATE openings SET sealed = {older} WHERE entry_id = {id}");
    sql.run(&restore).await?;
    let refused = recipient.opening(entries[0]).await;
    let reason = refused.err().context("it is read")?.reason().to_owned();
    ensure!(reason == "INTERNAL", "{reason}");
    // Nor what was sealed for another entry.
    let moved = sealed(&mut sql, entries[2]).await?;
    let moved = sql.blob(&moved);
    let move_it = format!(
        "UPDATE openings SET sealed = {moved},
            key_id = (SELECT key_id FROM openings WHERE sealed = {moved}) WHERE entry_id = {id}"
    );
    sql.run(&move_it).await?;
    ensure!(
        recipient.opening(entries[0]).await.is_err(),
        "it is another's"
    );
    // Whoever has it may deposit it again.
    recipient.put_opening(entries[0], &opening(0)).await?;
    let read = recipient.opening(entries[0]).await?;
    ensure!(read.opening == Some(opening(0)));
    bank.end()
}

async fn a_rotation_that_is_cut_off_loses_nothing(kind: Kind) -> Result<()> {
    use timebank_tests::faulty::Faulty;
    let (site, bank) = Site::open(kind, 2).await?;
    let member = &site.street.members[0];
    let recipient = client(&bank, member).await?;
    let entries = deposit(&site, &recipient, 3).await?;
    bank.end()?;
    let store = connect(&site.database_url(), ORIGIN).await?;
    let faulty = Faulty::around(store);
    let mut cuts = 0;
    loop {
        faulty.calm();
        faulty.fail_read_after(cuts);
        let done = rotate(&site.plan.data, &*faulty, Unreadable::Refuse).await;
        if done.is_ok() {
            break;
        }
        let bank = site.plan.start()?;
        let recipient = client(&bank, member).await?;
        for (number, entry) in entries.iter().enumerate() {
            let read = recipient.opening(*entry).await?;
            ensure!(
                read.opening == Some(opening(number)),
                "{number} after {cuts}"
            );
        }
        bank.end()?;
        cuts += 1;
    }
    ensure!(cuts >= 5, "it was cut off {cuts} times");
    let keys = fs::read_to_string(site.plan.data.join("openings.key"))?;
    ensure!(keys.lines().count() == 1, "old keys are left");
    Ok(())
}

async fn what_is_erased_stays_erased_in_the_database(kind: Kind) -> Result<()> {
    let (site, bank) = Site::open(kind, 2).await?;
    let recipient = client(&bank, &site.street.members[0]).await?;
    let entries = deposit(&site, &recipient, 2).await?;
    recipient.erase_opening(entries[0]).await?;
    recipient.opening(entries[1]).await?;
    let mut sql = site.sql().await?;
    let id = sql.blob(entries[0].as_bytes());
    for (change, why) in [
        (
            format!("UPDATE openings SET erased_ms = 0 WHERE entry_id = {id}"),
            "never changed",
        ),
        (
            format!("UPDATE openings SET put_ms = 1 WHERE entry_id = {id}"),
            "never changed",
        ),
        ("DELETE FROM openings".to_owned(), "never"),
        ("UPDATE opening_reads SET read_ms = 1".to_owned(), "never"),
        ("DELETE FROM opening_reads".to_owned(), "never"),
    ] {
        let said = sql.run(&change).await.err().context(change.clone())?;
        ensure!(said.to_string().contains(why), "{change}: {said}");
    }
    let half = format!("UPDATE openings SET erased_ms = 1 WHERE entry_id <> {id}");
    ensure!(sql.run(&half).await.is_err(), "erased and still there");
    bank.end()
}
