//! What a witness answers is taken for a cosignature only under its key, and for a size only in the
//! one spelling of a size.
#![no_main]

use std::sync::LazyLock;

use ledger::SecretKey;
use ledger::log::witness::{conflict_size, cosignatures};
use ledger::log::{Checkpoint, Cosigner, Hash, NoteSigner, SignedNote, TreeSize, VerifierKey};
use libfuzzer_sys::fuzz_target;

static CHECKPOINT: LazyLock<SignedNote> = LazyLock::new(|| {
    let name = "fuzz.example/log".parse().expect("a name");
    let signer = NoteSigner::new(name, SecretKey::from_seed(&[7; 32]));
    let name = signer.verifier_key().name().clone();
    let checkpoint = Checkpoint::new(name, TreeSize::ZERO, Hash::EMPTY_ROOT);
    checkpoint.sign(&[signer]).expect("a checkpoint is a note")
});

static WITNESS: LazyLock<[VerifierKey; 1]> = LazyLock::new(|| {
    let name = "fuzz.example/witness".parse().expect("a name");
    [Cosigner::new(name, SecretKey::from_seed(&[8; 32])).verifier_key()]
});

fuzz_target!(|body: &[u8]| {
    let found = cosignatures(body, &CHECKPOINT, &*WITNESS);
    assert!(found.is_err(), "nobody has signed this");
    if let Ok(size) = conflict_size(body) {
        assert_eq!(format!("{size}\n").as_bytes(), body);
    }
});
