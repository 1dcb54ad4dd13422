//! Admission: what an entry must pass before it may wait in the queue. Bytes,
//! encoding, ledger and signature are checked here, in parallel; everything
//! that depends on the state is left to the sequencer.

use std::collections::HashMap;

use ledger::act::Act;
use ledger::{Entry, KeyId, PublicKey, Rejection, SignedEntry};
use proto::v1;
use rayon::prelude::*;
use tokio::sync::oneshot;

use crate::keys::KeyDirectory;
use crate::sequencer::Admitted;
use crate::store::StoreError;

/// An entry that is ready for the queue, or the reason why it is not.
pub type Verdict = Result<Admitted, Rejection>;

/// Admits one entry. Its signature is checked on the calling task: shorter than
/// a change of threads is worth.
///
/// # Errors
/// [`StoreError`] if the keys cannot be read.
pub async fn admit_one(
    keys: &KeyDirectory,
    origin: &str,
    message: v1::SignedEntry,
) -> Result<Verdict, StoreError> {
    let parsed = match parse(origin, message) {
        Ok(parsed) => parsed,
        Err(rejection) => return Ok(Err(rejection)),
    };
    let known = keys.find(&[parsed.0.key_id]).await?;
    Ok(verify(parsed, &known))
}

/// Admits many entries on all cores.
///
/// # Errors
/// [`StoreError`] if the keys cannot be read.
///
/// # Panics
/// If checking a signature does.
pub async fn admit_many(
    keys: &KeyDirectory,
    origin: &str,
    messages: Vec<v1::SignedEntry>,
) -> Result<Vec<Verdict>, StoreError> {
    let parsed: Vec<_> = messages
        .into_iter()
        .map(|message| parse(origin, message))
        .collect();
    let ids: Vec<KeyId> = parsed
        .iter()
        .flatten()
        .map(|(signed, _)| signed.key_id)
        .collect();
    let known = keys.find(&ids).await?;
    let (sender, verified) = oneshot::channel();
    rayon::spawn(move || {
        let each = parsed
            .into_par_iter()
            .map(|parsed| parsed.and_then(|it| verify(it, &known)));
        // Whoever asked may have gone away.
        let _ = sender.send(each.collect());
    });
    Ok(verified.await.expect("checking signatures does not panic"))
}

fn parse(origin: &str, message: v1::SignedEntry) -> Result<(SignedEntry, Entry), Rejection> {
    let (signed, entry) = proto::admit_signed(message)?;
    if entry.ledger != origin {
        return Err(Rejection::WrongLedger);
    }
    Ok((signed, entry))
}

/// Checks the signature under the key that it names, if that is registered, or
/// under the one that a genesis brings with it.
fn verify((signed, entry): (SignedEntry, Entry), known: &HashMap<KeyId, PublicKey>) -> Verdict {
    let key = match &entry.act {
        Act::OpenLedger(genesis) => Some(&genesis.key.public_key),
        _ => known.get(&signed.key_id),
    };
    let verified = key.map(|key| signed.verify(key)).transpose()?.is_some();
    Ok(Admitted::new(signed, entry, verified))
}
