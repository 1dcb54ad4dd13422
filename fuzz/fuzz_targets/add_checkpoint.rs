//! The body of an add-checkpoint request has one spelling, and a witness cosigns none that its log
//! has not signed.
#![no_main]

use ledger::SecretKey;
use ledger::log::witness::{Refusal, judge};
use ledger::log::{AddCheckpoint, NoteSigner};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let Ok(request) = AddCheckpoint::parse(body) else {
        return;
    };
    assert_eq!(request.to_string().as_bytes(), body);
    assert!(!request.origin().is_empty());
    assert_eq!(judge(&request, &[], None), Err(Refusal::UnknownOrigin));
    if let Ok(name) = request.origin().parse() {
        let key = NoteSigner::new(name, SecretKey::from_seed(&[7; 32])).verifier_key();
        let judged = judge(&request, &[key], None);
        assert!(matches!(judged, Err(Refusal::Untrusted(_))), "{judged:?}");
    }
});
