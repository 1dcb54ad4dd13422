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
mod tests;
