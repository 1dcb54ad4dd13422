//! What the tests of the log share: a definition to compare with, and repeatable randomness.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};

use super::checkpoint::Checkpoint;
use super::hash::{Hash, leaf_hash, node_hash};
use super::position::TreeSize;
use super::signer::NoteSigner;
use super::tile::{Tile, TileId};
use super::tree::Tree;
use crate::key::SecretKey;

/// The leaf hash of the record `index`.
pub(crate) fn leaf(index: u64) -> Hash {
    leaf_hash(&index.to_be_bytes())
}

/// MTH, word for word from RFC 6962 section 2.1.
pub(crate) fn mth(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::EMPTY_ROOT,
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            node_hash(&mth(left), &mth(right))
        }
    }
}

/// A tree of `size` numbered records, and all its tiles.
pub(crate) fn grown(size: u64) -> (Tree, BTreeMap<TileId, Tile>) {
    let mut tree = Tree::new();
    let tiles = tree.extend((0..size).map(leaf)).into_iter().collect();
    (tree, tiles)
}

/// The leaf hash of the record `entry <index>` of the published tree, signed by [`log_signer`].
pub(crate) fn entry(index: u64) -> Hash {
    leaf_hash(format!("entry {index}").as_bytes())
}

/// The key of the published tree.
pub(crate) fn log_signer() -> NoteSigner {
    NoteSigner::new(
        "hours.example/ledger".parse().unwrap(),
        SecretKey::from_seed(&[1; 32]),
    )
}

/// The published tree when it had five records.
pub(crate) fn checkpoint_of_five() -> Checkpoint {
    let mut tree = Tree::new();
    tree.extend((0..5).map(entry));
    Checkpoint::new(
        "hours.example/ledger".parse().unwrap(),
        TreeSize::new(5),
        tree.root(),
    )
}

/// The generator `SplitMix64`: enough for choosing test cases.
#[derive(Clone)]
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// A fresh seed; failures must print it.
    pub(crate) fn seed() -> u64 {
        RandomState::new().hash_one(())
    }

    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }
}
