//! Key files: one JSON file for each key, readable by its owner alone.
//!
//! A file is never overwritten: a lost key is a visit to the station, so no
//! slip of the keyboard may lose one.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use ledger::entry::NewKey;
use ledger::{MemberId, SecretKey};
use serde::{Deserialize, Serialize};

use crate::files;

/// Who signs: a member and one of their keys.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The member.
    pub member: MemberId,
    /// The key.
    pub key: SecretKey,
}

impl Identity {
    /// Makes the proof that the key is held by the member, for one ledger.
    pub fn prove(&self, origin: &str) -> NewKey {
        NewKey::prove(&self.key, origin, &self.member)
    }
}

/// A key as its file holds it.
#[derive(Debug, Clone)]
pub struct NamedKey {
    /// The name of the file without its ending.
    pub name: String,
    /// Who signs with it.
    pub identity: Identity,
    /// The ledger that it is for, if that is fixed.
    pub origin: Option<String>,
}

/// Why a key file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The name would be a bad file name.
    #[error("a key's name has 1 to 64 letters, digits, \"-\" and \"_\": not {0:?}")]
    Name(String),
    /// There is no such key.
    #[error("there is no key {name:?} in {}", folder.display())]
    Missing {
        /// The name asked for.
        name: String,
        /// Where it was looked for.
        folder: PathBuf,
    },
    /// A key of that name exists; it is not overwritten.
    #[error("a key {0:?} exists already")]
    Exists(String),
    /// Others may read the file.
    #[error("others may read {}: run `chmod 600` on it, and think of a new key", .0.display())]
    Exposed(PathBuf),
    /// The file is not a key file.
    #[error("{} is not a key file: {cause}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        cause: String,
    },
    /// The file cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
}

/// The bytes of a key file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    member: String,
    public_key: String,
    seed: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    origin: Option<String>,
}

/// The folder of the key files.
#[derive(Debug, Clone)]
pub struct KeyFolder(PathBuf);

impl KeyFolder {
    /// The key files below the home of a client.
    pub fn in_home(home: &Path) -> Self {
        Self(home.join("keys"))
    }

    /// Writes a new key file.
    ///
    /// # Errors
    /// [`KeyFileError::Exists`] if there is one of that name.
    pub fn create(
        &self,
        name: &str,
        identity: &Identity,
        origin: Option<&str>,
    ) -> Result<(), KeyFileError> {
        let path = self.path(name)?;
        let content = Content {
            member: identity.member.to_string(),
            public_key: hex::encode(identity.key.public().as_bytes()),
            seed: hex::encode(identity.key.seed()),
            origin: origin.map(str::to_owned),
        };
        let json =
            serde_json::to_string_pretty(&content).map_err(|error| malformed(&path, &error))?;
        let written = files::private_folder(&self.0)
            .and_then(|()| files::private_file().open(&path))
            .and_then(|file| write_all(file, &json))
            .and_then(|()| files::sync_folder_of(&path));
        written.map_err(|source| match source.kind() {
            io::ErrorKind::AlreadyExists => KeyFileError::Exists(name.to_owned()),
            _ => KeyFileError::Io { path, source },
        })
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// [`KeyFileError`]; also if anyone but the owner may read it.
    pub fn load(&self, name: &str) -> Result<NamedKey, KeyFileError> {
        let path = self.path(name)?;
        let json = read_private(&path).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => KeyFileError::Missing {
                name: name.to_owned(),
                folder: self.0.clone(),
            },
            io::ErrorKind::PermissionDenied => KeyFileError::Exposed(path.clone()),
            _ => KeyFileError::Io {
                path: path.clone(),
                source,
            },
        })?;
        let content: Content =
            serde_json::from_str(&json).map_err(|error| malformed(&path, &error))?;
        let origin = content.origin.clone();
        let identity = content
            .identity()
            .map_err(|cause| malformed(&path, &cause))?;
        Ok(NamedKey {
            name: name.to_owned(),
            identity,
            origin,
        })
    }

    /// The names of all keys, in order.
    ///
    /// # Errors
    /// [`KeyFileError::Io`] if the folder exists and cannot be read.
    pub fn list(&self) -> Result<Vec<String>, KeyFileError> {
        let io_error = |source| KeyFileError::Io {
            path: self.0.clone(),
            source,
        };
        let entries = match fs::read_dir(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(io_error)?,
        };
        let mut names = Vec::new();
        for entry in entries {
            let path = entry.map_err(io_error)?.path();
            if path
                .extension()
                .is_some_and(|extension| extension == "json")
                && let Some(name) = path.file_stem().and_then(|stem| stem.to_str())
            {
                names.push(name.to_owned());
            }
        }
        names.sort();
        Ok(names)
    }

    fn path(&self, name: &str) -> Result<PathBuf, KeyFileError> {
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if (1..=64).contains(&name.len()) && name.chars().all(fits) {
            Ok(self.0.join(format!("{name}.json")))
        } else {
            Err(KeyFileError::Name(name.to_owned()))
        }
    }
}

impl Content {
    fn identity(self) -> Result<Identity, String> {
        let member = self
            .member
            .parse()
            .map_err(|_| "the member is no id".to_owned())?;
        let mut seed = [0; 32];
        hex::decode_to_slice(&self.seed, &mut seed)
            .map_err(|_| "the seed is no seed".to_owned())?;
        let key = SecretKey::from_seed(&seed);
        if hex::encode(key.public().as_bytes()) == self.public_key {
            Ok(Identity { member, key })
        } else {
            Err("the public key is not that of the seed".to_owned())
        }
    }
}

fn write_all(mut file: File, json: &str) -> io::Result<()> {
    file.write_all(json.as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()
}

/// Reads a file that only its owner may read; any other is "permission denied".
fn read_private(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        if file.metadata()?.permissions().mode() & 0o077 != 0 {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
    }
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    Ok(text)
}

fn malformed(path: &Path, cause: &impl ToString) -> KeyFileError {
    KeyFileError::Malformed {
        path: path.to_owned(),
        cause: cause.to_string(),
    }
}

#[cfg(test)]
mod tests;
