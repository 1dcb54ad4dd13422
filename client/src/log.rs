//! The log as this client knows it: its key, and the newest checkpoint that
//! was verified. Every checkpoint that a server shows must be of the same log:
//! an older state of it, or one that extends it, with proof.

use std::collections::BTreeMap;
use std::sync::Arc;

use ledger::entry::Seen;
use ledger::log::{
    Checkpoint, CheckpointError, Hash, SignedNote, TreeSize, VerifierKey, verify_consistency,
};
use proto::v1;
use tokio::sync::Mutex;
use tonic::Code;

use crate::connect::Connection;
use crate::error::{ClientError, Unverified};
use crate::evidence;
use crate::follow::compare::{Compared, compare};
use crate::memory::{Memory, parse_remembered};

/// How many verified checkpoints are kept to recognise them when they come
/// again: answers to entries of one commit share theirs.
const RECENT_MAX: usize = 1024;

/// The log of one ledger; shared by all that act on it in this process.
pub struct KnownLog {
    key: VerifierKey,
    memory: Arc<Memory>,
    recent: Mutex<BTreeMap<TreeSize, Hash>>,
}

/// A checkpoint with its note, which the log has signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Signed {
    pub(crate) note: SignedNote,
    pub(crate) checkpoint: Checkpoint,
}

impl Signed {
    /// Checks that the log with this key has signed a note.
    pub(crate) fn verify(note: SignedNote, key: &VerifierKey) -> Result<Self, CheckpointError> {
        let checkpoint = Checkpoint::verify(&note, key)?;
        Ok(Self { note, checkpoint })
    }
}

impl KnownLog {
    /// The log with this key, as far as it is remembered.
    pub fn new(key: VerifierKey, memory: Arc<Memory>) -> Self {
        Self {
            key,
            memory,
            recent: Mutex::default(),
        }
    }

    /// The log's key.
    pub fn key(&self) -> &VerifierKey {
        &self.key
    }

    /// The origin of the ledger, which every entry names.
    pub fn origin(&self) -> &str {
        self.key.name().as_str()
    }

    /// The newest checkpoint that was verified, as entries name it.
    ///
    /// # Errors
    /// [`ClientError::Memory`].
    pub fn seen(&self) -> Result<Option<Seen>, ClientError> {
        let newest = self.newest()?;
        Ok(newest.map(|it| Seen {
            size: it.checkpoint.size(),
            root: it.checkpoint.root(),
        }))
    }

    /// Checks a checkpoint that a server shows: signed by the log, and of the
    /// history that was seen before. A newer one is remembered; an older one
    /// is accepted and does not shorten the memory.
    ///
    /// # Errors
    /// [`ClientError::Unverified`]; if two histories contradict each other, the
    /// evidence is saved.
    pub async fn accept(
        &self,
        connection: &Connection,
        note: SignedNote,
    ) -> Result<Checkpoint, ClientError> {
        let stated = Signed::verify(note, &self.key).map_err(Unverified::from)?;
        let (size, root) = (stated.checkpoint.size(), stated.checkpoint.root());
        // Held while a proof is fetched, so that one is enough for all who wait.
        let mut recent = self.recent.lock().await;
        if recent.get(&size) != Some(&root) {
            self.follow(connection, &stated).await?;
            recent.insert(size, root);
            if recent.len() > RECENT_MAX {
                recent.pop_first();
            }
        }
        Ok(stated.checkpoint)
    }

    /// Compares with the memory until nobody else has changed it meanwhile.
    async fn follow(&self, connection: &Connection, stated: &Signed) -> Result<(), ClientError> {
        loop {
            let known = self.newest()?;
            if let Some(known) = &known {
                self.compare(connection, known, stated).await?;
                if stated.checkpoint.size() <= known.checkpoint.size() {
                    return Ok(());
                }
            }
            let expected = known.as_ref().map(|known| &known.note);
            if self
                .memory
                .advance(expected, &stated.note, &self.key)?
                .is_ok()
            {
                return Ok(());
            }
        }
    }

