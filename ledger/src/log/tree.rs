//! The growing tree: what must be kept in memory to append records and to know the root.
//!
//! That is the right edge: the partial tile of each level, and the roots of the perfect subtrees
//! that the size is the sum of. Everything to the left of it is in full tiles, which never change
//! and which this module hands out once (RFC 6962 section 2.1, C2SP tlog-tiles).

use std::mem;

use thiserror::Error;

use super::hash::{Hash, node_hash};
use super::position::TreeSize;
use super::subtree::{Span, join};
use super::tile::{Tile, TileId, edge_tiles, level_of};

/// The right edge of a tree; at most 255 hashes for each of eight levels, and 64 more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    size: TreeSize,
    /// The hashes of the partial tile of each level; empty where there is none.
    partial: [Vec<Hash>; 8],
    /// One root for each one-bit of the size, the largest subtree first.
    roots: Vec<Hash>,
}

/// Stored tiles are not the edge of a tree of the stated size: one is missing, unwanted, or has
/// another width.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the tiles are not the partial tiles of a tree of {0} records")]
pub struct EdgeError(pub TreeSize);

impl Tree {
    /// The empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// Restores a tree from its size and exactly the tiles that [`Tree::edge`] returned, in any
    /// order.
    ///
    /// The hashes themselves are as good as their source: compare [`Tree::root`] with the root of
    /// a signed checkpoint.
    pub fn from_edge(
        size: TreeSize,
        tiles: impl IntoIterator<Item = (TileId, Tile)>,
    ) -> Result<Self, EdgeError> {
        let mut tiles: Vec<_> = tiles.into_iter().collect();
        tiles.sort_by_key(|(id, _)| *id);
        if !tiles
            .iter()
            .map(|(id, tile)| (*id, tile.width()))
            .eq(edge_tiles(size))
        {
            return Err(EdgeError(size));
        }
        let lookup = |id| {
            tiles
                .iter()
                .find(|(found, _)| *found == id)
                .map(|(_, tile)| tile)
        };
        let whole = Span {
            start: 0,
            end: size.get(),
        };
        let roots = whole
            .subtrees()
            .map(|subtree| subtree.root(lookup))
            .collect::<Result<_, _>>();
        let mut tree = Self {
            size,
            roots: roots.map_err(|_| EdgeError(size))?,
            ..Self::new()
        };
        for (id, tile) in &tiles {
            tree.partial[usize::from(id.level)] = tile.hashes().to_vec();
        }
        Ok(tree)
    }

    /// The number of records.
    pub fn size(&self) -> TreeSize {
        self.size
    }

    /// The root hash: at most 63 nodes are hashed.
    pub fn root(&self) -> Hash {
        join(&self.roots)
    }

    /// The partial tiles, lowest level first: all that [`Tree::from_edge`] needs.
    pub fn edge(&self) -> Vec<(TileId, Tile)> {
        edge_tiles(self.size)
            .map(|(id, _)| (id, self.partial_tile(id.level)))
            .collect()
    }

    /// Appends records by their leaf hashes and returns every tile that is new or wider, each once
    /// and as it now is.
    ///
    /// About one node is hashed for each leaf. To be able to turn back, extend a clone.
    ///
    /// # Panics
    /// If the tree would have 2^64 records.
    pub fn extend(&mut self, leaves: impl IntoIterator<Item = Hash>) -> Vec<(TileId, Tile)> {
        let before = self.size.get();
        let mut changed = Vec::new();
        for leaf in leaves {
            self.push(leaf, &mut changed);
        }
        let grown = self.size.get() ^ before;
        for (id, _) in edge_tiles(self.size) {
            // A level has grown if the count of its hashes, size / 256^level, is another.
            if grown >> (8 * id.level) != 0 {
                changed.push((id, self.partial_tile(id.level)));
            }
        }
        changed
    }

    /// Appends one leaf, as one adds 1 to a binary number: each carry joins two equal subtrees.
    fn push(&mut self, leaf: Hash, filled: &mut Vec<(TileId, Tile)>) {
        self.place(0, leaf, filled);
        let mut root = leaf;
        for height in 1..=self.size.get().trailing_ones() {
            let left = self
                .roots
                .pop()
                .expect("each one-bit of the size has a root");
            root = node_hash(&left, &root);
            if height.is_multiple_of(8) {
                self.place(level_of(height), root, filled);
            }
        }
        self.roots.push(root);
        self.size = self
            .size
            .checked_add(1)
            .expect("a log has fewer than 2^64 records");
    }

    /// Puts a hash at the end of a level, and hands the tile out if that fills it.
    fn place(&mut self, level: u8, hash: Hash, filled: &mut Vec<(TileId, Tile)>) {
        let partial = &mut self.partial[usize::from(level)];
        partial.push(hash);
        if partial.len() == 256 {
            let index = self.size.get() >> (8 * (level + 1));
            filled.push((TileId { level, index }, tile(mem::take(partial))));
        }
    }

    fn partial_tile(&self, level: u8) -> Tile {
        tile(self.partial[usize::from(level)].clone())
    }
}

