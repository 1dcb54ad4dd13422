//! A tile's path has one spelling, and never leads out of the log.
#![no_main]

use ledger::log::TilePath;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(path) = text.parse::<TilePath>() {
        assert_eq!(path.to_string(), text);
        assert!(text.starts_with("tile/") && !text.contains("..") && !text.contains("//"));
    }
});
