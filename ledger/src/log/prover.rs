//! Proofs out of tiles: RFC 9162 sections 2.1.3.1 and 2.1.4.1 over C2SP tlog-tiles.
//!
//! For each question there are two functions: which tiles the answer needs, so that they can be
//! loaded at once, and the answer from those tiles. A tile may be wider than the tree that is asked
//! about; hashes beyond that tree are not looked at.

mod many;

use thiserror::Error;

pub use many::Prover;

use super::hash::Hash;
use super::position::{Position, TreeSize};
use super::subtree::{MissingTile, Span, Subtree};
use super::tile::{Tile, TileId};

/// Why a proof cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ProveError {
    /// The record is not in the tree.
    #[error("there is no record {position} in a tree of {size}")]
    OutsideTree {
        /// The record asked for.
        position: Position,
        /// The tree asked for.
        size: TreeSize,
    },
    /// Trees only grow.
    #[error("a tree of {new} records does not extend one of {old}")]
    Shrunk {
        /// The size said to be the earlier one.
        old: TreeSize,
        /// The size said to be the later one.
        new: TreeSize,
    },
    /// The tiles at hand do not suffice.
    #[error(transparent)]
    Tile(#[from] MissingTile),
}

/// The tiles that [`inclusion_proof`] will ask for: sorted, each once.
pub fn inclusion_tiles(position: Position, size: TreeSize) -> Result<Vec<TileId>, ProveError> {
    Ok(tiles_of(&inclusion_spans(position, size)?))
}

/// The proof that the record at `position` is in the tree of `size` records, leaf's sibling first.
pub fn inclusion_proof<'t>(
    position: Position,
    size: TreeSize,
    tiles: impl Fn(TileId) -> Option<&'t Tile>,
) -> Result<Vec<Hash>, ProveError> {
    roots_of(&inclusion_spans(position, size)?, tiles)
}

/// The tiles that [`consistency_proof`] will ask for: sorted, each once.
pub fn consistency_tiles(old: TreeSize, new: TreeSize) -> Result<Vec<TileId>, ProveError> {
    Ok(tiles_of(&consistency_spans(old, new)?))
}

/// The proof that the tree of `new` records extends that of `old`; empty from the empty tree and
/// between equal sizes.
pub fn consistency_proof<'t>(
    old: TreeSize,
    new: TreeSize,
    tiles: impl Fn(TileId) -> Option<&'t Tile>,
) -> Result<Vec<Hash>, ProveError> {
    roots_of(&consistency_spans(old, new)?, tiles)
}

/// The tiles that [`root_from_tiles`] will ask for: sorted, each once.
pub fn root_tiles(size: TreeSize) -> Vec<TileId> {
    tiles_of(&[whole(size)])
}

/// The root of the tree of `size` records.
pub fn root_from_tiles<'t>(
    size: TreeSize,
    tiles: impl Fn(TileId) -> Option<&'t Tile>,
) -> Result<Hash, MissingTile> {
    whole(size).root(tiles)
}

fn whole(size: TreeSize) -> Span {
    Span {
        start: 0,
        end: size.get(),
    }
}

/// PATH of RFC 9162 section 2.1.3.1: from the root down, what is beside the way to the record.
fn inclusion_spans(position: Position, size: TreeSize) -> Result<Vec<Span>, ProveError> {
    if !size.contains(position) {
        return Err(ProveError::OutsideTree { position, size });
    }
    let (mut spans, mut span) = (Vec::new(), whole(size));
    while span.len() > 1 {
        let (left, right) = span.halves();
        let (inside, beside) = if position.get() < left.end {
            (left, right)
        } else {
            (right, left)
        };
        spans.push(beside);
        span = inside;
    }
    spans.reverse();
    Ok(spans)
}

/// SUBPROOF of RFC 9162 section 2.1.4.1: from the root down to where the old tree ends.
fn consistency_spans(old: TreeSize, new: TreeSize) -> Result<Vec<Span>, ProveError> {
    if old > new {
        return Err(ProveError::Shrunk { old, new });
    }
    if old == TreeSize::ZERO {
        return Ok(Vec::new());
    }
    let (mut spans, mut span) = (Vec::new(), whole(new));
    while span.end != old.get() {
        let (left, right) = span.halves();
        let (inside, beside) = if old.get() <= left.end {
            (left, right)
        } else {
            (right, left)
        };
        spans.push(beside);
        span = inside;
    }
    // The verifier knows the old root; it needs this span only if that is not the whole old tree.
    if span.start != 0 {
        spans.push(span);
    }
    spans.reverse();
    Ok(spans)
}

fn tiles_of(spans: &[Span]) -> Vec<TileId> {
    let subtrees = spans.iter().flat_map(|span| span.subtrees());
    let mut tiles: Vec<TileId> = subtrees.map(Subtree::tile).collect();
    tiles.sort_unstable();
    tiles.dedup();
    tiles
}

fn roots_of<'t>(
    spans: &[Span],
    tiles: impl Fn(TileId) -> Option<&'t Tile>,
) -> Result<Vec<Hash>, ProveError> {
    spans.iter().map(|span| Ok(span.root(&tiles)?)).collect()
}

#[cfg(test)]
mod tests {
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
}
