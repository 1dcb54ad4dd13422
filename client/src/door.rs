//! Codes at the door, for a check-in where there is no signal.
//!
//! The station prints a sheet with one code a day, and the recipient keeps it. A
//! volunteer who is there writes the day's code down and commits to it with the
//! visit, whenever there is a signal again; the station, or whoever calls back,
//! compares. A code is a time-based one-time password (RFC 6238) with SHA-256, a
//! step of one day and six digits. Its key is made of the salt of the recipient's
//! profile, so that only those know it who may read the profile; with a corrected
//! profile there are new codes.

use hmac::{Hmac, KeyInit, Mac};
use ledger::commitment::Opening;
use sha2::{Digest, Sha256};

/// How many digits a code has.
const DIGITS: u32 = 6;

/// The key of one door.
#[derive(Clone)]
pub struct DoorKey([u8; 32]);

impl DoorKey {
    /// The key that belongs to a profile.
    pub fn of(profile: &Opening) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"timebank/door-code/v1\n");
        hash.update(profile.salt());
        Self(hash.finalize().into())
    }

    /// The code of a day: days since 1970-01-01; none before.
    pub fn code(&self, day: i64) -> Option<String> {
        let counter = u64::try_from(day).ok()?;
        let width = usize::try_from(DIGITS).ok()?;
        Some(format!("{:0width$}", password(&self.0, counter, DIGITS)))
    }
}

/// What a visit commits to: the code that stood at the door.
pub fn evidence(code: &str) -> String {
    format!("door code {code}")
}

/// HOTP (RFC 4226, section 5.3) with HMAC-SHA-256, as RFC 6238 allows it.
fn password(key: &[u8], counter: u64, digits: u32) -> u32 {
    let mac = Hmac::<Sha256>::new_from_slice(key);
    let mut mac = mac.expect("HMAC takes keys of any length");
    mac.update(&counter.to_be_bytes());
    let hash: [u8; 32] = mac.finalize().into_bytes().into();
    let offset = usize::from(hash[31] & 0x0f);
    let mut word = [0; 4];
    word.copy_from_slice(&hash[offset..offset + 4]);
    (u32::from_be_bytes(word) & 0x7fff_ffff) % 10_u32.pow(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_passwords_are_those_of_the_rfc() {
        // RFC 6238, appendix B, the rows of SHA-256.
        let key = b"12345678901234567890123456789012";
        for (counter, expected) in [
            (0x1, 46_119_246),
            (0x0235_23EC, 68_084_774),
            (0x0235_23ED, 67_062_674),
            (0x0273_EF07, 91_819_424),
            (0x03F9_40AA, 90_698_825),
            (0x27BC_86AA, 77_737_706),
        ] {
            assert_eq!(password(key, counter, 8), expected, "{counter:x}");
        }
    }

    #[test]
    fn every_day_and_every_profile_has_its_code() {
        let key = |salt| DoorKey::of(&Opening::new([salt; 32], Vec::new()).unwrap());
        let codes: Vec<_> = (20_000..20_060)
            .filter_map(|day| key(1).code(day))
            .collect();
        assert!(codes.iter().all(|code| code.len() == 6));
        let different: std::collections::BTreeSet<_> = codes.iter().collect();
        assert!(different.len() > 55, "they hardly ever repeat");
        assert_ne!(key(1).code(20_000), key(2).code(20_000));
        assert_eq!(key(1).code(-1), None);
    }
}
