//! A policy means the same with comments and spaces in it, and names what it asks for. The input is
//! a policy, and maybe a zero byte and a note: nobody's note passes a policy by accident.
#![no_main]

use ledger::SecretKey;
use ledger::log::{NoteSigner, Policy, SignedNote};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut parts = bytes.splitn(2, |byte| *byte == 0);
    let (policy, note) = (parts.next().unwrap_or_default(), parts.next());
    let Ok(parsed) = Policy::parse(policy) else {
        return;
    };
    let lines = policy.split_inclusive(|byte| *byte == b'\n');
    let commented: Vec<u8> = lines
        .flat_map(|line| [b"\t # comment\n \n\t ", line].concat())
        .collect();
    assert_eq!(Policy::parse(&commented).as_ref(), Ok(&parsed));
    if parsed.asks_for_witnesses() {
        assert!(!parsed.witnesses().is_empty());
    }
    if let Some(Ok(note)) = note.map(SignedNote::parse) {
        let name = "fuzz.example/log".parse().expect("a name");
        let key = NoteSigner::new(name, SecretKey::from_seed(&[7; 32])).verifier_key();
        let verdict = Policy::of_log(key).check(&note).is_ok();
        assert!(!verdict, "nobody has signed this");
        if let Ok(verdict) = parsed.check(&note) {
            assert!(!verdict.logs.is_empty());
        }
    }
});
