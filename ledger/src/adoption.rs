//! Trees that the log's key has signed and that were given up.
//!
//! A database that was lost and restored from a backup lacks records for which
//! people hold receipts. Who goes on from there makes the log's key sign two
//! histories. An [`AdoptState`](crate::act::AdoptState) says so in the log, and
//! everything that remembers the lost tree (the server's guard, members, the
//! auditor) looks here whether its loss was declared.
//!
//! It is a declaration and no proof: what the lost records were, only their
//! receipts can show.

use serde::{Deserialize, Serialize};

use crate::log::{Hash, Position, TreeSize};

/// A tree that was signed and is no beginning of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Abandoned {
    /// Its size.
    pub size: TreeSize,
    /// Its root.
    pub root: Hash,
}

/// A declaration that a tree is given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adoption {
    /// The record that declares it; the first that differs from the lost ones.
    pub position: Position,
    /// The largest tree that was given up.
    pub abandoned: Abandoned,
}

/// Every declaration, in the order of the log.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adoptions(pub Vec<Adoption>);

impl Adoption {
    /// Whether the loss of a tree is declared here: it had at least one of the
    /// lost records, and it is the abandoned tree or smaller. Of a smaller one
    /// nobody can tell any more whether it was a beginning of the abandoned
    /// tree. `None` stands for a root that is not known.
    pub fn covers(&self, size: TreeSize, root: Option<Hash>) -> bool {
        let Abandoned {
            size: largest,
            root: last,
        } = self.abandoned;
        let is_last = size == largest && root.is_none_or(|root| root == last);
        size.contains(self.position) && (size < largest || is_last)
    }
}

impl Adoptions {
    /// The first declaration that covers a tree.
    pub fn covering(&self, size: TreeSize, root: Option<Hash>) -> Option<&Adoption> {
        self.0.iter().find(|adoption| adoption.covers(size, root))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::leaf_hash;

    #[test]
    fn trees_with_lost_records_up_to_the_abandoned_one_are_covered() {
        let (lost, other) = (leaf_hash(b"lost"), leaf_hash(b"other"));
        let adoption = Adoption {
            position: Position::new(90),
            abandoned: Abandoned {
                size: TreeSize::new(100),
                root: lost,
            },
        };
        for (size, root, is_covered) in [
            (90, Some(other), false),
            (91, Some(other), true),
            (99, None, true),
            (100, Some(lost), true),
            (100, None, true),
            (100, Some(other), false),
            (101, Some(lost), false),
            (101, None, false),
        ] {
            let found = adoption.covers(TreeSize::new(size), root);
            assert_eq!(found, is_covered, "{size} {root:?}");
            let all = Adoptions(vec![adoption]);
            assert_eq!(all.covering(TreeSize::new(size), root).is_some(), found);
        }
    }
}
