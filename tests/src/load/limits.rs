//! The limits of the machine, measured by themselves.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use anyhow::Result;
use ledger::entry::{ENTRY_TYPE, pre_authentication_encoding};
use ledger::{PublicKey, SecretKey, Signature};
use rayon::prelude::*;

type Signed = (PublicKey, Vec<u8>, Signature);

/// Single `verify_strict` on all cores, over messages as long as entries, in
/// signatures a second.
pub(super) fn verify_rate() -> f64 {
    verify_rate_within(Duration::from_secs(1))
}

/// The same, measured for at least so long.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
pub(super) fn verify_rate_within(at_least: Duration) -> f64 {
    static MESSAGES: OnceLock<Vec<Signed>> = OnceLock::new();
    let messages = MESSAGES.get_or_init(messages);
    let start = Instant::now();
    let mut verified = 0_u32;
    while start.elapsed() < at_least {
        messages.par_iter().for_each(|(key, message, signature)| {
            key.verify(message, signature).expect("it was signed so");
        });
        verified += u32::try_from(messages.len()).expect("a few thousand");
    }
    f64::from(verified) / start.elapsed().as_secs_f64()
}

fn messages() -> Vec<Signed> {
    let keys: Vec<SecretKey> = (0..200)
        .map(|seed| SecretKey::from_seed(&[seed; 32]))
        .collect();
    let signed = |number: usize| {
        let entry = vec![u8::try_from(number % 251).expect("a byte"); 200];
        let message = pre_authentication_encoding(ENTRY_TYPE, &entry);
        let key = &keys[number % keys.len()];
        (key.public(), message.clone(), key.sign(&message))
    };
    (0..4_000).into_par_iter().map(signed).collect()
}

/// Median of an append of 4 KiB with fdatasync, in the folder of the database.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
pub(super) fn synchronous_append(folder: &Path) -> Result<Duration> {
    let path = folder.join("append-probe");
    let mut file = File::create(&path)?;
    let block = [7; 4096];
    let mut times = Vec::new();
    for _ in 0..500 {
        let start = Instant::now();
        file.write_all(&block)?;
        file.sync_data()?;
        times.push(start.elapsed());
    }
    std::fs::remove_file(path)?;
    Ok(super::report::median(times))
}
