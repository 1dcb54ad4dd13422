//! Runs of records as sums of perfect subtrees, and where the tiles hold their hashes.

use std::iter;

use thiserror::Error;

use super::hash::{Hash, node_hash};
use super::tile::{Tile, TileId, level_of, perfect_root};

/// A tile that was needed is absent, or narrower than needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("tile {} of level {} is missing or too narrow", .0.index, .0.level)]
pub struct MissingTile(pub TileId);

/// The records from `start` to before `end`, with `start` a multiple of the smallest power of two
/// that is not below the length: the operands of MTH in RFC 9162 section 2.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: u64,
    pub(super) end: u64,
}

/// The `2^height` records from `index * 2^height` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Subtree {
    height: u32,
    index: u64,
}

impl Span {
    pub(super) fn len(self) -> u64 {
        self.end - self.start
    }

    /// Cuts where RFC 9162 cuts: at the largest power of two below the length, at least 2.
    pub(super) fn halves(self) -> (Self, Self) {
        let middle = self.start + (1 << (self.len() - 1).ilog2());
        (
            Self {
                end: middle,
                ..self
            },
            Self {
                start: middle,
                ..self
            },
        )
    }

    /// The perfect subtrees of the span, the largest first.
    pub(super) fn subtrees(self) -> impl Iterator<Item = Subtree> {
        let mut rest = self;
        iter::from_fn(move || {
            let height = rest.len().checked_ilog2()?;
            let index = rest.start >> height;
            rest.start += 1 << height;
            Some(Subtree { height, index })
        })
    }

    /// MTH of the span; the empty root if it is empty.
    pub(super) fn root<'t>(
        self,
        tiles: impl Fn(TileId) -> Option<&'t Tile>,
    ) -> Result<Hash, MissingTile> {
        let hashes: Vec<Hash> = self
            .subtrees()
            .map(|subtree| subtree.root(&tiles))
            .collect::<Result<_, _>>()?;
        Ok(join(&hashes))
    }
}

impl Subtree {
    /// The tile whose hashes, or some of them, are just above or at the root of the subtree.
    pub(super) fn tile(self) -> TileId {
        self.place().0
    }

    /// Hashes one tile's part up to the root: at most 127 nodes.
    pub(super) fn root<'t>(
        self,
        tiles: impl Fn(TileId) -> Option<&'t Tile>,
    ) -> Result<Hash, MissingTile> {
        let (id, first, count) = self.place();
        let tile = tiles(id).ok_or(MissingTile(id))?;
        let hashes = tile
            .hashes()
            .get(first..first + count)
            .ok_or(MissingTile(id))?;
        Ok(perfect_root(hashes))
    }

    /// The tile, the first of the hashes in it that the subtree covers, and their number.
    pub(super) fn place(self) -> (TileId, usize, usize) {
        let rows_above = self.height % 8;
        let first = self.index << rows_above;
        let id = TileId {
            level: level_of(self.height),
            index: first / 256,
        };
        (id, (first % 256) as usize, 1 << rows_above)
    }
}

/// Joins the roots of neighbouring perfect subtrees, the largest first, to the root over all.
pub(super) fn join(roots: &[Hash]) -> Hash {
    let joined = roots
        .iter()
        .rev()
        .copied()
        .reduce(|right, left| node_hash(&left, &right));
    joined.unwrap_or(Hash::EMPTY_ROOT)
}
