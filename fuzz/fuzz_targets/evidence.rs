//! Evidence has one spelling: what parses is written again byte by byte. It convicts nobody who has
//! signed nothing.
#![no_main]

use ledger::SecretKey;
use ledger::log::{Evidence, NoteSigner, Policy};
use libfuzzer_sys::fuzz_target;
use sha2::{Digest as _, Sha256};

fuzz_target!(|bytes: &[u8]| {
    let text = with_checksum(bytes);
    let Ok(evidence) = Evidence::parse(&text) else {
        return;
    };
    assert!(Evidence::is_claimed(&text));
    assert_eq!(evidence.to_string().as_bytes(), text);
    let name = evidence.log.name().clone();
    let key = NoteSigner::new(name, SecretKey::from_seed(&[7; 32])).verifier_key();
    let policy = Policy::of_log(key.clone());
    assert!(
        evidence.check_keys(&policy).is_err(),
        "it is of another log"
    );
    let accused = Evidence {
        log: key,
        ..evidence
    };
    let found = accused.verify(|_, _| Some(0));
    assert!(found.is_err(), "nobody has signed this");
});

/// The last line made anew, which no mutation would survive.
fn with_checksum(bytes: &[u8]) -> Vec<u8> {
    const LINE: &[u8] = b"sha256 ";
    let end = bytes.windows(LINE.len()).rposition(|word| word == LINE);
    let body = &bytes[..end.unwrap_or(bytes.len())];
    let sum = Sha256::digest(body);
    let hex: String = sum.iter().map(|byte| format!("{byte:02x}")).collect();
    [body, LINE, hex.as_bytes(), b"\n"].concat()
}
