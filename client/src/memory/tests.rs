//! The memory outlives the process, whole, and only grows.

use std::fs;

use ledger::SecretKey;
use ledger::log::{NoteSigner, TreeSize, leaf_hash};

use super::*;
use crate::testing::Folder;

const ORIGIN: &str = "street.example/ledger";

fn signer() -> NoteSigner {
    NoteSigner::new(ORIGIN.parse().unwrap(), SecretKey::from_seed(&[1; 32]))
}

fn note(size: u64) -> SignedNote {
    let root = leaf_hash(&size.to_be_bytes());
    let checkpoint = Checkpoint::new(ORIGIN.parse().unwrap(), TreeSize::new(size), root);
    checkpoint.sign(&[signer()]).unwrap()
}

fn newest(memory: &Memory) -> Option<String> {
    memory.ledger(ORIGIN).unwrap().unwrap().checkpoint
}

#[test]
fn what_is_remembered_is_read_by_another_process() {
    let home = Folder::new();
    let key = signer().verifier_key();
    let memory = Memory::in_home(home.path());
    assert_eq!(memory.ledger(ORIGIN).unwrap(), None);
    memory.pin(ORIGIN, &key, "http://127.0.0.1:7070").unwrap();
    memory.advance(None, &note(3), &key).unwrap().unwrap();
    let again = Memory::in_home(home.path());
    let remembered = again.ledger(ORIGIN).unwrap().unwrap();
    assert_eq!(remembered.log_key, key.to_string());
    assert_eq!(remembered.checkpoint.as_deref(), Some(note(3).as_str()));
    let of_server = again
        .ledger_of_server("http://127.0.0.1:7070")
        .unwrap()
        .unwrap();
    assert_eq!(of_server, remembered);
    assert_eq!(again.ledger_of_server("http://other").unwrap(), None);
}

#[test]
fn a_newer_checkpoint_leaves_the_pinned_key() {
    let (memory, key) = (Memory::volatile(), signer().verifier_key());
    let other = NoteSigner::new(ORIGIN.parse().unwrap(), SecretKey::from_seed(&[2; 32]));
    memory.pin(ORIGIN, &key, "http://127.0.0.1:7070").unwrap();
    let advanced = memory.advance(None, &note(3), &other.verifier_key());
    assert_eq!(advanced.unwrap(), Ok(()));
    let remembered = memory.ledger(ORIGIN).unwrap().unwrap();
    assert_eq!(remembered.log_key, key.to_string());
    assert_eq!(remembered.servers.len(), 1);
}

#[test]
fn a_checkpoint_is_replaced_only_by_who_knows_it() {
    for memory in [Memory::volatile(), Memory::in_home(Folder::new().path())] {
        let key = signer().verifier_key();
        memory.advance(None, &note(3), &key).unwrap().unwrap();
        let meanwhile = memory.advance(None, &note(4), &key).unwrap();
        assert_eq!(meanwhile, Err(Some(note(3).as_str().to_owned())));
        assert_eq!(newest(&memory).as_deref(), Some(note(3).as_str()));
        memory
            .advance(Some(&note(3)), &note(4), &key)
            .unwrap()
            .unwrap();
        assert_eq!(newest(&memory).as_deref(), Some(note(4).as_str()));
    }
}

#[test]
fn an_attempt_that_was_cut_off_leaves_the_old_memory() {
    let home = Folder::new();
    let key = signer().verifier_key();
    let memory = Memory::in_home(home.path());
    memory.advance(None, &note(3), &key).unwrap().unwrap();
    let path = memory.file(ORIGIN).unwrap();
    // A process died between writing beside the file and renaming.
    fs::write(path.with_added_extension("1.tmp"), "{\"origin\":").unwrap();
    assert_eq!(newest(&memory).as_deref(), Some(note(3).as_str()));
    assert!(memory.ledger_of_server("x").unwrap().is_none());
}

#[test]
fn a_damaged_memory_is_no_memory_to_go_on_from() {
    let home = Folder::new();
    let memory = Memory::in_home(home.path());
    memory
        .advance(None, &note(3), &signer().verifier_key())
        .unwrap()
        .unwrap();
    let path = memory.file(ORIGIN).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, &text[..text.len() / 2]).unwrap();
    assert!(matches!(
        memory.ledger(ORIGIN),
        Err(MemoryError::Malformed { .. })
    ));
}

#[test]
fn every_origin_has_a_file_name_of_its_own() {
    assert_eq!(
        file_name("street.example/ledger"),
        "street.example%2Fledger"
    );
    assert_eq!(file_name("../../etc"), "%2E.%2F..%2Fetc");
    assert_ne!(file_name("A"), file_name("a"));
}
