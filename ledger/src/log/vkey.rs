//! The public keys that verify notes: C2SP signed-note, sections Signatures and Verifier keys.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::cosignature;
use super::ml_dsa::{MlDsaPublicKey, PUBLIC_BYTES};
use super::name::{KeyName, KeyNameError};
use crate::key::{BadSignature, KeyError, PublicKey, Signature};

/// The type byte of Ed25519 signatures over the text of a note.
const ED25519: u8 = 0x01;
/// The type byte of timestamped Ed25519 cosignatures of a checkpoint.
const COSIGNATURE_V1: u8 = 0x04;
/// The type byte of timestamped ML-DSA-44 cosignatures of a checkpoint.
const ML_DSA_44: u8 = 0x06;

/// A named public key and what its signatures are over; `Display` and `FromStr` are the vkey text
/// `name+id+base64`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: KeyName,
    algorithm: Algorithm,
    id: NoteKeyId,
}

/// The kinds of signature that this crate verifies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// Type 0x01: Ed25519 over the text.
    Ed25519(PublicKey),
    /// Type 0x04: Ed25519 over a time and the text (C2SP tlog-cosignature).
    CosignatureV1(PublicKey),
    /// Type 0x06: ML-DSA-44 over names, a time, the size and the root (C2SP tlog-cosignature).
    MlDsa44(MlDsaPublicKey),
}

/// The first four bytes of SHA-256(name ‖ `\n` ‖ type ‖ public key): tells the lines of a note
/// apart and proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NoteKeyId(pub(super) [u8; 4]);

/// Why a text is not a verifier key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum VerifierKeyError {
    /// The text is not three parts joined by plus signs, each in its one spelling.
    #[error("expected <name>+<8 hex digits>+<base64 of type and public key>")]
    Malformed,
    /// The first part is not a name.
    #[error(transparent)]
    Name(#[from] KeyNameError),
    /// The signatures are of a kind that is not supported here.
    #[error("signature type {0:#04x} is not supported")]
    UnknownType(u8),
    /// An ML-DSA-44 public key has 1312 bytes.
    #[error("an ML-DSA-44 public key has 1312 bytes, not {0}")]
    MlDsaLength(usize),
    /// The public key does not pass registration.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The id is not the hash of the rest.
    #[error("the key id does not belong to this name and public key")]
    WrongId,
}

impl VerifierKey {
    /// Names a public key.
    pub fn new(name: KeyName, algorithm: Algorithm) -> Self {
        let id = NoteKeyId::of(&name, algorithm.type_byte(), algorithm.public_key());
        Self {
            name,
            algorithm,
            id,
        }
    }

    /// The name in the signature lines of this key.
    pub fn name(&self) -> &KeyName {
        &self.name
    }

    /// The id in the signature lines of this key.
    pub fn id(&self) -> NoteKeyId {
        self.id
    }

    /// What the key verifies, and the key itself.
    pub fn algorithm(&self) -> &Algorithm {
        &self.algorithm
    }

    /// Checks what a signature line holds behind the key id; gives the time if it states one, in
    /// seconds since 1970.
    pub(super) fn verify(&self, text: &str, payload: &[u8]) -> Result<Option<u64>, BadSignature> {
        match &self.algorithm {
            Algorithm::Ed25519(key) => {
                let signature =
                    Signature::from_bytes(payload.try_into().map_err(|_| BadSignature)?);
                key.verify(text.as_bytes(), &signature)?;
                Ok(None)
            }
            Algorithm::CosignatureV1(key) => cosignature::verify(key, text, payload),
            Algorithm::MlDsa44(key) => cosignature::verify_ml_dsa(key, &self.name, text, payload),
        }
    }
}

impl Algorithm {
    pub(super) fn type_byte(&self) -> u8 {
        match self {
            Self::Ed25519(_) => ED25519,
            Self::CosignatureV1(_) => COSIGNATURE_V1,
            Self::MlDsa44(_) => ML_DSA_44,
        }
    }

    pub(super) fn public_key(&self) -> &[u8] {
        match self {
            Self::Ed25519(key) | Self::CosignatureV1(key) => key.as_bytes(),
            Self::MlDsa44(key) => key.as_bytes(),
        }
    }
}

impl NoteKeyId {
    fn of(name: &KeyName, type_byte: u8, public_key: &[u8]) -> Self {
        let hash = Sha256::new_with_prefix(name.as_str()).chain_update([b'\n', type_byte]);
        let [a, b, c, d, ..]: [u8; 32] = hash.chain_update(public_key).finalize().into();
        Self([a, b, c, d])
    }
}

impl fmt::Display for NoteKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = [&[self.algorithm.type_byte()], self.algorithm.public_key()].concat();
        write!(f, "{}+{}+{}", self.name, self.id(), STANDARD.encode(key))
    }
}

impl FromStr for VerifierKey {
    type Err = VerifierKeyError;

