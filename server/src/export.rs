//! A ledger written into a folder that any static web server can serve and
//! anyone's tool can audit: C2SP tlog-tiles, and beside it what the server
//! states. docs/export.md describes the layout.
//!
//! It reads the database, beside a running server or without one. What is in the
//! folder already is continued if it is of the same history; tiles and bundles
//! that are there stay as they are. The checkpoint is written last, so that a
//! folder never promises what it does not have.

mod books;
mod folder;

use std::path::PathBuf;
use std::time::Duration;

use ledger::log::{
    Checkpoint, Hash, KeyName, Position, SignedNote, Tile, TileId, TilePath, TreeSize, Width,
    encode_bundle, leaf_hash, root_from_tiles, root_tiles, tiles,
};

use self::books::Books;
use self::folder::Folder;
use crate::store::{Store, StoreError};

const CHECKPOINT: &str = "checkpoint";
/// How often a published checkpoint is looked for that covers the state.
const LOOKS: u32 = 20;
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// What to write where.
#[derive(Debug, Clone, clap::Args)]
pub struct Export {
    /// Write into this folder, or go on with what is there
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Hash tiles and checkpoint only: nothing of what members signed
    #[arg(long)]
    pub no_entries: bool,
    /// Leave out what the server states: state and postings
    #[arg(long)]
    pub no_books: bool,
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exported {
    /// Number of records that the folder's checkpoint covers.
    pub size: TreeSize,
    /// Whether that checkpoint is a published one, which has more signatures than
    /// the log's first: those of a quorum of witnesses, if the server has any.
    pub is_published: bool,
    /// Tiles and bundles that were not there before.
    pub files: u64,
}

/// Why nothing was exported, or not all.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file cannot be read or written.
    #[error("{}: {error}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// There is nothing to export.
    #[error("the ledger has no records yet")]
    Empty,
    /// The folder's checkpoint is none, or of another ledger.
    #[error("the folder holds something else: its checkpoint is not one of {0}")]
    OtherLedger(KeyName),
    /// The folder has more records than the database.
    #[error(
        "the folder has {folder} records and the database {database}: \
         the database was restored from an older backup, or is another one"
    )]
    Shrunk {
        /// What the folder's checkpoint covers.
        folder: TreeSize,
        /// What this export would cover.
        database: TreeSize,
    },
    /// The first records of the database are not those in the folder.
    #[error(
        "the folder holds another history: its {0} records are not the first ones of the database"
    )]
    OtherHistory(TreeSize),
    /// A file that an export left here is not what the database says.
    #[error("{} is of another history, or damaged: remove it and export again", .0.display())]
    Differs(PathBuf),
}

/// Exports the ledger of a store. `progress` is told how many of all records are
/// done, now and then.
///
/// # Errors
/// [`ExportError`]; then the folder still is what it was, with some files more.
pub async fn export(
    store: &dyn Store,
    origin: &KeyName,
    options: &Export,
    progress: impl Fn(u64, u64),
) -> Result<Exported, ExportError> {
    let folder = Folder::new(&options.out);
    let has_books = !options.no_books && !options.no_entries;
    let books = if has_books {
        Some(Books::save_state(store, &folder).await?)
    } else {
        None
    };
    let least = books.as_ref().map_or(TreeSize::ZERO, Books::size);
    let (note, checkpoint, is_published) = choose(store, least).await?;
    let size = checkpoint.size();
    if root(store, size).await? != checkpoint.root() {
        let what = "the checkpoint is not that of the tiles".to_owned();
        return Err(StoreError::Corrupt(what).into());
    }
    let old = continued(store, &folder, origin, size).await?;
    let mut export = Writing {
        store,
        folder: &folder,
        old,
        files: 0,
    };
    for (tile, width) in tiles(size) {
        export.save(tile, width, !options.no_entries).await?;
        if tile.level == 0 {
            progress(
                (tile.index * 256 + u64::from(width.get())).min(size.get()),
                size.get(),
            );
        }
    }
    match books {
        Some(books) => books.finish(store, size).await?,
        None => books::remove(&folder)?,
    }
    folder.write(CHECKPOINT, note.as_bytes())?;
    Ok(Exported {
        size,
        is_published,
        files: export.files,
    })
}

/// The checkpoint to export, of so many records at least: the newest one that is
/// published. While the state was read the log may have outgrown
/// it; a server that runs catches up within seconds. If none does, it is the
/// newest one that the log has signed.
async fn choose(
    store: &dyn Store,
    least: TreeSize,
) -> Result<(SignedNote, Checkpoint, bool), ExportError> {
    for _ in 0..LOOKS {
        let Some(note) = store.newest_published().await? else {
            break;
        };
        let (note, checkpoint) = read(&note)?;
        if checkpoint.size() >= least {
            return Ok((note, checkpoint, true));
        }
        // Nothing tells this process when a server publishes.
        let _ = tokio::time::timeout(LOOK_EVERY, std::future::pending::<()>()).await;
    }
    let note = store.newest_checkpoint().await?.ok_or(ExportError::Empty)?;
    let (note, checkpoint) = read(&note)?;
    Ok((note, checkpoint, false))
}

