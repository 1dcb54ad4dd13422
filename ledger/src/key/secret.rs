//! The half of a key that signs.

use std::fmt;

use ed25519_dalek::{Signer, SigningKey};

use super::{PublicKey, Signature};

/// A signing key. It is erased from memory when dropped, and `Debug` shows its public half only.
#[derive(Clone)]
pub struct SecretKey(SigningKey);

impl SecretKey {
    /// The key of a 32-byte seed (RFC 8032 section 5.1.5), which must come from a good generator.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// The seed, for writing a key file and for nothing else.
    pub fn seed(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// The public half, which passes registration by construction.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// Signs deterministically (RFC 8032 section 5.1.6).
    pub fn sign(&self, message: &[u8]) -> Signature {
        Signature::from_bytes(self.0.sign(message).to_bytes())
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey(of {})", self.public().id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_never_shows_its_seed() {
        let shown = format!("{:?}", SecretKey::from_seed(&[7; 32]));
        assert_eq!(shown, "SecretKey(of a7c0ecd8a50c09855465b18fcc12dcdb)");
    }

    #[test]
    fn the_public_half_passes_registration() {
        for seed in 0..=255 {
            let public = SecretKey::from_seed(&[seed; 32]).public();
            assert_eq!(PublicKey::register(public.as_bytes()), Ok(public));
        }
    }
}
