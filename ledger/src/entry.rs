//! Entries: one act, one signer, exact bytes.
//!
//! What is signed is the DSSE v1.0.2 pre-authentication encoding of a type and
//! the bytes of the entry as they came. They are verified before they are
//! read, read from the same buffer, and kept verbatim.

use serde::{Deserialize, Serialize};

use crate::act::Act;
use crate::id::{EntryId, MemberId};
use crate::key::{BatchVerifier, KeyId, PublicKey, SecretKey, Signature};
use crate::log::{Hash, Position, TreeSize};
use crate::rejection::Rejection;
use crate::time::Millis;

/// The DSSE payload type of an entry.
pub const ENTRY_TYPE: &str = "application/vnd.timebank.entry.v1+protobuf";
/// The DSSE payload type of a proof of possession.
pub const KEY_TYPE: &str = "application/vnd.timebank.key.v1";
/// Longest entry, in bytes.
pub const ENTRY_BYTES_MAX: usize = 16 * 1024;

/// The bytes that are signed: DSSE v1.0.2, "protocol.md", section "PAE".
pub fn pre_authentication_encoding(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!(
        "DSSEv1 {} {payload_type} {} ",
        payload_type.len(),
        payload.len()
    );
    let mut bytes = Vec::with_capacity(head.len() + payload.len());
    bytes.extend_from_slice(head.as_bytes());
    bytes.extend_from_slice(payload);
    bytes
}

/// An entry as a member signed it: bytes, key and signature. Nothing is
/// verified yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedEntry {
    /// The serialised entry, exactly as signed.
    pub bytes: Vec<u8>,
    /// The key that is said to have signed.
    pub key_id: KeyId,
    /// The signature over the pre-authentication encoding of `bytes`.
    pub signature: Signature,
}

impl SignedEntry {
    /// Signs the bytes of an entry.
    pub fn sign(bytes: Vec<u8>, key: &SecretKey) -> Self {
        let signature = key.sign(&pre_authentication_encoding(ENTRY_TYPE, &bytes));
        Self {
            key_id: KeyId::of(&key.public()),
            bytes,
            signature,
        }
    }

    /// Checks the signature by RFC 8032 in its strict form (no batch, no
    /// cofactor, no small order).
    ///
    /// # Errors
    /// [`Rejection::SignatureInvalid`], also when `key` is not the one named.
    pub fn verify(&self, key: &PublicKey) -> Result<(), Rejection> {
        let message = pre_authentication_encoding(ENTRY_TYPE, &self.bytes);
        if KeyId::of(key) == self.key_id && key.verify(&message, &self.signature).is_ok() {
            Ok(())
        } else {
            Err(Rejection::SignatureInvalid)
        }
    }

    /// Whether each entry passes [`SignedEntry::verify`] with its key, found out together.
    pub fn are_signed<'a>(
        verifier: &BatchVerifier,
        entries: impl Iterator<Item = (&'a Self, &'a PublicKey)> + Clone,
    ) -> bool {
        let are_named = entries
            .clone()
            .all(|(entry, key)| KeyId::of(key) == entry.key_id);
        let messages: Vec<Vec<u8>> = entries
            .clone()
            .map(|(entry, _)| pre_authentication_encoding(ENTRY_TYPE, &entry.bytes))
            .collect();
        let signatures = messages
            .iter()
            .zip(entries)
            .map(|(message, (entry, key))| (&**message, &entry.signature, key));
        are_named && verifier.verify(signatures).is_ok()
    }
}

/// How acting on behalf of a member was authorised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attestation {
    /// The member was present at the counter and said yes.
    Kiosk,
    /// The member said so by telephone or on paper, kept by the station.
    Attested,
    /// The member has named the author as proxy.
    Delegated,
}

/// For whom an author acts, if not for themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OnBehalf {
    /// Whom the act concerns.
    pub member: MemberId,
    /// How it was authorised.
    pub attestation: Attestation,
}

/// A checkpoint as its verifier remembers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Number of records that the checkpoint covers.
    pub size: TreeSize,
    /// The root over them.
    pub root: Hash,
}

