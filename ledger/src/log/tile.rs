//! Tiles: the tree cut into rows of at most 256 hashes (C2SP tlog-tiles, section Merkle Tree).
//!
//! Hash `i` of tile `(level, index)` is the root of the `256^level` records that begin at record
//! `(256 * index + i) * 256^level`. A full tile never changes again; its own root is one hash of the
//! tile above.

use thiserror::Error;

use super::hash::{Hash, node_hash};
use super::position::TreeSize;

/// Which tile: its level, counted from the leaves, and its 0-based index in the level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileId {
    /// 0 for the tiles of leaf hashes; a tree of less than 2^64 records has levels 0 to 7.
    pub level: u8,
    /// From the left.
    pub index: u64,
}

/// How many hashes a tile, or records a bundle, holds: 1 to 256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Width(u16);

/// Between one and 256 neighbouring hashes of one level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tile(Vec<Hash>);

/// Why bytes or hashes are not a tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TileError {
    /// A tile is one or more whole hashes.
    #[error("{0} bytes are not a whole number of 32-byte hashes")]
    NotWholeHashes(usize),
    /// Empty tiles do not exist, and a 257th hash begins the next tile.
    #[error("a tile has 1 to 256 hashes, not {0}")]
    WrongWidth(usize),
}

impl Width {
    /// The width of a tile or bundle that will not change any more.
    pub const FULL: Self = Self(256);

    /// A width, if it is one.
    pub const fn new(count: u16) -> Option<Self> {
        match count {
            1..=256 => Some(Self(count)),
            _ => None,
        }
    }

    /// 1 to 256.
    pub const fn get(self) -> u16 {
        self.0
    }

    /// The width as a slice length.
    pub(super) fn len(self) -> usize {
        self.0.into()
    }
}

impl TileId {
    /// How much of this tile a tree of that size fills; none if nothing.
    pub fn width_in(self, size: TreeSize) -> Option<Width> {
        let hashes = size.get().checked_shr(8 * u32::from(self.level))?;
        let before = self.index.checked_mul(256)?;
        let width = hashes.checked_sub(before)?.min(256);
        Width::new(u16::try_from(width).ok()?)
    }
}

impl Tile {
    /// A tile of 1 to 256 hashes.
    pub fn new(hashes: Vec<Hash>) -> Result<Self, TileError> {
        match hashes.len() {
            1..=256 => Ok(Self(hashes)),
            other => Err(TileError::WrongWidth(other)),
        }
    }

    /// Reads the concatenated hashes of a tile as served.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, TileError> {
        let (hashes, []) = bytes.as_chunks() else {
            return Err(TileError::NotWholeHashes(bytes.len()));
        };
        Self::new(hashes.iter().copied().map(Hash::from_bytes).collect())
    }

    /// The concatenated hashes: 32 to 8192 bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(Hash::as_bytes).copied().collect()
    }

    /// The hashes, from left to right.
    pub fn hashes(&self) -> &[Hash] {
        &self.0
    }

    /// The number of hashes.
    ///
    /// # Panics
    /// Never: no tile can be built with another number.
    pub fn width(&self) -> Width {
        let width = u16::try_from(self.0.len()).ok().and_then(Width::new);
        width.expect("a tile has 1 to 256 hashes")
    }

    /// Whether the tile will not change any more.
    pub fn is_full(&self) -> bool {
        self.width() == Width::FULL
    }

    /// What the tile was when it had `width` hashes; none if it never had so many.
    pub fn prefix(&self, width: Width) -> Option<Self> {
        self.0
            .get(..width.len())
            .map(|hashes| Self(hashes.to_vec()))
    }
}

/// The partial tiles of a tree, lowest level first: with the full ones, all that it consists of.
pub fn edge_tiles(size: TreeSize) -> impl Iterator<Item = (TileId, Width)> {
    // The width at a level is floor(size / 256^level) mod 256: the bytes of the size, lowest first.
    (0..)
        .zip(size.get().to_le_bytes())
        .filter_map(move |(level, width)| {
            let index = full_tiles(size, level);
            Width::new(width.into()).map(|width| (TileId { level, index }, width))
        })
}

/// All tiles of a tree, level by level, each with its width.
pub fn tiles(size: TreeSize) -> impl Iterator<Item = (TileId, Width)> {
    let full = (0..8).flat_map(move |level| {
        (0..full_tiles(size, level)).map(move |index| (TileId { level, index }, Width::FULL))
    });
    full.chain(edge_tiles(size))
}