    fn from_str(text: &str) -> Result<Self, VerifierKeyError> {
        // The base64 may hold plus signs too, so only the first two divide.
        let (name, rest) = text.split_once('+').ok_or(VerifierKeyError::Malformed)?;
        let (id, key) = rest.split_once('+').ok_or(VerifierKeyError::Malformed)?;
        let name = name.parse()?;
        let key = STANDARD
            .decode(key)
            .map_err(|_| VerifierKeyError::Malformed)?;
        let (type_byte, public_key) = key.split_first().ok_or(VerifierKeyError::Malformed)?;
        let algorithm = match *type_byte {
            ED25519 => Algorithm::Ed25519(PublicKey::register(public_key)?),
            COSIGNATURE_V1 => Algorithm::CosignatureV1(PublicKey::register(public_key)?),
            ML_DSA_44 => {
                let bytes: &[u8; PUBLIC_BYTES] = public_key
                    .try_into()
                    .map_err(|_| VerifierKeyError::MlDsaLength(public_key.len()))?;
                Algorithm::MlDsa44(MlDsaPublicKey::from_bytes(bytes))
            }
            other => return Err(VerifierKeyError::UnknownType(other)),
        };
        let verifier = Self::new(name, algorithm);
        if verifier.id().to_string() == id {
            Ok(verifier)
        } else {
            Err(VerifierKeyError::WrongId)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::SecretKey;
    use crate::log::ml_dsa::MlDsaSecretKey;

    const FOO: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    #[test]
    fn the_keys_of_the_vectors_are_read_and_written() {
        let log = "hours.example/ledger+8dafa74b+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c";
        let witness = "wit.example/w1+ebd05df4+BIE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU";
        for text in [FOO, log, witness] {
            assert_eq!(text.parse::<VerifierKey>().unwrap().to_string(), text);
        }
        let log_key = Algorithm::Ed25519(SecretKey::from_seed(&[1; 32]).public());
        let name = "hours.example/ledger".parse().unwrap();
        assert_eq!(VerifierKey::new(name, log_key).to_string(), log);
        let witness_key = Algorithm::CosignatureV1(SecretKey::from_seed(&[2; 32]).public());
        let name = "wit.example/w1".parse().unwrap();
        assert_eq!(VerifierKey::new(name, witness_key).to_string(), witness);
    }

    #[test]
    fn a_post_quantum_key_is_that_of_another_implementation_and_is_read_back() {
        // tests/python/ml_dsa_vectors.py prints the hash.
        let key = Algorithm::MlDsa44(MlDsaSecretKey::from_seed(&[3; 32]).public());
        let key = VerifierKey::new("wit.example/w1".parse().unwrap(), key);
        let text = key.to_string();
        assert_eq!(key.id().to_string(), "1031ecc4");
        let expected = "6184c8f30420c8204819b76baf77d99ef923c41612d9c7069611aa091cab5ff2";
        assert_eq!(hex::encode(Sha256::digest(&text)), expected);
        assert_eq!(text.parse(), Ok(key));
        let other_name = text.replace("w1", "w2");
        assert_eq!(
            other_name.parse::<VerifierKey>(),
            Err(VerifierKeyError::WrongId)
        );
    }

    #[test]
    fn plus_signs_in_the_base64_do_not_divide() {
        let mut seen = 0;
        for seed in 0..=255 {
            let key = Algorithm::Ed25519(SecretKey::from_seed(&[seed; 32]).public());
            let key = VerifierKey::new("n".parse().unwrap(), key);
            seen += usize::from(key.to_string().matches('+').count() > 2);
            assert_eq!(key.to_string().parse(), Ok(key));
        }
        assert!(seen > 50);
    }

    #[test]
    fn a_malformed_key_is_refused_for_its_reason() {
        use VerifierKeyError::{Key, Malformed, MlDsaLength, Name, UnknownType, WrongId};
        let cases = [
            (String::new(), Malformed),
            ("example.com/foo".to_owned(), Malformed),
            ("example.com/foo+530d903a".to_owned(), Malformed),
            ("example.com/foo+530d903a+".to_owned(), Malformed),
            (FOO.replace("+530d903a", "++530d903a"), Malformed),
            (format!("{FOO}\n"), Malformed),
            (format!("{FOO}="), Malformed),
            (FOO.replace("example.com", ""), WrongId),
            (FOO.replace("example.com/foo", ""), Name(KeyNameError)),
            (
                FOO.replace("example.com", "example com"),
                Name(KeyNameError),
            ),
            (FOO.replace("530d903a", "530D903A"), WrongId),
            (FOO.replace("530d903a", "530d903b"), WrongId),
            (FOO.replace("530d903a", "0530d903a"), WrongId),
            (FOO.replace("+Aeky", "+BOky"), WrongId),
            (FOO.replace("+Aeky", "+Auky"), UnknownType(2)),
            ("n+00000000+AQ==".to_owned(), Key(KeyError::WrongLength(0))),
            ("n+00000000+Bg==".to_owned(), MlDsaLength(0)),
            (
                format!("n+00000000+{}", STANDARD.encode([6; 1_314])),
                MlDsaLength(1_313),
            ),
            (
                format!("n+00000000+{}", STANDARD.encode([6; 1_313])),
                WrongId,
            ),
            (
                format!("n+00000000+{}", STANDARD.encode([1; 34])),
                Key(KeyError::WrongLength(33)),
            ),
            (
                format!(
                    "n+00000000+{}",
                    STANDARD.encode([&[4][..], &[0; 32]].concat())
                ),
                Key(KeyError::SmallOrder),
            ),
        ];
        for (text, reason) in cases {
            assert_eq!(text.parse::<VerifierKey>(), Err(reason), "{text:?}");
        }
    }
}