fn read(note: &[u8]) -> Result<(SignedNote, Checkpoint), StoreError> {
    crate::api::ledger::read_checkpoint(note)
}

/// The size of what the folder holds already: the beginning of this history.
async fn continued(
    store: &dyn Store,
    folder: &Folder,
    origin: &KeyName,
    new: TreeSize,
) -> Result<TreeSize, ExportError> {
    let Some(note) = folder.read(CHECKPOINT)? else {
        return Ok(TreeSize::ZERO);
    };
    let old = read(&note).map(|(_, checkpoint)| checkpoint);
    let old = old.map_err(|_| ExportError::OtherLedger(origin.clone()))?;
    if old.origin() != origin {
        return Err(ExportError::OtherLedger(origin.clone()));
    }
    if old.size() > new {
        let (folder, database) = (old.size(), new);
        return Err(ExportError::Shrunk { folder, database });
    }
    if root(store, old.size()).await? != old.root() {
        return Err(ExportError::OtherHistory(old.size()));
    }
    Ok(old.size())
}

/// The root of the first records of the database.
async fn root(store: &dyn Store, size: TreeSize) -> Result<Hash, StoreError> {
    let tiles = store.tiles(&root_tiles(size)).await?;
    let tiles: std::collections::HashMap<TileId, Tile> = tiles.into_iter().collect();
    let corrupt = |error| StoreError::Corrupt(format!("a root cannot be made: {error}"));
    root_from_tiles(size, |id| tiles.get(&id)).map_err(corrupt)
}

/// An export under way.
struct Writing<'e> {
    store: &'e dyn Store,
    folder: &'e Folder,
    /// How many records the folder holds for certain.
    old: TreeSize,
    files: u64,
}

impl Writing<'_> {
    /// Writes a tile, and the bundle of its records, where they are missing.
    async fn save(
        &mut self,
        tile: TileId,
        width: Width,
        with_entries: bool,
    ) -> Result<(), ExportError> {
        let hashes = TilePath::Hashes { tile, width };
        let index = tile.index;
        let entries =
            (tile.level == 0 && with_entries).then_some(TilePath::Entries { index, width });
        let is_old = tile.width_in(self.old) == Some(width);
        let is_there = |path: &TilePath| self.folder.has(&path.to_string());
        if is_old && is_there(&hashes) && entries.as_ref().is_none_or(is_there) {
            return Ok(());
        }
        let stored = self.tile(tile, width).await?;
        self.put(hashes, &stored.to_bytes())?;
        if let Some(path) = entries {
            let bundle = self.bundle(index, &stored).await?;
            self.put(path, &bundle)?;
        }
        Ok(())
    }

    async fn tile(&self, id: TileId, width: Width) -> Result<Tile, StoreError> {
        let found = self.store.tiles(&[id]).await?;
        let tile = found.first().and_then(|(_, tile)| tile.prefix(width));
        tile.ok_or_else(|| StoreError::Corrupt(format!("the tile {id:?} is missing")))
    }

    /// The records whose hashes a tile has.
    async fn bundle(&self, index: u64, tile: &Tile) -> Result<Vec<u8>, StoreError> {
        let from = Position::new(index * 256);
        let leaves = self.store.leaves(from, tile.width().get().into()).await?;
        if !leaves
            .iter()
            .map(|leaf| leaf_hash(leaf))
            .eq(tile.hashes().iter().copied())
        {
            let what = format!("the records from {from} on are not those of their tile");
            return Err(StoreError::Corrupt(what));
        }
        encode_bundle(&leaves)
            .map_err(|error| StoreError::Corrupt(format!("a bundle cannot be made: {error}")))
    }

    /// Writes a file, or compares with what is there. A full one takes the place
    /// of its parts, which readers do without from now on.
    fn put(&mut self, path: TilePath, bytes: &[u8]) -> Result<(), ExportError> {
        let name = path.to_string();
        match self.folder.read(&name)? {
            Some(there) if there == bytes => {}
            Some(_) => return Err(ExportError::Differs(self.folder.path(&name))),
            None => {
                self.folder.write(&name, bytes)?;
                self.files += 1;
            }
        }
        let (TilePath::Hashes { width, .. } | TilePath::Entries { width, .. }) = path;
        if width == Width::FULL {
            self.folder.remove_all(&format!("{name}.p"))?;
        }
        Ok(())
    }
}
