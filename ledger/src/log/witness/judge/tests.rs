//! Every row of the specification's decision, and their order.

use super::*;
use crate::key::SecretKey;
use crate::log::name::KeyName;
use crate::log::prover::consistency_proof;
use crate::log::signer::NoteSigner;
use crate::log::testing::{grown, log_signer};

fn origin() -> KeyName {
    log_signer().verifier_key().name().clone()
}

fn keys() -> Vec<VerifierKey> {
    vec![log_signer().verifier_key()]
}

fn root(size: u64) -> Hash {
    grown(size).0.root()
}

fn tree(size: u64) -> Cosigned {
    Cosigned {
        size: TreeSize::new(size),
        root: root(size),
    }
}

fn proof(old: u64, new: u64) -> Vec<Hash> {
    let (_, tiles) = grown(new);
    let (old, new) = (TreeSize::new(old), TreeSize::new(new));
    consistency_proof(old, new, |id| tiles.get(&id)).unwrap()
}

fn note(size: u64, root: Hash) -> SignedNote {
    let checkpoint = Checkpoint::new(origin(), TreeSize::new(size), root);
    checkpoint.sign(&[log_signer()]).unwrap()
}

/// A request to go from `old` to `new`, with nothing wrong in it.
fn request(old: u64, new: u64) -> AddCheckpoint {
    AddCheckpoint {
        old: TreeSize::new(old),
        proof: proof(old, new),
        checkpoint: note(new, root(new)),
    }
}

fn status(request: &AddCheckpoint, latest: Option<Cosigned>) -> u16 {
    match judge(request, &keys(), latest) {
        Ok(_) => 200,
        Err(refusal) => refusal.status(),
    }
}

#[test]
fn a_tree_that_extends_the_latest_cosigned_one_is_accepted() {
    let cases = [
        (0, 0, None),
        (0, 0, Some(tree(0))),
        (0, 5, None),
        (0, 5, Some(tree(0))),
        (5, 5, Some(tree(5))),
        (5, 9, Some(tree(5))),
        (8, 9, Some(tree(8))),
        (256, 600, Some(tree(256))),
    ];
    for (old, new, latest) in cases {
        let accepted = judge(&request(old, new), &keys(), latest).unwrap();
        assert_eq!(accepted.checkpoint.size(), TreeSize::new(new));
        assert_eq!(accepted.checkpoint.root(), root(new));
        assert_eq!(accepted.note, note(new, root(new)), "{old} to {new}");
    }
}

fn with_root(old: u64, new: u64) -> AddCheckpoint {
    AddCheckpoint {
        checkpoint: note(new, Hash::from_bytes([7; 32])),
        ..request(old, new)
    }
}

fn with_proof(mut request: AddCheckpoint, proof: Vec<Hash>) -> AddCheckpoint {
    request.proof = proof;
    request
}

fn all_refused(status: u16, cases: &[(AddCheckpoint, Option<Cosigned>, Refusal)]) {
    for (request, latest, refusal) in cases {
        assert_eq!(refusal.status(), status);
        let judged = judge(request, &keys(), *latest);
        assert_eq!(judged, Err(refusal.clone()), "{request}");
    }
}

#[test]
fn an_old_size_above_the_new_one_is_a_bad_request() {
    let (five, nine) = (TreeSize::new(5), TreeSize::new(9));
    let request = AddCheckpoint {
        old: nine,
        ..request(5, 5)
    };
    let refusal = Refusal::OldAbove {
        old: nine,
        size: five,
    };
    all_refused(400, &[(request, Some(tree(5)), refusal)]);
}

#[test]
fn an_old_size_that_is_not_the_latest_is_a_conflict() {
    let conflict = |latest| Refusal::Conflict {
        latest: TreeSize::new(latest),
    };
    all_refused(
        409,
        &[
            (request(0, 9), Some(tree(5)), conflict(5)),
            (request(8, 9), Some(tree(5)), conflict(5)),
            (request(5, 8), Some(tree(9)), conflict(9)),
            (request(5, 9), None, conflict(0)),
        ],
    );
}

#[test]
fn a_root_that_cannot_be_is_refused() {
    let five = TreeSize::new(5);
    all_refused(
        422,
        &[
            (with_root(0, 0), None, Refusal::EmptyRoot),
            (with_root(0, 0), Some(tree(0)), Refusal::EmptyRoot),
            (
                with_root(5, 5),
                Some(tree(5)),
                Refusal::OtherRoot { size: five },
            ),
        ],
    );
}

