//! The client's one source of randomness: the operating system's.

use ledger::commitment::Opening;
use ledger::log::MlDsaSecretKey;
use ledger::{BatchVerifier, EntryId, MemberId, Millis, SecretKey, UnitId};

/// The operating system has no randomness to give.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gives no random bytes: {0}")]
pub struct RandomError(getrandom::Error);

/// A fresh id of a member.
pub fn member_id() -> Result<MemberId, RandomError> {
    bytes().map(MemberId::from_bytes)
}

/// A fresh id of a unit.
pub fn unit_id() -> Result<UnitId, RandomError> {
    bytes().map(UnitId::from_bytes)
}

/// A fresh id of an entry that is signed at `now`.
pub fn entry_id(now: Millis) -> Result<EntryId, RandomError> {
    Ok(EntryId::new(now, bytes()?))
}

/// A fresh signing key.
pub fn secret_key() -> Result<SecretKey, RandomError> {
    Ok(SecretKey::from_seed(&bytes()?))
}

/// A fresh signing key of the second kind, for a witness.
pub fn ml_dsa_secret_key() -> Result<MlDsaSecretKey, RandomError> {
    Ok(MlDsaSecretKey::from_seed(&bytes()?))
}

/// A verifier of many signatures, with a secret of its own.
pub fn batch_verifier() -> Result<BatchVerifier, RandomError> {
    Ok(BatchVerifier::new(bytes()?))
}

/// A fresh salt of a commitment.
pub fn salt() -> Result<[u8; Opening::SALT_BYTES], RandomError> {
    bytes()
}

fn bytes<const N: usize>() -> Result<[u8; N], RandomError> {
    let mut bytes = [0; N];
    #[expect(
        clippy::disallowed_methods,
        reason = "the client draws its randomness here"
    )]
    getrandom::fill(&mut bytes).map_err(RandomError)?;
    Ok(bytes)
}
