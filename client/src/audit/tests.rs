//! A small ledger is written into a folder and audited; then every kind of
//! stored thing is altered, and each alteration is found and named.

mod copy;
mod saved;
mod stated;
mod street;

use std::fs;

use ledger::log::{Checkpoint, Position, SignedNote, Tile, TreeSize};

use self::saved::Saved;
use self::street::signer;
use super::*;
use crate::export;
use crate::testing::Folder;

/// Records of the street: more than one full tile, and a partial one.
const RECORDS: u64 = 600;

fn at(position: u64) -> Position {
    Position::new(position)
}

/// Where the record of a number begins in a bundle, behind its length.
fn record_start(bundle: &[u8], number: usize) -> usize {
    let mut start = 0;
    for _ in 0..number {
        start += 2 + usize::from(u16::from_be_bytes([bundle[start], bundle[start + 1]]));
    }
    start + 2
}

fn remove_record(bundle: &mut Vec<u8>, number: usize) {
    let (start, end) = (
        record_start(bundle, number) - 2,
        record_start(bundle, number + 1) - 2,
    );
    bundle.drain(start..end);
}

fn swap_records(bundle: &mut Vec<u8>, number: usize) {
    let start = record_start(bundle, number) - 2;
    let end = record_start(bundle, number + 1) - 2;
    let record: Vec<u8> = bundle.drain(start..end).collect();
    let after = record_start(bundle, number + 1) - 2;
    bundle.splice(after..after, record);
}

fn append_record(bundle: &mut Vec<u8>) {
    let length = record_start(bundle, 1) - 2;
    bundle.extend_from_within(..length);
}

const PARTIAL_BUNDLE: &str = "tile/entries/002.p/88";

#[tokio::test]
async fn an_untouched_ledger_passes() {
    let saved = Saved::new();
    let report = saved.audit().await.unwrap();
    assert_eq!(report.tree_size, TreeSize::new(RECORDS));
    assert_eq!(report.state_tree_size, report.tree_size);
    assert_eq!(report.root, saved.street.tree.root());
    assert_eq!(report.tiles, 4);
    assert_eq!(report.postings, saved.street.postings.len() as u64);
    assert_eq!(report.state_rows, saved.street.state.rows().count() as u64);
    assert!(report.seen_checkpoints > 0);
    let members = report.members.available_minutes + report.members.held_minutes;
    assert_eq!(members + report.pool_minutes, report.issued_minutes);
}

#[tokio::test]
async fn every_small_size_passes() {
    for records in [1, 2, 3, 255, 256, 257] {
        let report = Saved::of(records).audit().await.unwrap();
        assert_eq!(report.tree_size, TreeSize::new(records));
    }
}

#[tokio::test]
async fn any_altered_byte_of_a_record_is_found() {
    for number in [0, 100, 255] {
        let saved = Saved::new();
        let name = "tile/entries/001";
        let start = record_start(&fs::read(saved.path(name)).unwrap(), number);
        for byte in [start, start + 10, start + 90] {
            saved.change(name, |bundle| bundle[byte] ^= 1);
            let position = at(256 + number as u64);
            assert_eq!(saved.fault().await, Fault::RecordAltered { position });
            saved.change(name, |bundle| bundle[byte] ^= 1);
        }
        saved.audit().await.unwrap();
    }
}

#[tokio::test]
async fn a_removed_record_is_found() {
    let saved = Saved::new();
    saved.change("tile/entries/000", |bundle| remove_record(bundle, 7));
    assert_eq!(
        saved.fault().await,
        Fault::RecordAltered { position: at(7) }
    );
    let saved = Saved::new();
    saved.change(PARTIAL_BUNDLE, |bundle| remove_record(bundle, 87));
    assert!(matches!(saved.fault().await, Fault::Bundle { position, .. } if position == at(599)));
}

#[tokio::test]
async fn swapped_records_are_found() {
    let saved = Saved::new();
    saved.change("tile/entries/000", |bundle| swap_records(bundle, 30));
    assert_eq!(
        saved.fault().await,
        Fault::RecordAltered { position: at(30) }
    );
}

#[tokio::test]
async fn an_added_record_is_found() {
    let saved = Saved::new();
    saved.change(PARTIAL_BUNDLE, append_record);
    assert!(matches!(saved.fault().await, Fault::Bundle { position, .. } if position == at(600)));
}

