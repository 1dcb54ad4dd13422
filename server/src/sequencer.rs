//! The sequencer: the one writer of a process.
//!
//! It takes all that waits in the queue, judges it in order by the rules,
//! extends the tree, signs the checkpoint, and commits everything in one
//! transaction: group commit without a timer, for while one commit runs the
//! next group gathers. An answer leaves only after the commit; the guard is
//! written beside the answers, and is one commit behind at most; it follows what
//! other servers have signed whenever the head is loaded.
//!
//! Several servers may share a database. Each works on what it believes to be
//! the head; the commit compares, and whoever was too late loads the head and
//! judges again. So does who finds that the database was put back meanwhile: the
//! head must extend what this process knows to be signed.
//!
//! When somebody outside of the database has seen a tree that it does not
//! extend, nothing is appended but the entry that gives this tree up: see
//! [`crate::ahead`].

mod draft;
mod head;
mod standing;

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, OnceLock};

use ledger::log::{Checkpoint, Hash, KeyName, NoteSigner, Position, Prover};
use ledger::log::{Tile, TileId, Tree, TreeSize, leaf_hash};
use ledger::{Entry, EntryId, Millis, Record, Rejection, SignedEntry, State};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

use self::draft::Draft;
use crate::ahead::{Behind, Claim, Claims, of_guard};
use crate::clock::Clock;
use crate::guard::{Guard, Guarded, Remembered};
use crate::queue::Place;
use crate::store::{Batch, Store, StoreError};

/// Most entries in one commit.
const GROUP_MAX: usize = 2_048;
/// State rows kept in memory before all are forgotten, at about 300 bytes each.
const ROWS_MAX: usize = 200_000;

/// An entry that passed admission, on its way to the log.
#[derive(Debug, Clone)]
pub struct Admitted {
    /// What was signed.
    pub signed: SignedEntry,
    /// What it says, and under which key; the sequencer fills in its place.
    pub record: Record,
    /// Whether the signature is verified. It is not if the key was not
    /// registered yet when the entry came in.
    pub verified: bool,
}

impl Admitted {
    /// An entry as it was read from the signed bytes.
    pub fn new(signed: SignedEntry, entry: Entry, verified: bool) -> Self {
        let key_id = signed.key_id;
        let record = Record {
            position: Position::ZERO,
            recorded: Millis::new(0),
            key_id,
            entry,
        };
        Self {
            signed,
            record,
            verified,
        }
    }
}

/// What became of an entry.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// It is in the log, durably.
    Recorded(Recorded),
    /// The rules refuse it.
    Refused(Rejection),
    /// Nothing is appended, because the database is behind.
    Withheld(Arc<Behind>),
    /// It gives up a tree, and the database lacks none.
    NothingToAdopt,
}

/// Where an entry is recorded.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// Its position.
    pub position: Position,
    /// The server's time.
    pub recorded: Millis,
    /// The commit that recorded it, unless that was an earlier one.
    pub commit: Option<Arc<Commit>>,
}

/// A commit: enough to prove each of its records without asking the database.
#[derive(Debug)]
pub struct Commit {
    /// The size of the log before it.
    pub old_size: TreeSize,
    /// The size of the log after it.
    pub size: TreeSize,
    /// The checkpoint over it: a signed note.
    pub checkpoint: Vec<u8>,
    /// The tiles on the paths of its records.
    tiles: HashMap<TileId, Tile>,
    prover: OnceLock<Prover>,
}

/// Entries to append in their order, and where to answer.
#[derive(Debug)]
pub struct Submission {
    /// The entries.
    pub entries: Vec<Admitted>,
    /// Gets one outcome for each entry. Dropped without an answer if the
    /// outcome is unknown: the same entries may be submitted again.
    pub reply: oneshot::Sender<Vec<Outcome>>,
    /// Kept until they are answered.
    pub place: Place,
}

