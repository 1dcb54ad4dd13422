//! Whoever has the key of the log, and makes a log of what never happened.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use client::audit::{FolderSource, ServerSource};
use client::{AuditError, AuditReport};
use ledger::log::{
    Checkpoint, NoteSigner, TilePath, Tree, Width, decode_bundle, encode_bundle, leaf_hash, tiles,
};
use timebank_tests::bank::fresh_folder;

use crate::place::Place;

/// A ledger saved from an honest server, and the key to sign another one.
pub(crate) struct Forger {
    folder: PathBuf,
    key: NoteSigner,
    /// The records, each exactly as it is hashed.
    pub(crate) leaves: Vec<Vec<u8>>,
}

impl Forger {
    /// Saves what a server has.
    pub(crate) async fn of(place: &Place) -> Result<Self> {
        let (folder, key) = (fresh_folder()?, place.log_key()?);
        let source = ServerSource::new(place.auditor().await?);
        client::export::save(&source, &key.verifier_key(), &folder, |_| {}).await?;
        let size = fs::read_to_string(folder.join("checkpoint"))?;
        let size: u8 = size.lines().nth(1).context("a size")?.parse()?;
        let bundle = fs::read(folder.join(format!("tile/entries/000.p/{size}")))?;
        let leaves = decode_bundle(&bundle, Width::new(size.into()).context("a width")?)?;
        let leaves = leaves.into_iter().map(<[u8]>::to_vec).collect();
        Ok(Self {
            folder,
            key,
            leaves,
        })
    }

    /// Makes tree, bundle and checkpoint of the records as they are now, signs
    /// them, and has the auditor look at it.
    pub(crate) async fn audited(&self) -> Result<Result<AuditReport, AuditError>> {
        let folder = &self.folder;
        fs::remove_dir_all(folder.join("tile"))?;
        let mut tree = Tree::new();
        let made = tree.extend(self.leaves.iter().map(|leaf| leaf_hash(leaf)));
        for (tile, width) in tiles(tree.size()) {
            let (_, hashes) = made.iter().find(|(id, _)| *id == tile).context("a tile")?;
            let path = TilePath::Hashes { tile, width };
            write(folder, &path, &hashes.to_bytes())?;
            if tile.level == 0 {
                let index = tile.index;
                let path = TilePath::Entries { index, width };
                write(folder, &path, &encode_bundle(&self.leaves)?)?;
            }
        }
        let origin = self.key.verifier_key().name().clone();
        let checkpoint = Checkpoint::new(origin, tree.size(), tree.root());
        let note = checkpoint.sign(std::slice::from_ref(&self.key))?;
        fs::write(folder.join("checkpoint"), note.as_bytes())?;
        let source = FolderSource::new(folder);
        Ok(client::audit(source, &self.key.verifier_key(), |_| {}).await)
    }
}

impl Drop for Forger {
    fn drop(&mut self) {
        // What is left over there is nobody's.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn write(folder: &Path, path: &TilePath, bytes: &[u8]) -> Result<()> {
    let path = folder.join(path.to_string());
    fs::create_dir_all(path.parent().context("a tile lies in a folder")?)?;
    Ok(fs::write(path, bytes)?)
}
