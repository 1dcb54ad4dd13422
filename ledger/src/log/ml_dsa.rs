//! Keys of ML-DSA-44 (FIPS 204), which a quantum computer does not break.
//!
//! Pure ML-DSA with an empty context, as C2SP tlog-cosignature has it, and the deterministic
//! variant of signing, because nothing here draws random numbers. These keys sign cosigned
//! messages (`super::cosignature`) and nothing else.

use std::fmt;
use std::sync::Arc;

use ml_dsa::{Keypair, MlDsa44, Signer, SigningKey, Verifier, VerifyingKey};

use crate::key::BadSignature;

/// The length of a public key in bytes.
pub const PUBLIC_BYTES: usize = 1_312;
/// The length of a signature in bytes.
pub const SIGNATURE_BYTES: usize = 2_420;

/// A public key, shared when cloned: its tables take some 20 KiB.
///
/// Every string of that length is a key (FIPS 204, algorithm 23), in one spelling, so there is no
/// registration as for Ed25519.
#[derive(Clone)]
pub struct MlDsaPublicKey(Arc<Expanded>);

struct Expanded {
    bytes: [u8; PUBLIC_BYTES],
    key: VerifyingKey<MlDsa44>,
}

/// A signing key, shared when cloned and erased when the last clone is dropped. `Debug` shows
/// nothing.
#[derive(Clone)]
pub struct MlDsaSecretKey(Arc<SigningKey<MlDsa44>>);

impl MlDsaPublicKey {
    /// Reads a key from its 1312 bytes.
    pub fn from_bytes(bytes: &[u8; PUBLIC_BYTES]) -> Self {
        Self(Arc::new(Expanded {
            bytes: *bytes,
            key: VerifyingKey::decode(&(*bytes).into()),
        }))
    }

    /// The 1312 bytes.
    pub fn as_bytes(&self) -> &[u8; PUBLIC_BYTES] {
        &self.0.bytes
    }

    /// Checks the 2420 bytes of a signature over a message.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
        let signature = signature.try_into().map_err(|_| BadSignature)?;
        self.0
            .key
            .verify(message, &signature)
            .map_err(|_| BadSignature)
    }
}

impl MlDsaSecretKey {
    /// The key of a 32-byte seed ξ (FIPS 204, algorithm 6), which must come from a good generator.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(Arc::new(SigningKey::from_seed(&(*seed).into())))
    }

    /// The seed, for writing a key file and for nothing else.
    pub fn seed(&self) -> [u8; 32] {
        self.0.to_seed().into()
    }

    /// The public half.
    pub fn public(&self) -> MlDsaPublicKey {
        MlDsaPublicKey::from_bytes(&self.0.verifying_key().encode().into())
    }

    /// Signs deterministically (FIPS 204, algorithm 2 with rnd = 0).
    pub fn sign(&self, message: &[u8]) -> [u8; SIGNATURE_BYTES] {
        self.0.sign(message).encode().into()
    }
}

impl PartialEq for MlDsaPublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for MlDsaPublicKey {}

impl fmt::Debug for MlDsaPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MlDsaPublicKey({}…)", hex::encode(&self.as_bytes()[..8]))
    }
}

impl fmt::Debug for MlDsaSecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MlDsaSecretKey")
    }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    /// SHA-256 of the public key of the seed 03…, and of its signature of `message`.
    const PUBLIC: &str = "df5b5f45decfb203862a372b2fe7047bdbfdd7c54b39e8bff3f4b5442795f54b";
    const SIGNATURE: &str = "8913c1af2d4646114a56a4232272128568140f098273da570c8afb59e844b6c0";

    #[test]
    fn key_and_signature_of_a_seed_are_those_of_another_implementation() {
        // tests/python/ml_dsa_vectors.py makes them with dilithium-py.
        let secret = MlDsaSecretKey::from_seed(&[3; 32]);
        let public = hex::encode(Sha256::digest(secret.public().as_bytes()));
        let signature = hex::encode(Sha256::digest(secret.sign(b"message")));
        assert_eq!(public, PUBLIC);
        assert_eq!(signature, SIGNATURE);
    }

    #[test]
    fn a_signature_is_over_its_message_and_no_byte_of_it_is_free() {
        let secret = MlDsaSecretKey::from_seed(&[3; 32]);
        let (key, signature) = (secret.public(), secret.sign(b"message"));
        assert_eq!(key.verify(b"message", &signature), Ok(()));
        assert_eq!(key.verify(b"massage", &signature), Err(BadSignature));
        let other = MlDsaSecretKey::from_seed(&[4; 32]).public();
        assert_eq!(other.verify(b"message", &signature), Err(BadSignature));
        for index in 0..SIGNATURE_BYTES {
            let mut changed = signature;
            changed[index] ^= 1;
            let refused = key.verify(b"message", &changed);
            assert_eq!(refused, Err(BadSignature), "{index}");
        }
        for length in [0, SIGNATURE_BYTES - 1] {
            let short = &signature[..length];
            assert_eq!(key.verify(b"message", short), Err(BadSignature));
        }
        let long = [&signature[..], &[0]].concat();
        assert_eq!(key.verify(b"message", &long), Err(BadSignature));
    }

    #[test]
    fn a_secret_is_not_shown() {
        let shown = format!("{:?}", MlDsaSecretKey::from_seed(&[0xab; 32]));
        assert_eq!(shown, "MlDsaSecretKey");
    }
}
