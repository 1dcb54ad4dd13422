//! Proofs are accepted exactly where the recursive definition of RFC 6962 accepts them.
//!
//! The input is two numbers of eight bytes and hashes of 32. It is tried as it is, and as a proof
//! whose roots are those that it leads to by the definition, so that proofs that hold are met too.
#![no_main]

use ledger::log::{Hash, Position, TreeSize, node_hash, verify_consistency, verify_inclusion};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first_chunk() else {
        return;
    };
    let Some((second, rest)) = rest.split_first_chunk() else {
        return;
    };
    let (a, b) = (u64::from_be_bytes(*first), u64::from_be_bytes(*second));
    let (hashes, _) = rest.as_chunks();
    let hashes: Vec<Hash> = hashes.iter().copied().map(Hash::from_bytes).collect();
    if let [leaf, root, path @ ..] = hashes.as_slice() {
        included(a, b, *leaf, *root, path);
        consistent(a, b, *leaf, *root, path);
    }
});

fn included(position: u64, size: u64, leaf: Hash, root: Hash, path: &[Hash]) {
    let leads_to = (position < size).then(|| inclusion_root(position, size, leaf, path));
    let leads_to = leads_to.flatten();
    for root in [Some(root), leads_to].into_iter().flatten() {
        let verified = verify_inclusion(
            leaf,
            Position::new(position),
            TreeSize::new(size),
            path,
            root,
        );
        assert_eq!(verified.is_ok(), leads_to == Some(root), "{verified:?}");
    }
}

/// PATH of RFC 6962 section 2.1.1, read from its end: the root's child comes last.
fn inclusion_root(position: u64, size: u64, leaf: Hash, path: &[Hash]) -> Option<Hash> {
    if size == 1 {
        return path.is_empty().then_some(leaf);
    }
    let (sibling, path) = path.split_last()?;
    let left = left_part(size);
    if position < left {
        let child = inclusion_root(position, left, leaf, path)?;
        Some(node_hash(&child, sibling))
    } else {
        let child = inclusion_root(position - left, size - left, leaf, path)?;
        Some(node_hash(sibling, &child))
    }
}

fn consistent(old: u64, new: u64, old_root: Hash, new_root: Hash, path: &[Hash]) {
    let is_proved = |old_root, new_root| {
        verify_consistency(
            TreeSize::new(old),
            old_root,
            TreeSize::new(new),
            new_root,
            path,
        )
        .is_ok()
    };
    if old == 0 || old >= new {
        if is_proved(old_root, new_root) {
            assert!(path.is_empty() && old <= new);
            assert!(old_root == new_root || old == 0 && old_root == Hash::EMPTY_ROOT);
        }
        return;
    }
    let lead_to = consistency_roots(old, new, old_root, true, path);
    assert_eq!(
        is_proved(old_root, new_root),
        lead_to == Some((old_root, new_root))
    );
    if let Some((old_root, new_root)) = lead_to {
        let again = consistency_roots(old, new, old_root, true, path);
        assert_eq!(
            is_proved(old_root, new_root),
            again == Some((old_root, new_root))
        );
    }
}

/// SUBPROOF of RFC 6962 section 2.1.2, read from its end: both roots that a proof leads to.
fn consistency_roots(
    old: u64,
    new: u64,
    old_root: Hash,
    is_known: bool,
    path: &[Hash],
) -> Option<(Hash, Hash)> {
    if old == new && is_known {
        return path.is_empty().then_some((old_root, old_root));
    }
    let (last, path) = path.split_last()?;
    if old == new {
        return path.is_empty().then_some((*last, *last));
    }
    let left = left_part(new);
    if old <= left {
        let (old, new) = consistency_roots(old, left, old_root, is_known, path)?;
        Some((old, node_hash(&new, last)))
    } else {
        let (old, new) = consistency_roots(old - left, new - left, old_root, false, path)?;
        Some((node_hash(last, &old), node_hash(last, &new)))
    }
}

/// The largest power of two below a size of at least 2.
fn left_part(size: u64) -> u64 {
    1 << (size - 1).ilog2()
}
