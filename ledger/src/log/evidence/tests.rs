//! What each kind of evidence proves, and that no bit of it is free.

use super::text::checksum;
use super::*;
use crate::key::SecretKey;
use crate::log::cosignature::Cosigner;
use crate::log::policy::Policy;
use crate::log::prover::{consistency_proof, inclusion_proof};
use crate::log::testing::{entry, log_signer};
use crate::log::tree::Tree;

const COSIGNED_S: u64 = 1_767_000_000;

/// A tree of `size` entries, of which the one at `other` is another one.
fn tree(size: u64, other: u64) -> Tree {
    let leaf = |index| entry(if index == other { 1_000 } else { index });
    let mut tree = Tree::new();
    tree.extend((0..size).map(leaf));
    tree
}

fn checkpoint(size: u64, root: Hash) -> Checkpoint {
    let origin = "hours.example/ledger".parse().unwrap();
    Checkpoint::new(origin, TreeSize::new(size), root)
}

fn signed(size: u64, root: Hash) -> SignedNote {
    checkpoint(size, root).sign(&[log_signer()]).unwrap()
}

fn evidence(first: SignedNote, second: SignedNote, claim: Claim) -> Evidence {
    Evidence {
        log: log_signer().verifier_key(),
        first,
        second,
        claim,
    }
}

fn verified(evidence: &Evidence) -> Result<Finding, EvidenceError> {
    evidence.verify(|_, leaf| Some(u64::from_be_bytes(leaf.try_into().ok()?)))
}

fn reread(evidence: &Evidence) -> Evidence {
    let text = evidence.to_string();
    let read = Evidence::parse(text.as_bytes()).unwrap();
    assert_eq!(&read, evidence);
    assert!(Evidence::is_claimed(text.as_bytes()));
    read
}

/// Two trees of which the larger has another entry at 2, and the path of its own beginning.
fn forked(old: u64, new: u64) -> Evidence {
    let mut other = Tree::new();
    let leaf = |index| entry(if index == 2 { 1_000 } else { index });
    let tiles: std::collections::BTreeMap<_, _> =
        other.extend((0..new).map(leaf)).into_iter().collect();
    let (old_size, new_size) = (TreeSize::new(old), TreeSize::new(new));
    let path = consistency_proof(old_size, new_size, |id| tiles.get(&id)).unwrap();
    let root = tree(old, 2).root();
    let (smaller, larger) = (checkpoint(old, root), checkpoint(new, other.root()));
    let told = OtherBeginning::of(&smaller, &larger, &path);
    let beginning = OtherBeginning { root, path };
    let is_told = !old.is_power_of_two();
    assert_eq!(told, is_told.then(|| beginning.clone()), "{old} {new}");
    let claim = Claim::Fork(Some(beginning));
    let first = signed(old, tree(old, u64::MAX).root());
    evidence(first, signed(new, other.root()), claim)
}

/// A tree of five, cosigned, and a record at 6 of a tree of eight that claims to be of this time.
fn late(recorded_ms: u64, position: u64, cosigned_s: u64) -> Evidence {
    let leaf = recorded_ms.to_be_bytes().to_vec();
    let hash = |index| {
        if index == position {
            leaf_hash(&leaf)
        } else {
            entry(index)
        }
    };
    let mut tree = Tree::new();
    tree.extend((0..5).map(hash));
    let small = checkpoint(5, tree.root());
    let mut tree = Tree::new();
    let tiles: std::collections::BTreeMap<_, _> =
        tree.extend((0..8).map(hash)).into_iter().collect();
    let (place, size) = (Position::new(position), TreeSize::new(8));
    let path = inclusion_proof(place, size, |id| tiles.get(&id)).unwrap();
    let name = "wit.example/w1".parse().unwrap();
    let cosigner = Cosigner::new(name, SecretKey::from_seed(&[2; 32]));
    let line = cosigner.sign(&small, cosigned_s);
    let first = small
        .sign(&[log_signer()])
        .unwrap()
        .with_lines(&line)
        .unwrap();
    let claim = Claim::Late(Box::new(LateRecord {
        cosigner: cosigner.verifier_key(),
        position: place,
        leaf,
        path,
    }));
    evidence(first, signed(8, tree.root()), claim)
}