fn tile(hashes: Vec<Hash>) -> Tile {
    Tile::new(hashes).expect("a level of the edge has 1 to 256 hashes where it has any")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::log::hash::leaf_hash;
    use crate::log::testing::{Random, entry, leaf, mth};
    use crate::log::tile::{Width, tiles};

    #[test]
    fn the_roots_are_those_of_rfc_6962() {
        let records = [
            "",
            "00",
            "10",
            "2021",
            "3031",
            "40414243",
            "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        ];
        let roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let mut tree = Tree::new();
        assert_eq!(tree.root(), Hash::EMPTY_ROOT);
        for (record, root) in records.iter().zip(roots) {
            tree.extend([leaf_hash(&hex::decode(record).unwrap())]);
            assert_eq!(tree.root().to_string(), root);
        }
    }

    #[test]
    fn the_root_of_70_000_entries_is_the_published_one() {
        let mut tree = Tree::new();
        tree.extend((0..70_000).map(entry));
        assert_eq!(
            tree.root().to_base64(),
            "o5IPun8jmgcam9EHIfE0Gt3vuu3ttBx+JEN6nRa98Ao="
        );
    }

    #[test]
    fn the_root_is_the_recursive_definition_at_every_size() {
        let leaves: Vec<Hash> = (0..600).map(leaf).collect();
        let mut tree = Tree::new();
        for size in 0..leaves.len() {
            assert_eq!(tree.root(), mth(&leaves[..size]), "{size}");
            tree.extend([leaves[size]]);
        }
    }

    #[test]
    fn batches_of_any_size_give_the_same_tiles() {
        let seed = Random::seed();
        let mut random = Random(seed);
        let (mut tree, mut stored) = (Tree::new(), BTreeMap::new());
        while tree.size().get() < 70_000 {
            let before = tree.size();
            let batch = 1 + random.below(random.clone().below(3_000) + 1);
            let changed = tree.extend((before.get()..before.get() + batch).map(leaf));
            let ids: Vec<TileId> = changed.iter().map(|(id, _)| *id).collect();
            let grown = |(id, width): &(TileId, Width)| id.width_in(before) != Some(*width);
            let expected: Vec<_> = tiles(tree.size()).filter(grown).map(|(id, _)| id).collect();
            assert_eq!(
                sorted(ids),
                sorted(expected),
                "seed {seed}, {before} + {batch}"
            );
            stored.extend(changed);
            let kept = stored.iter().map(|(id, tile)| (*id, tile.width()));
            assert!(
                kept.eq(sorted(tiles(tree.size()).collect())),
                "seed {seed}, {before} + {batch}"
            );
        }
        let whole = stored
            .range(..TileId { level: 1, index: 0 })
            .flat_map(|(_, tile)| tile.hashes());
        assert!(
            whole.copied().eq((0..tree.size().get()).map(leaf)),
            "seed {seed}"
        );
        for (id, tile) in stored.iter().filter(|(id, _)| id.level > 0) {
            for (below, hash) in (256 * id.index..).zip(tile.hashes()) {
                let below = &stored[&TileId {
                    level: id.level - 1,
                    index: below,
                }];
                assert_eq!(*hash, mth(below.hashes()), "seed {seed}");
            }
        }
    }

    fn sorted<T: Ord>(mut items: Vec<T>) -> Vec<T> {
        items.sort();
        items
    }

    #[test]
    fn a_restored_tree_continues_identically() {
        for size in [0, 1, 2, 255, 256, 257, 511, 65_535, 65_536, 65_537, 70_000] {
            let mut tree = Tree::new();
            tree.extend((0..size).map(leaf));
            let mut restored = Tree::from_edge(tree.size(), tree.edge()).unwrap();
            assert_eq!(restored, tree);
            for batch in [1, 255, 600] {
                let more = || (size..size + batch).map(leaf);
                assert_eq!(restored.extend(more()), tree.extend(more()));
                assert_eq!(restored.root(), tree.root());
            }
        }
    }

    #[test]
    fn an_empty_batch_changes_nothing() {
        let mut tree = Tree::new();
        tree.extend((0..300).map(leaf));
        let before = tree.clone();
        assert_eq!(tree.extend([]), []);
        assert_eq!(tree, before);
    }

    #[test]
    fn an_edge_that_does_not_fit_the_size_is_refused() {
        let mut tree = Tree::new();
        tree.extend((0..70_000).map(leaf));
        let edge = tree.edge();
        let refused = |size: u64, tiles: Vec<(TileId, Tile)>| {
            let size = TreeSize::new(size);
            assert_eq!(Tree::from_edge(size, tiles), Err(EdgeError(size)));
        };
        for size in [0, 69_999, 70_001, 70_256, 135_536] {
            refused(size, edge.clone());
        }
        for missing in 0..edge.len() {
            let mut tiles = edge.clone();
            tiles.remove(missing);
            refused(70_000, tiles);
        }
        refused(70_000, [edge.clone(), vec![edge[0].clone()]].concat());
    }
}
