//! The guard: a small file beside the database that keeps the newest signed
//! checkpoint and is never restored from a backup.
//!
//! A database that does not extend it has lost records or was replaced, and the
//! server must not sign. When the loss is declared in the log, the guard goes
//! on from there, and remembers the tree that was given up too: a second
//! restore must not make it forgotten.
//!
//! With each of the two it keeps which declarations of losses that tree already
//! has in it: what the tree itself declared cannot excuse its own loss.
//!
//! How they are written is in `slot`.

mod slot;

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;
use std::sync::Arc;

use ledger::log::{Hash, TreeSize};

pub use self::slot::DECLARED_MAX;
use self::slot::{Pair, SLOT_OFFSET};

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

/// A tree, with the losses that are declared in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// The tree.
    pub tree: Guarded,
    /// For each declaration, the tree that ends with it, in their order; at most
    /// the newest [`DECLARED_MAX`].
    pub declared: Vec<Guarded>,
}

/// The open guard file.
#[derive(Debug, Clone)]
pub struct Guard {
    file: Arc<File>,
    newest: Pair,
    given_up: Pair,
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
        self.newest.remembered().map(|it| it.tree)
    }

    /// The largest tree that was signed and given up.
    pub fn given_up(&self) -> Option<Guarded> {
        self.given_up.remembered().map(|it| it.tree)
    }

    /// Both trees, as far as there are any.
    pub fn remembered(&self) -> impl Iterator<Item = &Remembered> {
        let pairs = [&self.newest, &self.given_up];
        pairs.into_iter().filter_map(Pair::remembered)
    }

    /// Remembers a tree durably. Blocks for one small synchronous write.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn remember(&mut self, tree: Remembered) -> io::Result<()> {
        self.newest.write(&self.file, tree)
    }

    /// Remembers a tree that does not extend the newest one, for whose loss the
    /// log has a declaration. The newest one stays remembered as given up,
    /// unless a larger one is.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn go_on_from(&mut self, tree: Remembered) -> io::Result<()> {
        if let Some(lost) = self.newest.remembered()
            && self.given_up().map(|tree| tree.size) < Some(lost.tree.size)
        {
            self.given_up.write(&self.file, lost.clone())?;
        }
        // Of two slots the larger tree counts, so both are written.
        self.remember(tree.clone())?;
        self.remember(tree)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::FileExt;

    use ledger::log::leaf_hash;

    use super::*;

    fn tree(size: u64) -> Guarded {
        let root = leaf_hash(&size.to_be_bytes());
        let size = TreeSize::new(size);
        Guarded { size, root }
    }

    fn plain(size: u64) -> Remembered {
        let (tree, declared) = (tree(size), Vec::new());
        Remembered { tree, declared }
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
            guard.remember(plain(size)).expect("written");
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
        guard.remember(plain(99)).expect("written");
        guard.remember(plain(100)).expect("written");
        let mut expected = None;
        for (size, given_up) in [(91, 100), (80, 100), (103, 100), (90, 103)] {
            assert_eq!(guard.given_up(), expected);
            guard.go_on_from(plain(size)).expect("written");
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
            .and_then(|mut guard| guard.remember(plain(1)))
            .expect("written");
        let file = OpenOptions::new().write(true).open(path.join("guard"));
        let cut = file.and_then(|file| file.set_len(2 * SLOT_OFFSET));
        cut.expect("as it was before");
        let mut guard = Guard::open(&path).expect("the guard");
        assert_eq!((guard.newest(), guard.given_up()), (Some(tree(1)), None));
        guard.go_on_from(plain(1)).expect("written");
        let guard = Guard::open(&path).expect("the guard");
        assert_eq!(guard.given_up(), Some(tree(1)));
    }

    #[test]
    fn what_a_tree_declares_is_remembered_with_it() {
        let path = directory("declared");
        let mut guard = Guard::open(&path).expect("a new guard");
        let mut all: Vec<_> = (1..=20).map(tree).collect();
        guard
            .remember(Remembered {
                tree: tree(30),
                declared: all.clone(),
            })
            .expect("written");
        guard.go_on_from(plain(25)).expect("written");
        let guard = Guard::open(&path).expect("the guard");
        let lost = Remembered {
            tree: tree(30),
            declared: all.split_off(20 - DECLARED_MAX),
        };
        assert!(guard.remembered().eq([&plain(25), &lost]));
    }

    #[test]
    fn a_torn_write_leaves_the_tree_before() {
        let path = directory("torn");
        let mut guard = Guard::open(&path).expect("a new guard");
        guard.remember(plain(1)).expect("written");
        guard.remember(plain(2)).expect("written");
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
