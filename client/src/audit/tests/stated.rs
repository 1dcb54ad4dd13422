//! What the server states beside the log: state rows and postings.

use std::fs;

use ledger::AccountId;
use ledger::log::TreeSize;
use ledger::state::{Key, Row};
use prost::Message;
use proto::v1;

use super::street::VOLUNTEER;
use super::{Fault, STATE_FILE, Saved};

#[tokio::test]
async fn an_altered_balance_is_found() {
    let saved = Saved::new();
    let key = Key::Account(AccountId::Member(VOLUNTEER));
    saved.change_state(|rows| {
        let row = rows.iter_mut().find(|row| row.key == key.encode()).unwrap();
        let Ok(Row::Account(mut account)) = Row::decode(&key, &row.value) else {
            panic!()
        };
        account.available += 60;
        row.value = Row::Account(account).encode();
    });
    let fault = saved.fault().await;
    let named = format!("account member-{VOLUNTEER}");
    assert!(matches!(fault, Fault::StateDiffers { row } if row == named));
}

#[tokio::test]
async fn a_removed_or_added_row_is_found() {
    let key = Key::Account(AccountId::Member(VOLUNTEER));
    let saved = Saved::new();
    saved.change_state(|rows| rows.retain(|row| row.key != key.encode()));
    assert!(matches!(saved.fault().await, Fault::StateMissing { .. }));
    let saved = Saved::new();
    saved.change_state(|rows| {
        rows.push(v1::StateRow {
            key: vec![255],
            value: vec![],
        });
    });
    assert!(matches!(saved.fault().await, Fault::StateAdded { .. }));
    let saved = Saved::new();
    saved.change_state(|rows| rows.swap(0, 1));
    assert!(matches!(saved.fault().await, Fault::StateMalformed(_)));
}

#[tokio::test]
async fn an_altered_key_is_found() {
    let saved = Saved::new();
    saved.change_state(|rows| {
        let is_key =
            |row: &&mut v1::StateRow| matches!(Key::decode(&row.key), Ok(Key::MemberKey(_)));
        let row = rows.iter_mut().find(is_key).unwrap();
        let last = row.value.len() - 1;
        row.value[last] ^= 1;
    });
    let fault = saved.fault().await;
    assert!(matches!(fault, Fault::StateDiffers { row } if row.starts_with("key ")));
}

#[tokio::test]
async fn an_altered_posting_is_found() {
    let saved = Saved::new();
    let altered = saved.street.postings[5].at;
    saved.change_postings(|postings| postings[5].amount += 1);
    assert_eq!(saved.fault().await, Fault::PostingDiffers { at: altered });
    let saved = Saved::new();
    saved.change_postings(|postings| drop(postings.remove(5)));
    assert_eq!(saved.fault().await, Fault::PostingMissing { at: altered });
    let saved = Saved::new();
    saved.change_postings(|postings| postings.insert(5, postings[4].clone()));
    assert!(matches!(saved.fault().await, Fault::PostingAdded { .. }));
    let saved = Saved::new();
    saved.change_postings(|postings| postings.push(postings[4].clone()));
    assert!(matches!(saved.fault().await, Fault::PostingAdded { .. }));
    let saved = Saved::new();
    saved.change_postings(|postings| drop(postings.pop()));
    assert!(matches!(saved.fault().await, Fault::PostingMissing { .. }));
}

#[tokio::test]
async fn a_state_that_is_older_than_the_checkpoint_is_compared_at_its_size() {
    let mut saved = Saved::of(300);
    let state = fs::read(saved.path(STATE_FILE)).unwrap();
    saved.street.grow(600);
    saved.street.write(saved.folder.path());
    fs::write(saved.path(STATE_FILE), &state).unwrap();
    let report = saved.audit().await.unwrap();
    assert_eq!(report.state_tree_size, TreeSize::new(300));
    saved.change_state(|rows| drop(rows.pop()));
    assert!(matches!(saved.fault().await, Fault::StateMissing { .. }));
    // A state of records that the log has not signed yet.
    let saved = Saved::of(300);
    saved.change(STATE_FILE, |bytes| {
        let mut chunk = v1::StateChunk::decode_length_delimited(bytes.as_slice()).unwrap();
        chunk.tree_size = 301;
        *bytes = chunk.encode_length_delimited_to_vec();
    });
    assert!(matches!(saved.fault().await, Fault::StateAhead { .. }));
}