    /// Asks for the proof that the smaller tree is the beginning of the larger.
    async fn compare(
        &self,
        connection: &Connection,
        known: &Signed,
        stated: &Signed,
    ) -> Result<(), ClientError> {
        let (mut old, mut new) = (&known.checkpoint, &stated.checkpoint);
        if old.size() > new.size() {
            (old, new) = (new, old);
        }
        let hashes = if old.size() == new.size() || old.size() == TreeSize::ZERO {
            Vec::new()
        } else {
            match consistency_proof(connection, old.size(), new.size()).await {
                // The log signed both trees, and its server cannot say how they
                // hang together.
                Err(ClientError::Refused(refusal)) if denies(refusal.code) => {
                    let cause = refusal.to_string();
                    return Err(self.forked(connection, known, stated, &[], &cause).await);
                }
                hashes => hashes?,
            }
        };
        match verify_consistency(old.size(), old.root(), new.size(), new.root(), &hashes) {
            Ok(()) => Ok(()),
            Err(error) => {
                let cause = error.to_string();
                Err(self
                    .forked(connection, known, stated, &hashes, &cause)
                    .await)
            }
        }
    }

    /// Keeps what there is: best the beginning of the larger tree by its tiles, if the server has
    /// them; else what its own proof shows, which is nothing for a size that is a power of two.
    async fn forked(
        &self,
        connection: &Connection,
        known: &Signed,
        stated: &Signed,
        proof: &[Hash],
        cause: &str,
    ) -> ClientError {
        let (mut smaller, mut larger) = (known, stated);
        if smaller.checkpoint.size() > larger.checkpoint.size() {
            (smaller, larger) = (larger, smaller);
        }
        let evidence = match compare(connection, &self.key, smaller, larger).await {
            Ok(Compared::Forked(evidence)) => *evidence,
            _ => evidence::fork(&self.key, known, stated, proof),
        };
        let evidence = self.memory.keep_evidence(&evidence);
        let forked = Unverified::Forked {
            known: known.checkpoint.size(),
            stated: stated.checkpoint.size(),
            cause: cause.to_owned(),
            evidence,
        };
        forked.into()
    }

    fn newest(&self) -> Result<Option<Signed>, ClientError> {
        let remembered = self.memory.ledger(self.origin())?;
        let note = remembered.and_then(|remembered| remembered.checkpoint);
        let signed = note.as_deref().and_then(parse_remembered);
        Ok(signed.map(|(note, checkpoint)| Signed { note, checkpoint }))
    }
}

/// Whether a refusal says that there is no such proof, not only that it is not
/// given here and now.
fn denies(code: Code) -> bool {
    let denials = [
        Code::InvalidArgument,
        Code::OutOfRange,
        Code::NotFound,
        Code::FailedPrecondition,
    ];
    denials.contains(&code)
}

async fn consistency_proof(
    connection: &Connection,
    old: TreeSize,
    new: TreeSize,
) -> Result<Vec<Hash>, ClientError> {
    let request = v1::GetConsistencyProofRequest {
        old_tree_size: wire_count(old.get()),
        new_tree_size: wire_count(new.get()),
    };
    let mut ledger = connection.ledger();
    let answer = connection
        .call(ledger.get_consistency_proof(request))
        .await?;
    hashes(&answer.hashes)
}

/// Reads the hashes of a proof.
pub(crate) fn hashes(hashes: &[Vec<u8>]) -> Result<Vec<Hash>, ClientError> {
    hashes.iter().map(|hash| hash_of(hash)).collect()
}

/// Reads a hash.
pub(crate) fn hash_of(bytes: &[u8]) -> Result<Hash, ClientError> {
    let bytes = bytes.try_into();
    bytes
        .map(Hash::from_bytes)
        .map_err(|_| ClientError::Answer("a hash has 32 bytes".to_owned()))
}

/// A count as messages carry it; none that exists is above 2^63.
pub(crate) fn wire_count(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A count as messages carry it, read.
pub(crate) fn count_of(count: i64) -> Result<u64, ClientError> {
    u64::try_from(count).map_err(|_| ClientError::Answer("a count is negative".to_owned()))
}

#[cfg(test)]
mod tests;
