//! Admission: what an entry must pass before it may wait in the queue. Bytes,
//! encoding, ledger and signature are checked here, in parallel; everything
//! that depends on the state is left to the sequencer.

use std::collections::HashMap;

use ledger::act::Act;
use ledger::{BatchVerifier, Entry, KeyId, PublicKey, Rejection, SignedEntry};
use proto::v1;
use rayon::prelude::*;
use tokio::sync::oneshot;

use crate::api::error::Failure;
use crate::context::Context;
use crate::sequencer::Admitted;
use crate::store::StoreError;

/// Most signatures that are checked in one batch: more gain little, and take longer.
const BATCH_MAX: usize = 1_024;

/// An entry as it was signed, and what it says.
type Parsed = (SignedEntry, Entry);

/// An entry that is ready for the queue, or the reason why it is not.
pub type Verdict = Result<Admitted, Rejection>;

/// Admits one entry. Its signature is checked on the calling task: shorter than
/// a change of threads is worth.
///
/// # Errors
/// [`Failure::Rejected`], or [`Failure::Store`] if the keys cannot be read.
pub async fn admit_one(context: &Context, message: v1::SignedEntry) -> Result<Admitted, Failure> {
    let parsed = parse(&context.origin, message)?;
    let known = context.keys.find(&[parsed.0.key_id]).await?;
    Ok(verify(parsed, &known)?)
}

/// Admits many entries, and checks their signatures together.
///
/// # Errors
/// [`StoreError`] if the keys cannot be read.
///
/// # Panics
/// If checking a signature does.
pub async fn admit_many(
    context: &Context,
    messages: Vec<v1::SignedEntry>,
) -> Result<Vec<Verdict>, StoreError> {
    let parsed: Vec<_> = messages
        .into_iter()
        .map(|message| parse(&context.origin, message))
        .collect();
    let ids: Vec<KeyId> = parsed
        .iter()
        .flatten()
        .map(|(signed, _)| signed.key_id)
        .collect();
    let known = context.keys.find(&ids).await?;
    let batches = context.verifier.clone();
    let (sender, verified) = oneshot::channel();
    rayon::spawn(move || {
        // Whoever asked may have gone away.
        let _ = sender.send(verify_all(&batches, parsed, &known));
    });
    Ok(verified.await.expect("checking signatures does not panic"))
}

fn parse(origin: &str, message: v1::SignedEntry) -> Result<Parsed, Rejection> {
    let (signed, entry) = proto::admit_signed(message)?;
    if entry.ledger != origin {
        return Err(Rejection::WrongLedger);
    }
    Ok((signed, entry))
}

/// Checks all signatures: together, and where that fails each by itself.
fn verify_all(
    batches: &BatchVerifier,
    parsed: Vec<Result<Parsed, Rejection>>,
    known: &HashMap<KeyId, PublicKey>,
) -> Vec<Verdict> {
    let count = parsed.len().div_ceil(BATCH_MAX).max(1);
    let size = parsed.len().div_ceil(count).max(1);
    let are_signed: Vec<bool> = parsed
        .par_chunks(size)
        .map(|batch| {
            let signed = batch.iter().flatten();
            let signed = signed.filter_map(|it| Some((&it.0, signer(it, known)?)));
            SignedEntry::are_signed(batches, signed)
        })
        .collect();
    parsed
        .into_par_iter()
        .enumerate()
        .map(|(index, parsed)| {
            let parsed = parsed?;
            if !are_signed[index / size] {
                return verify(parsed, known);
            }
            let verified = signer(&parsed, known).is_some();
            Ok(Admitted::new(parsed.0, parsed.1, verified))
        })
        .collect()
}

/// Checks the signature of one entry, if its signer is known.
fn verify(parsed: Parsed, known: &HashMap<KeyId, PublicKey>) -> Verdict {
    let key = signer(&parsed, known);
    let verified = key.map(|key| parsed.0.verify(key)).transpose()?.is_some();
    Ok(Admitted::new(parsed.0, parsed.1, verified))
}

/// The key that an entry names, if that is registered, or the one that a genesis
/// brings with it.
fn signer<'a>(
    (signed, entry): &'a Parsed,
    known: &'a HashMap<KeyId, PublicKey>,
) -> Option<&'a PublicKey> {
    match &entry.act {
        Act::OpenLedger(genesis) => Some(&genesis.key.public_key),
        _ => known.get(&signed.key_id),
    }
}
