//! What a client accepts of a log, and what it keeps against one.

use ledger::SecretKey;
use ledger::log::{Evidence, NoteSigner, leaf_hash};

use super::*;
use crate::connect::Address;
use crate::testing::Folder;

const ORIGIN: &str = "street.example/ledger";

fn signer(seed: u8) -> NoteSigner {
    NoteSigner::new(ORIGIN.parse().unwrap(), SecretKey::from_seed(&[seed; 32]))
}

fn note(size: u64, root: &[u8], seed: u8) -> SignedNote {
    let (origin, size) = (ORIGIN.parse().unwrap(), TreeSize::new(size));
    Checkpoint::new(origin, size, leaf_hash(root))
        .sign(&[signer(seed)])
        .unwrap()
}

/// A log that has seen three records, and no server to ask.
async fn seen(home: &Folder) -> (KnownLog, Connection) {
    let memory = Arc::new(Memory::in_home(home.path()));
    let log = KnownLog::new(signer(1).verifier_key(), memory);
    let nowhere = Connection::lazy(&Address::new("http://127.0.0.1:1")).unwrap();
    log.accept(&nowhere, note(3, b"a", 1)).await.unwrap();
    (log, nowhere)
}

#[tokio::test]
async fn the_same_checkpoint_again_needs_no_proof() {
    let home = Folder::new();
    let (log, nowhere) = seen(&home).await;
    log.accept(&nowhere, note(3, b"a", 1)).await.unwrap();
    assert_eq!(log.seen().unwrap().unwrap().size, TreeSize::new(3));
}

#[tokio::test]
async fn two_roots_of_one_size_are_a_fork_and_leave_evidence() {
    let home = Folder::new();
    let (log, nowhere) = seen(&home).await;
    let error = log.accept(&nowhere, note(3, b"b", 1)).await.unwrap_err();
    assert_eq!((error.reason(), error.exit_code()), ("LOG_FORKED", 3));
    let ClientError::Unverified(fork) = error else {
        panic!("{error}")
    };
    let Unverified::Forked {
        evidence: Some(file),
        ..
    } = *fork
    else {
        panic!("{fork}")
    };
    let evidence = Evidence::parse(&std::fs::read(file).unwrap()).unwrap();
    assert_eq!(evidence.log, signer(1).verifier_key());
    let finding = crate::evidence::finding(&evidence).unwrap();
    assert_eq!(
        (finding.reason(), finding.is_proof(false)),
        ("LOG_FORKED", true)
    );
    assert_eq!(log.seen().unwrap().unwrap().root, leaf_hash(b"a"));
}

#[tokio::test]
async fn a_proof_that_cannot_be_fetched_accuses_nobody_and_proves_nothing() {
    let home = Folder::new();
    let (log, nowhere) = seen(&home).await;
    for size in [2, 4] {
        let error = log.accept(&nowhere, note(size, b"b", 1)).await.unwrap_err();
        assert_eq!(error.reason(), "NO_CONNECTION");
    }
    assert_eq!(log.seen().unwrap().unwrap().size, TreeSize::new(3));
}

#[tokio::test]
async fn a_checkpoint_of_another_signer_is_refused() {
    let home = Folder::new();
    let (log, nowhere) = seen(&home).await;
    let error = log.accept(&nowhere, note(4, b"b", 2)).await.unwrap_err();
    assert_eq!(error.reason(), "CHECKPOINT_UNVERIFIED");
}
