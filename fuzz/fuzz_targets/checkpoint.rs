//! The text of a checkpoint has one spelling: what parses is written again byte by byte.
#![no_main]

use ledger::log::Checkpoint;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(checkpoint) = text.parse::<Checkpoint>() {
        assert_eq!(checkpoint.to_string(), text);
    }
});
