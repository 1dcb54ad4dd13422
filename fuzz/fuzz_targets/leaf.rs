//! The leaf of a record has one spelling.
#![no_main]

use ledger::log::Position;
use libfuzzer_sys::fuzz_target;
use proto::{decode_leaf, encode_leaf};

fuzz_target!(|bytes: &[u8]| {
    if let Ok((signed, record)) = decode_leaf(Position::ZERO, bytes) {
        assert_eq!(encode_leaf(&signed, record.recorded), bytes);
        assert_eq!(record.key_id, signed.key_id);
    }
});
