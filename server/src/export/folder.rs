//! The files of an export: each is whole, whenever the export ends.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::ExportError;

/// A folder that is exported into.
#[derive(Debug, Clone)]
pub(super) struct Folder(PathBuf);

impl Folder {
    /// A folder, which may not be there yet.
    pub(super) fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Where a file is.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Whether a file is there.
    pub(super) fn has(&self, name: &str) -> bool {
        self.path(name).is_file()
    }

    /// A file, if it is there.
    pub(super) fn read(&self, name: &str) -> Result<Option<Vec<u8>>, ExportError> {
        let path = self.path(name);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(ExportError::File { path, error }),
        }
    }

    /// Writes a file beside its place, and then puts it there.
    pub(super) fn write(&self, name: &str, bytes: &[u8]) -> Result<(), ExportError> {
        let mut file = self.begin(name)?;
        file.append(bytes)?;
        file.finish()
    }

    /// Begins a file that is written in pieces.
    pub(super) fn begin(&self, name: &str) -> Result<Unfinished, ExportError> {
        let path = self.path(name);
        let beside = path.with_added_extension("tmp");
        let made = path.parent().map_or(Ok(()), fs::create_dir_all);
        let file = made.and_then(|()| File::create(&beside));
        let file = file.map_err(failed(&beside))?;
        Ok(Unfinished {
            file: io::BufWriter::new(file),
            beside,
            path,
        })
    }

    /// Removes a file or a folder with all in it, if it is there.
    pub(super) fn remove_all(&self, name: &str) -> Result<(), ExportError> {
        let path = self.path(name);
        let removed = if path.is_dir() {
            fs::remove_dir_all(&path)
        } else {
            fs::remove_file(&path)
        };
        match removed {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(ExportError::File { path, error })
            }
            _ => Ok(()),
        }
    }
}

/// A file that is not at its place yet.
pub(super) struct Unfinished {
    file: io::BufWriter<File>,
    beside: PathBuf,
    path: PathBuf,
}

impl Unfinished {
    /// Writes some more.
    pub(super) fn append(&mut self, bytes: &[u8]) -> Result<(), ExportError> {
        self.file.write_all(bytes).map_err(failed(&self.beside))
    }

    /// Makes it durable, and puts it at its place.
    pub(super) fn finish(self) -> Result<(), ExportError> {
        let failed = failed(&self.beside);
        let file = self.file.into_inner();
        let file = file.map_err(|error| failed(error.into_error()))?;
        file.sync_all().map_err(&failed)?;
        fs::rename(&self.beside, &self.path).map_err(&failed)?;
        let Some(folder) = self.path.parent() else {
            return Ok(());
        };
        let folder = File::open(folder).and_then(|folder| folder.sync_all());
        folder.map_err(failed)
    }
}

fn failed(path: &Path) -> impl Fn(io::Error) -> ExportError {
    let path = path.to_owned();
    move |error| ExportError::File {
        path: path.clone(),
        error,
    }
}
