//! Checking a receipt without any server: under a policy, or the log's key alone.
//!
//! A receipt proves that the log has taken in exactly this record at this
//! position. That a key signed the entry is proven too if the receipt carries
//! that key, or it is given: the record names it by its id, which is a hash.
//! Whose key it was, the log says by having taken the entry in.

#[cfg(test)]
mod tests;

use ledger::log::{
    KeyName, Policy, PolicyRefusal, PolicyWitness, Position, ProofError, Receipt, ReceiptError,
    Standing, TreeSize, Verdict, VerifierKey, leaf_hash, verify_inclusion,
};
use ledger::{Entry, KeyId, Millis, PublicKey, Rejection};
use proto::{ExtraError, LeafError};

/// What a receipt proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    /// The origin of the log.
    pub origin: String,
    /// Where the record is.
    pub position: Position,
    /// The size of the tree that the checkpoint covers.
    pub tree_size: TreeSize,
    /// When the server took the entry in.
    pub recorded: Millis,
    /// The key that is said to have signed.
    pub key_id: KeyId,
    /// Whether its signature was verified: only with the public key at hand.
    pub is_signature_verified: bool,
    /// What was signed.
    pub entry: Entry,
    /// Logged, or witnessed too, by the policy.
    pub standing: Standing,
    /// The keys of the log that have signed the checkpoint.
    pub log_keys: Vec<VerifierKey>,
    /// The witnesses of the policy that have cosigned the checkpoint.
    pub witnesses: Vec<WitnessedBy>,
    /// What the policy calls its other witnesses.
    pub missing: Vec<String>,
}

/// A cosignature that was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessedBy {
    /// What the policy calls the witness.
    pub name: String,
    /// What the witness calls itself.
    pub key_name: KeyName,
    /// When it had seen the tree; none if it does not say.
    pub time: Option<Millis>,
}

/// Why a receipt proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// The file is no receipt.
    #[error(transparent)]
    Receipt(#[from] ReceiptError),
    /// The checkpoint is not one that the policy accepts.
    #[error(transparent)]
    Policy(#[from] PolicyRefusal),
    /// The record is not where the receipt says.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// The receipt does not carry its record.
    #[error("the receipt does not hold the record that it is about")]
    NoRecord,
    /// What the receipt carries cannot be read.
    #[error(transparent)]
    Extra(#[from] ExtraError),
    /// The record cannot be read.
    #[error("the record cannot be read: {0}")]
    Record(#[from] LeafError),
    /// The entry is meant for another ledger than the log's.
    #[error("the entry is meant for another ledger than the log's")]
    OtherLedger,
    /// The public key in the receipt is not the one that the record names.
    #[error("the public key in the receipt is not the key that the record names")]
    OtherKey,
    /// The public key did not make the signature.
    #[error("the entry was not signed by the key that it names")]
    Signature(#[from] Rejection),
}

/// Checks a receipt file under the log's key alone.
///
/// # Errors
/// As [`verify_under`].
pub fn verify(
    receipt: &[u8],
    log_key: &VerifierKey,
    public_keys: &[PublicKey],
) -> Result<Proven, VerifyError> {
    verify_under(receipt, &Policy::of_log(log_key.clone()), public_keys)
}

/// Checks a receipt file under a policy, and the author's signature if the
/// receipt carries the author's key or it is one of `public_keys`.
///
/// A receipt with too few cosignatures is no error: see [`Proven::standing`].
///
/// # Errors
/// [`VerifyError`].
pub fn verify_under(
    receipt: &[u8],
    policy: &Policy,
    public_keys: &[PublicKey],
) -> Result<Proven, VerifyError> {
    let receipt = Receipt::parse(receipt)?;
    let extra = receipt.extra.as_deref().ok_or(VerifyError::NoRecord)?;
    let extra = proto::decode_extra(extra)?;
    let verdict = policy.check(&receipt.checkpoint)?;
    let (size, root) = (verdict.checkpoint.size(), verdict.checkpoint.root());
    let hash = leaf_hash(&extra.leaf);
    verify_inclusion(hash, receipt.position, size, &receipt.path, root)?;
    let (signed, record) = proto::decode_leaf(receipt.position, &extra.leaf)?;
    if record.entry.ledger != verdict.checkpoint.origin().as_str() {
        return Err(VerifyError::OtherLedger);
    }
    let carried = extra.public_key.map(|key| named_key(&key, record.key_id));
    let given = public_keys.iter().find(|key| key.id() == record.key_id);
    let key = carried.transpose()?.or(given.copied());
    let verified = key.map(|key| signed.verify(&key)).transpose()?;
    Ok(Proven {
        origin: verdict.checkpoint.origin().to_string(),
        position: receipt.position,
        tree_size: size,
        recorded: record.recorded,
        key_id: record.key_id,
        is_signature_verified: verified.is_some(),
        entry: record.entry,
        standing: verdict.standing,
        log_keys: verdict.logs.iter().map(|log| log.key.clone()).collect(),
        witnesses: witnesses(&verdict),
        missing: missing(policy, &verdict),
    })
}

/// The key of these bytes, if it is the one of this id.
fn named_key(bytes: &[u8], key_id: KeyId) -> Result<PublicKey, VerifyError> {
    let key = PublicKey::register(bytes).ok();
    key.filter(|key| key.id() == key_id)
        .ok_or(VerifyError::OtherKey)
}

fn witnesses(verdict: &Verdict<'_>) -> Vec<WitnessedBy> {
    let cosignatures = verdict.cosignatures.iter();
    let witnesses = cosignatures.map(|cosignature| WitnessedBy {
        name: cosignature.witness.name.to_string(),
        key_name: cosignature.witness.key.name().clone(),
        time: time_of(cosignature.time_s),
    });
    witnesses.collect()
}

fn missing(policy: &Policy, verdict: &Verdict<'_>) -> Vec<String> {
    let has_cosigned = |witness: &&PolicyWitness| {
        let mut cosignatures = verdict.cosignatures.iter();
        cosignatures.any(|one| one.witness == *witness)
    };
    let witnesses = policy.witnesses().iter();
    let missing = witnesses.filter(|witness| !has_cosigned(witness));
    missing.map(|witness| witness.name.to_string()).collect()
}

/// Zero states no time (C2SP tlog-cosignature), and nobody has lived after the
/// year 9999.
fn time_of(time_s: u64) -> Option<Millis> {
    const TIME_S_MAX: i64 = 253_402_300_799;
    let time_s = i64::try_from(time_s).ok()?;
    let is_stated = (1..=TIME_S_MAX).contains(&time_s);
    is_stated.then(|| Millis::new(time_s * 1000))
}
