//! The guard: a small file beside the database that keeps the newest signed
//! checkpoint and is never restored from a backup.
//!
//! A database that does not extend it has lost records or was replaced, and the
//! server must not sign. The file has two slots that are written in turn, so
//! that a torn write leaves the other whole. A slot is: SHA-256 of the rest (32
//! bytes), tree size (8, big endian), root (32).

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

use ledger::log::{Hash, TreeSize, leaf_hash};

const BODY: usize = 8 + 32;
const SLOT: usize = 32 + BODY;
/// Each slot has a disk block of its own.
const SLOT_OFFSET: u64 = 4096;

/// What the guard remembers: a tree that this server has signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guarded {
    /// Its size.
    pub size: TreeSize,
    /// Its root.
    pub root: Hash,
}

/// The open guard file.
#[derive(Debug, Clone)]
pub struct Guard {
    file: Arc<File>,
    newest: Option<Guarded>,
    next_slot: u64,
}

impl Guard {
    /// Opens the guard of a data directory, or makes an empty one.
    ///
    /// # Errors
    /// Those of the file system; [`io::ErrorKind::InvalidData`] if both slots
    /// are damaged.
    pub fn open(directory: &Path) -> io::Result<Self> {
        let path = directory.join("guard");
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        if file.metadata()?.len() == 0 {
            file.set_len(2 * SLOT_OFFSET)?;
            file.sync_all()?;
            File::open(directory)?.sync_all()?;
        }
        let slots = [read_slot(&file, 0)?, read_slot(&file, 1)?];
        let (newest, next_slot) = match slots {
            [Slot::Written(one), Slot::Written(other)] if one.size < other.size => (Some(other), 0),
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
            file: Arc::new(file),
            newest,
            next_slot,
        })
    }

    /// The newest tree that was signed.
    pub fn newest(&self) -> Option<Guarded> {
        self.newest
    }

    /// Remembers a tree durably. Blocks for one small synchronous write.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn remember(&mut self, tree: Guarded) -> io::Result<()> {
        let mut body = [0; BODY];
        body[..8].copy_from_slice(&tree.size.get().to_be_bytes());
        body[8..].copy_from_slice(tree.root.as_bytes());
        let mut slot = [0; SLOT];
        slot[..32].copy_from_slice(leaf_hash(&body).as_bytes());
        slot[32..].copy_from_slice(&body);
        self.file
            .write_all_at(&slot, self.next_slot * SLOT_OFFSET)?;
        self.file.sync_data()?;
        self.newest = Some(tree);
        self.next_slot = 1 - self.next_slot;
        Ok(())
    }
}

enum Slot {
    Empty,
    Written(Guarded),
    Damaged,
}

fn read_slot(file: &File, number: u64) -> io::Result<Slot> {
    let mut slot = [0; SLOT];
    file.read_exact_at(&mut slot, number * SLOT_OFFSET)?;
    let (sum, body) = slot.split_at(32);
    if slot == [0; SLOT] {
        return Ok(Slot::Empty);
    }
    if sum != leaf_hash(body).as_bytes() {
        return Ok(Slot::Damaged);
    }
    let (size, root) = body.split_at(8);
    let size = u64::from_be_bytes(size.try_into().expect("eight bytes"));
    let root = Hash::from_bytes(root.try_into().expect("thirty-two bytes"));
    Ok(Slot::Written(Guarded {
        size: TreeSize::new(size),
        root,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(size: u64) -> Guarded {
        let root = leaf_hash(&size.to_be_bytes());
        Guarded {
            size: TreeSize::new(size),
            root,
        }
    }

    fn directory(name: &str) -> std::path::PathBuf {
        let path =
            std::env::temp_dir().join(format!("timebank-guard-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a directory for the test");
        path
    }

    #[test]
    fn the_newest_tree_is_remembered_across_openings() {
        let path = directory("newest");
        let mut guard = Guard::open(&path).expect("a new guard");
        assert_eq!(guard.newest(), None);
        for size in 1..=5 {
            guard.remember(tree(size)).expect("written");
            assert_eq!(
                Guard::open(&path).expect("the guard").newest(),
                Some(tree(size))
            );
        }
    }

    #[test]
    fn a_torn_write_leaves_the_tree_before() {
        let path = directory("torn");
        let mut guard = Guard::open(&path).expect("a new guard");
        guard.remember(tree(1)).expect("written");
        guard.remember(tree(2)).expect("written");
        let file = OpenOptions::new()
            .write(true)
            .open(path.join("guard"))
            .expect("the file");
        file.write_all_at(&[0xff; 10], SLOT_OFFSET + 40)
            .expect("damaged");
        assert_eq!(
            Guard::open(&path).expect("the guard").newest(),
            Some(tree(1))
        );
        file.write_all_at(&[0xff; 10], 40).expect("damaged");
        let refused = Guard::open(&path).expect_err("both slots are damaged");
        assert_eq!(refused.kind(), io::ErrorKind::InvalidData);
    }
}
