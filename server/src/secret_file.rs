//! Files that hold secrets: for their owner alone, and made all or nothing, so
//! that a server which was cut off finds a whole file or none.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// Makes a file that is not there yet.
///
/// # Errors
/// Those of the file system; [`io::ErrorKind::AlreadyExists`] if there is one, which
/// stays as it is.
pub(crate) fn create(path: &Path, text: &str) -> io::Result<()> {
    // A name that nobody else takes, and that nobody has left behind.
    let digest = Sha256::new_with_prefix(b"timebank secret file\n").chain_update(text);
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}.new", hex::encode(&digest.finalize()[..8])));
    let beside = PathBuf::from(beside);
    write(&beside, text)?;
    let linked = fs::hard_link(&beside, path);
    fs::remove_file(&beside)?;
    linked?;
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// Writes a new file; what a cut leaves of it is not whole.
///
/// # Errors
/// As [`create`].
pub(crate) fn write(path: &Path, text: &str) -> io::Result<()> {
    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all_at(text.as_bytes(), 0)?;
    file.sync_all()
}
