//! Tampering with a ledger that was saved into a folder from a real server:
//! records, tiles, checkpoint, stated state and stated postings.

mod saved;

use anyhow::{Result, ensure};
use ledger::AccountId;
use ledger::state::{Key, Row};
use prost::Message;
use proto::v1;
use timebank_tests::faulty::Dice;

use self::saved::Saved;
use crate::site::{Kind, Site};

on_both_databases!(
    whatever_is_altered_in_a_saved_ledger_is_found,
    any_flipped_bit_of_a_saved_ledger_is_found,
);

const RECORDS: usize = 300;
/// How many random bits are flipped, one at a time.
const FLIPS: usize = 80;

async fn whatever_is_altered_in_a_saved_ledger_is_found(kind: Kind) -> Result<()> {
    let site = Site::finished(kind, 8, RECORDS).await?;
    let saved = Saved::of(&site).await?;
    records(&saved).await?;
    tiles(&saved).await?;
    let line = |note: &[u8]| note.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let altered = |note: &mut Vec<u8>| {
        let second = line(note) + 1;
        note[second] = b'5';
    };
    saved
        .expect("checkpoint", "CHECKPOINT_UNVERIFIED", None, altered)
        .await?;
    state(&saved, &site).await?;
    postings(&saved).await?;
    let report = saved.audit().await?;
    ensure!(report.tree_size.get() == RECORDS as u64);
    Ok(())
}

async fn records(saved: &Saved) -> Result<()> {
    let (full, last) = ("tile/entries/000", "tile/entries/001.p/44");
    let altered = |bundle: &mut Vec<u8>| {
        let at = start_of(bundle, 120) + 40;
        bundle[at] ^= 1;
    };
    saved
        .expect(full, "RECORD_ALTERED", Some(120), altered)
        .await?;
    let removed = |bundle: &mut Vec<u8>| {
        bundle.drain(start_of(bundle, 7)..start_of(bundle, 8));
    };
    saved
        .expect(full, "RECORD_ALTERED", Some(7), removed)
        .await?;
    let swapped = |bundle: &mut Vec<u8>| {
        let [one, other, end] = [50, 51, 52].map(|number| start_of(bundle, number));
        bundle[one..end].rotate_left(other - one);
    };
    saved
        .expect(full, "RECORD_ALTERED", Some(50), swapped)
        .await?;
    let cut = |bundle: &mut Vec<u8>| bundle.truncate(start_of(bundle, 43));
    saved.expect(last, "BUNDLE_BROKEN", Some(299), cut).await?;
    let added = |bundle: &mut Vec<u8>| bundle.extend_from_within(..start_of(bundle, 1));
    saved.expect(last, "BUNDLE_BROKEN", Some(300), added).await
}

/// Where the record of a number begins in a bundle, with its length.
fn start_of(bundle: &[u8], number: usize) -> usize {
    (0..number).fold(0, |start, _| {
        start + 2 + usize::from(u16::from_be_bytes([bundle[start], bundle[start + 1]]))
    })
}

async fn tiles(saved: &Saved) -> Result<()> {
    let flip = |byte: usize| move |tile: &mut Vec<u8>| tile[byte] ^= 1;
    saved
        .expect("tile/0/000", "TILE_ALTERED", Some(9), flip(9 * 32 + 3))
        .await?;
    saved
        .expect("tile/0/001.p/44", "TILE_ALTERED", Some(299), flip(43 * 32))
        .await?;
    saved
        .expect("tile/1/000.p/1", "TILE_DIFFERS", Some(0), flip(31))
        .await?;
    let swapped = |tile: &mut Vec<u8>| tile[64..128].rotate_left(32);
    saved
        .expect("tile/0/000", "LEAF_DIFFERS", Some(2), swapped)
        .await?;
    let removed = |tile: &mut Vec<u8>| tile.truncate(255 * 32);
    saved
        .expect("tile/0/000", "TILE_ALTERED", Some(255), removed)
        .await?;
    let added = |tile: &mut Vec<u8>| tile.extend_from_slice(&[3; 32]);
    saved
        .expect("tile/0/001.p/44", "TILE_ALTERED", Some(300), added)
        .await?;
    let broken = |tile: &mut Vec<u8>| tile.truncate(33);
    saved
        .expect("tile/0/000", "TILE_MALFORMED", None, broken)
        .await
}

