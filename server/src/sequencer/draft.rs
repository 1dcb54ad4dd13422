//! A group of entries being judged, before it is committed.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use ledger::account::Posting;
use ledger::act::Act;
use ledger::log::{Position, TreeSize};
use ledger::member::MemberKey;
use ledger::state::{Halt, Key, Row, Trial};
use ledger::{Effects, EntryId, Millis, Rejection, SignedEntry, State};

use super::{Admitted, Outcome, Recorded};
use crate::ahead::Behind;
use crate::store::{Store, StoreError};

/// The group so far. The state is that after its accepted entries.
pub(super) struct Draft<'a> {
    store: &'a dyn Store,
    state: &'a mut State,
    old_size: TreeSize,
    recorded: Millis,
    /// Where the entries are that were recorded before this group.
    known: HashMap<EntryId, Position>,
    /// Which entry of this group has an id.
    fresh: HashMap<EntryId, usize>,
    /// Why nothing is taken in but one entry, if so.
    behind: Option<Arc<Behind>>,
    finished: Finished,
    /// Whose rows the group has written.
    written: HashSet<Key>,
}

/// What a judged group writes.
#[derive(Default)]
pub(super) struct Finished {
    /// Index of the entry within the group, and its leaf.
    pub(super) leaves: Vec<(usize, Vec<u8>)>,
    pub(super) postings: Vec<Posting>,
    pub(super) rows: Vec<(Key, Option<Row>)>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(
        store: &'a dyn Store,
        state: &'a mut State,
        old_size: TreeSize,
        recorded: Millis,
        known: HashMap<EntryId, Position>,
        behind: Option<Arc<Behind>>,
    ) -> Self {
        Self {
            store,
            state,
            old_size,
            recorded,
            known,
            fresh: HashMap::new(),
            behind,
            finished: Finished::default(),
            written: HashSet::new(),
        }
    }

    /// What the group writes: each row once, as it is after the last entry.
    pub(super) fn finish(mut self) -> Result<Finished, StoreError> {
        let state = self.state;
        let rows = self.written.into_iter().map(|key| match state.row(&key) {
            Ok(row) => Ok((key, row.cloned())),
            Err(halt) => Err(StoreError::Corrupt(halt.to_string())),
        });
        self.finished.rows = rows.collect::<Result<_, _>>()?;
        Ok(self.finished)
    }

    /// Judges every entry in order.
    pub(super) async fn judge_all(
        &mut self,
        entries: &mut [Admitted],
    ) -> Result<Vec<Outcome>, StoreError> {
        let mut outcomes = Vec::with_capacity(entries.len());
        for index in 0..entries.len() {
            let id = entries[index].record.entry.id;
            let outcome = if let Some(position) = self.known.get(&id) {
                self.repeated(*position, &entries[index].signed).await?
            } else if let Some(first) = self.fresh.get(&id) {
                repeated_in_group(&entries[*first], &entries[index].signed)
            } else if let Some(outcome) = self.withhold(&entries[index].record.entry.act) {
                outcome
            } else {
                self.judge(entries, index).await?
            };
            outcomes.push(outcome);
        }
        Ok(outcomes)
    }

    /// Whether the log is in no state to take in what the rules may allow: a
    /// database that is behind takes in the one entry that gives up what it
    /// lacks, and no other takes in such an entry.
    fn withhold(&self, act: &Act) -> Option<Outcome> {
        match (&self.behind, act) {
            (None, Act::AdoptState(_)) => Some(Outcome::NothingToAdopt),
            (None, _) => None,
            (Some(behind), Act::AdoptState(adopt))
                if behind.is_ended_by(&adopt.abandoned) && self.finished.leaves.is_empty() =>
            {
                None
            }
            (Some(behind), _) => Some(Outcome::Withheld(Arc::clone(behind))),
        }
    }

