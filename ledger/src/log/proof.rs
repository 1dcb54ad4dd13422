//! Checking inclusion and consistency proofs: RFC 9162 sections 2.1.3.2 and 2.1.4.2.
//!
//! The verifier knows the sizes, so it knows the shape of the tree and on which side each hash of
//! the proof belongs; a proof cannot choose.

use thiserror::Error;

use super::hash::{Hash, node_hash};
use super::position::{Position, TreeSize};

/// Why a proof proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ProofError {
    /// The record cannot be in the tree.
    #[error("there is no record {position} in a tree of {size}")]
    OutsideTree {
        /// The record claimed.
        position: Position,
        /// The tree claimed.
        size: TreeSize,
    },
    /// The later tree is the smaller one.
    #[error("a tree of {new} records does not extend one of {old}")]
    Shrunk {
        /// The earlier size.
        old: TreeSize,
        /// The later size.
        new: TreeSize,
    },
    /// The proof has fewer or more hashes than these sizes need.
    #[error("the proof has the wrong number of hashes")]
    WrongLength,
    /// The proof does not lead to the root, or to the root of the later tree.
    #[error("the proof does not lead to the root")]
    WrongRoot,
    /// The proof does not lead to the root of the earlier tree.
    #[error("the proof does not lead to the old root")]
    WrongOldRoot,
}

/// Checks that the record with this leaf hash is at `position` in the tree.
pub fn verify_inclusion(
    leaf: Hash,
    position: Position,
    size: TreeSize,
    path: &[Hash],
    root: Hash,
) -> Result<(), ProofError> {
    let last = size.last_position().filter(|last| position <= *last);
    let last = last.ok_or(ProofError::OutsideTree { position, size })?;
    let mut climb = Climb {
        node: position.get(),
        last: last.get(),
    };
    let mut found = leaf;
    for hash in path {
        found = match climb.step()? {
            Side::Left => node_hash(hash, &found),
            Side::Right => node_hash(&found, hash),
        };
    }
    climb.finish()?;
    if found == root {
        Ok(())
    } else {
        Err(ProofError::WrongRoot)
    }
}

/// Checks that the tree of `new` records begins with the tree of `old` records.
///
/// The empty tree is the beginning of every tree, and a tree is of itself; both proofs are empty.
pub fn verify_consistency(
    old: TreeSize,
    old_root: Hash,
    new: TreeSize,
    new_root: Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    if old > new {
        return Err(ProofError::Shrunk { old, new });
    }
    if old == TreeSize::ZERO && old_root != Hash::EMPTY_ROOT {
        return Err(ProofError::WrongOldRoot);
    }
    match (old.last_position(), new.last_position()) {
        (Some(node), Some(last)) if old < new => {
            let climb = Climb {
                node: node.get(),
                last: last.get(),
            };
            verify_growth(climb, old_root, new_root, proof)
        }
        _ if !proof.is_empty() => Err(ProofError::WrongLength),
        _ if old == new && old_root != new_root => Err(ProofError::WrongRoot),
        _ => Ok(()),
    }
}

/// RFC 9162 section 2.1.4.2 from step 2 on: the climb starts at the last leaf of the old tree, which
/// is neither empty nor the whole new one.
fn verify_growth(
    mut climb: Climb,
    old_root: Hash,
    new_root: Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    // The largest subtree that ends where the old tree ends. If it is all of the old tree, which is
    // then a power of two, its root is the old root and not repeated in the proof.
    climb.skip(climb.node.trailing_ones());
    let (start, rest) = match (climb.node, proof) {
        (0, _) => (old_root, proof),
        (_, [start, rest @ ..]) => (*start, rest),
        (_, []) => return Err(ProofError::WrongLength),
    };
    let (old_found, new_found) = roots(climb, start, rest)?;
    if old_found != old_root {
        return Err(ProofError::WrongOldRoot);
    }
    if new_found == new_root {
        Ok(())
    } else {
        Err(ProofError::WrongRoot)
    }
}

/// The roots of the old and the new tree that follow from a proof.
fn roots(mut climb: Climb, start: Hash, rest: &[Hash]) -> Result<(Hash, Hash), ProofError> {
    let (mut old_found, mut new_found) = (start, start);
    for hash in rest {
        match climb.step()? {
            Side::Left => {
                old_found = node_hash(hash, &old_found);
                new_found = node_hash(hash, &new_found);
            }
            Side::Right => new_found = node_hash(&new_found, hash),
        }
    }
    climb.finish()?;
    Ok((old_found, new_found))
}

/// The root of the old tree as a consistency proof has it: what the new tree, whose root is known,
/// begins with. A proof from a size that is a power of two does not hold that root, so for one
/// there is no answer.
pub fn beginning(old: TreeSize, new: TreeSize, new_root: Hash, proof: &[Hash]) -> Option<Hash> {
    let (node, last) = (old.last_position()?.get(), new.last_position()?.get());
    let mut climb = Climb { node, last };
    climb.skip(node.trailing_ones());
    let (start, rest) = proof
        .split_first()
        .filter(|_| climb.node > 0 && old < new)?;
    let (old_found, new_found) = roots(climb, *start, rest).ok()?;
    (new_found == new_root).then_some(old_found)
}

/// Where a verifier is on its way to the root: `fn` and `sn` of RFC 9162.
struct Climb {
    /// The index of the node at hand in its row.
    node: u64,
    /// The index of the last node of that row.
    last: u64,
}

/// On which side of the node at hand its sibling is.
enum Side {
    Left,
    Right,
}

impl Climb {
    /// Goes up to the parent, and says where the sibling was.
    fn step(&mut self) -> Result<Side, ProofError> {
        if self.last == 0 {
            return Err(ProofError::WrongLength);
        }
        let side = if self.node & 1 == 1 || self.node == self.last {
            Side::Left
        } else {
            Side::Right
        };
        if let Side::Left = side {
            // An even last node has no sibling; it moves up unchanged until it is a right child.
            self.skip(self.node.trailing_zeros());
        }
        self.skip(1);
        Ok(side)
    }

    fn skip(&mut self, rows: u32) {
        self.node = self.node.unbounded_shr(rows);
        self.last = self.last.unbounded_shr(rows);
    }

    /// The proof has ended: this must be the root.
    fn finish(self) -> Result<(), ProofError> {
        if self.last == 0 {
            Ok(())
        } else {
            Err(ProofError::WrongLength)
        }
    }
}

#[cfg(test)]
mod tests;
