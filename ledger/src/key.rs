//! Ed25519 keys and signatures under the one policy of the project.
//!
//! RFC 8032 leaves corners in which libraries disagree: small-order and mixed-order points, second
//! encodings of one point. A key with such a corner is refused when it is registered, and every
//! signature is checked with the strict equation, so that whatever is admitted here verifies in any
//! stock library too. Many are checked together by a [`BatchVerifier`], with the same verdict.

mod batch;
mod id;
mod secret;
mod signature;

use std::fmt;

use ed25519_dalek::VerifyingKey;
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use batch::BatchVerifier;
pub use id::{KeyId, KeyIdError};
pub use secret::SecretKey;
pub use signature::Signature;

/// Why 32 bytes were refused as a public key, in the order in which they are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum KeyError {
    /// A public key is exactly 32 bytes.
    #[error("a public key has 32 bytes, not {0}")]
    WrongLength(usize),
    /// The bytes do not encode a point of edwards25519 (RFC 8032 section 5.1.3).
    #[error("the public key is not a point of edwards25519")]
    NotOnCurve,
    /// The point has another spelling, which is the one that RFC 8032 prescribes.
    #[error("the public key is not the canonical encoding of its point")]
    NotCanonical,
    /// The point is one of the eight whose multiples never leave the torsion group.
    #[error("the public key is a point of small order")]
    SmallOrder,
    /// The point is outside the prime-order group.
    #[error("the public key has a small-order component")]
    MixedOrder,
}

/// The signature was not made by this key over this message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the signature does not verify")]
pub struct BadSignature;

/// An Ed25519 public key in the prime-order group; serialised as its 32 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "[u8; 32]", into = "[u8; 32]")]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// Admits a key, or says why not.
    pub fn register(bytes: &[u8]) -> Result<Self, KeyError> {
        let bytes: &[u8; 32] = bytes
            .try_into()
            .map_err(|_| KeyError::WrongLength(bytes.len()))?;
        let key = VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::NotOnCurve)?;
        let point = key.to_edwards();
        if point.compress().as_bytes() != bytes {
            return Err(KeyError::NotCanonical);
        }
        if point.is_small_order() {
            return Err(KeyError::SmallOrder);
        }
        if !point.is_torsion_free() {
            return Err(KeyError::MixedOrder);
        }
        Ok(Self(key))
    }

    /// The 32 bytes of RFC 8032 section 5.1.2.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// The short name of this key in entries and indexes.
    pub fn id(&self) -> KeyId {
        KeyId::of(self)
    }

    /// Checks one signature with the strict, cofactorless equation.
    pub fn verify(&self, message: &[u8], signature: &Signature) -> Result<(), BadSignature> {
        let signature = ed25519_dalek::Signature::from_bytes(signature.as_bytes());
        self.0
            .verify_strict(message, &signature)
            .map_err(|_| BadSignature)
    }
}

impl TryFrom<[u8; 32]> for PublicKey {
    type Error = KeyError;

    fn try_from(bytes: [u8; 32]) -> Result<Self, KeyError> {
        Self::register(&bytes)
    }
}

impl From<PublicKey> for [u8; 32] {
    fn from(key: PublicKey) -> Self {
        *key.as_bytes()
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", hex::encode(self.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> SecretKey {
        SecretKey::from_seed(&[7; 32])
    }

    #[test]
    fn a_signature_verifies_under_its_own_key_and_message_only() {
        let signature = secret().sign(b"two hours");
        assert_eq!(secret().public().verify(b"two hours", &signature), Ok(()));
        assert_eq!(
            secret().public().verify(b"ten hours", &signature),
            Err(BadSignature)
        );
        let other = SecretKey::from_seed(&[8; 32]).public();
        assert_eq!(other.verify(b"two hours", &signature), Err(BadSignature));
    }

    #[test]
    fn every_flipped_bit_of_a_signature_is_noticed() {
        let signature = secret().sign(b"two hours");
        for bit in 0..512 {
            let mut bytes = *signature.as_bytes();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let flipped = Signature::from_bytes(bytes);
            assert_eq!(
                secret().public().verify(b"two hours", &flipped),
                Err(BadSignature),
                "{bit}"
            );
        }
    }

    #[test]
    fn a_refused_key_is_refused_for_its_reason() {
        let register = |hex: &str| PublicKey::register(&hex::decode(hex).unwrap());
        let cases = [
            ("00", KeyError::WrongLength(1)),
            (
                "0200000000000000000000000000000000000000000000000000000000000000",
                KeyError::NotOnCurve,
            ),
            // y = p + 1, a second spelling of the identity.
            (
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                KeyError::NotCanonical,
            ),
            // The identity with the sign bit set, x = -0.
            (
                "0100000000000000000000000000000000000000000000000000000000000080",
                KeyError::NotCanonical,
            ),
            (
                "0100000000000000000000000000000000000000000000000000000000000000",
                KeyError::SmallOrder,
            ),
            // A point of order eight.
            (
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                KeyError::SmallOrder,
            ),
            // The base point plus the point of order two.
            (
                "9599999999999999999999999999999999999999999999999999999999999999",
                KeyError::MixedOrder,
            ),
        ];
        for (hex, reason) in cases {
            assert_eq!(register(hex), Err(reason), "{hex}");
        }
    }

    #[test]
    fn keys_ids_and_signatures_survive_serialisation_without_growing() {
        let key = secret().public();
        let signature = secret().sign(b"");
        let bytes = postcard::to_allocvec(&(key, key.id(), signature)).unwrap();
        assert_eq!(bytes.len(), 32 + 16 + 64);
        assert_eq!(postcard::from_bytes(&bytes), Ok((key, key.id(), signature)));
    }

    #[test]
    fn a_weak_key_is_refused_when_it_is_read_back_too() {
        assert!(postcard::from_bytes::<PublicKey>(&[0; 32]).is_err());
    }
}