/// Alters the messages of a file, which stand there behind their lengths.
fn edit<M: Message + Default>(change: impl FnOnce(&mut Vec<M>)) -> impl FnOnce(&mut Vec<u8>) {
    |bytes| {
        let (mut rest, mut messages) = (bytes.as_slice(), Vec::new());
        while !rest.is_empty() {
            messages.push(M::decode_length_delimited(&mut rest).expect("a message"));
        }
        change(&mut messages);
        *bytes = messages
            .iter()
            .flat_map(Message::encode_length_delimited_to_vec)
            .collect();
    }
}

async fn state(saved: &Saved, site: &Site) -> Result<()> {
    let name = "timebank/state";
    let key = Key::Account(AccountId::Member(site.street.members[0].id));
    let is_it = |row: &v1::StateRow| row.key == key.encode();
    let raised = edit(|chunks: &mut Vec<v1::StateChunk>| {
        let mut rows = chunks.iter_mut().flat_map(|chunk| &mut chunk.rows);
        let row = rows.find(|row| is_it(row)).expect("its account");
        let Ok(Row::Account(mut account)) = Row::decode(&key, &row.value) else {
            panic!("no account");
        };
        account.available += 60;
        row.value = Row::Account(account).encode();
    });
    saved.expect(name, "STATE_DIFFERS", None, raised).await?;
    let removed = edit(|chunks: &mut Vec<v1::StateChunk>| {
        for chunk in chunks {
            chunk.rows.retain(|row| !is_it(row));
        }
    });
    saved.expect(name, "STATE_MISSING", None, removed).await?;
    let swapped = edit(|chunks: &mut Vec<v1::StateChunk>| chunks[0].rows.swap(3, 4));
    saved.expect(name, "STATE_MALFORMED", None, swapped).await?;
    let added = edit(|chunks: &mut Vec<v1::StateChunk>| {
        let (key, value) = (vec![0xff], vec![]);
        chunks
            .last_mut()
            .expect("one")
            .rows
            .push(v1::StateRow { key, value });
    });
    saved.expect(name, "STATE_ADDED", None, added).await?;
    let ahead = edit(|chunks: &mut Vec<v1::StateChunk>| {
        for chunk in chunks {
            chunk.tree_size += 1;
        }
    });
    saved.expect(name, "STATE_AHEAD", None, ahead).await
}

async fn postings(saved: &Saved) -> Result<()> {
    type Chunks = Vec<v1::PostingChunk>;
    let name = "timebank/postings";
    let at = |chunks: &Chunks| {
        let postings = &chunks[0].postings;
        postings
            .iter()
            .position(|posting| posting.position == 150)
            .expect("a gift")
    };
    let altered = edit(|chunks: &mut Chunks| {
        let at = at(chunks);
        chunks[0].postings[at].amount += 1;
    });
    saved
        .expect(name, "POSTING_DIFFERS", Some(150), altered)
        .await?;
    let removed = edit(|chunks: &mut Chunks| {
        let at = at(chunks);
        chunks[0].postings.remove(at);
    });
    saved
        .expect(name, "POSTING_MISSING", Some(150), removed)
        .await?;
    let swapped = edit(|chunks: &mut Chunks| {
        let at = at(chunks);
        chunks[0].postings.swap(at, at + 1);
    });
    saved
        .expect(name, "POSTING_MISSING", Some(150), swapped)
        .await?;
    let added = edit(|chunks: &mut Chunks| {
        let at = at(chunks);
        let twice = chunks[0].postings[at].clone();
        chunks[0].postings.insert(at, twice);
    });
    saved.expect(name, "POSTING_ADDED", Some(150), added).await
}

async fn any_flipped_bit_of_a_saved_ledger_is_found(kind: Kind) -> Result<()> {
    let mut dice = Dice::of_this_run();
    let site = Site::finished(kind, 6, 270).await?;
    let saved = Saved::of(&site).await?;
    let files = saved.files()?;
    ensure!(files.len() == 8, "{files:?}");
    for number in 0..FLIPS {
        let name = &files[number % files.len()];
        let (mut place, bit) = (dice.below(u64::MAX), dice.below(8));
        let flip = |bytes: &mut Vec<u8>| {
            place %= bytes.len() as u64;
            bytes[usize::try_from(place).expect("an index")] ^= 1 << bit;
        };
        saved.altered(name, flip).await?;
    }
    saved.audit().await?;
    Ok(())
}
