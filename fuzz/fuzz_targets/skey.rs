//! A signing key's file has one spelling, and is of a log or of a witness, never of both.
#![no_main]

use ledger::log::{Cosigner, NoteSigner};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (log, witness) = (NoteSigner::from_skey(text), Cosigner::from_skey(text));
    assert!(log.is_err() || witness.is_err());
    if let Ok(log) = log {
        assert_eq!(log.to_skey(), text);
    }
    if let Ok(witness) = witness {
        assert_eq!(witness.to_skey(), text);
    }
});
