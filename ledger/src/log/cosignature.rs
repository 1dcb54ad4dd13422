//! Cosignatures by witnesses: C2SP tlog-cosignature, Ed25519 (type 0x04, `cosignature/v1`).
//!
//! A cosigner says: at this time, this checkpoint was the largest tree of its log that I had seen,
//! and it extends all those that I saw before.

use std::fmt;

use super::checkpoint::Checkpoint;
use super::name::KeyName;
use super::signer::{SignerError, read_skey, signature_line, write_skey};
use super::vkey::{Algorithm, VerifierKey};
use crate::key::{BadSignature, PublicKey, SecretKey, Signature};

/// The last time that a cosignature may state.
const TIME_MAX_S: u64 = (1 << 63) - 1;

/// A named Ed25519 key that cosigns checkpoints; it must sign nothing else.
#[derive(Clone)]
pub struct Cosigner {
    name: KeyName,
    secret: SecretKey,
}

impl Cosigner {
    /// Names a secret key.
    pub fn new(name: KeyName, secret: SecretKey) -> Self {
        Self { name, secret }
    }

    /// Reads the text of a key file, without the line end: as for a log's key, with type 0x04.
    pub fn from_skey(text: &str) -> Result<Self, SignerError> {
        let (name, secret) = read_skey(text, Algorithm::CosignatureV1)?;
        Ok(Self::new(name, secret))
    }

    /// The text of a key file. It holds the seed: whoever reads it can sign.
    pub fn to_skey(&self) -> String {
        write_skey(&self.verifier_key(), &self.secret)
    }

    /// The key that verifies what this one signs.
    pub fn verifier_key(&self) -> VerifierKey {
        VerifierKey::new(
            self.name.clone(),
            Algorithm::CosignatureV1(self.secret.public()),
        )
    }

    /// The signature line, with its line end, at `time_s` seconds since 1970. A time above 2^63 - 1
    /// makes a line that every verifier refuses.
    ///
    /// The caller has checked that the checkpoint extends all earlier ones, and has stored it.
    pub fn sign(&self, checkpoint: &Checkpoint, time_s: u64) -> String {
        let signature = self.secret.sign(&message(&checkpoint.to_string(), time_s));
        let payload = [time_s.to_be_bytes().as_slice(), signature.as_bytes()].concat();
        signature_line(&self.name, self.verifier_key().id(), &payload)
    }
}

impl fmt::Debug for Cosigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cosigner({})", self.verifier_key())
    }
}

/// Checks the 72 bytes of a cosignature, a big-endian time and a signature; gives the time in
/// seconds since 1970.
pub(super) fn verify(key: &PublicKey, text: &str, payload: &[u8]) -> Result<u64, BadSignature> {
    let (time_s, signature) = payload.split_first_chunk().ok_or(BadSignature)?;
    let time_s = u64::from_be_bytes(*time_s);
    if time_s > TIME_MAX_S {
        return Err(BadSignature);
    }
    let signature = Signature::from_bytes(signature.try_into().map_err(|_| BadSignature)?);
    key.verify(&message(text, time_s), &signature)?;
    Ok(time_s)
}

/// What is signed: two lines, then the whole text of the checkpoint.
fn message(text: &str, time_s: u64) -> Vec<u8> {
    format!("cosignature/v1\ntime {time_s}\n{text}").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::note::{NoteError, SignedNote, VerifiedSignature};
    use crate::log::testing::{checkpoint_of_five, log_signer};

    const TIME_S: u64 = 1_767_000_000;
    const LINE: &str = "— wit.example/w1 69Bd9AAAAABpUkfAF1DY0Vh7edfUjEfVC/jpRRHpUaspwmEXXwIV7dE1judQwGlzs/aTeF2cHhSR9IyRrPHmWaopzNCmkg0YgCAwCg==\n";

    fn witness() -> Cosigner {
        Cosigner::new(
            "wit.example/w1".parse().unwrap(),
            SecretKey::from_seed(&[2; 32]),
        )
    }

    fn signed() -> SignedNote {
        checkpoint_of_five().sign(&[log_signer()]).unwrap()
    }

    #[test]
    fn the_published_cosignature_is_reproduced_and_verifies() {
        assert_eq!(witness().sign(&checkpoint_of_five(), TIME_S), LINE);
        let note = signed().with_lines(LINE).unwrap();
        let keys = [log_signer().verifier_key(), witness().verifier_key()];
        let expected = vec![
            VerifiedSignature {
                key: &keys[0],
                time_s: None,
            },
            VerifiedSignature {
                key: &keys[1],
                time_s: Some(TIME_S),
            },
        ];
        assert_eq!(note.signatures(&keys), Ok(expected));
    }

    #[test]
    fn a_cosignature_covers_its_time_and_its_checkpoint() {
        let key = witness().secret.public();
        let text = checkpoint_of_five().to_string();
        let signature = witness().secret.sign(&message(&text, TIME_S));
        let payload =
            |time_s: u64| [time_s.to_be_bytes().as_slice(), signature.as_bytes()].concat();
        assert_eq!(verify(&key, &text, &payload(TIME_S)), Ok(TIME_S));
        assert_eq!(verify(&key, &text, &payload(TIME_S + 1)), Err(BadSignature));
        assert_eq!(
            verify(&key, &text.replace('5', "6"), &payload(TIME_S)),
            Err(BadSignature)
        );
        for length in 0..72 {
            let short = &payload(TIME_S)[..length];
            assert_eq!(verify(&key, &text, short), Err(BadSignature), "{length}");
        }
        let long = [payload(TIME_S), vec![0]].concat();
        assert_eq!(verify(&key, &text, &long), Err(BadSignature));
    }

    #[test]
    fn a_time_beyond_the_specified_range_is_refused() {
        let keys = [witness().verifier_key()];
        let cosigned = |time_s| {
            let note = signed()
                .with_lines(&witness().sign(&checkpoint_of_five(), time_s))
                .unwrap();
            note.signatures(&keys)
                .map(|signatures| signatures[0].time_s)
        };
        assert_eq!(cosigned(TIME_MAX_S), Ok(Some(TIME_MAX_S)));
        let refused = NoteError::BadSignature(witness().name);
        assert_eq!(cosigned(TIME_MAX_S + 1), Err(refused));
    }

    #[test]
    fn a_plain_signature_by_the_same_key_is_no_cosignature() {
        use crate::log::signer::NoteSigner;
        let plain = NoteSigner::new(witness().name, witness().secret);
        let note = checkpoint_of_five().sign(&[plain]).unwrap();
        assert_eq!(
            note.verify(&[witness().verifier_key()]),
            Err(NoteError::NoKnownKey)
        );
    }

    #[test]
    fn the_key_file_of_a_cosigner_is_not_that_of_a_log() {
        let skey = witness().to_skey();
        let read = Cosigner::from_skey(&skey).unwrap();
        assert_eq!(read.verifier_key(), witness().verifier_key());
        let refused = SignerError::WrongType {
            expected: 4,
            found: 1,
        };
        assert_eq!(
            Cosigner::from_skey(&log_signer().to_skey()).unwrap_err(),
            refused
        );
    }
}