#[tokio::test]
async fn a_missing_file_is_found() {
    for (name, position) in [
        ("tile/entries/001", 256),
        ("tile/0/000", 0),
        ("tile/1/000.p/2", 0),
    ] {
        let saved = Saved::new();
        fs::remove_file(saved.path(name)).unwrap();
        let fault = saved.fault().await;
        assert!(matches!(fault, Fault::Missing { .. }), "{name}: {fault:?}");
        assert_eq!(fault.position(), Some(at(position)));
    }
    let saved = Saved::new();
    fs::remove_file(saved.path(CHECKPOINT_FILE)).unwrap();
    assert_eq!(saved.fault().await, Fault::NoCheckpoint);
}

#[tokio::test]
async fn an_altered_tile_is_found() {
    let saved = Saved::new();
    saved.change("tile/0/001", |tile| tile[32 * 9 + 5] ^= 1);
    let fault = saved.fault().await;
    assert!(matches!(fault, Fault::TileAltered { position, .. } if position == at(265)));
    let saved = Saved::new();
    saved.change("tile/1/000.p/2", |tile| tile[40] ^= 1);
    let fault = saved.fault().await;
    assert!(matches!(fault, Fault::TileDiffers { position, .. } if position == at(256)));
    let saved = Saved::new();
    saved.change("tile/0/002.p/88", |tile| tile.truncate(32 * 87));
    assert!(matches!(saved.fault().await, Fault::TileAltered { .. }));
    let saved = Saved::new();
    saved.change("tile/0/000", |tile| tile.truncate(33));
    assert!(matches!(saved.fault().await, Fault::TileMalformed { .. }));
}

#[tokio::test]
async fn a_record_and_its_tile_altered_together_contradict_the_checkpoint() {
    let mut saved = Saved::new();
    // The server's clock is not covered by the author's signature.
    saved.street.alter_time_of_last();
    let checkpoint = fs::read(saved.path(CHECKPOINT_FILE)).unwrap();
    saved.street.write(saved.folder.path());
    fs::write(saved.path(CHECKPOINT_FILE), checkpoint).unwrap();
    assert!(matches!(saved.fault().await, Fault::RootDiffers { .. }));
}

#[tokio::test]
async fn an_altered_checkpoint_is_found() {
    let saved = Saved::new();
    saved.change(CHECKPOINT_FILE, |note| {
        let line = note.iter().position(|byte| *byte == b'\n').unwrap();
        note[line + 1] = b'5';
    });
    assert!(matches!(saved.fault().await, Fault::Checkpoint(_)));
    let saved = Saved::new();
    let other = NoteSignerOfNobody::sign(&saved);
    fs::write(saved.path(CHECKPOINT_FILE), other.as_bytes()).unwrap();
    assert!(matches!(saved.fault().await, Fault::Checkpoint(_)));
}

struct NoteSignerOfNobody;

impl NoteSignerOfNobody {
    fn sign(saved: &Saved) -> SignedNote {
        let origin = signer().verifier_key().name().clone();
        let stranger =
            ledger::log::NoteSigner::new(origin.clone(), ledger::SecretKey::from_seed(&[99; 32]));
        let (size, root) = (saved.street.tree.size(), saved.street.tree.root());
        Checkpoint::new(origin, size, root)
            .sign(&[stranger])
            .unwrap()
    }
}

#[tokio::test]
async fn a_signature_of_someone_else_is_found_though_the_log_has_signed_it() {
    for number in [0, 40, 599] {
        let mut saved = Saved::new();
        saved.street.forge_signature(number);
        saved.street.write(saved.folder.path());
        let position = at(number as u64);
        assert_eq!(saved.fault().await, Fault::SignatureInvalid { position });
    }
}

#[tokio::test]
async fn a_record_against_the_rules_is_found_though_the_log_has_signed_it() {
    let mut saved = Saved::new();
    saved.street.record_twice();
    saved.street.write(saved.folder.path());
    let fault = saved.fault().await;
    assert!(matches!(fault, Fault::RuleBroken { position, .. } if position == at(RECORDS)));
}

#[tokio::test]
async fn the_first_of_two_faults_is_named() {
    let mut saved = Saved::new();
    saved.street.forge_signature(40);
    saved.street.record_twice();
    saved.street.write(saved.folder.path());
    assert_eq!(
        saved.fault().await,
        Fault::SignatureInvalid { position: at(40) }
    );
}

#[tokio::test]
async fn a_member_who_was_shown_another_tree_is_heard() {
    let mut saved = Saved::new();
    let position = saved.street.give_having_seen_another_tree();
    saved.street.write(saved.folder.path());
    let fault = saved.fault().await;
    assert!(matches!(fault, Fault::SeenOtherTree { position: found, .. } if found == position));
}
