//! The secret keys that sign notes, and the text in which they are kept.
//!
//! The text `PRIVATE+KEY+<name>+<id>+<base64 of type and seed>` is the custom of Go's
//! `golang.org/x/mod/sumdb/note`; C2SP specifies none.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use thiserror::Error;

use super::name::{KeyName, KeyNameError};
use super::vkey::{Algorithm, NoteKeyId, VerifierKey};
use crate::key::SecretKey;

/// A named Ed25519 key that signs the text of notes (type 0x01): the key of a log.
///
/// A log that signs with ML-DSA-44 too does so as the first [`Cosigner`](super::Cosigner) of its
/// own checkpoints, under its origin as the name (C2SP tlog-checkpoint, section Signatures).
#[derive(Clone)]
pub struct NoteSigner {
    name: KeyName,
    secret: SecretKey,
}

/// Why a text is not a signing key. It never repeats the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SignerError {
    /// The text is not of that form, each part in its one spelling.
    #[error("expected PRIVATE+KEY+<name>+<8 hex digits>+<base64 of type and 32-byte seed>")]
    Malformed,
    /// The third part is not a name.
    #[error(transparent)]
    Name(#[from] KeyNameError),
    /// The key signs something else.
    #[error("the key is of signature type {found:#04x}, not {expected}")]
    WrongType {
        /// The type bytes wanted, in words.
        expected: &'static str,
        /// The type byte in the text.
        found: u8,
    },
    /// The id is not the hash of the rest.
    #[error("the key id does not belong to this name and key")]
    WrongId,
}

impl NoteSigner {
    /// Names a secret key.
    pub fn new(name: KeyName, secret: SecretKey) -> Self {
        Self { name, secret }
    }

    /// Reads the text of a key file, without the line end.
    pub fn from_skey(text: &str) -> Result<Self, SignerError> {
        let read = Skey::parse(text)?;
        if read.type_byte != 0x01 {
            return Err(read.wrong_type("0x01"));
        }
        let signer = Self::new(read.name.clone(), SecretKey::from_seed(&read.seed));
        read.belongs_to(&signer.verifier_key())?;
        Ok(signer)
    }

    /// The text of a key file. It holds the seed: whoever reads it can sign.
    pub fn to_skey(&self) -> String {
        write_skey(&self.verifier_key(), self.secret.seed())
    }

    /// The key that verifies what this one signs.
    pub fn verifier_key(&self) -> VerifierKey {
        VerifierKey::new(self.name.clone(), Algorithm::Ed25519(self.secret.public()))
    }

    /// The signature line, with its line end, for a note of this text.
    pub fn sign(&self, text: &str) -> String {
        let signature = self.secret.sign(text.as_bytes());
        signature_line(&self.name, self.verifier_key().id(), signature.as_bytes())
    }
}

impl fmt::Debug for NoteSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NoteSigner({})", self.verifier_key())
    }
}

/// `— <name> <base64 of id and payload>\n`.
pub(super) fn signature_line(name: &KeyName, id: NoteKeyId, payload: &[u8]) -> String {
    format!("— {name} {}\n", STANDARD.encode([&id.0, payload].concat()))
}

/// Writes a key file's text; the verifier key says the rest.
pub(super) fn write_skey(verifier: &VerifierKey, seed: &[u8; 32]) -> String {
    let key = [&[verifier.algorithm().type_byte()], seed.as_slice()].concat();
    format!(
        "PRIVATE+KEY+{}+{}+{}",
        verifier.name(),
        verifier.id(),
        STANDARD.encode(key)
    )
}

/// What the text of a key file says, before anybody has made a key of it.
pub(super) struct Skey<'t> {
    pub(super) name: KeyName,
    pub(super) type_byte: u8,
    pub(super) seed: [u8; 32],
    id: &'t str,
}

impl<'t> Skey<'t> {
    pub(super) fn parse(text: &'t str) -> Result<Self, SignerError> {
        let (name, id, key) = split_skey(text).ok_or(SignerError::Malformed)?;
        let key = STANDARD.decode(key).map_err(|_| SignerError::Malformed)?;
        let (type_byte, seed) = key.split_first().ok_or(SignerError::Malformed)?;
        Ok(Self {
            name: name.parse()?,
            type_byte: *type_byte,
            seed: seed.try_into().map_err(|_| SignerError::Malformed)?,
            id,
        })
    }

    pub(super) fn wrong_type(&self, expected: &'static str) -> SignerError {
        let found = self.type_byte;
        SignerError::WrongType { expected, found }
    }

    /// The id stands in the text so that a key cannot be taken for another's.
    pub(super) fn belongs_to(&self, verifier: &VerifierKey) -> Result<(), SignerError> {
        if verifier.id().to_string() == self.id {
            Ok(())
        } else {
            Err(SignerError::WrongId)
        }
    }
}

/// Name, id and base64, which may hold plus signs too.
fn split_skey(text: &str) -> Option<(&str, &str, &str)> {
    let (name, rest) = text.strip_prefix("PRIVATE+KEY+")?.split_once('+')?;
    let (id, key) = rest.split_once('+')?;
    Some((name, id, key))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of Go's package `note`.
    const PETER: &str =
        "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";

    #[test]
    fn a_key_file_is_read_and_written_as_in_go() {
        let signer = NoteSigner::from_skey(PETER).unwrap();
        assert_eq!(signer.to_skey(), PETER);
        let vkey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
        assert_eq!(signer.verifier_key().to_string(), vkey);
    }

    #[test]
    fn the_signature_of_the_published_note_is_reproduced() {
        let text = "If you think cryptography is the answer to your problem,\n\
                    then you don't know what your problem is.\n";
        let line = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZ\
                    SNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
        assert_eq!(NoteSigner::from_skey(PETER).unwrap().sign(text), line);
    }

    #[test]
    fn a_malformed_key_file_is_refused_for_its_reason() {
        use SignerError::{Malformed, Name, WrongId, WrongType};
        let cosigner = STANDARD.encode([&[4][..], &[1; 32]].concat());
        let cases = [
            (String::new(), Malformed),
            (PETER.replace("PRIVATE", "private"), Malformed),
            (PETER.replace("+c74f20a3", ""), Malformed),
            (format!("{PETER}\n"), Malformed),
            (
                format!("PRIVATE+KEY+n+00000000+{}", STANDARD.encode([1; 32])),
                Malformed,
            ),
            ("PRIVATE+KEY+n+00000000+".to_owned(), Malformed),
            (
                PETER.replace("PeterNeumann", "Peter Neumann"),
                Name(KeyNameError),
            ),
            (PETER.replace("PeterNeumann", ""), Name(KeyNameError)),
            (
                format!("PRIVATE+KEY+n+00000000+{cosigner}"),
                WrongType {
                    expected: "0x01",
                    found: 4,
                },
            ),
            (PETER.replace("Neumann", "Newman"), WrongId),
            (PETER.replace("c74f20a3", "C74F20A3"), WrongId),
        ];
        for (text, reason) in cases {
            assert_eq!(
                NoteSigner::from_skey(&text).unwrap_err(),
                reason,
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_signer_never_shows_its_seed() {
        let signer = NoteSigner::new("n".parse().unwrap(), SecretKey::from_seed(&[0xab; 32]));
        assert_eq!(
            format!("{signer:?}"),
            format!("NoteSigner({})", signer.verifier_key())
        );
    }
}
