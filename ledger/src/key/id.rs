//! The short name of a public key.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::PublicKey;

/// The 16-byte name of a public key: the head of SHA-256(`timebank key id v1\n` ‖ public key).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyId([u8; 16]);

/// The text is not a key id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a key id is 32 lowercase hex digits")]
pub struct KeyIdError;

impl KeyId {
    /// The id of a key.
    pub fn of(key: &PublicKey) -> Self {
        let label = Sha256::new_with_prefix(b"timebank key id v1\n");
        let digest: [u8; 32] = label.chain_update(key.as_bytes()).finalize().into();
        let mut head = [0; 16];
        head.copy_from_slice(&digest[..16]);
        Self(head)
    }

    /// An id as received; whether a key with it exists is another question.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The 16 bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

impl FromStr for KeyId {
    type Err = KeyIdError;

    fn from_str(text: &str) -> Result<Self, KeyIdError> {
        let mut bytes = [0; 16];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| KeyIdError)?;
        let id = Self(bytes);
        // hex also reads capitals; one id has one spelling.
        if id.to_string() == text {
            Ok(id)
        } else {
            Err(KeyIdError)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::SecretKey;

    #[test]
    fn a_key_id_is_the_head_of_a_labelled_hash() {
        let id = SecretKey::from_seed(&[7; 32]).public().id();
        assert_eq!(id.to_string(), "a7c0ecd8a50c09855465b18fcc12dcdb");
    }

    #[test]
    fn a_key_id_has_one_spelling() {
        let id = KeyId::from_bytes([0xab; 16]);
        let text = id.to_string();
        assert_eq!(text.parse(), Ok(id));
        for text in [text.to_uppercase(), text[1..].to_owned(), String::new()] {
            assert_eq!(text.parse::<KeyId>(), Err(KeyIdError));
        }
    }
}
