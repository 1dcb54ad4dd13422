//! The folder of a witness: `witness.key`, `logs`, `state/`, `evidence/` and
//! `incomplete/`. See docs/witness.md.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use ledger::log::witness::origin_hash;
use ledger::log::{Cosigner, KeyName, Policy, TreeSize, VerifierKey};
use serde::Serialize;

use super::state;
use crate::files;
use crate::random::{self, RandomError};

/// Secret keys, one a line: Ed25519, then maybe ML-DSA-44. Both bear the witness' name.
const KEY_FILE: &str = "witness.key";
/// The logs, as a C2SP tlog-policy that asks for no witness.
const LOGS_FILE: &str = "logs";
/// What is locked while a process uses the folder.
const LOCK_FILE: &str = "lock";

/// Why a folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// A file cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// A file is not what it should be.
    #[error("{} is damaged: {cause}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        cause: String,
    },
    /// Another process uses the folder.
    #[error("another process is at work in {}", .0.display())]
    Locked(PathBuf),
    /// There is a witness already.
    #[error("there is a witness in {} already", .0.display())]
    Exists(PathBuf),
    /// There is no randomness for a key.
    #[error(transparent)]
    Random(#[from] RandomError),
}

impl FolderError {
    pub(super) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }
}

/// Where a witness keeps its keys, its logs and what it has cosigned.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

/// Held by the one process that uses a folder; let go when it ends, however it ends.
pub(super) struct Lock {
    file: File,
}

impl Drop for Lock {
    /// Lets go at once. A process that was just started by another thread may have the
    /// file open until it runs its own program, and would hold the lock as long.
    fn drop(&mut self) {
        // If it fails, the lock goes with the file.
        let _ = self.file.unlock();
    }
}

/// What a witness has cosigned last of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LogState {
    /// The log.
    pub origin: String,
    /// Its keys.
    pub keys: Vec<String>,
    /// Where monitors find its checkpoint, below the monitoring prefix.
    pub path: String,
    /// The number of records in the latest checkpoint; none if nothing was cosigned.
    pub size: Option<TreeSize>,
    /// When it was cosigned, in seconds since 1970.
    pub time_s: Option<u64>,
    /// Why nothing can be cosigned, if so.
    pub fault: Option<String>,
}

