//! Losses that operators have declared: trees that the log's key has signed and
//! that the log does not extend. They are no faults, for the log says so; who
//! reads the report has to know of them.

use ledger::entry::Seen;
use ledger::log::{Hash, Position, TreeSize};
use ledger::{Abandoned, Act, Adoption, MemberId, Millis, Record};
use serde::Serialize;

use super::hex_text;

/// A declared loss: the records from `position` on, up to `abandoned_tree_size`,
/// that the log had before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Adopted {
    /// The record that declares it.
    pub position: Position,
    /// When it was recorded.
    pub recorded_ms: Millis,
    /// The operator who signed it.
    pub operator: MemberId,
    /// The size of the tree that was given up.
    pub abandoned_tree_size: TreeSize,
    /// Its root, in hex.
    #[serde(serialize_with = "hex_text")]
    pub abandoned_root: Hash,
    /// What checkpoints of it, or of what the operator says was it, members had
    /// seen and signed in later records.
    pub seen_checkpoints: u64,
}

/// Notes the loss that a record declares, if it does.
pub(super) fn note(adoptions: &mut Vec<Adopted>, record: &Record) {
    if let Act::AdoptState(act) = &record.entry.act {
        adoptions.push(Adopted {
            position: record.position,
            recorded_ms: record.recorded,
            operator: record.entry.author,
            abandoned_tree_size: act.abandoned.size,
            abandoned_root: act.abandoned.root,
            seen_checkpoints: 0,
        });
    }
}

/// Whether a checkpoint that is none of this log, and that stands in an entry
/// signed at a time, is one of a tree whose loss was declared; then it is
/// counted there.
pub(super) fn was_given_up(adoptions: &mut [Adopted], seen: &Seen, signed: Millis) -> bool {
    let mut declared = adoptions.iter_mut();
    let declared = declared.find(|adopted| adopted.covers(seen, signed));
    declared.is_some_and(|adopted| {
        adopted.seen_checkpoints += 1;
        true
    })
}

impl Adopted {
    /// What was signed after the declaration may have seen the log as it went on,
    /// and that the log must extend. The time is the signer's word: it tells what
    /// an honest one has seen.
    fn covers(&self, seen: &Seen, signed: Millis) -> bool {
        let adoption = Adoption {
            position: self.position,
            abandoned: Abandoned {
                size: self.abandoned_tree_size,
                root: self.abandoned_root,
            },
        };
        signed <= self.recorded_ms && adoption.covers(seen.size, Some(seen.root))
    }
}
