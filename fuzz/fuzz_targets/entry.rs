//! What is admitted has one spelling; what is merely readable keeps its meaning when it is written.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proto::{admit, decode, encode};

fuzz_target!(|bytes: &[u8]| {
    let decoded = decode(bytes);
    if let Ok(entry) = admit(bytes) {
        assert_eq!(encode(&entry), bytes);
        assert_eq!(decoded.as_ref(), Ok(&entry));
    }
    if let Ok(entry) = decoded {
        assert_eq!(decode(&encode(&entry)), Ok(entry));
    }
});
