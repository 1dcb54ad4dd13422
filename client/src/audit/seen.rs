//! The checkpoints that members had seen when they signed: each must be an
//! earlier state of this very tree.
//!
//! Members come back after hours or weeks, so any size may be asked for. The
//! roots of all sizes within a piece of 256 records are made at once when the
//! first of them is asked for, from the leaves that are kept of the last
//! quarter of a million records. Older ones are asked of the tiles.

use std::collections::VecDeque;

use ledger::log::{Hash, TreeSize, node_hash};

/// How many pieces of 256 records are kept: 16 MiB at most.
const PIECES_MAX: usize = 1024;

/// The recent past of the tree.
#[derive(Default)]
pub(super) struct RecentTrees {
    pieces: VecDeque<Piece>,
    newest: Frontier,
}

/// Some records that follow each other.
struct Piece {
    /// The tree before them.
    before: Frontier,
    leaves: Vec<Hash>,
    /// The roots after each of them; empty until one is asked for.
    roots: Vec<Hash>,
}

/// The roots of the perfect subtrees that a size is the sum of, the largest
/// first (RFC 6962 section 2.1).
#[derive(Clone, Default)]
struct Frontier {
    size: u64,
    roots: Vec<Hash>,
}

impl RecentTrees {
    /// Takes in the leaves by which the tree is extended.
    pub(super) fn extend(&mut self, leaves: &[Hash]) {
        if self.pieces.len() == PIECES_MAX {
            self.pieces.pop_front();
        }
        let before = self.newest.clone();
        for leaf in leaves {
            self.newest.push(*leaf);
        }
        self.pieces.push_back(Piece {
            before,
            leaves: leaves.to_vec(),
            roots: Vec::new(),
        });
    }

    /// The root of the tree when it had so many records; `None` if that is too
    /// long ago.
    pub(super) fn root(&mut self, size: TreeSize) -> Option<Hash> {
        let Some(index) = size.get().checked_sub(1) else {
            return Some(Hash::EMPTY_ROOT);
        };
        let piece = self
            .pieces
            .partition_point(|piece| piece.before.size <= index);
        let piece = self.pieces.get_mut(piece.checked_sub(1)?)?;
        if piece.roots.is_empty() {
            let mut tree = piece.before.clone();
            let after = |leaf: &Hash| {
                tree.push(*leaf);
                tree.root()
            };
            piece.roots = piece.leaves.iter().map(after).collect();
        }
        let number = usize::try_from(index - piece.before.size).ok()?;
        piece.roots.get(number).copied()
    }
}

impl Frontier {
    /// Appends one leaf, as one adds 1 to a binary number.
    fn push(&mut self, leaf: Hash) {
        let mut root = leaf;
        for _ in 0..self.size.trailing_ones() {
            let left = self
                .roots
                .pop()
                .expect("each one-bit of the size has a root");
            root = node_hash(&left, &root);
        }
        self.roots.push(root);
        self.size += 1;
    }

    fn root(&self) -> Hash {
        let join = |right: Hash, left: &Hash| node_hash(left, &right);
        match self.roots.split_last() {
            Some((last, others)) => others.iter().rev().fold(*last, join),
            None => Hash::EMPTY_ROOT,
        }
    }
}

#[cfg(test)]
mod tests {
    use ledger::log::{Tree, leaf_hash};

    use super::*;

    #[test]
    fn every_recent_root_is_that_of_the_tree_then() {
        let leaves: Vec<Hash> = (0..700_u32).map(|n| leaf_hash(&n.to_be_bytes())).collect();
        let mut expected = vec![Hash::EMPTY_ROOT];
        let (mut tree, mut recent) = (Tree::new(), RecentTrees::default());
        for piece in leaves.chunks(256) {
            recent.extend(piece);
            for leaf in piece {
                tree.extend([*leaf]);
                expected.push(tree.root());
            }
        }
        for (size, root) in (0..).zip(&expected) {
            assert_eq!(recent.root(TreeSize::new(size)), Some(*root), "{size}");
        }
        assert_eq!(recent.root(TreeSize::new(701)), None);
    }

    #[test]
    fn what_is_long_past_is_not_known() {
        let mut recent = RecentTrees::default();
        let pieces = PIECES_MAX as u64 + 1;
        for n in 0..pieces {
            recent.extend(&[leaf_hash(&n.to_be_bytes()); 3]);
        }
        assert_eq!(recent.root(TreeSize::new(3)), None);
        assert!(recent.root(TreeSize::new(4)).is_some());
        assert!(recent.root(TreeSize::new(3 * pieces)).is_some());
    }
}
