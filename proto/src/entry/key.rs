//! New keys, with the proof that somebody holds them.

use ledger::entry::NewKey;
use ledger::{PublicKey, Rejection, Signature};

use super::field::{self, All};
use crate::v1;

impl TryFrom<v1::NewKey> for NewKey {
    type Error = Rejection;

    fn try_from(message: v1::NewKey) -> Result<Self, Rejection> {
        let v1::NewKey {
            public_key,
            proof_of_possession,
        } = message;
        let proof = field::fixed("key.proof_of_possession", &proof_of_possession);
        let (public_key, proof) = (prime_order(&public_key), proof).all()?;
        Ok(Self {
            public_key,
            proof: Signature::from_bytes(proof),
        })
    }
}

impl From<&NewKey> for v1::NewKey {
    fn from(key: &NewKey) -> Self {
        let NewKey { public_key, proof } = key;
        Self {
            public_key: public_key.as_bytes().to_vec(),
            proof_of_possession: proof.as_bytes().to_vec(),
        }
    }
}

fn prime_order(bytes: &[u8]) -> Result<PublicKey, Rejection> {
    let bytes: [u8; 32] = field::fixed("key.public_key", bytes)?;
    PublicKey::register(&bytes).map_err(|_| Rejection::KeyWeak)
}
