//! A signature as bytes.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An Ed25519 signature as received: 64 bytes that mean nothing until a key verifies them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "([u8; 32], [u8; 32])", into = "([u8; 32], [u8; 32])")]
pub struct Signature([u8; 64]);

impl Signature {
    /// The bytes R ‖ S of RFC 8032 section 5.1.6.
    pub const fn from_bytes(bytes: [u8; 64]) -> Self {
        Self(bytes)
    }

    /// The 64 bytes.
    pub const fn as_bytes(&self) -> &[u8; 64] {
        &self.0
    }
}

// serde has no arrays of 64; two halves cost no byte more.
impl From<([u8; 32], [u8; 32])> for Signature {
    fn from((r, s): ([u8; 32], [u8; 32])) -> Self {
        let mut bytes = [0; 64];
        bytes[..32].copy_from_slice(&r);
        bytes[32..].copy_from_slice(&s);
        Self(bytes)
    }
}

impl From<Signature> for ([u8; 32], [u8; 32]) {
    fn from(signature: Signature) -> Self {
        let mut halves = ([0; 32], [0; 32]);
        halves.0.copy_from_slice(&signature.0[..32]);
        halves.1.copy_from_slice(&signature.0[32..]);
        halves
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({})", hex::encode(self.0))
    }
}
