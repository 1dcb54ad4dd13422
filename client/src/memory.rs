//! What the client remembers of each ledger: its log key, pinned when it was
//! first met, the newest checkpoint that was verified, and the servers that
//! kept it. With it a server that rewrites history is found out.
//!
//! The checkpoint only grows. It is replaced by compare-and-swap under a file
//! lock, so that two commands at once cannot each follow another history.

mod file;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use self::file::{file_name, json_files, lock, read, write};
use crate::evidence;
use ledger::log::{Checkpoint, Evidence, SignedNote, VerifierKey};

/// Why the memory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MemoryError {
    /// The file is damaged. It is not deleted: it may be evidence.
    #[error("{} is damaged: {cause}", path.display())]
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

/// What is remembered of one ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// The origin of its checkpoints.
    pub origin: String,
    /// The log's verifier key.
    pub log_key: String,
    /// The newest checkpoint that was verified, as a signed note.
    pub checkpoint: Option<String>,
    /// The addresses of servers that kept it.
    pub servers: Vec<String>,
}

/// Where the client remembers: a folder, or nowhere beyond its own life.
#[derive(Debug)]
pub struct Memory {
    folder: Option<PathBuf>,
    volatile: Mutex<Vec<Remembered>>,
}

impl Memory {
    /// Remembers in files below the home of a client.
    pub fn in_home(home: &Path) -> Self {
        Self {
            folder: Some(home.join("ledgers")),
            volatile: Mutex::default(),
        }
    }

    /// Forgets everything when the process ends: for demonstrations and load.
    pub fn volatile() -> Self {
        Self {
            folder: None,
            volatile: Mutex::default(),
        }
    }

    /// What is remembered of the ledger of an origin.
    pub fn ledger(&self, origin: &str) -> Result<Option<Remembered>, MemoryError> {
        match self.file(origin) {
            Some(path) => read(&path),
            None => Ok(self.in_process(|all| {
                all.iter()
                    .find(|remembered| remembered.origin == origin)
                    .cloned()
            })),
        }
    }

    /// What is remembered of the ledger that a server kept.
    pub fn ledger_of_server(&self, server: &str) -> Result<Option<Remembered>, MemoryError> {
        let kept = |remembered: &Remembered| remembered.servers.iter().any(|it| it == server);
        let Some(folder) = &self.folder else {
            return Ok(self.in_process(|all| all.iter().find(|it| kept(it)).cloned()));
        };
        for path in json_files(folder)? {
            if let Some(remembered) = read(&path)?.filter(kept) {
                return Ok(Some(remembered));
            }
        }
        Ok(None)
    }

    /// Remembers a ledger's key and server.
    pub fn pin(
        &self,
        origin: &str,
        log_key: &VerifierKey,
        server: &str,
    ) -> Result<(), MemoryError> {
        self.change(origin, |remembered| {
            let mut remembered = remembered.unwrap_or_else(|| Remembered {
                origin: origin.to_owned(),
                log_key: log_key.to_string(),
                checkpoint: None,
                servers: Vec::new(),
            });
            remembered.log_key = log_key.to_string();
            if !remembered.servers.iter().any(|it| it == server) {
                remembered.servers.push(server.to_owned());
            }
            (Some(remembered), ())
        })
    }

    /// Remembers a newer checkpoint in place of the expected one. If another
    /// one is remembered meanwhile, nothing is changed and that one returned.
    pub(crate) fn advance(
        &self,
        expected: Option<&SignedNote>,
        newer: &SignedNote,
        log_key: &VerifierKey,
    ) -> Result<Result<(), Option<String>>, MemoryError> {
        let origin = log_key.name().as_str();
        self.change(origin, |remembered| {
            let current = remembered.as_ref().and_then(|it| it.checkpoint.clone());
            if current.as_deref() != expected.map(SignedNote::as_str) {
                return (None, Err(current));
            }
            // The key that was pinned stays, whichever of the log's keys has verified this one.
            let next = remembered.unwrap_or_else(|| Remembered {
                origin: origin.to_owned(),
                log_key: log_key.to_string(),
                checkpoint: None,
                servers: Vec::new(),
            });
            let checkpoint = Some(newer.as_str().to_owned());
            (Some(Remembered { checkpoint, ..next }), Ok(()))
        })
    }

    /// Keeps a file of evidence, if there is a folder to put it in.
    pub(crate) fn keep_evidence(&self, evidence: &Evidence) -> Option<PathBuf> {
        let folder = self.folder.as_ref()?.parent()?.join("evidence");
        evidence::keep(&folder, evidence).ok()
    }

    /// Reads, changes and writes what is remembered of a ledger, alone.
    fn change<T>(
        &self,
        origin: &str,
        change: impl FnOnce(Option<Remembered>) -> (Option<Remembered>, T),
    ) -> Result<T, MemoryError> {
        let Some(path) = self.file(origin) else {
            return Ok(self.in_process(|all| {
                let index = all.iter().position(|it| it.origin == origin);
                let (next, answer) = change(index.map(|index| all[index].clone()));
                match (next, index) {
                    (Some(next), Some(index)) => all[index] = next,
                    (Some(next), None) => all.push(next),
                    (None, _) => {}
                }
                answer
            }));
        };
        let _lock = lock(&path)?;
        let (next, answer) = change(read(&path)?);
        if let Some(next) = next {
            write(&path, next)?;
        }
        Ok(answer)
    }

    fn in_process<T>(&self, work: impl FnOnce(&mut Vec<Remembered>) -> T) -> T {
        let mut all = self
            .volatile
            .lock()
            .expect("nothing panics while it holds this lock");
        work(&mut all)
    }

    fn file(&self, origin: &str) -> Option<PathBuf> {
        self.folder
            .as_ref()
            .map(|folder| folder.join(format!("{}.json", file_name(origin))))
    }
}

/// The checkpoint of a note that was verified before it was remembered.
pub(crate) fn parse_remembered(note: &str) -> Option<(SignedNote, Checkpoint)> {
    let note = SignedNote::parse(note.as_bytes()).ok()?;
    let checkpoint = note.unverified_text().parse().ok()?;
    Some((note, checkpoint))
}

#[cfg(test)]
mod tests;
