//! A folder for one test.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use timebank_tests::bank::fresh_folder;

/// Removed when dropped.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Result<Self> {
        fresh_folder().map(Self)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn join(&self, path: &str) -> PathBuf {
        self.0.join(path)
    }

    /// As an argument of a program.
    pub(crate) fn text(&self) -> String {
        self.0.display().to_string()
    }

    /// Changes a file, and insists that it did.
    pub(crate) fn alter(&self, path: &str, change: impl FnOnce(&mut Vec<u8>)) -> Result<()> {
        let path = self.join(path);
        let kept = fs::read(&path)?;
        let mut bytes = kept.clone();
        change(&mut bytes);
        anyhow::ensure!(bytes != kept, "{} was not altered", path.display());
        Ok(fs::write(&path, bytes)?)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left over there is nobody's.
        let _ = fs::remove_dir_all(&self.0);
    }
}