#[test]
fn two_roots_of_one_size_are_a_fork() {
    let fork = evidence(
        signed(5, tree(5, u64::MAX).root()),
        signed(5, tree(5, 2).root()),
        Claim::Fork(None),
    );
    let finding = verified(&reread(&fork)).unwrap();
    assert!(finding.is_proof(false));
    assert_eq!(finding.reason(), "LOG_FORKED");
}

#[test]
fn a_larger_tree_that_begins_otherwise_is_a_fork_in_either_order() {
    for (old, new) in [(3, 8), (4, 8), (4, 7), (5, 6), (6, 300)] {
        let mut fork = forked(old, new);
        let finding = verified(&reread(&fork)).unwrap();
        assert!(matches!(finding, Finding::Fork { .. }), "{old} {new}");
        std::mem::swap(&mut fork.first, &mut fork.second);
        assert_eq!(verified(&reread(&fork)), Ok(finding));
    }
}

#[test]
fn an_honest_log_cannot_be_accused_of_a_fork() {
    // The true beginning of the larger tree is the smaller one; a false one does not verify.
    let mut honest = forked(3, 8);
    honest.first = signed(3, tree(3, 2).root());
    assert_eq!(verified(&honest), Err(EvidenceError::NoContradiction));
    let Claim::Fork(Some(beginning)) = &mut honest.claim else {
        panic!("a fork")
    };
    beginning.root = tree(3, u64::MAX).root();
    let refused = EvidenceError::Proof(ProofError::WrongOldRoot);
    assert_eq!(verified(&honest), Err(refused));
    honest.claim = Claim::Fork(None);
    assert_eq!(verified(&honest), Err(EvidenceError::NoBeginning));
    let root = tree(5, u64::MAX).root();
    let same = evidence(signed(5, root), signed(5, root), Claim::Fork(None));
    assert_eq!(verified(&same), Err(EvidenceError::NoContradiction));
}

#[test]
fn a_fork_that_another_key_has_signed_is_no_evidence_against_the_log() {
    let mut fork = forked(3, 8);
    let origin = log_signer().verifier_key().name().clone();
    let stranger = super::super::NoteSigner::new(origin, SecretKey::from_seed(&[9; 32]));
    fork.second = checkpoint(8, tree(8, 2).root()).sign(&[stranger]).unwrap();
    assert!(matches!(verified(&fork), Err(EvidenceError::Checkpoint(_))));
}

#[test]
fn a_record_older_than_a_cosignature_without_it_is_late() {
    let before_ms = (COSIGNED_S - LATE_TOLERANCE_S) * 1000 - 1;
    let finding = verified(&reread(&late(before_ms, 6, COSIGNED_S))).unwrap();
    assert!(finding.is_proof(true) && !finding.is_proof(false));
    let expected = Finding::Late {
        position: Position::new(6),
        recorded_ms: before_ms,
        size: TreeSize::new(5),
        cosigned_s: COSIGNED_S,
    };
    assert_eq!(finding, expected);
    let within = late(before_ms + 1, 6, COSIGNED_S);
    assert_eq!(verified(&within), Err(EvidenceError::NoContradiction));
    let inside = late(before_ms, 4, COSIGNED_S);
    assert_eq!(verified(&inside), Err(EvidenceError::NotLate));
    let timeless = late(before_ms, 6, 0);
    assert!(matches!(verified(&timeless), Err(EvidenceError::NoTime(_))));
    let mut other_leaf = late(before_ms, 6, COSIGNED_S);
    let Claim::Late(record) = &mut other_leaf.claim else {
        panic!("a late record")
    };
    record.leaf[7] ^= 1;
    let refused = EvidenceError::Proof(ProofError::WrongRoot);
    assert_eq!(verified(&other_leaf), Err(refused));
}

