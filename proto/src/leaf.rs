//! Leaves: what the log keeps of an entry, and hashes.
//!
//! A leaf is a serialised `timebank.v1.Record`. It is made once by the server
//! and kept; who reads it takes the entry from the same bytes.

use ledger::log::Position;
use ledger::{Millis, Record, Rejection, SignedEntry};
use prost::Message;

use crate::entry::{decode, is_canonical, signed_entry_from, signed_entry_to};
use crate::v1;

/// Why bytes are not the leaf of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LeafError {
    /// The bytes are no `Record`.
    #[error("the leaf is not a serialised Record")]
    Malformed,
    /// The bytes are a `Record` in another spelling than the server's.
    #[error("the leaf is not in the one spelling of its Record")]
    NotCanonical,
    /// The record holds no signed entry.
    #[error("the leaf holds no entry")]
    Empty,
    /// What the record holds is no entry.
    #[error("the leaf holds no valid entry: {0}")]
    Entry(#[from] Rejection),
}

/// Makes the leaf of an entry that is recorded at a time.
pub fn encode_leaf(signed: &SignedEntry, recorded: Millis) -> Vec<u8> {
    let signed_entry = Some(signed_entry_to(signed));
    v1::Record {
        signed_entry,
        recorded_ms: recorded.get(),
    }
    .encode_to_vec()
}

/// Reads the leaf at a position.
///
/// # Errors
/// [`LeafError`] for any bytes that [`encode_leaf`] does not make. The
/// signature is not checked, nor are the rules.
pub fn decode_leaf(position: Position, leaf: &[u8]) -> Result<(SignedEntry, Record), LeafError> {
    let message = v1::Record::decode(leaf).map_err(|_| LeafError::Malformed)?;
    if !is_canonical(&message, leaf) {
        return Err(LeafError::NotCanonical);
    }
    let v1::Record {
        signed_entry,
        recorded_ms,
    } = message;
    let signed = signed_entry_from(signed_entry.ok_or(LeafError::Empty)?)?;
    let recorded = Millis::parse("recorded_ms", recorded_ms)?;
    let entry = decode(&signed.bytes)?;
    let record = Record {
        position,
        recorded,
        key_id: signed.key_id,
        entry,
    };
    Ok((signed, record))
}

#[cfg(test)]
mod tests {
    use ledger::log::leaf_hash;

    use super::*;
    use crate::testing::{NOW, entry, give, golden_entry, key, sign};

    /// What Google's protobuf for Python (7.36.2) and OpenSSL's Ed25519 make of
    /// the golden entry, the seed of 32 bytes 07, and the time of the test. A
    /// change of these bytes is another format: no old ledger could be read.
    const GOLDEN_LEAF: &str = concat!(
        "0a9502", // Record.signed_entry
        "0abe01", // SignedEntry.entry
        "0a14686f7572732e6578616d706c652f6c6564676572",
        "1210019b76daa8007222a222222222222222",
        "1a1011111111111111111111111111111111",
        "221055555555555555555555555555555555",
        "2801",
        "322508ac0212203333333333333333333333333333333333333333333333333333333333333333",
        "da0146", // Entry.request_care
        "0a1066666666666666666666666666666666",
        "120777616c6b2d3330",
        "18808884e0b733",
        "205a",
        "2a207777777777777777777777777777777777777777777777777777777777777777",
        "1210a7c0ecd8a50c09855465b18fcc12dcdb", // SignedEntry.key_id
        "1a405623d5cb83260d436752979d198e7499d4422e209decbdb65e77983bf53171ea",
        "595620ae033f76d33414f95bb3da83ce4f73a4e6c84f4560ff1df434d07f310a",
        "10fbd0eab6b733", // Record.recorded_ms
    );
    const GOLDEN_LEAF_HASH: &str =
        "258d13dcf2223ae3201fe727cec8c81ecca48720df5195e8ac617bf04259c8a1";

