//! A signed note is read strictly: what parses keeps its bytes, and reading what was kept gives the
//! same note. Nobody's key verifies it by accident.
#![no_main]

use ledger::SecretKey;
use ledger::log::{NoteSigner, SignedNote};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(note) = SignedNote::parse(bytes) else {
        return;
    };
    assert_eq!(note.as_bytes(), bytes);
    assert!(bytes.starts_with(note.unverified_text().as_bytes()));

    let name = "fuzz.example/log".parse().expect("a name");
    let signer = NoteSigner::new(name, SecretKey::from_seed(&[7; 32]));
    let keys = [signer.verifier_key()];
    assert!(note.verify(&keys).is_err(), "nobody has signed this");
    let line = signer.sign(note.unverified_text());
    if let Ok(signed) = note.with_lines(&line) {
        assert_eq!(signed.as_str(), format!("{}{line}", note.as_str()));
        // A line that claims to be ours spoils the note, whatever we add.
        if note.signatures(&keys).is_ok() {
            assert_eq!(signed.verify(&keys), Ok(note.unverified_text()));
        }
    }
});
