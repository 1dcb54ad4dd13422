//! Entry bundles: the records themselves, 256 to a bundle (C2SP tlog-tiles, section Log entries).
//!
//! A bundle is a sequence of records, each behind its length in two bytes, big-endian.

use thiserror::Error;

use super::tile::Width;

/// The longest record that a bundle can carry, in bytes.
pub const RECORD_BYTES_MAX: usize = u16::MAX as usize;

/// Why records do not fit a bundle, or bytes are not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BundleError {
    /// The length of a record must fit two bytes.
    #[error("a record of {0} bytes is longer than 65535")]
    Oversize(usize),
    /// A bundle belongs to a tile, which has 1 to 256 hashes.
    #[error("a bundle has 1 to 256 records, not {0}")]
    WrongWidth(usize),
    /// The bytes end before the records do.
    #[error("the bundle ends inside its record {0}")]
    Truncated(u16),
    /// The bytes go on after the last record.
    #[error("{0} bytes follow the last record of the bundle")]
    Trailing(usize),
}

/// Joins 1 to 256 records of at most 65535 bytes each.
pub fn encode_bundle(records: &[impl AsRef<[u8]>]) -> Result<Vec<u8>, BundleError> {
    if records.is_empty() || records.len() > Width::FULL.len() {
        return Err(BundleError::WrongWidth(records.len()));
    }
    let mut bundle = Vec::new();
    for record in records.iter().map(AsRef::as_ref) {
        let length =
            u16::try_from(record.len()).map_err(|_| BundleError::Oversize(record.len()))?;
        bundle.extend_from_slice(&length.to_be_bytes());
        bundle.extend_from_slice(record);
    }
    Ok(bundle)
}

/// Splits a bundle that must hold exactly `width` records.
pub fn decode_bundle(mut bundle: &[u8], width: Width) -> Result<Vec<&[u8]>, BundleError> {
    let mut records = Vec::with_capacity(width.len());
    for number in 0..width.get() {
        let (record, rest) = split_record(bundle).ok_or(BundleError::Truncated(number))?;
        records.push(record);
        bundle = rest;
    }
    if bundle.is_empty() {
        Ok(records)
    } else {
        Err(BundleError::Trailing(bundle.len()))
    }
}

fn split_record(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(u16::from_be_bytes(*length).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn width(count: u16) -> Width {
        Width::new(count).unwrap()
    }

    #[test]
    fn a_bundle_is_lengths_and_records() {
        let bundle = encode_bundle(&["ab", "", "c"]).unwrap();
        assert_eq!(bundle, b"\x00\x02ab\x00\x00\x00\x01c");
        assert_eq!(
            decode_bundle(&bundle, width(3)),
            Ok(vec![&b"ab"[..], b"", b"c"])
        );
    }

    #[test]
    fn the_longest_record_and_the_fullest_bundle_fit() {
        let records = vec![vec![7; RECORD_BYTES_MAX]; 256];
        let bundle = encode_bundle(&records).unwrap();
        assert_eq!(bundle.len(), 256 * 65_537);
        assert!(
            decode_bundle(&bundle, Width::FULL)
                .unwrap()
                .iter()
                .eq(&records)
        );
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let long = vec![0; RECORD_BYTES_MAX + 1];
        assert_eq!(encode_bundle(&[long]), Err(BundleError::Oversize(65_536)));
        assert_eq!(encode_bundle(&[""; 257]), Err(BundleError::WrongWidth(257)));
        assert_eq!(encode_bundle(&[""; 0]), Err(BundleError::WrongWidth(0)));
    }

    #[test]
    fn every_cut_and_every_surplus_is_noticed() {
        let bundle = encode_bundle(&["ab", "cd"]).unwrap();
        for end in 0..bundle.len() {
            let number = u16::from(end >= 4);
            let refused = decode_bundle(&bundle[..end], width(2));
            assert_eq!(refused, Err(BundleError::Truncated(number)), "{end}");
        }
        assert_eq!(
            decode_bundle(&bundle, width(1)),
            Err(BundleError::Trailing(4))
        );
        assert_eq!(
            decode_bundle(&bundle, width(3)),
            Err(BundleError::Truncated(2))
        );
    }
}