impl Folder {
    /// A folder, which may not exist yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Makes a witness: fresh keys of this name, and no logs.
    ///
    /// # Errors
    /// [`FolderError::Exists`]: a key is never replaced.
    pub fn create(
        &self,
        name: &KeyName,
        post_quantum: bool,
    ) -> Result<Vec<VerifierKey>, FolderError> {
        let state = self.0.join("state");
        files::private_folder(&state).map_err(FolderError::io(&state))?;
        let _lock = self.lock()?;
        let mut cosigners = vec![Cosigner::new(name.clone(), random::secret_key()?)];
        if post_quantum {
            let secret = random::ml_dsa_secret_key()?;
            cosigners.push(Cosigner::ml_dsa44(name.clone(), secret));
        }
        let lines: Vec<String> = cosigners.iter().map(Cosigner::to_skey).collect();
        let path = self.0.join(KEY_FILE);
        let written = files::private_file().open(&path).and_then(|mut file| {
            writeln!(file, "{}", lines.join("\n"))?;
            file.sync_all()?;
            files::sync_folder_of(&path)
        });
        match written {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(FolderError::Exists(self.0.clone()))
            }
            written => {
                written.map_err(FolderError::io(&path))?;
                Ok(cosigners.iter().map(Cosigner::verifier_key).collect())
            }
        }
    }

    /// Adds logs by their keys. What was cosigned of a log stays; the first key of a log that is
    /// new begins with nothing cosigned.
    ///
    /// # Errors
    /// [`FolderError::Locked`] while the witness serves.
    pub fn add_logs(&self, keys: &[VerifierKey]) -> Result<(), FolderError> {
        let _lock = self.lock()?;
        let known = self.logs()?;
        let mut all: Vec<VerifierKey> = known.iter().flat_map(|(_, keys)| keys).cloned().collect();
        for key in keys {
            let file = self.state_file(key.name());
            // Before the log is known. One that is known and has no state has lost it.
            let is_new = all.iter().all(|known| known.name() != key.name());
            if is_new && !file.exists() {
                state::begin(&file).map_err(FolderError::io(&file))?;
            }
            if !all.contains(key) {
                all.push(key.clone());
            }
        }
        let mut lines: Vec<String> = all.iter().map(|key| format!("log {key}")).collect();
        lines.push("quorum none\n".to_owned());
        let path = self.0.join(LOGS_FILE);
        files::replace(&path, lines.join("\n").as_bytes()).map_err(FolderError::io(&path))
    }

    /// What was cosigned of each log. Reads beside a witness that serves.
    ///
    /// # Errors
    /// That keys or logs cannot be read.
    pub fn list(&self) -> Result<Vec<LogState>, FolderError> {
        let own: Vec<VerifierKey> = self
            .cosigners()?
            .iter()
            .map(Cosigner::verifier_key)
            .collect();
        let logs = self.logs()?.into_iter().map(|(origin, keys)| {
            let read = state::read(&self.state_file(&origin), &origin, &own);
            let (latest, fault) = match read {
                Ok(latest) => (latest, None),
                Err(error) => (None, Some(error.to_string())),
            };
            LogState {
                path: format!("{}/checkpoint", origin_hash(&origin)),
                origin: origin.to_string(),
                keys: keys.iter().map(ToString::to_string).collect(),
                size: latest.as_ref().map(|latest| latest.cosigned().size),
                time_s: latest.map(|latest| latest.time_s),
                fault,
            }
        });
        Ok(logs.collect())
    }

    /// The witness' own keys.
    ///
    /// # Errors
    /// That there is no key file, or that it is damaged.
    pub fn verifier_keys(&self) -> Result<Vec<VerifierKey>, FolderError> {
        Ok(self
            .cosigners()?
            .iter()
            .map(Cosigner::verifier_key)
            .collect())
    }

    pub(super) fn cosigners(&self) -> Result<Vec<Cosigner>, FolderError> {
        let path = self.0.join(KEY_FILE);
        let text = fs::read_to_string(&path).map_err(FolderError::io(&path))?;
        let cosigners: Result<Vec<Cosigner>, _> = text.lines().map(Cosigner::from_skey).collect();
        let cosigners = cosigners.map_err(|error| damaged(&path, &error.to_string()))?;
        if cosigners.is_empty() {
            return Err(damaged(&path, "it has no key"));
        }
        Ok(cosigners)
    }

    /// The logs with their keys, in the order in which they were added.
    pub(super) fn logs(&self) -> Result<Vec<(KeyName, Vec<VerifierKey>)>, FolderError> {
        let path = self.0.join(LOGS_FILE);
        let text = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            text => text.map_err(FolderError::io(&path))?,
        };
        let policy = Policy::parse(&text).map_err(|error| damaged(&path, &error.to_string()))?;
        let mut logs: Vec<(KeyName, Vec<VerifierKey>)> = Vec::new();
        for log in policy.logs() {
            match logs.iter_mut().find(|(origin, _)| origin == log.key.name()) {
                Some((_, keys)) => keys.push(log.key.clone()),
                None => logs.push((log.key.name().clone(), vec![log.key.clone()])),
            }
        }
        Ok(logs)
    }

    pub(super) fn state_file(&self, origin: &KeyName) -> PathBuf {
        self.0.join("state").join(origin_hash(origin))
    }

    pub(super) fn evidence(&self) -> PathBuf {
        self.0.join("evidence")
    }

    pub(super) fn incomplete(&self) -> PathBuf {
        self.0.join("incomplete")
    }

    /// Keeps other processes out.
    pub(super) fn lock(&self) -> Result<Lock, FolderError> {
        let path = self.0.join(LOCK_FILE);
        let mut options = File::options();
        let file = options.create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(FolderError::io(&path))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock { file }),
            Err(TryLockError::WouldBlock) => Err(FolderError::Locked(self.0.clone())),
            Err(TryLockError::Error(source)) => Err(FolderError::Io { path, source }),
        }
    }
}

fn damaged(path: &Path, cause: &str) -> FolderError {
    FolderError::Damaged {
        path: path.to_owned(),
        cause: cause.to_owned(),
    }
}
