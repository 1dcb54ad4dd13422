//! The audit: a whole ledger recomputed from its bytes and compared with what
//! its server states.
//!
//! From the records alone follow the leaf hashes, every tile, the root, the
//! validity of every signature, the verdict of the rules on every entry, every
//! posting and every row of the state. The log key is all that is trusted: who
//! has a signed checkpoint and the records needs no server.
//!
//! Memory is that of the state, which is held twice, and of the ids of a year;
//! all else passes by. Bundles are fetched ahead (`fetch`), folded in order
//! (`fold`), and the signatures of one chunk are verified on all cores while
//! the next one is folded.
//!
//! A server appends while it is audited. So the stated state comes first, at a
//! size N; then a checkpoint of size M, not below N. The records up to N must
//! make that state, and those up to M the tree.
//!
//! [`Ongoing`] is the part of it that goes on as the log grows: see [`crate::follow`].

mod adopted;
mod blame;
mod fault;
pub(crate) mod fetch;
mod fold;
mod folder;
mod ongoing;
mod remote;
mod seen;
mod signatures;
mod source;
mod stated;
pub(crate) mod tiles;

use ledger::log::{Checkpoint, Hash, SignedNote, TreeSize, VerifierKey};
use ledger::{AccountId, Effects, Record, State};
use serde::{Serialize, Serializer};

pub use adopted::Adopted;
pub use fault::Fault;
pub use folder::FolderSource;
pub(crate) use folder::{CHECKPOINT_FILE, POSTINGS_FILE, STATE_FILE};
pub use ongoing::Ongoing;
pub use remote::ServerSource;
pub use signatures::Signatures;
pub use source::{Files, Source, SourceError};

use self::fold::{Fold, Stop};
use self::stated::StatedState;
use crate::clock::Stopwatch;
use crate::random::RandomError;

/// Why an audit did not pass.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The ledger is not what it states.
    #[error(transparent)]
    Fault(#[from] Box<Fault>),
    /// The ledger could not be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// There is no secret for checking signatures together.
    #[error(transparent)]
    Random(#[from] RandomError),
}

impl From<Fault> for AuditError {
    fn from(fault: Fault) -> Self {
        Self::Fault(Box::new(fault))
    }
}

impl AuditError {
    /// The exit code of the command: 3 for a fault, else that of the error.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Fault(_) => 3,
            Self::Source(error) => error.exit_code(),
            Self::Random(_) => 1,
        }
    }

    /// A stable name of what is wrong, in upper snake case.
    pub fn reason(&self) -> &str {
        match self {
            Self::Fault(fault) => fault.reason(),
            Self::Source(error) => error.reason(),
            Self::Random(_) => "NO_RANDOMNESS",
        }
    }
}

/// How far an audit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Records that are folded.
    pub done: u64,
    /// Records in all.
    pub total: u64,
}

/// What an audit has found to be true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditReport {
    /// The ledger.
    pub origin: String,
    /// Number of records, each with its signature and its verdict.
    pub tree_size: TreeSize,
    /// How these were checked.
    pub signatures: Signatures,
    /// The root over them, as the log has signed it, in hex.
    #[serde(serialize_with = "hex_text")]
    pub root: Hash,
    /// The tree size at which the stated state was compared.
    pub state_tree_size: TreeSize,
    /// State rows that were compared.
    pub state_rows: u64,
    /// Postings that were compared.
    pub postings: u64,
    /// Tiles that were compared.
    pub tiles: u64,
    /// What checkpoints, older than the record, members had seen and signed.
    pub seen_checkpoints: u64,
    /// Trees that the log's key has signed and that were given up, as operators
    /// have declared.
    pub adoptions: Vec<Adopted>,
    /// The accounts of members, and what they hold.
    pub members: Holdings,
    /// The pools of donated minutes.
    pub pool_minutes: i64,
    /// Minutes issued since the beginning.
    pub issued_minutes: i64,
    /// Minutes that have left circulation.
    pub retired_minutes: i64,
    /// The fund's money.
    pub cash_fen: i64,
    /// How long the audit took.
    pub duration_ms: u64,
}

/// What members hold together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Holdings {
    /// How many have an account.
    pub accounts: u64,
    /// Minutes free to use.
    pub available_minutes: i64,
    /// Minutes reserved for booked services.
    pub held_minutes: i64,
}

/// Who reads along while a ledger is audited. What is read is proven once the
/// audit has passed, and not before.
pub trait Reading: Send + 'static {
    /// Looks at a record and the state before it.
    fn before(&mut self, _record: &Record, _state: &State) {}

    /// Takes a record, what it did, and the state after it.
    fn read(&mut self, record: &Record, effects: &Effects, state: &State);

    /// Looks at the state after the last record.
    fn end(&mut self, _state: &State) {}
}

