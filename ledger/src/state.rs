//! The state: rows by key, written only by [`State::apply`].
//!
//! A state is either complete (the auditor's: what is not there does not
//! exist) or partial (the server's: what is not loaded is unknown). An act that
//! reads an unknown row stops with [`Halt::Missing`], nothing has changed, and
//! the caller loads the row and tries again. So no act has to declare what it
//! will read.

mod key;
mod row;

use std::collections::HashMap;

pub use key::{Key, KeyError, Scope};
pub use row::{CodeOwner, Due, OpenCase, OpenProposal, OpenRequest, OpenService, UnitMember};
pub use row::{Row, RowError, Table};

use crate::effects::Effects;
use crate::entry::Record;
use crate::rejection::Rejection;
use crate::rules::Rules;
use crate::transaction::Transaction;

/// Why an entry was not applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Halt {
    /// The rules refuse it.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// This row must be loaded first.
    #[error("the state has not loaded {0:?}")]
    Missing(Key),
    /// This row contradicts others: they were loaded at different times, or a
    /// hand has altered them. It never happens to a complete state.
    #[error("the state contradicts itself at {0:?}")]
    Torn(Key),
}

/// What a trial has overwritten.
#[derive(Debug, Default)]
pub struct Trial {
    /// Rows that were known, the newest last.
    known: Vec<(Key, Option<Row>)>,
    /// Keys of which nothing was known.
    unknown: Vec<Key>,
}

/// The rows that are known.
#[derive(Debug, Clone)]
pub struct State {
    rows: HashMap<Key, Option<Row>>,
    complete: bool,
}

impl State {
    /// The state before the first record: complete and empty.
    pub fn genesis() -> Self {
        Self {
            rows: HashMap::new(),
            complete: true,
        }
    }

    /// A state of which nothing is known yet.
    pub fn unknown() -> Self {
        Self {
            rows: HashMap::new(),
            complete: false,
        }
    }

    /// Makes a row known; `None`: it is known not to exist.
    pub fn load(&mut self, key: Key, row: Option<Row>) {
        self.rows.insert(key, row);
    }

    /// How many rows are known.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether no row is known.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The row of a key, or `None` if there is none.
    ///
    /// # Errors
    /// [`Halt::Missing`] if that is not known.
    pub fn row(&self, key: &Key) -> Result<Option<&Row>, Halt> {
        match self.rows.get(key) {
            Some(row) => Ok(row.as_ref()),
            None if self.complete => Ok(None),
            None => Err(Halt::Missing(*key)),
        }
    }

    /// The typed row of an id, or `None` if there is none.
    ///
    /// # Errors
    /// [`Halt::Missing`] if that is not known.
    pub fn find<T: Table>(&self, id: &T::Id) -> Result<Option<&T>, Halt> {
        Ok(self.row(&T::key(id))?.and_then(T::from_row))
    }

    /// Every row that exists, in no order.
    pub fn rows(&self) -> impl Iterator<Item = (&Key, &Row)> {
        self.rows
            .iter()
            .filter_map(|(key, row)| row.as_ref().map(|row| (key, row)))
    }

    /// Judges a record and, if the rules allow it, applies it: takes over the rows
    /// that it writes, which [`Effects::writes`] no longer has then.
    ///
    /// The caller answers for the signature: before or after this call it
    /// verifies the entry under [`Effects::signer`], and drops the state if
    /// that fails.
    ///
    /// # Errors
    /// [`Halt`]; then nothing has changed.
    ///
    /// # Panics
    /// If the rules themselves are broken: postings that do not sum to zero, or
    /// a balance below zero that may not be.
    pub fn apply(&mut self, record: &Record) -> Result<Effects, Halt> {
        let mut effects = self.judge(record)?;
        self.commit(std::mem::take(&mut effects.writes));
        Ok(effects)
    }

    /// What applying a record would do, without doing it.
    ///
    /// # Errors
    /// As [`State::apply`].
    pub fn judge(&self, record: &Record) -> Result<Effects, Halt> {
        Transaction::run(self, record)
    }

    /// What applying a record would do if other rules were in force: a preview of
    /// rules that nobody has adopted.
    ///
    /// # Errors
    /// As [`State::apply`].
    pub fn judge_under(&self, record: &Record, rules: &Rules) -> Result<Effects, Halt> {
        Transaction::run_under(self, record, Some(rules))
    }

    /// Takes over the rows that a judged record writes: [`Effects::writes`].
    pub fn commit(&mut self, writes: Vec<(Key, Option<Row>)>) {
        for (key, row) in writes {
            match row {
                None if self.complete => self.rows.remove(&key),
                row => self.rows.insert(key, row),
            };
        }
    }

    /// Takes rows over on trial, on top of what the trial has taken over before.
    pub fn commit_on_trial(&mut self, writes: Vec<(Key, Option<Row>)>, trial: &mut Trial) {
        for (key, row) in writes {
            match self.rows.insert(key, row) {
                Some(before) => trial.known.push((key, before)),
                None => trial.unknown.push(key),
            }
        }
    }

    /// Forgets what was taken over on trial: every row is known, or not, as before.
    pub fn end_trial(&mut self, trial: Trial) {
        for (key, before) in trial.known.into_iter().rev() {
            self.rows.insert(key, before);
        }
        for key in trial.unknown {
            self.rows.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{Account, AccountId};

    const KNOWN: Key = Key::Account(AccountId::Retired);
    const ABSENT: Key = Key::Account(AccountId::FundCash);
    const UNKNOWN: Key = Key::Account(AccountId::FundDonors);

    fn row(available: i64) -> Row {
        Row::Account(Account {
            available,
            ..Account::default()
        })
    }

    #[test]
    fn a_trial_leaves_nothing_behind() {
        let mut state = State::unknown();
        state.load(KNOWN, Some(row(1)));
        state.load(ABSENT, None);
        let mut trial = Trial::default();
        for available in [2, 3] {
            let writes = [KNOWN, ABSENT, UNKNOWN].map(|key| (key, Some(row(available))));
            state.commit_on_trial(writes.to_vec(), &mut trial);
        }
        state.commit_on_trial(vec![(KNOWN, None)], &mut trial);
        assert_eq!(state.row(&KNOWN), Ok(None));
        assert_eq!(state.row(&UNKNOWN), Ok(Some(&row(3))));
        state.end_trial(trial);
        assert_eq!(state.row(&KNOWN), Ok(Some(&row(1))));
        assert_eq!(state.row(&ABSENT), Ok(None));
        assert_eq!(state.row(&UNKNOWN), Err(Halt::Missing(UNKNOWN)));
        assert_eq!(state.len(), 2);
    }
}
