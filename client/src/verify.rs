//! Checking a receipt without any server: against the log's key alone.
//!
//! A receipt proves that the log has taken in exactly this record at this
//! position. That its author signed it is proven too if the author's public key
//! is given: the record names the key by its id.

use ledger::log::{Position, Receipt, ReceiptError, TreeSize, VerifierKey, leaf_hash};
use ledger::{Entry, KeyId, Millis, PublicKey, Rejection};
use proto::LeafError;

/// What a receipt proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    /// The origin of the log.
    pub origin: String,
    /// Where the record is.
    pub position: Position,
    /// The size of the tree that the checkpoint covers.
    pub tree_size: TreeSize,
    /// When the server took the entry in.
    pub recorded: Millis,
    /// The key that is said to have signed.
    pub key_id: KeyId,
    /// Whether its signature was verified: only with the public key at hand.
    pub is_signature_verified: bool,
    /// What was signed.
    pub entry: Entry,
}

/// Why a receipt proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// The file is no receipt, or its proof fails.
    #[error(transparent)]
    Receipt(#[from] ReceiptError),
    /// The receipt does not carry its record.
    #[error("the receipt does not hold the record that it is about")]
    NoRecord,
    /// The record cannot be read.
    #[error("the record cannot be read: {0}")]
    Record(#[from] LeafError),
    /// The entry is meant for another ledger than the log's.
    #[error("the entry is meant for another ledger than the log's")]
    OtherLedger,
    /// The public key did not make the signature.
    #[error("the entry was not signed by the given key")]
    Signature(#[from] Rejection),
}

/// Checks a receipt file under the log's key, and the author's signature if
/// one of the keys is the author's.
///
/// # Errors
/// [`VerifyError`].
pub fn verify(
    receipt: &[u8],
    log_key: &VerifierKey,
    public_keys: &[PublicKey],
) -> Result<Proven, VerifyError> {
    let receipt = Receipt::parse(receipt)?;
    let leaf = receipt.extra.as_deref().ok_or(VerifyError::NoRecord)?;
    let checkpoint = receipt.verify(leaf_hash(leaf), log_key)?;
    let (signed, record) = proto::decode_leaf(receipt.position, leaf)?;
    if record.entry.ledger != checkpoint.origin().as_str() {
        return Err(VerifyError::OtherLedger);
    }
    let author_key = public_keys.iter().find(|key| key.id() == record.key_id);
    let verified = author_key.map(|key| signed.verify(key)).transpose()?;
    Ok(Proven {
        origin: checkpoint.origin().to_string(),
        position: receipt.position,
        tree_size: checkpoint.size(),
        recorded: record.recorded,
        key_id: record.key_id,
        is_signature_verified: verified.is_some(),
        entry: record.entry,
    })
}

#[cfg(test)]
mod tests {
    use ledger::act::Give;
    use ledger::log::{Checkpoint, NoteSigner, SignedNote, Tree};
    use ledger::{EntryId, MemberId, Minutes, SecretKey, SignedEntry};

    use super::*;

    const ORIGIN: &str = "street.example/ledger";

    fn author() -> SecretKey {
        SecretKey::from_seed(&[5; 32])
    }

    fn signer() -> NoteSigner {
        NoteSigner::new(ORIGIN.parse().unwrap(), SecretKey::from_seed(&[1; 32]))
    }

    /// The receipt of the only record of a log, for an entry of some ledger.
    fn receipt(ledger: &str) -> Receipt {
        let time = Millis::new(1_772_438_400_000);
        let give = Give {
            recipient: MemberId::from_bytes([8; 16]),
            minutes: Minutes::parse(60).unwrap(),
        };
        let entry = Entry {
            ledger: ledger.to_owned(),
            id: EntryId::new(time, [3; 10]),
            author: MemberId::from_bytes([7; 16]),
            on_behalf_of: None,
            seen: None,
            act: give.into(),
        };
        let signed = SignedEntry::sign(proto::encode(&entry), &author());
        let leaf = proto::encode_leaf(&signed, time);
        let mut tree = Tree::new();
        tree.extend([leaf_hash(&leaf)]);
        let origin = ORIGIN.parse().unwrap();
        let checkpoint: SignedNote = Checkpoint::new(origin, tree.size(), tree.root())
            .sign(&[signer()])
            .unwrap();
        Receipt {
            extra: Some(leaf),
            position: Position::ZERO,
            path: Vec::new(),
            checkpoint,
        }
    }

    fn verified(receipt: &Receipt, keys: &[PublicKey]) -> Result<Proven, VerifyError> {
        verify(
            receipt.to_string().as_bytes(),
            &signer().verifier_key(),
            keys,
        )
    }

    #[test]
    fn a_receipt_is_proven_and_the_signature_with_the_authors_key() {
        let proven = verified(&receipt(ORIGIN), &[]).unwrap();
        assert!(!proven.is_signature_verified);
        assert_eq!(proven.key_id, author().public().id());
        let keys = [SecretKey::from_seed(&[6; 32]).public(), author().public()];
        assert!(
            verified(&receipt(ORIGIN), &keys)
                .unwrap()
                .is_signature_verified
        );
    }

    #[test]
    fn an_altered_or_foreign_receipt_proves_nothing() {
        let mut altered = receipt(ORIGIN);
        altered.extra.as_mut().unwrap()[20] ^= 1;
        assert!(matches!(
            verified(&altered, &[]),
            Err(VerifyError::Receipt(_))
        ));
        let bare = Receipt {
            extra: None,
            ..receipt(ORIGIN)
        };
        assert_eq!(verified(&bare, &[]), Err(VerifyError::NoRecord));
        let foreign = receipt("other.example/ledger");
        assert_eq!(verified(&foreign, &[]), Err(VerifyError::OtherLedger));
        let stranger = SecretKey::from_seed(&[2; 32]);
        let stranger = NoteSigner::new(ORIGIN.parse().unwrap(), stranger).verifier_key();
        let text = receipt(ORIGIN).to_string();
        assert!(matches!(
            verify(text.as_bytes(), &stranger, &[]),
            Err(VerifyError::Receipt(_))
        ));
    }
}