    fn recorded() -> Millis {
        Millis::new(NOW.get() + 123)
    }

    #[test]
    fn the_bytes_of_a_leaf_are_those_of_another_implementation() {
        let leaf = encode_leaf(&sign(&golden_entry()), recorded());
        assert_eq!(hex::encode(&leaf), GOLDEN_LEAF);
        assert_eq!(leaf_hash(&leaf).to_string(), GOLDEN_LEAF_HASH);
    }

    #[test]
    fn a_leaf_is_read_back_as_it_was_made() {
        let leaf = hex::decode(GOLDEN_LEAF).unwrap();
        let (signed, record) = decode_leaf(Position::new(7), &leaf).unwrap();
        assert_eq!(signed, sign(&golden_entry()));
        assert_eq!(signed.verify(&key().public()), Ok(()));
        let (position, key_id) = (Position::new(7), key().public().id());
        let entry = golden_entry();
        assert_eq!(
            record,
            Record {
                position,
                recorded: recorded(),
                key_id,
                entry
            }
        );
    }

    /// Whatever byte is altered: either the leaf is refused, or it is read as
    /// what it now says, and hash and signature tell.
    #[test]
    fn no_two_leaves_are_read_alike() {
        let leaf = hex::decode(GOLDEN_LEAF).unwrap();
        let original = decode_leaf(Position::ZERO, &leaf).unwrap();
        for at in 0..leaf.len() {
            for bit in 0..8 {
                let mut altered = leaf.clone();
                altered[at] ^= 1 << bit;
                if let Ok(read) = decode_leaf(Position::ZERO, &altered) {
                    assert_ne!(read, original, "byte {at}, bit {bit}");
                    assert_eq!(encode_leaf(&read.0, read.1.recorded), altered);
                }
            }
        }
    }

    #[test]
    fn a_leaf_has_one_spelling() {
        let leaf = hex::decode(GOLDEN_LEAF).unwrap();
        let (signed, time) = leaf.split_at(leaf.len() - 7);
        let refused = |leaf: &[u8]| decode_leaf(Position::ZERO, leaf).unwrap_err();
        assert_eq!(refused(&[time, signed].concat()), LeafError::NotCanonical);
        assert_eq!(
            refused(&[&leaf[..], &[0x18, 1]].concat()),
            LeafError::NotCanonical
        );
        assert_eq!(
            refused(&[&leaf[..], time].concat()),
            LeafError::NotCanonical
        );
        assert_eq!(refused(&leaf[1..]), LeafError::Malformed);
        assert_eq!(refused(time), LeafError::Empty);
        assert_eq!(refused(&[]), LeafError::Empty);
    }

    #[test]
    fn what_a_leaf_holds_must_be_an_entry() {
        let sign = |bytes: &[u8]| SignedEntry::sign(bytes.to_vec(), &key());
        let read = |leaf: &[u8]| decode_leaf(Position::ZERO, leaf).map(|(_, record)| record.entry);
        let malformed = encode_leaf(&sign(b"no entry"), NOW);
        assert_eq!(
            read(&malformed),
            Err(LeafError::Entry(Rejection::EntryMalformed))
        );
        let time = encode_leaf(&sign(&crate::encode(&entry(give()))), Millis::new(-1));
        let refused = Rejection::TimeOutOfRange {
            field: "recorded_ms",
        };
        assert_eq!(read(&time), Err(LeafError::Entry(refused)));
    }

    #[test]
    fn an_entry_in_another_spelling_is_read_from_its_leaf() {
        let bytes = [crate::encode(&entry(give())), vec![0x78, 1]].concat();
        assert_eq!(crate::admit(&bytes), Err(Rejection::EntryNotCanonical));
        let leaf = encode_leaf(&SignedEntry::sign(bytes.clone(), &key()), NOW);
        let (signed, record) = decode_leaf(Position::ZERO, &leaf).unwrap();
        assert_eq!((signed.bytes, record.entry), (bytes, entry(give())));
    }
}
