//! Whom a reader trusts: C2SP tlog-policy, the text of 2026.
//!
//! A policy names logs, witnesses, and how many of these must have cosigned a checkpoint. It is the
//! reader's own file: no server hands it out. What it says of a checkpoint is a [`Verdict`].

mod fault;
mod parse;
mod quorum;
#[cfg(test)]
mod tests;

use std::fmt;

use thiserror::Error;

use super::checkpoint::{Checkpoint, CheckpointError};
use super::name::KeyName;
use super::note::{NoteError, SignedNote};
use super::vkey::VerifierKey;

pub use fault::{PolicyError, PolicyFault};
use quorum::Quorum;

/// What a policy file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    logs: Vec<PolicyLog>,
    witnesses: Vec<PolicyWitness>,
    quorum: Quorum,
}

/// One `log` line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyLog {
    /// The key, named by the log's origin: of type 0x01 or 0x06.
    pub key: VerifierKey,
    /// Where the log is served, if the file says so.
    pub url: Option<Octets>,
}

/// One `witness` line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyWitness {
    /// What this file calls the witness; it means nothing elsewhere.
    pub name: Octets,
    /// The key: of type 0x04 or 0x06.
    pub key: VerifierKey,
    /// The witness' submission prefix, if the file says so.
    pub url: Option<Octets>,
}

/// A word of a policy file. It should be UTF-8, but need not be: two are the same if their bytes
/// are. `Display` shows what is not UTF-8 as U+FFFD.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Octets(Vec<u8>);

/// What a policy says of a checkpoint that one of its logs has signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict<'p> {
    /// The checkpoint.
    pub checkpoint: Checkpoint,
    /// The keys of the log that have signed it: at least one.
    pub logs: Vec<&'p PolicyLog>,
    /// The witnesses of the policy that have cosigned it, in the order of their lines in the note.
    pub cosignatures: Vec<PolicyCosignature<'p>>,
    /// How far it can be relied on.
    pub standing: Standing,
}

/// A cosignature by a witness of the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolicyCosignature<'p> {
    /// The witness.
    pub witness: &'p PolicyWitness,
    /// When it cosigned, in seconds since 1970.
    pub time_s: u64,
}

/// How far a checkpoint can be relied on under a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The log has signed it, and enough witnesses have cosigned it.
    Witnessed,
    /// The log has signed it, and the policy asks for no witness.
    Logged,
    /// The log has signed it, but not enough witnesses have cosigned it: it is not valid under this
    /// policy.
    Unwitnessed,
}

/// Why a policy says nothing of a note.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PolicyRefusal {
    /// The note is not a checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// No `log` line is about this log.
    #[error("the policy does not name the log {0}")]
    UnknownLog(KeyName),
    /// No key of the log that the policy names has signed.
    #[error("no key that the policy names for {0} has signed the checkpoint")]
    NotSigned(KeyName),
    /// A key of the policy did not make the line that bears its name and id.
    #[error(transparent)]
    Note(#[from] NoteError),
}

impl Policy {
    /// Reads a policy file, strictly.
    ///
    /// # Errors
    /// [`PolicyError`] says in which line what has to be changed.
    pub fn parse(bytes: &[u8]) -> Result<Self, PolicyError> {
        parse::policy(bytes)
    }

    /// The policy that trusts one log and asks for no witness.
    pub fn of_log(key: VerifierKey) -> Self {
        Self {
            logs: vec![PolicyLog { key, url: None }],
            witnesses: Vec::new(),
            quorum: Quorum::none(),
        }
    }

    /// The same witnesses and quorum for one more log.
    #[must_use]
    pub fn with_log(mut self, key: VerifierKey) -> Self {
        if self.logs.iter().all(|log| log.key != key) {
            self.logs.push(PolicyLog { key, url: None });
        }
        self
    }

    /// The logs, in the order of the file; there may be none.
    pub fn logs(&self) -> &[PolicyLog] {
        &self.logs
    }

    /// The witnesses, in the order of the file; there may be none.
    pub fn witnesses(&self) -> &[PolicyWitness] {
        &self.witnesses
    }

    /// Whether any witness at all must have cosigned.
    pub fn asks_for_witnesses(&self) -> bool {
        !self.quorum.is_none()
    }

    /// Judges a checkpoint: who has signed it, and whether that is enough.
    ///
    /// # Errors
    /// [`PolicyRefusal`] if no log of the policy has signed it, or if a line of a key of the policy
    /// is wrong. That too few witnesses have cosigned is no error: see [`Standing`].
    pub fn check(&self, note: &SignedNote) -> Result<Verdict<'_>, PolicyRefusal> {
        let unverified: Checkpoint = note.unverified_text().parse()?;
        let logs = self.logs_that_signed(note, unverified.origin())?;
        let checkpoint = unverified.signed_by(logs.iter().map(|log| log.key.algorithm()));
        let cosignatures = self.cosignatures(note)?;
        let has_cosigned = |index: usize| {
            let witness = &self.witnesses[index];
            cosignatures.iter().any(|one| one.witness == witness)
        };
        let standing = if self.quorum.is_none() {
            Standing::Logged
        } else if self.quorum.is_met(has_cosigned) {
            Standing::Witnessed
        } else {
            Standing::Unwitnessed
        };
        Ok(Verdict {
            checkpoint,
            logs,
            cosignatures,
            standing,
        })
    }

    /// The name of a log's key is its origin, so only keys of this name can sign for it.
    fn logs_that_signed(
        &self,
        note: &SignedNote,
        origin: &KeyName,
    ) -> Result<Vec<&PolicyLog>, PolicyRefusal> {
        let named: Vec<&PolicyLog> = self
            .logs
            .iter()
            .filter(|log| log.key.name() == origin)
            .collect();
        if named.is_empty() {
            return Err(PolicyRefusal::UnknownLog(origin.clone()));
        }
        let keys: Vec<VerifierKey> = named.iter().map(|log| log.key.clone()).collect();
        let signatures = note.signatures(&keys)?;
        let has_signed = |log: &&PolicyLog| signatures.iter().any(|one| *one.key == log.key);
        let signed: Vec<&PolicyLog> = named.into_iter().filter(has_signed).collect();
        if signed.is_empty() {
            return Err(PolicyRefusal::NotSigned(origin.clone()));
        }
        Ok(signed)
    }

    fn cosignatures(&self, note: &SignedNote) -> Result<Vec<PolicyCosignature<'_>>, NoteError> {
        let keys: Vec<VerifierKey> = self.witnesses.iter().map(|one| one.key.clone()).collect();
        let signatures = note.signatures(&keys)?;
        let cosignatures = signatures.iter().filter_map(|signature| {
            let mut witnesses = self.witnesses.iter();
            let witness = witnesses.find(|witness| witness.key == *signature.key)?;
            // A witness must state a time (C2SP tlog-witness); without one it has only said that
            // the tree is consistent, not that it was the largest.
            let time_s = signature.time_s?;
            Some(PolicyCosignature { witness, time_s })
        });
        Ok(cosignatures.collect())
    }
}

impl Verdict<'_> {
    /// Whether the checkpoint is valid under the policy: the log has signed, and the quorum is met.
    pub fn is_quorum_met(&self) -> bool {
        match self.standing {
            Standing::Witnessed | Standing::Logged => true,
            Standing::Unwitnessed => false,
        }
    }
}

impl Octets {
    /// The bytes: neither control characters nor spaces, and at least one.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The word as text, if it is UTF-8.
    pub fn as_str(&self) -> Option<&str> {
        str::from_utf8(&self.0).ok()
    }
}

impl fmt::Display for Octets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0))
    }
}
