//! Cosignatures of checkpoints: C2SP tlog-cosignature, with Ed25519 (type 0x04, `cosignature/v1`)
//! and with ML-DSA-44 (type 0x06, `subtree/v1`).
//!
//! A cosigner says: at this time, this checkpoint was the largest tree of its log that I had seen,
//! and it extends all those that I saw before. With ML-DSA-44 it signs name, time, origin, size and
//! root; extension lines of the checkpoint are then nobody's word.

use std::fmt;

use super::checkpoint::Checkpoint;
use super::ml_dsa::{MlDsaPublicKey, MlDsaSecretKey};
use super::name::KeyName;
use super::signer::{SignerError, Skey, signature_line, write_skey};
use super::vkey::{Algorithm, VerifierKey};
use crate::key::{BadSignature, PublicKey, SecretKey, Signature};

/// The last time that a cosignature may state.
const TIME_MAX_S: u64 = (1 << 63) - 1;

/// A named key that cosigns checkpoints; it must sign nothing else.
///
/// A witness may hold one of each kind and answer with two lines. A log that signs with ML-DSA-44
/// does so as a cosigner named by its origin.
#[derive(Clone)]
pub struct Cosigner {
    verifier: VerifierKey,
    secret: Secret,
}

#[derive(Clone)]
enum Secret {
    Ed25519(Box<SecretKey>),
    MlDsa44(MlDsaSecretKey),
}

impl Cosigner {
    /// Names an Ed25519 key: `cosignature/v1`.
    pub fn new(name: KeyName, secret: SecretKey) -> Self {
        Self {
            verifier: VerifierKey::new(name, Algorithm::CosignatureV1(secret.public())),
            secret: Secret::Ed25519(Box::new(secret)),
        }
    }

    /// Names an ML-DSA-44 key: `subtree/v1`.
    pub fn ml_dsa44(name: KeyName, secret: MlDsaSecretKey) -> Self {
        Self {
            verifier: VerifierKey::new(name, Algorithm::MlDsa44(secret.public())),
            secret: Secret::MlDsa44(secret),
        }
    }

    /// Reads the text of a key file, without the line end: as for a log's key, with type 0x04 or
    /// 0x06, whose 32 bytes are the seed of either kind.
    pub fn from_skey(text: &str) -> Result<Self, SignerError> {
        let read = Skey::parse(text)?;
        let name = read.name.clone();
        let cosigner = match read.type_byte {
            0x04 => Self::new(name, SecretKey::from_seed(&read.seed)),
            0x06 => Self::ml_dsa44(name, MlDsaSecretKey::from_seed(&read.seed)),
            _ => return Err(read.wrong_type("0x04 or 0x06")),
        };
        read.belongs_to(&cosigner.verifier)?;
        Ok(cosigner)
    }

    /// The text of a key file. It holds the seed: whoever reads it can sign.
    pub fn to_skey(&self) -> String {
        match &self.secret {
            Secret::Ed25519(secret) => write_skey(&self.verifier, secret.seed()),
            Secret::MlDsa44(secret) => write_skey(&self.verifier, &secret.seed()),
        }
    }

    /// The key that verifies what this one signs.
    pub fn verifier_key(&self) -> VerifierKey {
        self.verifier.clone()
    }

    /// The signature line, with its line end, at `time_s` seconds since 1970. A time above 2^63 - 1
    /// makes a line that every verifier refuses; a time of zero states none, which a witness must
    /// not do (C2SP tlog-witness).
    ///
    /// The caller has checked that the checkpoint extends all earlier ones, and has stored it.
    pub fn sign(&self, checkpoint: &Checkpoint, time_s: u64) -> String {
        let name = self.verifier.name();
        let time = time_s.to_be_bytes();
        let payload = match &self.secret {
            Secret::Ed25519(secret) => {
                let signature = secret.sign(&message(&checkpoint.to_string(), time_s));
                [time.as_slice(), signature.as_bytes()].concat()
            }
            Secret::MlDsa44(secret) => {
                let signature = secret.sign(&cosigned_message(name, checkpoint, time_s));
                [time.as_slice(), &signature].concat()
            }
        };
        signature_line(name, self.verifier.id(), &payload)
    }
}

impl fmt::Debug for Cosigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cosigner({})", self.verifier)
    }
}

/// Checks the 72 bytes of a cosignature, a big-endian time and a signature; gives the time in
/// seconds since 1970, or none for a cosigner that states none.
pub(super) fn verify(
    key: &PublicKey,
    text: &str,
    payload: &[u8],
) -> Result<Option<u64>, BadSignature> {
    let (time_s, signature) = split_time(payload)?;
    let signature = Signature::from_bytes(signature.try_into().map_err(|_| BadSignature)?);
    key.verify(&message(text, time_s), &signature)?;
    Ok(stated(time_s))
}

/// Checks the 2428 bytes of an ML-DSA-44 cosignature: as [`verify`], over a checkpoint only.
pub(super) fn verify_ml_dsa(
    key: &MlDsaPublicKey,
    name: &KeyName,
    text: &str,
    payload: &[u8],
) -> Result<Option<u64>, BadSignature> {
    let (time_s, signature) = split_time(payload)?;
    let checkpoint = text.parse().map_err(|_| BadSignature)?;
    key.verify(&cosigned_message(name, &checkpoint, time_s), signature)?;
    Ok(stated(time_s))
}

fn split_time(payload: &[u8]) -> Result<(u64, &[u8]), BadSignature> {
    let (time_s, signature) = payload.split_first_chunk().ok_or(BadSignature)?;
    let time_s = u64::from_be_bytes(*time_s);
    if time_s > TIME_MAX_S {
        return Err(BadSignature);
    }
    Ok((time_s, signature))
}

/// Zero says that this is a consistent tree, not that it was the largest at any time.
fn stated(time_s: u64) -> Option<u64> {
    (time_s != 0).then_some(time_s)
}

/// What is signed with Ed25519: two lines, then the whole text of the checkpoint.
fn message(text: &str, time_s: u64) -> Vec<u8> {
    format!("cosignature/v1\ntime {time_s}\n{text}").into_bytes()
}

/// What is signed with ML-DSA-44: `struct cosigned_message`, whose subtree is the whole tree.
fn cosigned_message(name: &KeyName, checkpoint: &Checkpoint, time_s: u64) -> Vec<u8> {
    let mut message = b"subtree/v1\n\0".to_vec();
    push_opaque(&mut message, name);
    message.extend(time_s.to_be_bytes());
    push_opaque(&mut message, checkpoint.origin());
    message.extend(0_u64.to_be_bytes());
    message.extend(checkpoint.size().get().to_be_bytes());
    message.extend(checkpoint.root().as_bytes());
    message
}

/// A name behind its length: `opaque<1..2^8-1>` of RFC 8446 section 3.4.
fn push_opaque(message: &mut Vec<u8>, name: &KeyName) {
    let bytes = name.as_str().as_bytes();
    message.push(u8::try_from(bytes.len()).expect("a name has at most 255 bytes"));
    message.extend(bytes);
}

#[cfg(test)]
mod tests;
