//! The checkpoints that members had seen when they signed: each must be an
//! earlier state of this very tree.
//!
//! The roots of recent sizes are made from the leaves that have just passed by;
//! older ones are asked of the tiles.

use std::collections::{HashMap, VecDeque};

use ledger::log::{Hash, Tree, TreeSize};

/// How many pieces of 256 records are kept.
const PIECES_MAX: usize = 64;
/// How many roots are kept.
const ROOTS_MAX: usize = 4096;

/// The recent past of the tree.
#[derive(Default)]
pub(super) struct RecentTrees {
    pieces: VecDeque<(Tree, Vec<Hash>)>,
    roots: HashMap<TreeSize, Hash>,
}

impl RecentTrees {
    /// Remembers the leaves by which a tree is about to be extended.
    pub(super) fn extend(&mut self, tree: &Tree, leaves: &[Hash]) {
        if self.pieces.len() == PIECES_MAX {
            self.pieces.pop_front();
        }
        self.pieces.push_back((tree.clone(), leaves.to_vec()));
    }

    /// The root of the tree when it had so many records; `None` if that is too
    /// long ago.
    pub(super) fn root(&mut self, size: TreeSize) -> Option<Hash> {
        if size == TreeSize::ZERO {
            return Some(Hash::EMPTY_ROOT);
        }
        if let Some(root) = self.roots.get(&size) {
            return Some(*root);
        }
        let (tree, leaves) = self
            .pieces
            .iter()
            .rev()
            .find(|(tree, _)| tree.size() < size)?;
        let more = usize::try_from(size.get() - tree.size().get()).ok()?;
        let mut tree = tree.clone();
        tree.extend(leaves.get(..more)?.iter().copied());
        if self.roots.len() >= ROOTS_MAX {
            self.roots.clear();
        }
        self.roots.insert(size, tree.root());
        Some(tree.root())
    }
}

#[cfg(test)]
mod tests {
    use ledger::log::leaf_hash;

    use super::*;

    #[test]
    fn every_recent_root_is_that_of_the_tree_then() {
        let leaves: Vec<Hash> = (0..700_u32).map(|n| leaf_hash(&n.to_be_bytes())).collect();
        let (mut tree, mut recent, mut expected) =
            (Tree::new(), RecentTrees::default(), vec![Hash::EMPTY_ROOT]);
        for piece in leaves.chunks(256) {
            recent.extend(&tree, piece);
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
        let (mut tree, mut recent) = (Tree::new(), RecentTrees::default());
        for n in 0..70_u32 {
            let leaves = vec![leaf_hash(&n.to_be_bytes()); 256];
            recent.extend(&tree, &leaves);
            tree.extend(leaves);
        }
        assert_eq!(recent.root(TreeSize::new(256)), None);
        assert!(recent.root(TreeSize::new(69 * 256)).is_some());
    }
}
