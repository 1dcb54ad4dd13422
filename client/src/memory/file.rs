//! The file of one ledger in the memory.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{MemoryError, Remembered, parse_remembered};
use crate::files;

/// The bytes of a memory file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    origin: String,
    log_key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    checkpoint: Option<String>,
    servers: Vec<String>,
}

/// An origin as a file name: what is not a letter, digit, dot or hyphen is
/// written as its bytes in hex.
pub(super) fn file_name(origin: &str) -> String {
    let mut name = String::new();
    for byte in origin.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' => name.push(char::from(byte)),
            b'.' if !name.is_empty() => name.push('.'),
            other => name.extend(['%', hex_digit(other >> 4), hex_digit(other & 15)]),
        }
    }
    name
}

fn hex_digit(digit: u8) -> char {
    char::from_digit(digit.into(), 16).map_or('?', |digit| digit.to_ascii_uppercase())
}

pub(super) fn json_files(folder: &Path) -> Result<Vec<PathBuf>, MemoryError> {
    let io_error = |source| MemoryError::Io {
        path: folder.to_owned(),
        source,
    };
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(io_error)?,
    };
    let paths = entries.map(|entry| entry.map(|entry| entry.path()).map_err(io_error));
    let is_json = |path: &PathBuf| path.extension().is_some_and(|it| it == "json");
    paths
        .filter(|path| path.as_ref().map_or(true, is_json))
        .collect()
}

pub(super) fn read(path: &Path) -> Result<Option<Remembered>, MemoryError> {
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        text => text.map_err(|source| MemoryError::Io {
            path: path.to_owned(),
            source,
        })?,
    };
    let malformed = |cause: String| MemoryError::Malformed {
        path: path.to_owned(),
        cause,
    };
    let content: Content =
        serde_json::from_str(&text).map_err(|error| malformed(error.to_string()))?;
    let Content {
        origin,
        log_key,
        checkpoint,
        servers,
    } = content;
    if checkpoint
        .as_deref()
        .is_some_and(|note| parse_remembered(note).is_none())
    {
        return Err(malformed("the checkpoint is not a signed note".to_owned()));
    }
    Ok(Some(Remembered {
        origin,
        log_key,
        checkpoint,
        servers,
    }))
}

pub(super) fn write(path: &Path, remembered: Remembered) -> Result<(), MemoryError> {
    let Remembered {
        origin,
        log_key,
        checkpoint,
        servers,
    } = remembered;
    let content = Content {
        origin,
        log_key,
        checkpoint,
        servers,
    };
    let json = serde_json::to_vec_pretty(&content).map_err(|error| MemoryError::Malformed {
        path: path.to_owned(),
        cause: error.to_string(),
    })?;
    files::replace(path, &json).map_err(|source| MemoryError::Io {
        path: path.to_owned(),
        source,
    })
}

/// Waits until no other process changes this file. Dropping it lets go.
pub(super) fn lock(path: &Path) -> Result<File, MemoryError> {
    let beside = path.with_added_extension("lock");
    let locked = path
        .parent()
        .map_or(Ok(()), files::private_folder)
        .and_then(|()| {
            let file = OpenOptions::new()
                .create(true)
                .truncate(false)
                .write(true)
                .open(&beside)?;
            file.lock()?;
            Ok(file)
        });
    locked.map_err(|source| MemoryError::Io {
        path: beside,
        source,
    })
}