/// What the bytes of a signed entry say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The origin of the ledger that it is meant for.
    pub ledger: String,
    /// Idempotency key and signer's clock.
    pub id: EntryId,
    /// Whose key signs.
    pub author: MemberId,
    /// For whom, if not for the author.
    pub on_behalf_of: Option<OnBehalf>,
    /// The last checkpoint that the signer verified.
    pub seen: Option<Seen>,
    /// What is done.
    pub act: Act,
}

impl Entry {
    /// The member whom the act concerns: who is acted for, or the author.
    pub fn subject(&self) -> MemberId {
        self.on_behalf_of
            .map_or(self.author, |behalf| behalf.member)
    }
}

/// An entry at its place in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// 0-based index in the log.
    pub position: Position,
    /// The server's time.
    pub recorded: Millis,
    /// The key that signed.
    pub key_id: KeyId,
    /// What was signed.
    pub entry: Entry,
}

/// A public key with the proof that its owner holds the secret half.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewKey {
    /// The key; of prime order by construction.
    pub public_key: PublicKey,
    /// Its signature over ledger, member and itself.
    pub proof: Signature,
}

impl NewKey {
    /// Makes the proof for a new key of `member`.
    pub fn prove(key: &SecretKey, ledger: &str, member: &MemberId) -> Self {
        let public_key = key.public();
        let proof = key.sign(&possession_message(ledger, member, &public_key));
        Self { public_key, proof }
    }

    /// Checks the proof.
    ///
    /// # Errors
    /// [`Rejection::PossessionNotProven`].
    pub fn check(&self, ledger: &str, member: &MemberId) -> Result<(), Rejection> {
        let message = possession_message(ledger, member, &self.public_key);
        if self.public_key.verify(&message, &self.proof).is_ok() {
            Ok(())
        } else {
            Err(Rejection::PossessionNotProven)
        }
    }
}

fn possession_message(ledger: &str, member: &MemberId, key: &PublicKey) -> Vec<u8> {
    let payload = [ledger.as_bytes(), b"\n", member.as_bytes(), key.as_bytes()].concat();
    pre_authentication_encoding(KEY_TYPE, &payload)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_dsse_specification_is_encoded() {
        let encoded = pre_authentication_encoding("http://example.com/HelloWorld", b"hello world");
        assert_eq!(
            encoded,
            b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
        );
    }

    #[test]
    fn a_signature_fits_its_bytes_and_its_key_only() {
        let key = SecretKey::from_seed(&[1; 32]);
        let signed = SignedEntry::sign(b"some entry".to_vec(), &key);
        assert_eq!(signed.verify(&key.public()), Ok(()));
        let other = SecretKey::from_seed(&[2; 32]).public();
        assert_eq!(signed.verify(&other), Err(Rejection::SignatureInvalid));
        let changed = SignedEntry {
            bytes: b"some entrY".to_vec(),
            ..signed
        };
        assert_eq!(
            changed.verify(&key.public()),
            Err(Rejection::SignatureInvalid)
        );
    }

    #[test]
    fn entries_are_signed_together_by_the_keys_that_they_name() {
        let keys = [1, 2].map(|seed| SecretKey::from_seed(&[seed; 32]));
        let publics = keys.each_ref().map(SecretKey::public);
        let entries = keys.map(|key| SignedEntry::sign(b"some entry".to_vec(), &key));
        let verifier = BatchVerifier::new([0; 32]);
        assert!(SignedEntry::are_signed(
            &verifier,
            entries.iter().zip(&publics)
        ));
        let swapped = entries.iter().zip(publics.iter().rev());
        assert!(!SignedEntry::are_signed(&verifier, swapped));
        let mut misnamed = entries;
        misnamed[0].key_id = misnamed[1].key_id;
        assert!(!SignedEntry::are_signed(
            &verifier,
            misnamed.iter().zip(&publics)
        ));
    }

    #[test]
    fn possession_is_proven_for_one_member_of_one_ledger() {
        let (member, other) = (MemberId::from_bytes([1; 16]), MemberId::from_bytes([2; 16]));
        let new = NewKey::prove(&SecretKey::from_seed(&[1; 32]), "a.example", &member);
        assert_eq!(new.check("a.example", &member), Ok(()));
        assert_eq!(
            new.check("b.example", &member),
            Err(Rejection::PossessionNotProven)
        );
        assert_eq!(
            new.check("a.example", &other),
            Err(Rejection::PossessionNotProven)
        );
    }
}
