//! What a receipt carries besides the proof: `timebank.v1.ReceiptExtra`, the
//! `extra` line of a C2SP tlog-proof. See docs/receipts.md.
//!
//! Nothing vouches for it. The record is proven by the inclusion of its hash,
//! and the public key by the key id that stands in the record.

use ledger::PublicKey;
use prost::Message;

use crate::v1;

/// The first byte of a serialised `Record`: field 1, length-delimited. The
/// receipts of the first days carried nothing else.
const RECORD_TAG: u8 = 0x0a;

/// What a receipt carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptExtra {
    /// The leaf: the record exactly as it was hashed.
    pub leaf: Vec<u8>,
    /// The public key that is said to have signed, as it came; none in receipts
    /// of the first days.
    pub public_key: Option<Vec<u8>>,
}

/// The bytes are no [`ReceiptExtra`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the extra line of the receipt holds no record")]
pub struct ExtraError;

/// Makes the extra of a receipt; without a public key it takes another file to
/// check the author's signature.
pub fn encode_extra(leaf: Vec<u8>, public_key: Option<&PublicKey>) -> Vec<u8> {
    v1::ReceiptExtra {
        record: leaf,
        public_key: public_key.map_or_else(Vec::new, |key| key.as_bytes().to_vec()),
    }
    .encode_to_vec()
}

/// Reads the extra of a receipt, with or without a public key. Fields that a
/// later version adds are passed over: a receipt must stay readable.
///
/// # Errors
/// [`ExtraError`].
pub fn decode_extra(extra: &[u8]) -> Result<ReceiptExtra, ExtraError> {
    if extra.first() == Some(&RECORD_TAG) {
        return Ok(ReceiptExtra {
            leaf: extra.to_vec(),
            public_key: None,
        });
    }
    let v1::ReceiptExtra { record, public_key } =
        v1::ReceiptExtra::decode(extra).map_err(|_| ExtraError)?;
    if record.is_empty() {
        return Err(ExtraError);
    }
    Ok(ReceiptExtra {
        leaf: record,
        public_key: Some(public_key).filter(|key| !key.is_empty()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode_leaf;
    use crate::testing::{NOW, golden_entry, key, sign};

    fn leaf() -> Vec<u8> {
        encode_leaf(&sign(&golden_entry()), NOW)
    }

    #[test]
    fn an_extra_is_the_record_and_the_key_each_behind_tag_and_length() {
        let (leaf, key) = (leaf(), key().public());
        assert_eq!(leaf.len(), 287);
        let expected = [
            &[0x1a, 0x9f, 0x02],
            leaf.as_slice(),
            &[0x22, 0x20],
            key.as_bytes(),
        ]
        .concat();
        assert_eq!(encode_extra(leaf, Some(&key)), expected);
    }

    #[test]
    fn an_extra_is_read_with_a_key_without_one_and_as_a_bare_record() {
        let (leaf, key) = (leaf(), key().public());
        let public_key = Some(key.as_bytes().to_vec());
        let extra = encode_extra(leaf.clone(), Some(&key));
        let without = ReceiptExtra {
            leaf: leaf.clone(),
            public_key: None,
        };
        let with = ReceiptExtra { leaf, public_key };
        assert_eq!(decode_extra(&extra), Ok(with.clone()));
        assert_eq!(
            decode_extra(&extra[..extra.len() - 34]),
            Ok(without.clone())
        );
        assert_eq!(decode_extra(&with.leaf), Ok(without));
        let of_later = [extra.as_slice(), &[0x2a, 0x01, 0x00]].concat();
        assert_eq!(decode_extra(&of_later), Ok(with));
    }

    #[test]
    fn bytes_without_a_record_are_refused() {
        let extra = encode_extra(leaf(), Some(&key().public()));
        for bytes in [&[][..], b"leaf", &extra[..40], &extra[extra.len() - 34..]] {
            assert_eq!(decode_extra(bytes), Err(ExtraError), "{bytes:?}");
        }
    }
}
