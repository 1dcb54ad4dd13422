//! A witness never cosigns two histories, whatever happens to its folder, and keeps what convicts a
//! log. What it answers in which case is held against a foreign witness in `tests`.

mod folder;

use std::fs;
use std::sync::atomic::{AtomicI64, Ordering};

use ledger::log::evidence::Finding;
use ledger::log::witness::conflict_size;
use ledger::log::{
    Checkpoint, Evidence, Hash, NoteSigner, SignedNote, Tree, TreeSize, consistency_proof,
    leaf_hash,
};
use ledger::{Millis, SecretKey};

use super::*;
use crate::testing::Folder as Home;

const NOW_S: i64 = 1_767_000_000;

/// A witness for two logs, and a clock that the test sets.
struct Stand {
    home: Home,
    clock_s: std::sync::Arc<AtomicI64>,
}

impl Stand {
    fn new(post_quantum: bool) -> Self {
        let home = Home::new();
        let folder = Folder::new(home.path().join("witness"));
        let name = "witness.example/w".parse().unwrap();
        folder.create(&name, post_quantum).unwrap();
        let keys = ["one.example", "two.example"].map(|origin| signer(origin).verifier_key());
        folder.add_logs(&keys).unwrap();
        Self {
            home,
            clock_s: std::sync::Arc::new(AtomicI64::new(NOW_S)),
        }
    }

    fn folder(&self) -> Folder {
        Folder::new(self.home.path().join("witness"))
    }

    fn open(&self) -> Witness {
        let clock_s = std::sync::Arc::clone(&self.clock_s);
        let now = move || Millis::new(clock_s.load(Ordering::Relaxed) * 1000);
        Witness::open(&self.folder(), Clock::from_fn(now)).unwrap()
    }

    fn state(&self, origin: &str) -> PathBuf {
        self.folder().state_file(&origin.parse().unwrap())
    }

    fn evidence(&self) -> Vec<Evidence> {
        Self::read(&self.folder().evidence())
    }

    fn incomplete(&self) -> Vec<Evidence> {
        Self::read(&self.folder().incomplete())
    }

    fn read(folder: &std::path::Path) -> Vec<Evidence> {
        let files = fs::read_dir(folder);
        let files = files.map(|files| files.map(|file| file.unwrap().path()).collect());
        let files: Vec<PathBuf> = files.unwrap_or_default();
        let read = |path: &PathBuf| Evidence::parse(&fs::read(path).unwrap()).unwrap();
        files.iter().map(read).collect()
    }
}

fn signer(origin: &str) -> NoteSigner {
    let seed = origin.as_bytes()[0];
    NoteSigner::new(origin.parse().unwrap(), SecretKey::from_seed(&[seed; 32]))
}

/// A leaf; from `other` on the log of another history.
fn leaf(index: u64, other: u64) -> Hash {
    leaf_hash(&[&index.to_be_bytes()[..], &[u8::from(index >= other)]].concat())
}

fn note(origin: &str, size: u64, other: u64) -> SignedNote {
    let mut tree = Tree::new();
    tree.extend((0..size).map(|index| leaf(index, other)));
    let checkpoint = Checkpoint::new(origin.parse().unwrap(), tree.size(), tree.root());
    checkpoint.sign(&[signer(origin)]).unwrap()
}

/// A request of the log of which `other` is the first record of another history.
fn request(origin: &str, old: u64, size: u64, other: u64) -> Vec<u8> {
    let mut tree = Tree::new();
    let tiles = tree.extend((0..size).map(|index| leaf(index, other)));
    let tiles: std::collections::HashMap<_, _> = tiles.into_iter().collect();
    let (old, new) = (TreeSize::new(old), TreeSize::new(size));
    let request = AddCheckpoint {
        old,
        proof: consistency_proof(old, new, |id| tiles.get(&id)).unwrap(),
        checkpoint: note(origin, size, other),
    };
    request.to_string().into_bytes()
}

const SAME: u64 = u64::MAX;

fn grows(witness: &Witness, origin: &str, old: u64, size: u64) -> String {
    let answer = witness.add_checkpoint(&request(origin, old, size, SAME));
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body
}

fn status(witness: &Witness, body: &[u8]) -> u16 {
    witness.add_checkpoint(body).status
}

#[test]
fn what_is_cosigned_is_served_to_monitors_and_survives_the_process() {
    let stand = Stand::new(false);
    let witness = stand.open();
    let path = |origin: &str| origin_hash(&origin.parse().unwrap());
    assert_eq!(witness.checkpoint(&path("one.example")).status, 404);
    assert_eq!(witness.checkpoint(&path("other.example")).status, 404);
    let lines = grows(&witness, "one.example", 0, 5);
    let cosigned = note("one.example", 5, SAME).with_lines(&lines).unwrap();
    assert_eq!(
        witness.checkpoint(&path("one.example")).body,
        cosigned.as_str()
    );
    assert_eq!(witness.checkpoint(&path("two.example")).status, 404);
    drop(witness);
    let witness = stand.open();
    assert_eq!(
        witness.checkpoint(&path("one.example")).body,
        cosigned.as_str()
    );
    let answer = witness.add_checkpoint(&request("one.example", 0, 7, SAME));
    assert_eq!((answer.status, answer.kind), (409, SIZE_MEDIA_TYPE));
    assert_eq!(conflict_size(answer.body.as_bytes()), Ok(TreeSize::new(5)));
    grows(&witness, "one.example", 5, 7);
    grows(&witness, "two.example", 0, 2);
}

