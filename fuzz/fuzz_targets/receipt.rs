//! A receipt has one spelling: what parses is written again byte by byte. Nobody has signed it.
#![no_main]

use ledger::SecretKey;
use ledger::log::{Hash, NoteSigner, Receipt};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(receipt) = Receipt::parse(bytes) else {
        return;
    };
    assert_eq!(receipt.to_string().as_bytes(), bytes);
    let name = "fuzz.example/log".parse().expect("a name");
    let signer = NoteSigner::new(name, SecretKey::from_seed(&[7; 32]));
    let verified = receipt.verify(Hash::EMPTY_ROOT, &signer.verifier_key());
    assert!(verified.is_err(), "nobody has signed this");
});
