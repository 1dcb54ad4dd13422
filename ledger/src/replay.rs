//! The fold over a whole log, as an auditor makes it.
//!
//! Beside the rules, which [`State::apply`] knows, a log has to keep what only
//! shows from one record to the next: positions without a gap, a server's clock
//! that never goes back, and no entry twice.
//!
//! It is not the whole audit. Who calls [`Replay::push`] hashes the bytes of the
//! records into a [`Tree`](crate::log::Tree), and verifies each signature under
//! the key that [`Effects::signer`] names: both go in parallel, this does not.

use std::collections::BTreeSet;

use crate::effects::Effects;
use crate::entry::Record;
use crate::id::EntryId;
use crate::log::{Position, TreeSize};
use crate::rejection::Rejection;
use crate::rules::ENTRY_AGE_DAYS_LIMIT;
use crate::state::{Halt, State};
use crate::time::Millis;

/// A log up to some size, folded.
///
/// Its memory is that of the state, and the ids of the entries of one year.
/// That is enough to find every entry that is recorded twice: an id carries its
/// signer's clock, and the rules refuse what was signed more than
/// `entry_age_days_max` before it is recorded. New rules may raise that number,
/// yet never above 365. So an id that was signed more than 365 days before the
/// newest record cannot be recorded again under any rules, for the time of
/// records never goes back; and only such ids are forgotten.
#[derive(Debug, Clone)]
pub struct Replay {
    origin: String,
    state: State,
    size: TreeSize,
    recorded: Option<Millis>,
    recent: BTreeSet<EntryId>,
}

/// Why a record does not continue a log. Nothing was taken over from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// The record is not the next one.
    #[error("record {found} stands where {expected} should be")]
    NotNext {
        /// The position that comes next.
        expected: Position,
        /// The position of the record.
        found: Position,
    },
    /// The record is older than the one before it.
    #[error("record {position} has an earlier time than the one before it")]
    RecordedBackwards {
        /// The record.
        position: Position,
    },
    /// The entry was recorded before.
    #[error("record {position} has the id of an earlier entry")]
    EntryTwice {
        /// The second record of the entry.
        position: Position,
    },
    /// The rules do not allow what the record does.
    #[error("record {position} breaks the rules: {rejection}")]
    Rejected {
        /// The record.
        position: Position,
        /// Why not.
        rejection: Rejection,
    },
}

impl Replay {
    /// The empty log of an origin.
    pub fn new(origin: &str) -> Self {
        Self {
            origin: origin.to_owned(),
            state: State::genesis(),
            size: TreeSize::ZERO,
            recorded: None,
            recent: BTreeSet::new(),
        }
    }

    /// Takes in the next record.
    ///
    /// # Errors
    /// [`ReplayError`]; then nothing has changed.
    ///
    /// # Panics
    /// As [`State::apply`].
    pub fn push(&mut self, record: &Record) -> Result<Effects, ReplayError> {
        let position = record.position;
        let expected = self.size.next_position();
        if position != expected {
            let found = position;
            return Err(ReplayError::NotNext { expected, found });
        }
        if self.recorded.is_some_and(|last| record.recorded < last) {
            return Err(ReplayError::RecordedBackwards { position });
        }
        if self.recent.contains(&record.entry.id) {
            return Err(ReplayError::EntryTwice { position });
        }
        let effects = self
            .apply(record)
            .map_err(|rejection| ReplayError::Rejected {
                position,
                rejection,
            })?;
        self.size = TreeSize::after(position).expect("a log has fewer records than a u64 counts");
        self.recorded = Some(record.recorded);
        self.remember(record.entry.id, record.recorded);
        Ok(effects)
    }

    /// The state after the records so far.
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// How many records were taken in.
    pub const fn size(&self) -> TreeSize {
        self.size
    }

    /// The server's time at the newest record.
    pub const fn recorded(&self) -> Option<Millis> {
        self.recorded
    }

    /// Applies a record; its origin is compared here too, for the genesis
    /// brings its own.
    fn apply(&mut self, record: &Record) -> Result<Effects, Rejection> {
        if record.entry.ledger != self.origin {
            return Err(Rejection::WrongLedger);
        }
        self.state.apply(record).map_err(|halt| match halt {
            Halt::Rejected(rejection) => rejection,
            Halt::Missing(key) | Halt::Torn(key) => {
                unreachable!("a complete state knows {key:?} and is whole")
            }
        })
    }

    fn remember(&mut self, id: EntryId, now: Millis) {
        self.recent.insert(id);
        let is_past = |id: &EntryId| id.signed().plus_days(ENTRY_AGE_DAYS_LIMIT) < now;
        while self.recent.first().is_some_and(is_past) {
            self.recent.pop_first();
        }
    }
}

#[cfg(test)]
mod tests;