#[test]
fn a_proof_that_proves_nothing_is_refused() {
    let (wrong_length, old_tree) = (
        Refusal::Inconsistent(ProofError::WrongLength),
        Some(tree(5)),
    );
    let from_nothing = Refusal::ProofFromNothing;
    let wrong_root = Refusal::Inconsistent(ProofError::WrongRoot);
    let wrong_old_root = Refusal::Inconsistent(ProofError::WrongOldRoot);
    let other = Cosigned {
        root: Hash::from_bytes([7; 32]),
        ..tree(5)
    };
    all_refused(
        422,
        &[
            (
                with_proof(request(0, 9), proof(5, 9)),
                None,
                from_nothing.clone(),
            ),
            (
                with_proof(request(0, 0), proof(5, 9)),
                Some(tree(0)),
                from_nothing,
            ),
            (
                with_proof(request(5, 5), proof(5, 9)),
                old_tree,
                wrong_length.clone(),
            ),
            (
                with_proof(request(5, 9), vec![]),
                old_tree,
                wrong_length.clone(),
            ),
            (
                with_proof(request(5, 9), proof(4, 9)),
                old_tree,
                wrong_length,
            ),
            (with_root(5, 9), old_tree, wrong_root),
            (request(5, 9), Some(other), wrong_old_root),
        ],
    );
}

#[test]
fn a_checkpoint_is_only_taken_from_the_keys_of_its_log() {
    let request = request(0, 5);
    assert_eq!(judge(&request, &[], None), Err(Refusal::UnknownOrigin));
    assert_eq!(Refusal::UnknownOrigin.status(), 404);

    let other = NoteSigner::new(origin(), SecretKey::from_seed(&[9; 32]));
    let unsigned = judge(&request, &[other.verifier_key()], None);
    let refusal = Refusal::Untrusted(NoteError::NoKnownKey);
    assert_eq!(refusal.status(), 403);
    assert_eq!(unsigned, Err(refusal));

    // The line of one trusted key is good, that of another is not.
    let wrong_line = other.sign("another text\n");
    let spoilt = AddCheckpoint {
        checkpoint: request.checkpoint.with_lines(&wrong_line).unwrap(),
        ..request.clone()
    };
    let both = [log_signer().verifier_key(), other.verifier_key()];
    let refusal = Refusal::Untrusted(NoteError::BadSignature(origin()));
    assert_eq!(refusal.status(), 403);
    assert_eq!(judge(&spoilt, &both, None), Err(refusal));
    // If that other key is unknown, its line is passed over, and not kept.
    let accepted = judge(&spoilt, &keys(), None).unwrap();
    assert_eq!(accepted.note, request.checkpoint);
}

#[test]
fn an_origin_that_cannot_name_a_key_is_unknown() {
    let note = SignedNote::sign("my log\n5\nnothing\n", &[log_signer()]).unwrap();
    let request = AddCheckpoint {
        checkpoint: note,
        ..request(0, 5)
    };
    assert_eq!(judge(&request, &keys(), None), Err(Refusal::UnknownOrigin));
    let note = SignedNote::sign("log\n5\nnothing\n", &[log_signer()]).unwrap();
    let request = AddCheckpoint {
        checkpoint: note,
        ..request
    };
    assert_eq!(status(&request, None), 400);
}

#[test]
fn the_first_breach_in_the_order_of_the_specification_counts() {
    // Everything is wrong with this one; each step puts one thing right.
    let other = NoteSigner::new(origin(), SecretKey::from_seed(&[9; 32]));
    let wrong = Checkpoint::new(origin(), TreeSize::ZERO, Hash::from_bytes([7; 32]));
    let mut request = AddCheckpoint {
        old: TreeSize::new(9),
        proof: proof(5, 9),
        checkpoint: wrong.sign(&[other]).unwrap(),
    };
    assert_eq!(
        judge(&request, &[], Some(tree(5))),
        Err(Refusal::UnknownOrigin)
    );
    assert_eq!(status(&request, Some(tree(5))), 403);
    request.checkpoint = wrong.sign(&[log_signer()]).unwrap();
    assert_eq!(status(&request, Some(tree(5))), 400);
    request.old = TreeSize::ZERO;
    assert_eq!(status(&request, Some(tree(5))), 409);
    assert_eq!(judge(&request, &keys(), None), Err(Refusal::EmptyRoot));
    request.checkpoint = note(5, Hash::from_bytes([7; 32]));
    assert_eq!(
        judge(&request, &keys(), None),
        Err(Refusal::ProofFromNothing)
    );
    request.old = TreeSize::new(5);
    let other_root = Refusal::OtherRoot {
        size: TreeSize::new(5),
    };
    assert_eq!(judge(&request, &keys(), Some(tree(5))), Err(other_root));
    request.checkpoint = note(5, root(5));
    assert_eq!(status(&request, Some(tree(5))), 422);
    request.proof = vec![];
    assert_eq!(status(&request, Some(tree(5))), 200);
}

#[test]
fn a_cosignature_is_never_dated_before_the_last_one_nor_at_zero() {
    assert_eq!(cosignature_time_s(9, None), 9);
    assert_eq!(cosignature_time_s(9, Some(8)), 9);
    assert_eq!(cosignature_time_s(9, Some(9)), 9);
    assert_eq!(cosignature_time_s(8, Some(9)), 9);
    assert_eq!(cosignature_time_s(0, None), 1);
}
