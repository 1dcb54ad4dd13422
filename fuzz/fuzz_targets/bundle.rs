//! A bundle of a width has one spelling. The first byte of the input is the width, less one.
#![no_main]

use ledger::log::{Width, decode_bundle, encode_bundle};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((first, bundle)) = bytes.split_first() else {
        return;
    };
    let width = Width::new(u16::from(*first) + 1).expect("1 to 256 is a width");
    if let Ok(records) = decode_bundle(bundle, width) {
        assert_eq!(records.len(), usize::from(width.get()));
        assert_eq!(encode_bundle(&records).as_deref(), Ok(bundle));
    }
});
