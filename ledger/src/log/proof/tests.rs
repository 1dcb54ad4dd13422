//! Proofs that hold, and each way in which they do not.

use std::collections::BTreeMap;

use super::*;
use crate::log::prover::{consistency_proof, inclusion_proof};
use crate::log::testing::{Random, entry, grown, leaf};
use crate::log::tree::Tree;

/// The tree of 11 records and its proof for record 5, as arguments of the verifier.
fn included() -> (Hash, Vec<Hash>, Hash) {
    let (tree, tiles) = grown(11);
    let path = inclusion_proof(Position::new(5), tree.size(), |id| tiles.get(&id)).unwrap();
    (leaf(5), path, tree.root())
}

fn root(size: u64) -> Hash {
    grown(size).0.root()
}

fn consistent(old: u64, new: u64) -> Vec<Hash> {
    let (tree, tiles) = grown(new);
    consistency_proof(TreeSize::new(old), tree.size(), |id| tiles.get(&id)).unwrap()
}

fn verify(
    old: u64,
    old_root: Hash,
    new: u64,
    new_root: Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    verify_consistency(
        TreeSize::new(old),
        old_root,
        TreeSize::new(new),
        new_root,
        proof,
    )
}

/// All copies of a hash with one bit flipped.
fn flipped(hash: Hash) -> impl Iterator<Item = Hash> {
    (0..256).map(move |bit| {
        let mut bytes = *hash.as_bytes();
        bytes[bit / 8] ^= 1 << (bit % 8);
        Hash::from_bytes(bytes)
    })
}

#[test]
fn the_proofs_of_the_published_tree_verify() {
    let hashes = |texts: &[&str]| -> Vec<Hash> {
        texts
            .iter()
            .map(|text| Hash::from_base64(text).unwrap())
            .collect()
    };
    let (third, second) = (
        "V8efTzGuApxdS9MLBzwnyU35NDiytGl+Hh7vW8A5SkE=",
        "WkdmL9ijF9lgSaP59HxV3GfKZgUbqjaD27GbL+CaB7A=",
    );
    let fourth = "SFM123z+yWXxX/dF/GJcQdXqJkaTaTAWWCj3PdS2iFQ=";
    let roots = hashes(&[
        "lPvQ3YNvUDAWkubQ6t5yjuGexSv/8WBu2AfIV11aqhk=",
        "fKo0Xb2JKmZFTWxlEuo8PqPw0+whvj/C4jdXBf049nI=",
    ]);
    let path = hashes(&[third, second, fourth]);
    let (position, size) = (Position::new(3), TreeSize::new(5));
    assert_eq!(
        verify_inclusion(entry(3), position, size, &path, roots[1]),
        Ok(())
    );
    let proof = hashes(&[
        third,
        "YcoROfaBWEHVuvLQ0tm9nf7pfImN1ve6DAqpQe5sAes=",
        second,
        fourth,
    ]);
    assert_eq!(verify(3, roots[0], 5, roots[1], &proof), Ok(()));

    let mut tree = Tree::new();
    let tiles: BTreeMap<_, _> = tree.extend((0..5).map(entry)).into_iter().collect();
    let lookup = |id| tiles.get(&id);
    assert_eq!(inclusion_proof(position, size, lookup), Ok(path));
    assert_eq!(consistency_proof(TreeSize::new(3), size, lookup), Ok(proof));
}

#[test]
fn no_bit_of_an_inclusion_proof_can_be_changed() {
    let (leaf, path, root) = included();
    let (position, size) = (Position::new(5), TreeSize::new(11));
    assert_eq!(verify_inclusion(leaf, position, size, &path, root), Ok(()));
    let wrong = Err(ProofError::WrongRoot);
    for hash in 0..path.len() {
        for changed in flipped(path[hash]) {
            let mut path = path.clone();
            path[hash] = changed;
            assert_eq!(verify_inclusion(leaf, position, size, &path, root), wrong);
        }
    }
    for changed in flipped(leaf) {
        assert_eq!(
            verify_inclusion(changed, position, size, &path, root),
            wrong
        );
    }
    for changed in flipped(root) {
        assert_eq!(
            verify_inclusion(leaf, position, size, &path, changed),
            wrong
        );
    }
}

#[test]
fn an_inclusion_proof_holds_for_its_own_position_only() {
    let (leaf, path, root) = included();
    for position in (0..20).filter(|position| *position != 5) {
        let position = Position::new(position);
        assert!(verify_inclusion(leaf, position, TreeSize::new(11), &path, root).is_err());
    }
}

