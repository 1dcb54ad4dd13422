//! The slots of the guard file.
//!
//! A tree has two that are written in turn, so that a torn write leaves the other
//! whole. A slot begins at a multiple of 4096 bytes and is: SHA-256 of the rest
//! (32 bytes), then trees, each as its size (8, big endian) and its root (32): the
//! tree itself, and those that end with the declarations in it, filled up with
//! zeros. Older slots have the tree alone.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use ledger::log::{Hash, TreeSize, leaf_hash};

use super::{Guarded, Remembered};

/// Each slot has a disk block of its own.
pub(super) const SLOT_OFFSET: u64 = 4096;
/// Most declarations that are remembered with a tree.
pub const DECLARED_MAX: usize = 8;

const SUM: usize = 32;
const TREE: usize = 8 + 32;
const SLOT: usize = SUM + TREE + DECLARED_MAX * TREE;

/// Two slots of one tree.
#[derive(Debug, Clone)]
pub(super) struct Pair {
    /// The number of its first slot.
    first: u64,
    remembered: Option<Remembered>,
    /// Which of the two is written next.
    next: u64,
}

impl Pair {
    pub(super) fn read(file: &File, first: u64) -> io::Result<Self> {
        let slots = [read_slot(file, first)?, read_slot(file, first + 1)?];
        let (remembered, next) = match slots {
            [Slot::Written(one), Slot::Written(other)] if one.tree.size < other.tree.size => {
                (Some(other), 0)
            }
            [Slot::Written(one), _] => (Some(one), 1),
            [_, Slot::Written(other)] => (Some(other), 0),
            [Slot::Empty, _] | [_, Slot::Empty] => (None, 0),
            [Slot::Damaged, Slot::Damaged] => {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    "the guard file is damaged",
                ));
            }
        };
        Ok(Self {
            first,
            remembered,
            next,
        })
    }

    pub(super) const fn remembered(&self) -> Option<&Remembered> {
        self.remembered.as_ref()
    }

    pub(super) fn write(&mut self, file: &File, mut remembered: Remembered) -> io::Result<()> {
        let older = remembered.declared.len().saturating_sub(DECLARED_MAX);
        remembered.declared.drain(..older);
        let mut slot = [0; SLOT];
        let (sum, body) = slot.split_at_mut(SUM);
        let trees = std::iter::once(&remembered.tree).chain(&remembered.declared);
        for (bytes, tree) in body.chunks_exact_mut(TREE).zip(trees) {
            let (size, root) = bytes.split_at_mut(8);
            size.copy_from_slice(&tree.size.get().to_be_bytes());
            root.copy_from_slice(tree.root.as_bytes());
        }
        sum.copy_from_slice(leaf_hash(body).as_bytes());
        file.write_all_at(&slot, (self.first + self.next) * SLOT_OFFSET)?;
        file.sync_data()?;
        self.remembered = Some(remembered);
        self.next = 1 - self.next;
        Ok(())
    }
}

enum Slot {
    Empty,
    Written(Remembered),
    Damaged,
}

fn read_slot(file: &File, number: u64) -> io::Result<Slot> {
    let mut slot = [0; SLOT];
    file.read_exact_at(&mut slot, number * SLOT_OFFSET)?;
    if slot == [0; SLOT] {
        return Ok(Slot::Empty);
    }
    let (sum, body) = slot.split_at(SUM);
    let is_sum_of = |bytes: &[u8]| sum == leaf_hash(bytes).as_bytes();
    // Before declarations were remembered, a slot was shorter.
    if !is_sum_of(body) && !is_sum_of(&body[..TREE]) {
        return Ok(Slot::Damaged);
    }
    let mut trees = body.chunks_exact(TREE).map(read_tree);
    let tree = trees.next().expect("a slot has room for a tree");
    let declared = trees.take_while(|tree| tree.size > TreeSize::ZERO);
    Ok(Slot::Written(Remembered {
        tree,
        declared: declared.collect(),
    }))
}

fn read_tree(bytes: &[u8]) -> Guarded {
    let (size, root) = bytes.split_at(8);
    let size = u64::from_be_bytes(size.try_into().expect("eight bytes"));
    let root = Hash::from_bytes(root.try_into().expect("thirty-two bytes"));
    let size = TreeSize::new(size);
    Guarded { size, root }
}