    /// Judges an entry that is new, and takes it into the group if the rules
    /// allow it.
    async fn judge(
        &mut self,
        entries: &mut [Admitted],
        index: usize,
    ) -> Result<Outcome, StoreError> {
        let position = Position::new(self.old_size.get() + self.finished.leaves.len() as u64);
        entries[index].record.position = position;
        entries[index].record.recorded = self.recorded;
        let effects = loop {
            match self.verdict(&entries[index]) {
                Ok(effects) => break effects,
                Err(Halt::Rejected(rejection)) => return Ok(Outcome::Refused(rejection)),
                Err(Halt::Missing(_)) => self.load_for(&mut entries[index..], position).await?,
                // Another server may have written between two loads.
                Err(Halt::Torn(_)) => return Err(StoreError::Conflict),
            }
        };
        let admitted = &entries[index];
        let written = effects.writes.iter().map(|(key, _)| *key);
        self.written.extend(written);
        self.state.commit(effects.writes);
        self.finished.postings.extend(effects.postings);
        let leaf = proto::encode_leaf(&admitted.signed, self.recorded);
        self.finished.leaves.push((index, leaf));
        self.fresh.insert(admitted.record.entry.id, index);
        Ok(Outcome::Recorded(Recorded {
            position,
            recorded: self.recorded,
            commit: None,
        }))
    }

    /// What the rules say of an entry at its place, by the rows that are loaded.
    fn verdict(&self, admitted: &Admitted) -> Result<Effects, Halt> {
        self.check_late_signature(admitted)?;
        self.state.judge(&admitted.record)
    }

    /// Verifies an entry whose key was not registered when it came in.
    fn check_late_signature(&self, admitted: &Admitted) -> Result<(), Halt> {
        if admitted.verified {
            return Ok(());
        }
        match self.state.find::<MemberKey>(&admitted.signed.key_id)? {
            Some(key) => Ok(admitted.signed.verify(&key.public_key)?),
            None => Ok(()),
        }
    }

    /// Loads all rows that some entries will read, in as few statements as
    /// their chains of reads are long: each round, every entry that still
    /// misses a row names it, and all are loaded together. Entries lean on those
    /// before them, so each is judged as if the ones were accepted that would be;
    /// afterwards nothing is left of that but the rows.
    async fn load_for(
        &mut self,
        entries: &mut [Admitted],
        position: Position,
    ) -> Result<(), StoreError> {
        let mut waiting: Vec<usize> = (0..entries.len()).collect();
        let mut trial = Trial::default();
        loop {
            let mut missing = Vec::new();
            waiting.retain(|index| {
                let record = &mut entries[*index].record;
                (record.position, record.recorded) = (position, self.recorded);
                match self.verdict(&entries[*index]) {
                    Ok(effects) => {
                        self.state.commit_on_trial(effects.writes, &mut trial);
                        return false;
                    }
                    Err(Halt::Missing(key)) => missing.push(key),
                    // One before it may be waiting.
                    Err(Halt::Rejected(_)) => {}
                    Err(Halt::Torn(_)) => return false,
                }
                true
            });
            if missing.is_empty() {
                break;
            }
            missing.sort_unstable();
            missing.dedup();
            let rows = match self.store.rows(&missing).await {
                Ok(rows) => rows,
                Err(error) => {
                    self.state.end_trial(trial);
                    return Err(error);
                }
            };
            for (key, row) in rows {
                self.state.load(key, row);
            }
        }
        self.state.end_trial(trial);
        Ok(())
    }

    /// Answers for an entry that was recorded before: the first answer again,
    /// if the bytes are the same.
    async fn repeated(
        &self,
        position: Position,
        again: &SignedEntry,
    ) -> Result<Outcome, StoreError> {
        let corrupt = |what: String| StoreError::Corrupt(format!("record {position}: {what}"));
        let leaves = self.store.leaves(position, 1).await?;
        let leaf = leaves
            .first()
            .ok_or_else(|| corrupt("it is missing".to_owned()))?;
        let (first, record) =
            proto::decode_leaf(position, leaf).map_err(|error| corrupt(error.to_string()))?;
        let recorded = Recorded {
            position,
            recorded: record.recorded,
            commit: None,
        };
        Ok(same_bytes(&first, again)
            .map_or_else(Outcome::Refused, |()| Outcome::Recorded(recorded)))
    }
}

fn repeated_in_group(first: &Admitted, again: &SignedEntry) -> Outcome {
    let (position, recorded) = (first.record.position, first.record.recorded);
    match same_bytes(&first.signed, again) {
        Ok(()) => Outcome::Recorded(Recorded {
            position,
            recorded,
            commit: None,
        }),
        Err(rejection) => Outcome::Refused(rejection),
    }
}

fn same_bytes(first: &SignedEntry, again: &SignedEntry) -> Result<(), Rejection> {
    match proto::which_field_differs(first, again) {
        None => Ok(()),
        Some(field) => Err(Rejection::EntryIdReused { field }),
    }
}