/// How many full tiles a level has: floor(size / 256^(level + 1)).
fn full_tiles(size: TreeSize, level: u8) -> u64 {
    size.get()
        .checked_shr(8 * (u32::from(level) + 1))
        .unwrap_or(0)
}

/// The level of the tiles with the subtrees of `2^height` records.
pub(super) fn level_of(height: u32) -> u8 {
    u8::try_from(height / 8).expect("a tree of 64-bit size is at most 64 high")
}

/// The root over a power of two of hashes.
pub(super) fn perfect_root(hashes: &[Hash]) -> Hash {
    if let [hash] = hashes {
        return *hash;
    }
    let (left, right) = hashes.split_at(hashes.len() / 2);
    node_hash(&perfect_root(left), &perfect_root(right))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::hash::leaf_hash;

    fn list(tiles: impl Iterator<Item = (TileId, Width)>) -> Vec<(u8, u64, u16)> {
        tiles
            .map(|(id, width)| (id.level, id.index, width.get()))
            .collect()
    }

    #[test]
    fn a_tree_of_70_000_has_the_tiles_of_the_specification() {
        let size = TreeSize::new(70_000);
        assert_eq!(
            list(edge_tiles(size)),
            [(0, 273, 112), (1, 1, 17), (2, 0, 1)]
        );
        let full = list(tiles(size).filter(|(_, width)| *width == Width::FULL));
        assert_eq!(full.len(), 273 + 1);
        assert_eq!(full[272..], [(0, 272, 256), (1, 0, 256)]);
        assert_eq!(tiles(size).count(), 273 + 1 + 3);
    }

    #[test]
    fn a_tree_of_256_has_a_full_tile_and_a_partial_one_above() {
        assert_eq!(list(tiles(TreeSize::new(256))), [(0, 0, 256), (1, 0, 1)]);
    }

    #[test]
    fn the_empty_tree_has_no_tiles() {
        assert_eq!(tiles(TreeSize::ZERO).count(), 0);
    }

    #[test]
    fn the_largest_tree_has_a_partial_tile_on_each_of_eight_levels() {
        let edge = list(edge_tiles(TreeSize::new(u64::MAX)));
        assert_eq!(edge.len(), 8);
        assert_eq!(edge[7], (7, 0, 255));
    }

    #[test]
    fn the_width_of_a_tile_follows_from_the_size() {
        for size in [0, 1, 255, 256, 257, 65_535, 65_536, 70_000].map(TreeSize::new) {
            let all: Vec<_> = tiles(size).collect();
            for &(id, width) in &all {
                assert_eq!(id.width_in(size), Some(width), "{id:?} of {size}");
            }
            for level in 0..10 {
                let index = all.iter().filter(|(id, _)| id.level == level).count() as u64;
                assert_eq!(TileId { level, index }.width_in(size), None);
            }
        }
    }

    #[test]
    fn tiles_survive_their_bytes() {
        for width in [1, 17, 256] {
            let tile = Tile::new(vec![leaf_hash(b""); width]).unwrap();
            assert_eq!(tile.to_bytes().len(), 32 * width);
            assert_eq!(Tile::from_bytes(&tile.to_bytes()), Ok(tile));
        }
    }

    #[test]
    fn bytes_that_are_no_tile_are_refused() {
        assert_eq!(Tile::from_bytes(&[]), Err(TileError::WrongWidth(0)));
        assert_eq!(
            Tile::from_bytes(&[0; 31]),
            Err(TileError::NotWholeHashes(31))
        );
        assert_eq!(
            Tile::from_bytes(&[0; 33]),
            Err(TileError::NotWholeHashes(33))
        );
        assert_eq!(
            Tile::from_bytes(&[0; 257 * 32]),
            Err(TileError::WrongWidth(257))
        );
    }

    #[test]
    fn a_prefix_is_the_tile_as_it_was() {
        let tile = Tile::new((0..9).map(|i| leaf_hash(&[i])).collect()).unwrap();
        let prefix = tile.prefix(Width(4)).unwrap();
        assert_eq!(prefix.hashes(), &tile.hashes()[..4]);
        assert_eq!(tile.prefix(Width(9)), Some(tile.clone()));
        assert_eq!(tile.prefix(Width(10)), None);
    }
}
