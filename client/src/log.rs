//! The log as this client knows it: its key, and the newest checkpoint that
//! was verified. Every checkpoint that a server shows must be of the same log:
//! an older state of it, or one that extends it, with proof.

use std::collections::BTreeMap;
use std::sync::Arc;

use ledger::entry::Seen;
use ledger::log::{Checkpoint, Hash, SignedNote, TreeSize, VerifierKey, verify_consistency};
use proto::v1;
use tokio::sync::Mutex;
use tonic::Code;

use crate::connect::Connection;
use crate::error::{ClientError, Unverified};
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

/// A checkpoint with its note.
struct Signed {
    note: SignedNote,
    checkpoint: Checkpoint,
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
        let checkpoint = Checkpoint::verify(&note, &self.key).map_err(Unverified::from)?;
        let stated = Signed { note, checkpoint };
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
                    return Err(self.forked(known, stated, &refusal.to_string()));
                }
                hashes => hashes?,
            }
        };
        verify_consistency(old.size(), old.root(), new.size(), new.root(), &hashes)
            .map_err(|error| self.forked(known, stated, &error.to_string()))
    }

    fn forked(&self, known: &Signed, stated: &Signed, cause: &str) -> ClientError {
        let evidence = self.memory.save_evidence(&known.note, &stated.note, cause);
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
mod tests {
    use ledger::SecretKey;
    use ledger::log::{NoteSigner, leaf_hash};

    use super::*;
    use crate::connect::Address;
    use crate::testing::Folder;

    const ORIGIN: &str = "street.example/ledger";

    fn signer(seed: u8) -> NoteSigner {
        NoteSigner::new(ORIGIN.parse().unwrap(), SecretKey::from_seed(&[seed; 32]))
    }

    fn note(size: u64, root: &[u8], seed: u8) -> SignedNote {
        let (origin, size) = (ORIGIN.parse().unwrap(), TreeSize::new(size));
        Checkpoint::new(origin, size, leaf_hash(root))
            .sign(&[signer(seed)])
            .unwrap()
    }

    /// A log that has seen three records, and no server to ask.
    async fn seen(home: &Folder) -> (KnownLog, Connection) {
        let memory = Arc::new(Memory::in_home(home.path()));
        let log = KnownLog::new(signer(1).verifier_key(), memory);
        let nowhere = Connection::lazy(&Address::new("http://127.0.0.1:1")).unwrap();
        log.accept(&nowhere, note(3, b"a", 1)).await.unwrap();
        (log, nowhere)
    }

    #[tokio::test]
    async fn the_same_checkpoint_again_needs_no_proof() {
        let home = Folder::new();
        let (log, nowhere) = seen(&home).await;
        log.accept(&nowhere, note(3, b"a", 1)).await.unwrap();
        assert_eq!(log.seen().unwrap().unwrap().size, TreeSize::new(3));
    }

    #[tokio::test]
    async fn two_roots_of_one_size_are_a_fork_and_leave_evidence() {
        let home = Folder::new();
        let (log, nowhere) = seen(&home).await;
        let error = log.accept(&nowhere, note(3, b"b", 1)).await.unwrap_err();
        assert_eq!((error.reason(), error.exit_code()), ("LOG_FORKED", 3));
        let ClientError::Unverified(fork) = error else {
            panic!("{error}")
        };
        let Unverified::Forked {
            evidence: Some(file),
            ..
        } = *fork
        else {
            panic!("{fork}")
        };
        let text = std::fs::read_to_string(file).unwrap();
        assert!(text.contains(note(3, b"a", 1).as_str()));
        assert!(text.contains(note(3, b"b", 1).as_str()));
        assert_eq!(log.seen().unwrap().unwrap().root, leaf_hash(b"a"));
    }

    #[tokio::test]
    async fn a_proof_that_cannot_be_fetched_accuses_nobody_and_proves_nothing() {
        let home = Folder::new();
        let (log, nowhere) = seen(&home).await;
        for size in [2, 4] {
            let error = log.accept(&nowhere, note(size, b"b", 1)).await.unwrap_err();
            assert_eq!(error.reason(), "NO_CONNECTION");
        }
        assert_eq!(log.seen().unwrap().unwrap().size, TreeSize::new(3));
    }

    #[tokio::test]
    async fn a_checkpoint_of_another_signer_is_refused() {
        let home = Folder::new();
        let (log, nowhere) = seen(&home).await;
        let error = log.accept(&nowhere, note(4, b"b", 2)).await.unwrap_err();
        assert_eq!(error.reason(), "CHECKPOINT_UNVERIFIED");
    }
}
