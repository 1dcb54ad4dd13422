//! The guard: a small file beside the database that keeps the newest signed
//! checkpoint and is never restored from a backup.
//!
//! A database that does not extend it has lost records or was replaced, and the
//! server must not sign. When the loss is declared in the log, the guard goes
//! on from there, and remembers the tree that was given up too: a second
//! restore must not make it forgotten.
//!
//! Each of the two trees has two slots that are written in turn, so that a torn
//! write leaves the other whole. A slot begins at a multiple of 4096 bytes and
//! is: SHA-256 of the rest (32 bytes), tree size (8, big endian), root (32).

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
/// Two slots of the newest tree, and two of the one that was given up.
const LENGTH: u64 = 4 * SLOT_OFFSET;

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
    newest: Pair,
    given_up: Pair,
}

/// Two slots of one tree.
#[derive(Debug, Clone, Copy)]
struct Pair {
    /// The number of its first slot.
    first: u64,
    tree: Option<Guarded>,
    /// Which of the two is written next.
    next: u64,
}

impl Guard {
    /// Opens the guard of a data directory, or makes an empty one.
    ///
    /// # Errors
    /// Those of the file system; [`io::ErrorKind::InvalidData`] if both slots
    /// of a tree are damaged.
    pub fn open(directory: &Path) -> io::Result<Self> {
        let path = directory.join("guard");
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        // Empty, or from before trees were given up.
        if [0, LENGTH / 2].contains(&file.metadata()?.len()) {
            file.set_len(LENGTH)?;
            file.sync_all()?;
            File::open(directory)?.sync_all()?;
        }
        Ok(Self {
            newest: Pair::read(&file, 0)?,
            given_up: Pair::read(&file, 2)?,
            file: Arc::new(file),
        })
    }

    /// The newest tree that was signed.
    pub fn newest(&self) -> Option<Guarded> {
        self.newest.tree
    }

    /// The largest tree that was signed and given up.
    pub fn given_up(&self) -> Option<Guarded> {
        self.given_up.tree
    }

    /// Remembers a tree durably. Blocks for one small synchronous write.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn remember(&mut self, tree: Guarded) -> io::Result<()> {
        self.newest.write(&self.file, tree)
    }

    /// Remembers a tree that does not extend the newest one, for whose loss the
    /// log has a declaration. The newest one stays remembered as given up,
    /// unless a larger one is.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn go_on_from(&mut self, tree: Guarded) -> io::Result<()> {
        let size = |tree: Option<Guarded>| tree.map(|tree| tree.size);
        if let Some(lost) = self.newest()
            && size(self.given_up()) < Some(lost.size)
        {
            self.given_up.write(&self.file, lost)?;
        }
        // Of two slots the larger tree counts, so both are written.
        self.remember(tree)?;
        self.remember(tree)
    }
}

impl Pair {
    fn read(file: &File, first: u64) -> io::Result<Self> {
        let slots = [read_slot(file, first)?, read_slot(file, first + 1)?];
        let (tree, next) = match slots {
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
        Ok(Self { first, tree, next })
    }

    fn write(&mut self, file: &File, tree: Guarded) -> io::Result<()> {
        let mut body = [0; BODY];
        body[..8].copy_from_slice(&tree.size.get().to_be_bytes());
        body[8..].copy_from_slice(tree.root.as_bytes());
        let mut slot = [0; SLOT];
        slot[..32].copy_from_slice(leaf_hash(&body).as_bytes());
        slot[32..].copy_from_slice(&body);
        file.write_all_at(&slot, (self.first + self.next) * SLOT_OFFSET)?;
        file.sync_data()?;
        self.tree = Some(tree);
        self.next = 1 - self.next;
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
    fn a_tree_that_was_given_up_stays_remembered() {
        let path = directory("given-up");
        let mut guard = Guard::open(&path).expect("a new guard");
        guard.remember(tree(99)).expect("written");
        guard.remember(tree(100)).expect("written");
        let mut expected = None;
        for (size, given_up) in [(91, 100), (80, 100), (103, 100), (90, 103)] {
            assert_eq!(guard.given_up(), expected);
            guard.go_on_from(tree(size)).expect("written");
            guard = Guard::open(&path).expect("the guard");
            expected = Some(tree(given_up));
            assert_eq!(
                (guard.newest(), guard.given_up()),
                (Some(tree(size)), expected)
            );
        }
    }

    #[test]
    fn a_guard_of_two_slots_is_continued() {
        let path = directory("older");
        Guard::open(&path)
            .and_then(|mut guard| guard.remember(tree(1)))
            .expect("written");
        let file = OpenOptions::new().write(true).open(path.join("guard"));
        let cut = file.and_then(|file| file.set_len(2 * SLOT_OFFSET));
        cut.expect("as it was before");
        let mut guard = Guard::open(&path).expect("the guard");
        assert_eq!((guard.newest(), guard.given_up()), (Some(tree(1)), None));
        guard.go_on_from(tree(1)).expect("written");
        let guard = Guard::open(&path).expect("the guard");
        assert_eq!(guard.given_up(), Some(tree(1)));
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
