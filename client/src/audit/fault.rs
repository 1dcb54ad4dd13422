//! What an audit can find, one variant for each class of fault.

use ledger::account::{Measure, PostingRef};
use ledger::log::tile::TileError;
use ledger::log::{CheckpointError, Hash, Position, TilePath, TreeSize};
use ledger::replay::ReplayError;
use proto::LeafError;
use proto::view::PostingError;

/// Why a ledger is not what it states.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// There is no checkpoint, so there is nothing that the log has signed.
    #[error("there is no checkpoint")]
    NoCheckpoint,
    /// The log has not signed the checkpoint.
    #[error("the checkpoint does not verify: {0}")]
    Checkpoint(CheckpointError),
    /// The stated state is of a larger tree than the checkpoint.
    #[error("the state of {state_size} records is ahead of the checkpoint of {size}")]
    StateAhead {
        /// The size at which the state is stated.
        state_size: TreeSize,
        /// The size of the checkpoint.
        size: TreeSize,
    },
    /// A tile or bundle is not there.
    #[error("{path} is missing; it begins with record {position}")]
    Missing {
        /// What is missing.
        path: TilePath,
        /// The first record that it is about.
        position: Position,
    },
    /// A bundle has not the records that it should have.
    #[error("the bundle is broken at record {position}: {cause}")]
    Bundle {
        /// The first record that cannot be read, or that should not be there.
        position: Position,
        /// What is wrong.
        cause: &'static str,
    },
    /// A tile is not a row of hashes.
    #[error("{path} is not a tile: {cause}")]
    TileMalformed {
        /// The tile.
        path: TilePath,
        /// What is wrong.
        cause: TileError,
    },
    /// A record is not the one that the log has signed.
    #[error("record {position} has been altered")]
    RecordAltered {
        /// The record.
        position: Position,
    },
    /// A tile does not have the hash of a record that the log has signed.
    #[error("{path} has been altered at the hash of record {position}")]
    TileAltered {
        /// The tile.
        path: TilePath,
        /// The record.
        position: Position,
    },
    /// A record and its hash do not fit, and neither is what the log has
    /// signed.
    #[error("record {position} hashes to {computed}, and its tile says {stated}")]
    LeafDiffers {
        /// The record.
        position: Position,
        /// The hash of its bytes.
        computed: Hash,
        /// The hash in the tile.
        stated: Hash,
    },
    /// A tile does not follow from the tiles below it.
    #[error("{path} does not follow from the records, first at those from {position} on")]
    TileDiffers {
        /// The tile.
        path: TilePath,
        /// The first record below the hash that differs.
        position: Position,
    },
    /// The records do not make the tree that the log has signed.
    #[error("the records make the root {computed}, and the log has signed {stated}")]
    RootDiffers {
        /// The root of the records.
        computed: Hash,
        /// The root in the checkpoint.
        stated: Hash,
    },
    /// The tiles contradict each other, or are of another tree.
    #[error("the tiles do not make the tree of {size} records that the log has signed")]
    TilesContradict {
        /// The size of the tree.
        size: TreeSize,
    },
    /// A record cannot be read.
    #[error("record {position} cannot be read: {cause}")]
    RecordMalformed {
        /// The record.
        position: Position,
        /// What is wrong.
        cause: LeafError,
    },
    /// A record is not allowed.
    #[error("{cause}")]
    RuleBroken {
        /// The record.
        position: Position,
        /// Why not.
        cause: ReplayError,
    },
    /// A signature does not fit the entry and its author's key.
    #[error("the signature of record {position} is not its author's")]
    SignatureInvalid {
        /// The record.
        position: Position,
    },
    /// A member has signed to have seen another tree than this: the log has
    /// shown different people different histories.
    #[error("the author of record {position} had seen another tree of {size} records")]
    SeenOtherTree {
        /// The record.
        position: Position,
        /// The size of the tree that the member had seen.
        size: TreeSize,
    },
    /// A stated posting is not the one that follows from the records.
    #[error("line {} of the postings of record {} is another one", at.line, at.position)]
    PostingDiffers {
        /// The posting that follows from the records.
        at: PostingRef,
    },
    /// A posting is not stated.
    #[error("line {} of the postings of record {} is missing", at.line, at.position)]
    PostingMissing {
        /// The posting that follows from the records.
        at: PostingRef,
    },
    /// A posting is stated that follows from no record.
    #[error("line {} of the postings of record {} follows from nothing", at.line, at.position)]
    PostingAdded {
        /// The stated posting.
        at: PostingRef,
    },
    /// A stated posting cannot be read.
    #[error("a posting at or after record {position} cannot be read: {cause}")]
    PostingMalformed {
        /// The record whose postings were compared.
        position: Position,
        /// What is wrong.
        cause: PostingError,
    },
    /// A stated state row is not the one that follows from the records.
    #[error("the stated {row} is not what the records make it")]
    StateDiffers {
        /// The row, in words.
        row: String,
    },
    /// A state row is not stated.
    #[error("the {row} is not stated")]
    StateMissing {
        /// The row, in words.
        row: String,
    },
    /// A state row is stated that follows from no record.
    #[error("the stated {row} follows from no record")]
    StateAdded {
        /// The row, in words.
        row: String,
    },
    /// The stated rows are not in order, or not all at one tree size.
    #[error("the stated state is no one state: {0}")]
    StateMalformed(&'static str),
    /// Balances do not sum to zero.
    #[error("the balances in {} sum to {sum} and not to zero", measure_name(*measure))]
    NotConserved {
        /// What is counted.
        measure: Measure,
        /// The sum.
        sum: i128,
    },
}

