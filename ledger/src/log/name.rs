//! Names of keys and origins of logs: C2SP signed-note, section Format, and tlog-checkpoint.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The longest name, in bytes: what a cosigned message has room for (C2SP tlog-cosignature,
/// `opaque cosigner_name<1..2^8-1>`).
const BYTES_MAX: usize = 255;

/// The name of a key that signs notes, by custom a URL without its scheme. The log's key is named
/// by the log's origin, so this is also the type of an origin.
///
/// C2SP lets an origin hold spaces and plus signs but advises against them; here they are refused,
/// so that every origin can name a key. It bounds no length either; here 255 bytes do, so that every
/// name fits into what an ML-DSA-44 cosigner signs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KeyName(String);

/// The text cannot name a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "a key name has 1 to 255 bytes, and no spaces, control characters or plus signs among them"
)]
pub struct KeyNameError;

impl KeyName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for KeyName {
    type Err = KeyNameError;

    fn from_str(text: &str) -> Result<Self, KeyNameError> {
        let refused = |c: char| c.is_whitespace() || c.is_control() || c == '+';
        if text.is_empty() || text.len() > BYTES_MAX || text.contains(refused) {
            return Err(KeyNameError);
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for KeyName {
    type Error = KeyNameError;

    fn try_from(text: String) -> Result<Self, KeyNameError> {
        text.parse()
    }
}

impl From<KeyName> for String {
    fn from(name: KeyName) -> Self {
        name.0
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_word_without_plus() {
        for text in ["hours.example/ledger", "时间银行.example", "a"] {
            assert_eq!(text.parse::<KeyName>().unwrap().as_str(), text);
        }
        for text in [
            "",
            " ",
            "a b",
            "a+b",
            "a\n",
            "a\tb",
            "a\u{a0}b",
            "a\u{3000}b",
            "a\0",
            "a\u{85}",
        ] {
            assert_eq!(text.parse::<KeyName>(), Err(KeyNameError), "{text:?}");
        }
    }

    #[test]
    fn a_name_fits_into_a_cosigned_message() {
        assert!("字".repeat(85).parse::<KeyName>().is_ok());
        assert_eq!("a".repeat(256).parse::<KeyName>(), Err(KeyNameError));
    }

    #[test]
    fn a_name_is_checked_when_it_is_read_back() {
        let bytes = postcard::to_allocvec("a b").unwrap();
        assert!(postcard::from_bytes::<KeyName>(&bytes).is_err());
    }
}