#[test]
fn an_inclusion_proof_of_another_length_is_refused() {
    let (leaf, path, root) = included();
    let verify =
        |path: &[Hash]| verify_inclusion(leaf, Position::new(5), TreeSize::new(11), path, root);
    for length in 0..path.len() {
        assert_eq!(verify(&path[..length]), Err(ProofError::WrongLength));
    }
    assert_eq!(
        verify(&[path.clone(), vec![leaf]].concat()),
        Err(ProofError::WrongLength)
    );
}

#[test]
fn no_bit_of_a_consistency_proof_can_be_changed() {
    for (old, new) in [(3, 11), (6, 11), (8, 11), (10, 11)] {
        let (proof, old_root, new_root) = (consistent(old, new), root(old), root(new));
        assert_eq!(verify(old, old_root, new, new_root, &proof), Ok(()));
        for hash in 0..proof.len() {
            for changed in flipped(proof[hash]) {
                let mut proof = proof.clone();
                proof[hash] = changed;
                assert!(verify(old, old_root, new, new_root, &proof).is_err());
            }
        }
        for changed in flipped(new_root) {
            let refused = verify(old, old_root, new, changed, &proof);
            assert_eq!(refused, Err(ProofError::WrongRoot));
        }
        for changed in flipped(old_root) {
            assert!(verify(old, changed, new, new_root, &proof).is_err());
        }
    }
}

#[test]
fn a_consistency_proof_of_another_length_is_refused() {
    for (old, new) in [(3, 11), (4, 8), (8, 11), (1, 2)] {
        let (proof, old_root, new_root) = (consistent(old, new), root(old), root(new));
        for length in 0..proof.len() {
            let refused = verify(old, old_root, new, new_root, &proof[..length]);
            assert_eq!(
                refused,
                Err(ProofError::WrongLength),
                "{old} to {new}, {length}"
            );
        }
        let long = [proof, vec![old_root]].concat();
        let refused = verify(old, old_root, new, new_root, &long);
        assert_eq!(refused, Err(ProofError::WrongLength), "{old} to {new}");
    }
}

#[test]
fn the_empty_tree_and_the_same_tree_need_no_proof() {
    let (empty, five, six) = (Hash::EMPTY_ROOT, root(5), root(6));
    assert_eq!(verify(0, empty, 5, five, &[]), Ok(()));
    assert_eq!(verify(0, empty, 0, empty, &[]), Ok(()));
    assert_eq!(verify(5, five, 5, five, &[]), Ok(()));
    assert_eq!(verify(0, five, 5, five, &[]), Err(ProofError::WrongOldRoot));
    assert_eq!(verify(0, empty, 0, five, &[]), Err(ProofError::WrongRoot));
    assert_eq!(verify(5, five, 5, six, &[]), Err(ProofError::WrongRoot));
    assert_eq!(
        verify(0, empty, 5, five, &[five]),
        Err(ProofError::WrongLength)
    );
    assert_eq!(
        verify(5, five, 5, five, &[five]),
        Err(ProofError::WrongLength)
    );
    let (old, new) = (TreeSize::new(6), TreeSize::new(5));
    assert_eq!(
        verify(6, six, 5, five, &[]),
        Err(ProofError::Shrunk { old, new })
    );
}

#[test]
fn proofs_at_the_end_of_the_numbers_neither_panic_nor_pass() {
    let (leaf, path) = (leaf(0), vec![leaf(1); 64]);
    for size in [u64::MAX, 1 << 63, (1 << 63) + 1] {
        for position in [0, 1, (1 << 63) - 1, size - 1] {
            for length in 0..=path.len() {
                let (position, size) = (Position::new(position), TreeSize::new(size));
                let path = &path[..length];
                assert!(verify_inclusion(leaf, position, size, path, leaf).is_err());
                let old = position.get();
                assert!(verify(old, leaf, size.get(), leaf, path).is_err());
            }
        }
    }
}

#[test]
fn random_hashes_are_no_proof() {
    let seed = Random::seed();
    let mut random = Random(seed);
    for _ in 0..10_000 {
        let new = 2 + random.below(300);
        let old = 1 + random.below(new - 1);
        let path: Vec<Hash> = (0..random.below(11))
            .map(|_| leaf(random.below(9)))
            .collect();
        let refused = verify(old, leaf(1), new, leaf(2), &path);
        assert!(refused.is_err(), "seed {seed}, {old} to {new}");
    }
}
