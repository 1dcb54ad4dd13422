//! Publishing: a checkpoint with the signatures that the quorum asks for, once;
//! and every signature that comes later, at its end.
//!
//! Several servers may do this to one database. The store compares, and whoever
//! was too late takes what is there and adds what it lacks.

use ledger::log::{Policy, Position, SignedNote, TreeSize, VerifierKey};

use crate::api::ledger::read_checkpoint;
use crate::store::{Store, StoreError};

/// How often another server may be faster before it is left for later.
const RACES_MAX: u32 = 8;

/// Publishes a note of this size, if the policy is content with it, or adds its
/// signatures to what is published of this size. True if it is published now.
pub(super) async fn publish(
    store: &dyn Store,
    policy: &Policy,
    size: TreeSize,
    note: &SignedNote,
) -> Result<bool, StoreError> {
    for _ in 0..RACES_MAX {
        let (before, after) = match published(store, size).await? {
            None if is_enough(policy, note)? => (None, note.clone()),
            None => return Ok(false),
            Some(before) => match with_missing(policy, &before, note)? {
                None => return Ok(true),
                Some(after) => (Some(before), after),
            },
        };
        let before = before.as_ref().map(SignedNote::as_bytes);
        if store.publish(size, before, after.as_bytes()).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What is published of exactly this size.
async fn published(store: &dyn Store, size: TreeSize) -> Result<Option<SignedNote>, StoreError> {
    let Some(last) = size.get().checked_sub(1) else {
        return Ok(None);
    };
    let Some(note) = store.published_over(Position::new(last)).await? else {
        return Ok(None);
    };
    let (note, checkpoint) = read_checkpoint(&note)?;
    Ok((checkpoint.size() == size).then_some(note))
}

fn is_enough(policy: &Policy, note: &SignedNote) -> Result<bool, StoreError> {
    let verdict = policy.check(note).map_err(corrupt)?;
    Ok(verdict.is_quorum_met())
}

/// What is published, with the signatures that only the other note has.
fn with_missing(
    policy: &Policy,
    before: &SignedNote,
    note: &SignedNote,
) -> Result<Option<SignedNote>, StoreError> {
    if before.unverified_text() != note.unverified_text() {
        return Err(corrupt("another tree of the same size is published"));
    }
    let logs = policy.logs().iter().map(|log| &log.key);
    let witnesses = policy.witnesses().iter().map(|witness| &witness.key);
    let mut missing: Vec<VerifierKey> = logs.chain(witnesses).cloned().collect();
    let there = before.signatures(&missing).map_err(corrupt)?;
    let there: Vec<VerifierKey> = there.into_iter().map(|one| one.key.clone()).collect();
    missing.retain(|key| !there.contains(key));
    if note.signatures(&missing).map_err(corrupt)?.is_empty() {
        return Ok(None);
    }
    let more = note.only(&missing).map_err(corrupt)?;
    let lines = &more.as_str()[more.unverified_text().len() + 1..];
    before.with_lines(lines).map(Some).map_err(corrupt)
}

/// Every line of these notes was verified before it was put there.
fn corrupt(error: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(format!("a published checkpoint: {error}"))
}
