//! What a receipt carries beside the proof: the record that is read is the record that was written.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proto::{decode_extra, encode_extra};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(extra) = decode_extra(bytes) {
        assert!(!extra.leaf.is_empty());
        let again = decode_extra(&encode_extra(extra.leaf.clone(), None));
        assert_eq!(again.map(|again| again.leaf), Ok(extra.leaf));
    }
});
