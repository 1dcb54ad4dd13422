//! A witness never cosigns two histories, whatever happens to its folder, and keeps what convicts a
//! log. What it answers in which case is held against a foreign witness in `tests`.

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
        let files = fs::read_dir(self.folder().evidence());
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
    assert!(evidence::finding(&evidence).unwrap().is_proof());
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
fn a_second_process_is_kept_out() {
    let stand = Stand::new(false);
    let witness = stand.open();
    let second = Witness::open(&stand.folder(), Clock::system());
    assert!(matches!(second.err(), Some(FolderError::Locked(_))));
    let added = stand
        .folder()
        .add_logs(&[signer("three.example").verifier_key()]);
    assert!(matches!(added, Err(FolderError::Locked(_))));
    assert_eq!(stand.folder().list().unwrap().len(), 2);
    drop(witness);
    stand.open();
}

#[test]
fn a_log_with_a_damaged_state_is_closed_and_the_others_go_on() {
    let stand = Stand::new(false);
    grows(&stand.open(), "one.example", 0, 5);
    let path = stand.state("one.example");
    let kept = fs::read_to_string(&path).unwrap();
    let not_cosigned = note("one.example", 3, SAME).as_str().to_owned();
    let damages = [
        Some(String::new()),
        Some(kept[..kept.len() / 2].to_owned()),
        Some(kept.replace("\n5\n", "\n4\n")),
        Some(kept.replace("one.example\n", "two.example\n")),
        Some(not_cosigned),
        Some("nothing\n".to_owned()),
        None,
    ];
    for damage in damages {
        match &damage {
            Some(text) => fs::write(&path, text).unwrap(),
            None => fs::remove_file(&path).unwrap(),
        }
        let witness = stand.open();
        assert_eq!(witness.closed().len(), 1, "{damage:?}");
        for (old, size) in [(0, 6), (5, 6), (0, 1)] {
            let answer = witness.add_checkpoint(&request("one.example", old, size, SAME));
            assert_eq!(answer.status, 503, "{damage:?}");
            assert!(answer.says.unwrap().contains("NOTHING IS COSIGNED"));
        }
        let hash = origin_hash(&"one.example".parse().unwrap());
        assert_eq!(witness.checkpoint(&hash).status, 503);
        let other = request("two.example", 0, 1, SAME);
        assert!([200, 409].contains(&status(&witness, &other)), "{damage:?}");
        drop(witness);
        // Adding the log again does not help it to begin anew.
        stand
            .folder()
            .add_logs(&[signer("one.example").verifier_key()])
            .unwrap();
        assert!(
            stand.folder().list().unwrap()[0].fault.is_some(),
            "{damage:?}"
        );
    }
    fs::write(&path, kept).unwrap();
    grows(&stand.open(), "one.example", 5, 6);
}

#[test]
fn the_state_of_another_log_or_of_another_witness_is_not_taken() {
    let (stand, other) = (Stand::new(false), Stand::new(false));
    grows(&stand.open(), "one.example", 0, 5);
    grows(&other.open(), "one.example", 0, 2);
    fs::copy(other.state("one.example"), stand.state("one.example")).unwrap();
    assert_eq!(stand.open().closed().len(), 1);
    fs::copy(other.state("one.example"), other.state("two.example")).unwrap();
    assert_eq!(other.open().closed().len(), 1);
}

#[test]
fn what_is_not_stored_is_not_answered_and_closes_the_log() {
    let stand = Stand::new(false);
    let witness = stand.open();
    grows(&witness, "one.example", 0, 5);
    let (state, aside) = (
        stand.folder().path().join("state"),
        stand.home.path().join("aside"),
    );
    fs::rename(&state, &aside).unwrap();
    let answer = witness.add_checkpoint(&request("one.example", 5, 6, SAME));
    assert_eq!(answer.status, 503);
    assert!(!answer.body.contains('—'));
    fs::rename(&aside, &state).unwrap();
    // Nobody knows what the disk has until it is read again.
    assert_eq!(status(&witness, &request("one.example", 5, 6, SAME)), 503);
    drop(witness);
    grows(&stand.open(), "one.example", 5, 6);
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

#[cfg(unix)]
#[test]
fn the_keys_are_for_their_owner_alone_and_are_never_replaced() {
    use std::os::unix::fs::PermissionsExt as _;
    let stand = Stand::new(true);
    let key = stand.folder().path().join("witness.key");
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&key), mode(stand.folder().path())), (0o600, 0o700));
    let before = fs::read(&key).unwrap();
    let again = stand
        .folder()
        .create(&"witness.example/w".parse().unwrap(), false);
    assert!(matches!(again, Err(FolderError::Exists(_))));
    assert_eq!(fs::read(&key).unwrap(), before);
}