#[test]
fn two_keys_cosign_with_one_time_and_both_verify() {
    let stand = Stand::new(true);
    let lines = grows(&stand.open(), "one.example", 0, 5);
    assert_eq!(lines.lines().count(), 2);
    let keys = stand.folder().verifier_keys().unwrap();
    let note = note("one.example", 5, SAME).with_lines(&lines).unwrap();
    let times: Vec<_> = note
        .signatures(&keys)
        .unwrap()
        .iter()
        .map(|one| one.time_s)
        .collect();
    assert_eq!(times, [Some(1_767_000_000); 2]);
    // The state of a witness with two keys is read again.
    assert!(stand.open().closed().is_empty());
}

#[test]
fn two_trees_of_one_size_are_refused_and_kept_as_evidence() {
    let stand = Stand::new(false);
    let witness = stand.open();
    grows(&witness, "one.example", 0, 5);
    let answer = witness.add_checkpoint(&request("one.example", 5, 5, 3));
    assert_eq!(answer.status, 422);
    assert!(answer.says.unwrap().contains("FORKED"));
    let [evidence] = stand.evidence().try_into().unwrap();
    assert!(matches!(
        evidence::finding(&evidence),
        Ok(Finding::Fork { .. })
    ));
    // The same again is the same file, and the honest log goes on.
    assert_eq!(status(&witness, &request("one.example", 5, 5, 3)), 422);
    assert_eq!(stand.evidence().len(), 1);
    grows(&witness, "one.example", 5, 6);
}

#[test]
fn a_proof_that_shows_another_beginning_convicts_too_and_a_spoilt_one_does_not() {
    let stand = Stand::new(false);
    let witness = stand.open();
    grows(&witness, "one.example", 0, 5);
    let mut spoilt = AddCheckpoint::parse(&request("one.example", 5, 9, SAME)).unwrap();
    spoilt.proof[0] = Hash::EMPTY_ROOT;
    let answer = witness.add_checkpoint(spoilt.to_string().as_bytes());
    assert_eq!((answer.status, stand.evidence().len()), (422, 0));
    assert!(answer.says.is_some());
    assert_eq!(status(&witness, &request("one.example", 5, 9, 3)), 422);
    let [evidence] = stand.evidence().try_into().unwrap();
    assert!(evidence::finding(&evidence).unwrap().is_proof(false));
}

#[test]
fn nobody_fills_the_disk_with_evidence() {
    let stand = Stand::new(false);
    let witness = stand.open();
    grows(&witness, "one.example", 0, 200);
    for other in 0..=EVIDENCE_MAX as u64 {
        assert_eq!(
            status(&witness, &request("one.example", 200, 200, other)),
            422
        );
    }
    assert_eq!(stand.evidence().len(), EVIDENCE_MAX);
}

#[test]
fn a_fork_whose_beginning_no_proof_shows_is_kept_as_incomplete_evidence() {
    let stand = Stand::new(false);
    let witness = stand.open();
    grows(&witness, "one.example", 0, 8);
    // However many there are, they take no place from what is proven.
    for size in (9..).take(INCOMPLETE_MAX + 1) {
        let answer = witness.add_checkpoint(&request("one.example", 8, size, 3));
        assert_eq!(answer.status, 422);
        assert!(!answer.says.unwrap().contains("FORKED"));
    }
    let incomplete = stand.incomplete();
    assert_eq!(incomplete.len(), INCOMPLETE_MAX);
    for evidence in incomplete {
        let finding = evidence::finding(&evidence);
        assert_eq!(finding, Err(EvidenceError::NoBeginning));
    }
    assert_eq!(status(&witness, &request("one.example", 8, 8, 3)), 422);
    assert_eq!(stand.evidence().len(), 1);
    grows(&witness, "one.example", 8, 9);
}

#[test]
fn a_clock_that_goes_back_makes_no_earlier_time_and_one_far_back_none_at_all() {
    let stand = Stand::new(false);
    let witness = stand.open();
    grows(&witness, "one.example", 0, 5);
    let keys = stand.folder().verifier_keys().unwrap();
    stand.clock_s.store(NOW_S - 60, Ordering::Relaxed);
    let lines = grows(&witness, "one.example", 5, 6);
    let note = note("one.example", 6, SAME).with_lines(&lines).unwrap();
    assert_eq!(
        note.signatures(&keys).unwrap()[0].time_s,
        Some(1_767_000_000)
    );
    stand.clock_s.store(NOW_S - 61, Ordering::Relaxed);
    assert_eq!(status(&witness, &request("one.example", 6, 7, SAME)), 503);
    assert_eq!(status(&witness, &request("two.example", 0, 7, SAME)), 200);
    stand.clock_s.store(NOW_S + 1, Ordering::Relaxed);
    grows(&witness, "one.example", 6, 7);
}

#[test]
fn requests_at_once_leave_one_history() {
    let stand = Stand::new(false);
    let witness = stand.open();
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let witness = &witness;
        let threads: Vec<_> = (0..8_u64)
            .map(|other| scope.spawn(move || status(witness, &request("one.example", 0, 9, other))))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert_eq!(
        answers.iter().filter(|status| **status == 200).count(),
        1,
        "{answers:?}"
    );
    assert_eq!(
        answers.iter().filter(|status| **status == 409).count(),
        7,
        "{answers:?}"
    );
}