#[test]
fn a_late_record_counts_only_for_who_knows_the_cosigner() {
    let mut file = late(0, 6, COSIGNED_S);
    let log = log_signer().verifier_key();
    let cosigner = file.cosigner().unwrap().clone();
    let policy = |lines: &str| Policy::parse(format!("{lines}quorum none\n").as_bytes()).unwrap();
    let unknown = Err(EvidenceError::UnknownCosigner(Box::new(cosigner.clone())));
    let witness = format!("witness w {cosigner}\n");
    let both = policy(&format!("log {log}\n{witness}"));
    assert_eq!(file.check_keys(&both), Ok(()));
    assert_eq!(file.check_keys(&Policy::of_log(log.clone())), unknown);
    assert_eq!(
        file.check_keys(&policy(&witness)),
        Err(EvidenceError::UnknownLog)
    );
    // An ML-DSA-44 key states times: the log's own counts, that of another log does not.
    let mut ml_dsa = |name: &str| {
        let secret = crate::log::MlDsaSecretKey::from_seed(&[3; 32]);
        let key = Cosigner::ml_dsa44(name.parse().unwrap(), secret).verifier_key();
        let Claim::Late(record) = &mut file.claim else {
            panic!("a late record")
        };
        record.cosigner = key.clone();
        file.check_keys(&Policy::of_log(log.clone()).with_log(key))
    };
    assert_eq!(ml_dsa(log.name().as_str()), Ok(()));
    assert!(ml_dsa("other.example/ledger").is_err());
    let fork = forked(3, 8);
    assert_eq!(fork.check_keys(&Policy::of_log(log)), Ok(()));
}

#[test]
fn a_smaller_tree_shown_later_is_an_observation() {
    let note = |size| signed(size, tree(size, u64::MAX).root());
    let claim = Claim::Rollback { seen_s: COSIGNED_S };
    let back = evidence(note(8), note(5), claim.clone());
    let finding = verified(&reread(&back)).unwrap();
    assert!(!finding.is_proof(true));
    assert!(finding.to_string().contains("observer's word"));
    let forward = evidence(note(5), note(8), claim);
    assert_eq!(verified(&forward), Err(EvidenceError::NoContradiction));
}

#[test]
fn no_bit_of_a_file_can_be_changed() {
    let before_ms = (COSIGNED_S - 4_000) * 1000;
    for file in [forked(3, 8), late(before_ms, 6, COSIGNED_S)] {
        let bytes = file.to_string().into_bytes();
        for bit in 0..8 * bytes.len() {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(Evidence::parse(&changed).is_err(), "{bit}");
        }
        for length in 0..bytes.len() {
            assert!(Evidence::parse(&bytes[..length]).is_err(), "{length}");
        }
    }
}

#[test]
fn a_checksum_made_anew_does_not_help() {
    let mut refused = 0;
    let file = forked(3, 8);
    let body = file.body();
    for index in 0..body.len() {
        let mut bytes = body.clone().into_bytes();
        bytes[index] ^= 1;
        let Ok(changed) = String::from_utf8(bytes) else {
            continue;
        };
        let text = format!("{changed}sha256 {}\n", checksum(&changed));
        let shown = Evidence::parse(text.as_bytes()).ok();
        let verdict = shown.and_then(|evidence| verified(&evidence).ok());
        assert_eq!(verdict, None, "{index}");
        refused += 1;
    }
    assert!(refused > 500, "{refused}");
}

#[test]
fn a_malformed_file_is_refused_at_its_line() {
    let body = forked(3, 8).body();
    let cases = [
        (body.replace(" v1", " v2"), 1),
        (body.replace("log ", "Log "), 2),
        (body.replace("claim fork", "claim spoon"), 3),
        (body.replace("begins ", "begin "), 4),
        (format!("{body}more\n"), 0),
    ];
    for (text, line) in cases {
        let text = format!("{text}sha256 {}\n", checksum(&text));
        let refused = Evidence::parse(text.as_bytes()).unwrap_err();
        let EvidenceFormatError::Line(found) = refused else {
            panic!("{refused}")
        };
        assert!(line == 0 || found == line, "{text} {found}");
    }
    assert_eq!(Evidence::parse(b""), Err(EvidenceFormatError::Damaged));
    assert_eq!(body.parse::<Evidence>(), Err(EvidenceFormatError::Damaged));
}