/// Why the sequencer cannot start or go on.
#[derive(Debug, thiserror::Error)]
pub enum Stopped {
    /// The database failed in a way that forbids to go on.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The guard file failed.
    #[error("the guard file cannot be written: {0}")]
    Guard(#[source] std::io::Error),
    /// An assertion of the rules has failed.
    #[error("the sequencer has panicked: what it asserts does not hold")]
    Broken,
}

/// What goes on in a sequencer, for those around it.
#[derive(Debug, Clone)]
pub struct Signals {
    /// The size of the log, told after each commit of this process.
    pub size: watch::Receiver<TreeSize>,
    /// Why nothing is appended, if so.
    pub behind: watch::Receiver<Option<Arc<Behind>>>,
    /// Where to tell what others have seen.
    pub claims: Claims,
}

/// The one writer.
pub struct Sequencer {
    store: Arc<dyn Store>,
    origin: KeyName,
    signers: Vec<NoteSigner>,
    clock: Clock,
    guard: Guard,
    /// The guard as it will be when the write that runs has ended.
    guarding: Option<JoinHandle<io::Result<Guard>>>,
    recorded: Millis,
    highest_id: Option<EntryId>,
    tree: Tree,
    /// What the tree declares to be lost: for each declaration, the tree that ends
    /// with it.
    declared: Vec<Guarded>,
    state: State,
    size: watch::Sender<TreeSize>,
    claims: mpsc::Receiver<Claim>,
    /// Claims that the database does not meet, as far as is known.
    unmet: Vec<Claim>,
    behind: watch::Sender<Option<Arc<Behind>>>,
}

impl Sequencer {
    /// Loads the head, and weighs what the guard and others have seen.
    ///
    /// # Errors
    /// [`Stopped`].
    pub async fn start(
        store: Arc<dyn Store>,
        origin: KeyName,
        signers: Vec<NoteSigner>,
        clock: Clock,
        guard: Guard,
        mut unmet: Vec<Claim>,
    ) -> Result<(Self, Signals), Stopped> {
        unmet.extend(of_guard(&guard));
        let (size, sizes) = watch::channel(TreeSize::ZERO);
        let (behind, told) = watch::channel(None);
        let (tell, claims) = Claims::channel();
        let mut sequencer = Self {
            store,
            origin,
            signers,
            clock,
            guard,
            guarding: None,
            recorded: Millis::new(0),
            highest_id: None,
            tree: Tree::new(),
            declared: Vec::new(),
            state: State::unknown(),
            size,
            claims,
            unmet,
            behind,
        };
        sequencer.load_head().await?;
        sequencer.weigh().await?;
        let signals = Signals {
            size: sizes,
            behind: told,
            claims: tell,
        };
        Ok((sequencer, signals))
    }

    /// Works until every sender of the queue is gone: then all that was queued
    /// is answered.
    ///
    /// # Errors
    /// [`Stopped`] when it must not go on; then what it had in hand is not
    /// answered, and the process has to stop.
    pub async fn run(
        mut self,
        mut queue: mpsc::UnboundedReceiver<Submission>,
    ) -> Result<(), Stopped> {
        while let Some(first) = self.next(&mut queue).await? {
            let mut entries = first.entries.len();
            let mut group = vec![first];
            while entries < GROUP_MAX {
                let Ok(next) = queue.try_recv() else { break };
                entries += next.entries.len();
                group.push(next);
            }
            self.work(group).await?;
        }
        self.end_guarding().await
    }

    /// Appends a group and answers it.
    async fn work(&mut self, group: Vec<Submission>) -> Result<(), Stopped> {
        let mut entries = Vec::new();
        let mut replies = Vec::with_capacity(group.len());
        for submission in group {
            replies.push((submission.entries.len(), submission.reply, submission.place));
            entries.extend(submission.entries);
        }
        let outcomes = match self.append(&mut entries).await {
            Ok(outcomes) => outcomes,
            Err(Stopped::Store(StoreError::Unavailable(error))) => {
                tracing::warn!(%error, "the database is not available; nothing was appended");
                self.state = State::unknown();
                self.doubt();
                return Ok(());
            }
            Err(stopped) => return Err(stopped),
        };
        let mut outcomes = outcomes.into_iter();
        for (entries, reply, _place) in replies {
            // Whoever has gone away may ask again.
            let _ = reply.send(outcomes.by_ref().take(entries).collect());
        }
        Ok(())
    }

    /// Appends entries, again if another server was faster.
    async fn append(&mut self, entries: &mut [Admitted]) -> Result<Vec<Outcome>, Stopped> {
        loop {
            self.weigh_unmet().await?;
            match self.try_append(entries).await {
                Err(Stopped::Store(StoreError::Conflict)) => {
                    let believed = self.tree.root();
                    self.doubt();
                    self.weigh_unmet().await?;
                    if self.tree.root() == believed {
                        let what = "records collide, or state rows contradict each other, though \
                                    nobody has appended"
                            .to_owned();
                        return Err(StoreError::Corrupt(what).into());
                    }
                }
                outcome => return outcome,
            }
        }
    }

    async fn try_append(&mut self, entries: &mut [Admitted]) -> Result<Vec<Outcome>, Stopped> {
        if self.state.len() > ROWS_MAX {
            self.state = State::unknown();
        }
        let recorded = self.clock.now().max(self.recorded);
        let ids: Vec<EntryId> = entries
            .iter()
            .map(|admitted| admitted.record.entry.id)
            .collect();
        let known = self.recorded_before(&ids).await?;
        let mut draft = Draft::new(
            &*self.store,
            &mut self.state,
            self.tree.size(),
            recorded,
            known,
            self.behind.borrow().clone(),
        );
        let verdicts = match draft.judge_all(entries).await {
            Ok(verdicts) => verdicts,
            Err(error) => {
                self.state = State::unknown();
                return Err(error.into());
            }
        };
        let draft = draft.finish()?;
        if draft.leaves.is_empty() {
            self.check_head(&verdicts).await?;
            return Ok(verdicts);
        }
        let commit = Arc::new(self.commit(draft, recorded, entries).await?);
        // After an adoption: does the database meet every claim now?
        self.weigh_unmet().await?;
        Ok(verdicts
            .into_iter()
            .map(|verdict| verdict.with(&commit))
            .collect())
    }