impl Fault {
    /// The first bad position, if the fault has one.
    pub fn position(&self) -> Option<Position> {
        match self {
            Self::Missing { position, .. }
            | Self::Bundle { position, .. }
            | Self::RecordAltered { position }
            | Self::TileAltered { position, .. }
            | Self::LeafDiffers { position, .. }
            | Self::TileDiffers { position, .. }
            | Self::RecordMalformed { position, .. }
            | Self::RuleBroken { position, .. }
            | Self::SignatureInvalid { position }
            | Self::SeenOtherTree { position, .. }
            | Self::PostingMalformed { position, .. } => Some(*position),
            Self::PostingDiffers { at }
            | Self::PostingMissing { at }
            | Self::PostingAdded { at } => Some(at.position),
            Self::NoCheckpoint
            | Self::Checkpoint(_)
            | Self::StateAhead { .. }
            | Self::TileMalformed { .. }
            | Self::RootDiffers { .. }
            | Self::TilesContradict { .. }
            | Self::StateDiffers { .. }
            | Self::StateMissing { .. }
            | Self::StateAdded { .. }
            | Self::StateMalformed(_)
            | Self::NotConserved { .. } => None,
        }
    }

    /// A stable name of the fault, in upper snake case.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::NoCheckpoint => "NO_CHECKPOINT",
            Self::Checkpoint(_) => "CHECKPOINT_UNVERIFIED",
            Self::StateAhead { .. } => "STATE_AHEAD",
            Self::Missing { .. } => "FILE_MISSING",
            Self::Bundle { .. } => "BUNDLE_BROKEN",
            Self::TileMalformed { .. } => "TILE_MALFORMED",
            Self::RecordAltered { .. } => "RECORD_ALTERED",
            Self::TileAltered { .. } => "TILE_ALTERED",
            Self::LeafDiffers { .. } => "LEAF_DIFFERS",
            Self::TileDiffers { .. } => "TILE_DIFFERS",
            Self::RootDiffers { .. } => "ROOT_DIFFERS",
            Self::TilesContradict { .. } => "TILES_CONTRADICT",
            Self::RecordMalformed { .. } => "RECORD_MALFORMED",
            Self::RuleBroken { .. } => "RULE_BROKEN",
            Self::SignatureInvalid { .. } => "SIGNATURE_INVALID",
            Self::SeenOtherTree { .. } => "SEEN_OTHER_TREE",
            Self::PostingDiffers { .. } => "POSTING_DIFFERS",
            Self::PostingMissing { .. } => "POSTING_MISSING",
            Self::PostingAdded { .. } => "POSTING_ADDED",
            Self::PostingMalformed { .. } => "POSTING_MALFORMED",
            Self::StateDiffers { .. } => "STATE_DIFFERS",
            Self::StateMissing { .. } => "STATE_MISSING",
            Self::StateAdded { .. } => "STATE_ADDED",
            Self::StateMalformed(_) => "STATE_MALFORMED",
            Self::NotConserved { .. } => "NOT_CONSERVED",
        }
    }
}

const fn measure_name(measure: Measure) -> &'static str {
    match measure {
        Measure::Minutes => "minutes",
        Measure::Fen => "fen",
    }
}
