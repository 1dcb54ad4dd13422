//! Proofs for many records of one tree.

use std::collections::HashMap;

use super::{ProveError, inclusion_spans};
use crate::log::hash::{Hash, node_hash};
use crate::log::position::{Position, TreeSize};
use crate::log::subtree::{MissingTile, Subtree, join};
use crate::log::tile::{Tile, TileId};

/// Proves records of one tree, hashing each node of its tiles once.
///
/// A single proof hashes some hundred nodes; a server that has appended five hundred records at
/// once would hash the same ones for each of them.
#[derive(Debug)]
pub struct Prover {
    size: TreeSize,
    /// Of each tile the rows of its perfect subtrees: the first is the tile itself.
    rows: HashMap<TileId, Vec<Vec<Hash>>>,
}

impl Prover {
    /// Takes the tiles that the paths of the records go through.
    pub fn new<'t>(
        size: TreeSize,
        tiles: impl IntoIterator<Item = (&'t TileId, &'t Tile)>,
    ) -> Self {
        let rows = tiles
            .into_iter()
            .map(|(id, tile)| (*id, rows(tile.hashes())))
            .collect();
        Self { size, rows }
    }

    /// As [`inclusion_proof`](super::inclusion_proof).
    pub fn inclusion_proof(&self, position: Position) -> Result<Vec<Hash>, ProveError> {
        let mut proof = Vec::new();
        for span in inclusion_spans(position, self.size)? {
            let roots: Vec<Hash> = span
                .subtrees()
                .map(|subtree| self.root(subtree))
                .collect::<Result<_, _>>()?;
            proof.push(join(&roots));
        }
        Ok(proof)
    }

    fn root(&self, subtree: Subtree) -> Result<Hash, MissingTile> {
        let (id, first, count) = subtree.place();
        let row = self
            .rows
            .get(&id)
            .and_then(|rows| rows.get(count.ilog2() as usize));
        let root = row.and_then(|row| row.get(first / count));
        root.copied().ok_or(MissingTile(id))
    }
}

/// The rows of perfect subtrees over some hashes, up to one root.
fn rows(hashes: &[Hash]) -> Vec<Vec<Hash>> {
    let mut rows = vec![hashes.to_vec()];
    while let Some(row) = rows.last()
        && row.len() > 1
    {
        let pairs = row.as_chunks().0.iter();
        let above = pairs.map(|[left, right]| node_hash(left, right)).collect();
        rows.push(above);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::hash::leaf_hash;
    use crate::log::prover::inclusion_proof;
    use crate::log::tree::Tree;

    #[test]
    fn proofs_of_many_are_those_of_one() {
        for size in [1_u64, 2, 255, 256, 257, 700, 66_000] {
            let mut tree = Tree::new();
            let leaves = (0..size).map(|n| leaf_hash(&n.to_be_bytes()));
            let tiles: HashMap<TileId, Tile> = tree.extend(leaves).into_iter().collect();
            let prover = Prover::new(tree.size(), &tiles);
            for index in (0..size).step_by(size.div_ceil(100).try_into().expect("a small step")) {
                let position = Position::new(index);
                let one = inclusion_proof(position, tree.size(), |id| tiles.get(&id));
                assert_eq!(prover.inclusion_proof(position), one);
            }
        }
    }

    #[test]
    fn a_tile_that_is_missing_is_named() {
        let prover = Prover::new(TreeSize::new(300), &HashMap::new());
        let missing = prover.inclusion_proof(Position::new(1));
        assert!(matches!(missing, Err(ProveError::Tile(_))), "{missing:?}");
    }
}
