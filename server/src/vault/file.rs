//! The key file `openings.key`: a line of 64 hex digits for each key, the newest
//! first, for its owner alone. Two keys stand in it only while a rotation runs,
//! or after one was cut off.
//!
//! The data folder is locked as long as the keys are in use, by servers together
//! or by a rotation alone: a server that went on with the old key would seal
//! under what is about to be destroyed.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::KEY_BYTES;
use crate::secret_file;

/// The file, and the lock on its folder.
pub(super) struct KeyFile {
    path: PathBuf,
    folder: File,
}

impl KeyFile {
    /// Of a folder that other servers may use too.
    pub(super) fn shared(folder: &Path) -> io::Result<Self> {
        let file = Self::of(folder)?;
        let locked = file.folder.try_lock_shared();
        locked.map_err(|error| refused(error, "openings.key is being rotated"))?;
        Ok(file)
    }

    /// Of a folder that nobody else uses.
    pub(super) fn alone(folder: &Path) -> io::Result<Self> {
        let file = Self::of(folder)?;
        let locked = file.folder.try_lock();
        locked.map_err(|error| refused(error, "a server uses this folder: stop it first"))?;
        Ok(file)
    }

    fn of(folder: &Path) -> io::Result<Self> {
        Ok(Self {
            path: folder.join("openings.key"),
            folder: File::open(folder)?,
        })
    }

    /// The keys; none if there is no file.
    pub(super) fn read(&self) -> io::Result<Vec<[u8; KEY_BYTES]>> {
        let text = match fs::read_to_string(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            text => text?,
        };
        let invalid = || io::Error::new(io::ErrorKind::InvalidData, "it holds no keys");
        let key = |line: &str| {
            let mut key = [0; KEY_BYTES];
            hex::decode_to_slice(line.trim(), &mut key).map_err(|_| invalid())?;
            Ok(key)
        };
        let keys = text.lines().map(key).collect::<io::Result<Vec<_>>>()?;
        if keys.is_empty() {
            return Err(invalid());
        }
        Ok(keys)
    }

    /// Writes the first key, all or nothing; never over another. Who was faster
    /// has made the key.
    pub(super) fn create(&self, key: &[u8; KEY_BYTES]) -> io::Result<()> {
        match secret_file::create(&self.path, &lines(&[key])) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            made => made,
        }
    }

    /// Puts other keys in the place of these, all or nothing, and writes over
    /// the file that held the old ones.
    pub(super) fn replace(&self, keys: &[&[u8; KEY_BYTES]]) -> io::Result<()> {
        let beside = self.path.with_extension("key.new");
        match fs::remove_file(&beside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        secret_file::write(&beside, &lines(keys))?;
        let mut old = OpenOptions::new().write(true).open(&self.path)?;
        fs::rename(&beside, &self.path)?;
        self.folder.sync_all()?;
        // Where the file system keeps a file in its place, this is the end of
        // the old keys; where it does not, it does no harm.
        let length = usize::try_from(old.metadata()?.len()).unwrap_or_default();
        old.write_all(&vec![b'0'; length])?;
        old.sync_all()
    }
}

fn lines(keys: &[&[u8; KEY_BYTES]]) -> String {
    let lines = keys.iter().map(|key| format!("{}\n", hex::encode(key)));
    lines.collect()
}

fn refused(error: TryLockError, why: &str) -> io::Error {
    match error {
        TryLockError::WouldBlock => io::Error::new(io::ErrorKind::WouldBlock, why.to_owned()),
        TryLockError::Error(error) => error,
    }
}