    /// Checks that refusals which no commit confirms were judged at the head:
    /// another server may have recorded what they lack.
    async fn check_head(&self, verdicts: &[Outcome]) -> Result<(), StoreError> {
        let refused = |verdict: &Outcome| matches!(verdict, Outcome::Refused(_));
        if verdicts.iter().any(refused) && self.store.head().await?.size != self.tree.size() {
            return Err(StoreError::Conflict);
        }
        Ok(())
    }

    /// Where those entries are that were recorded before. Ids are in time
    /// order, so that one above the highest needs no question.
    async fn recorded_before(
        &self,
        ids: &[EntryId],
    ) -> Result<HashMap<EntryId, Position>, StoreError> {
        let old = |id: &&EntryId| self.highest_id.is_some_and(|highest| **id <= highest);
        let old: Vec<EntryId> = ids.iter().filter(old).copied().collect();
        if old.is_empty() {
            return Ok(HashMap::new());
        }
        Ok(self.store.positions(&old).await?.into_iter().collect())
    }

    /// Commits what was judged. On any error the memory is behind or ahead of
    /// the database, and forgotten.
    async fn commit(
        &mut self,
        draft: draft::Finished,
        recorded: Millis,
        entries: &[Admitted],
    ) -> Result<Commit, Stopped> {
        let old_size = self.tree.size();
        let mut tree = self.tree.clone();
        let tiles = tree.extend(draft.leaves.iter().map(|(_, leaf)| leaf_hash(leaf)));
        let root = tree.root();
        let checkpoint = Checkpoint::new(self.origin.clone(), tree.size(), root);
        let note = checkpoint
            .sign(&self.signers)
            .expect("a checkpoint is a text that notes may have");
        let records = draft
            .leaves
            .into_iter()
            .map(|(entry, leaf)| crate::store::NewRecord {
                entry_id: entries[entry].record.entry.id,
                leaf,
            });
        let batch = Batch {
            old_size,
            recorded,
            records: records.collect(),
            tiles,
            checkpoint: note.as_bytes().to_vec(),
            postings: draft.postings,
            rows: draft.rows,
        };
        if let Err(error) = self.store.commit(&batch).await {
            self.state = State::unknown();
            return Err(error.into());
        }
        let guarded = Guarded {
            size: tree.size(),
            root,
        };
        self.start_guarding(guarded).await?;
        self.tree = tree;
        self.recorded = recorded;
        let highest = batch.records.iter().map(|record| record.entry_id).max();
        self.highest_id = self.highest_id.max(highest);
        self.size.send_replace(guarded.size);
        let edge = self.tree.edge();
        let tiles = edge.into_iter().chain(batch.tiles).collect();
        let prover = OnceLock::new();
        Ok(Commit {
            old_size,
            size: guarded.size,
            checkpoint: batch.checkpoint,
            tiles,
            prover,
        })
    }

    /// Has the guard remember a tree, while answers leave and the next group
    /// gathers. The tree before is remembered when this returns: the guard is
    /// one commit behind at most. After an adoption it moves when all is weighed,
    /// which is before that is answered.
    async fn start_guarding(&mut self, tree: Guarded) -> Result<(), Stopped> {
        self.end_guarding().await?;
        if self.behind.borrow().is_some() {
            return Ok(());
        }
        let declared = self.declared.clone();
        let mut guard = self.guard.clone();
        let write = move || {
            guard.remember(Remembered { tree, declared })?;
            Ok(guard)
        };
        self.guarding = Some(tokio::task::spawn_blocking(write));
        Ok(())
    }

    /// Waits until the guard has remembered.
    async fn end_guarding(&mut self) -> Result<(), Stopped> {
        if let Some(write) = self.guarding.take() {
            let written = write.await.expect("writing the guard does not panic");
            self.guard = written.map_err(Stopped::Guard)?;
        }
        Ok(())
    }
}

impl Outcome {
    /// Names the commit for an entry that it has recorded.
    fn with(mut self, commit: &Arc<Commit>) -> Self {
        if let Self::Recorded(recorded) = &mut self
            && commit.covers_first(recorded.position)
        {
            recorded.commit = Some(Arc::clone(commit));
        }
        self
    }
}

impl Commit {
    /// The inclusion proof of one of its records under its checkpoint.
    ///
    /// # Panics
    /// For a record of another commit.
    pub fn inclusion_proof(&self, position: Position) -> Vec<Hash> {
        let prover = self
            .prover
            .get_or_init(|| Prover::new(self.size, &self.tiles));
        let proof = prover.inclusion_proof(position);
        proof.expect("a commit has the tiles on the paths of its records")
    }

    /// Whether its checkpoint is the first that covers a position.
    fn covers_first(&self, position: Position) -> bool {
        self.size.contains(position) && !self.old_size.contains(position)
    }
}
