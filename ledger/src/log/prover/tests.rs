//! Proofs from tiles, held against the definition of RFC 6962.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::*;
use crate::log::proof::{verify_consistency, verify_inclusion};
use crate::log::testing::{Random, grown, leaf, mth};
use crate::log::tree::Tree;

fn length(size: u64) -> usize {
    size.try_into().unwrap()
}

#[test]
fn every_record_of_every_small_tree_is_proved_from_wider_tiles() {
    let (_, tiles) = grown(300);
    let mut tree = Tree::new();
    for size in (1..=300).map(TreeSize::new) {
        tree.extend(size.last_position().map(|last| leaf(last.get())));
        for position in (0..size.get()).map(Position::new) {
            let path = inclusion_proof(position, size, |id| tiles.get(&id)).unwrap();
            let leaf = leaf(position.get());
            let verified = verify_inclusion(leaf, position, size, &path, tree.root());
            assert_eq!(verified, Ok(()), "{position} in {size}");
        }
    }
}

#[test]
fn every_pair_of_small_trees_is_proved_from_wider_tiles() {
    let (_, tiles) = grown(300);
    let mut tree = Tree::new();
    let mut roots = vec![tree.root()];
    roots.extend((0..300).map(|i| {
        tree.extend([leaf(i)]);
        tree.root()
    }));
    for (new, new_root) in (0..).map(TreeSize::new).zip(&roots) {
        for (old, old_root) in (0..=new.get()).map(TreeSize::new).zip(&roots) {
            let proof = consistency_proof(old, new, |id| tiles.get(&id)).unwrap();
            let verified = verify_consistency(old, *old_root, new, *new_root, &proof);
            assert_eq!(verified, Ok(()), "{old} to {new}");
        }
    }
}

#[test]
fn sampled_records_and_pairs_of_large_trees_are_proved() {
    let seed = Random::seed();
    let mut random = Random(seed);
    let leaves: Vec<Hash> = (0..70_000).map(leaf).collect();
    let (_, tiles) = grown(70_000);
    for size in [65_536, 65_537, 70_000] {
        let root = mth(&leaves[..length(size)]);
        for _ in 0..20 {
            let size = TreeSize::new(size);
            let index = random.below(size.get());
            let position = Position::new(index);
            let path = inclusion_proof(position, size, |id| tiles.get(&id)).unwrap();
            let verified = verify_inclusion(leaf(index), position, size, &path, root);
            assert_eq!(verified, Ok(()), "seed {seed}, {position} in {size}");

            let old = TreeSize::new(index);
            let old_root = mth(&leaves[..length(index)]);
            let proof = consistency_proof(old, size, |id| tiles.get(&id)).unwrap();
            let verified = verify_consistency(old, old_root, size, root, &proof);
            assert_eq!(verified, Ok(()), "seed {seed}, {old} to {size}");
        }
    }
}

#[test]
fn the_root_follows_from_the_tiles_at_every_size_below_theirs() {
    let leaves: Vec<Hash> = (0..700).map(leaf).collect();
    let (_, tiles) = grown(700);
    for size in 0..=700 {
        let root = root_from_tiles(TreeSize::new(size), |id| tiles.get(&id));
        assert_eq!(root, Ok(mth(&leaves[..length(size)])));
    }
}

#[test]
fn exactly_the_announced_tiles_are_asked_for() {
    let (_, tiles) = grown(70_000);
    let asked = RefCell::new(BTreeSet::new());
    let lookup = |id| {
        asked.borrow_mut().insert(id);
        tiles.get(&id)
    };
    let size = TreeSize::new(70_000);
    for index in [
        0, 1, 255, 256, 4_095, 65_535, 65_536, 69_887, 69_888, 69_999,
    ] {
        let position = Position::new(index);
        inclusion_proof(position, size, lookup).unwrap();
        assert!(
            asked
                .take()
                .into_iter()
                .eq(inclusion_tiles(position, size).unwrap())
        );
        let old = TreeSize::new(index);
        consistency_proof(old, size, lookup).unwrap();
        assert!(
            asked
                .take()
                .into_iter()
                .eq(consistency_tiles(old, size).unwrap())
        );
    }
    root_from_tiles(size, lookup).unwrap();
    assert!(asked.take().into_iter().eq(root_tiles(size)));
}

#[test]
fn a_missing_or_narrow_tile_is_named() {
    let (tree, tiles) = grown(300);
    let narrow: Vec<Tile> = tiles
        .values()
        .map(|tile| Tile::new(tile.hashes()[..1].to_vec()).unwrap())
        .collect();
    for id in root_tiles(tree.size()) {
        let missing = root_from_tiles(tree.size(), |asked| {
            (asked != id).then(|| tiles.get(&asked)).flatten()
        });
        assert_eq!(missing, Err(MissingTile(id)));
    }
    let id = TileId { level: 0, index: 1 };
    let too_narrow = root_from_tiles(tree.size(), |asked| {
        if asked == id {
            narrow.first()
        } else {
            tiles.get(&asked)
        }
    });
    assert_eq!(too_narrow, Err(MissingTile(id)));
}

#[test]
fn a_changed_bit_in_any_needed_tile_spoils_the_proof() {
    let (tree, tiles) = grown(700);
    let (position, size) = (Position::new(400), tree.size());
    for id in inclusion_tiles(position, size).unwrap() {
        let mut bytes = tiles[&id].to_bytes();
        for byte in &mut bytes {
            *byte ^= 1;
        }
        let changed = Tile::from_bytes(&bytes).unwrap();
        let path = inclusion_proof(position, size, |asked| {
            if asked == id {
                Some(&changed)
            } else {
                tiles.get(&asked)
            }
        });
        let verified = verify_inclusion(leaf(400), position, size, &path.unwrap(), tree.root());
        assert!(verified.is_err(), "{id:?}");
    }
}

#[test]
fn questions_without_an_answer_are_refused() {
    let (_, tiles) = grown(3);
    let (position, size) = (Position::new(3), TreeSize::new(3));
    let outside = ProveError::OutsideTree { position, size };
    assert_eq!(
        inclusion_proof(position, size, |id| tiles.get(&id)),
        Err(outside)
    );
    assert_eq!(inclusion_tiles(position, size), Err(outside));
    let (old, new) = (TreeSize::new(4), TreeSize::new(3));
    let shrunk = ProveError::Shrunk { old, new };
    assert_eq!(
        consistency_proof(old, new, |id| tiles.get(&id)),
        Err(shrunk)
    );
    assert_eq!(consistency_tiles(old, new), Err(shrunk));
}