impl Reading for () {
    fn read(&mut self, _: &Record, _: &Effects, _: &State) {}
}

/// Audits a ledger under its log key. `progress` is called now and then.
///
/// # Errors
/// [`AuditError::Fault`] with the first bad position, [`AuditError::Source`].
///
/// # Panics
/// If the rules themselves are broken: see [`ledger::State::apply`].
pub async fn audit<S: Source>(
    source: S,
    log_key: &VerifierKey,
    progress: impl Fn(Progress) + Send + 'static,
) -> Result<AuditReport, AuditError> {
    let (report, ()) = audit_reading(source, log_key, Signatures::Each, (), progress).await?;
    Ok(report)
}

/// The same while somebody reads along, with the signatures checked one by one or
/// together.
///
/// # Errors
/// [`AuditError::Fault`] with the first bad position, [`AuditError::Source`].
///
/// # Panics
/// If the rules themselves are broken: see [`ledger::State::apply`].
pub async fn audit_reading<S: Source, R: Reading>(
    source: S,
    log_key: &VerifierKey,
    signatures: Signatures,
    reading: R,
    progress: impl Fn(Progress) + Send + 'static,
) -> Result<(AuditReport, R), AuditError> {
    let stopwatch = Stopwatch::start();
    let signature_checker = signatures.checker()?;
    let stated = StatedState::read(source.state()).await?;
    let state_size = stated.size();
    let checkpoint = checkpoint(&source, state_size, log_key).await?;
    let size = checkpoint.size();
    if state_size > size {
        return Err(Fault::StateAhead { state_size, size }.into());
    }
    let (tile_sender, tile_checker) = tiles::start(source.clone(), size);
    let report = AuditReport::begin(&checkpoint, stated.size(), signatures);
    let fold = Fold::new(
        reading,
        report,
        checkpoint.clone(),
        stated,
        source.postings(size),
        tile_sender,
    );
    let pieces = fetch::pieces(source.clone(), TreeSize::ZERO, size);
    let folded =
        tokio::task::spawn_blocking(move || fold.run(&signature_checker, pieces, &progress)).await;
    let folded = folded.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()));
    let checked = tile_checker.await;
    let checked = checked.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()));
    match (folded, checked) {
        // Its own fault, or one that the fold has met because of it.
        (Ok(_) | Err(Stop::CheckerEnded), Err(error)) => Err(error),
        (Err(Stop::Because(error)), _) => Err(blame::refine(&source, &checkpoint, error).await),
        (Err(Stop::CheckerEnded), Ok(_)) => {
            unreachable!("the checker of tiles ends when it has failed or been left")
        }
        (Ok((mut report, reading)), Ok(tiles)) => {
            report.tiles += tiles;
            report.duration_ms = u64::try_from(stopwatch.elapsed().as_millis()).unwrap_or(u64::MAX);
            Ok((report, reading))
        }
    }
}

async fn checkpoint<S: Source>(
    source: &S,
    least: TreeSize,
    log_key: &VerifierKey,
) -> Result<Checkpoint, AuditError> {
    let bytes = source.checkpoint(least).await?.ok_or(Fault::NoCheckpoint)?;
    let note = SignedNote::parse(&bytes).map_err(|error| Fault::Checkpoint(error.into()))?;
    Ok(Checkpoint::verify(&note, log_key).map_err(Fault::Checkpoint)?)
}

impl AuditReport {
    /// A report before the fold.
    fn begin(checkpoint: &Checkpoint, state_tree_size: TreeSize, signatures: Signatures) -> Self {
        Self {
            origin: checkpoint.origin().to_string(),
            tree_size: checkpoint.size(),
            signatures,
            root: checkpoint.root(),
            state_tree_size,
            state_rows: 0,
            postings: 0,
            tiles: 0,
            seen_checkpoints: 0,
            adoptions: Vec::new(),
            members: Holdings::default(),
            pool_minutes: 0,
            issued_minutes: 0,
            retired_minutes: 0,
            cash_fen: 0,
            duration_ms: 0,
        }
    }

    /// Counts the final standing of an account.
    fn add(&mut self, id: AccountId, account: &ledger::Account) {
        match id {
            AccountId::Member(_) => {
                self.members.accounts += 1;
                self.members.available_minutes += account.available;
                self.members.held_minutes += account.held;
            }
            AccountId::Pool(_) => self.pool_minutes += account.total(),
            AccountId::Issued(_) => self.issued_minutes -= account.total(),
            AccountId::Retired => self.retired_minutes += account.total(),
            AccountId::FundCash | AccountId::FundRestricted(_) => self.cash_fen += account.total(),
            AccountId::FundDonors | AccountId::FundSpent(_) | AccountId::Clearing(..) => {}
        }
    }
}

fn hex_text<S: Serializer>(hash: &Hash, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(hash)
}

#[cfg(test)]
mod tests;
