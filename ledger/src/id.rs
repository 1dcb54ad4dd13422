//! The identifiers that entries carry: 16 bytes each, shown as 32 hex digits.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::time::Millis;

/// An identifier in text was not the stated number of hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected {digits} hexadecimal digits")]
pub struct IdError {
    /// How many digits the identifier has.
    pub digits: usize,
}

/// Declares an identifier of fixed length in bytes.
macro_rules! bytes_id {
    ($(#[$doc:meta])* $name:ident, $length:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name([u8; $length]);

        impl $name {
            /// Takes the bytes as they are.
            pub const fn from_bytes(bytes: [u8; $length]) -> Self {
                Self(bytes)
            }

            /// The bytes.
            pub const fn as_bytes(&self) -> &[u8; $length] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&hex::encode(self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let mut bytes = [0; $length];
                match hex::decode_to_slice(text, &mut bytes) {
                    Ok(()) => Ok(Self(bytes)),
                    Err(_) => Err(IdError { digits: 2 * $length }),
                }
            }
        }
    };
}

bytes_id!(
    /// A person, known to the ledger by this pseudonym alone.
    MemberId,
    16
);
bytes_id!(
    /// A unit of organisation: scheme, district or station.
    UnitId,
    16
);
bytes_id!(
    /// A salted commitment or evidence hash: what it commits to is kept
    /// outside the log.
    Commitment,
    32
);
bytes_id!(
    /// A UUIDv7 (RFC 9562, section 5.7) made by the signer: the idempotency key
    /// of an entry, and the signer's clock.
    EntryId,
    16
);

impl EntryId {
    /// The identifier made of a time and 10 random bytes.
    pub fn new(signed: Millis, random: [u8; 10]) -> Self {
        let mut bytes = [0; 16];
        bytes[..6].copy_from_slice(&signed.get().to_be_bytes()[2..]);
        bytes[6..].copy_from_slice(&random);
        bytes[6] = (bytes[6] & 0x0f) | 0x70;
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
        Self(bytes)
    }

    /// Whether version and variant are those of a UUIDv7.
    pub fn is_version_7(&self) -> bool {
        self.0[6] >> 4 == 7 && self.0[8] >> 6 == 0b10
    }

    /// The signer's clock.
    pub fn signed(&self) -> Millis {
        let mut bytes = [0; 8];
        bytes[2..].copy_from_slice(&self.0[..6]);
        Millis::new(i64::from_be_bytes(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_9562_is_read_and_made() {
        // RFC 9562, appendix A.6.
        let id: EntryId = "017f22e279b07cc398c4dc0c0c07398f".parse().expect("hex");
        assert!(id.is_version_7());
        assert_eq!(id.signed(), Millis::new(0x017F_22E2_79B0));
        let random = id.as_bytes()[6..].try_into().expect("ten bytes");
        assert_eq!(EntryId::new(id.signed(), random), id);
    }

    #[test]
    fn other_versions_and_variants_are_noticed() {
        let v4: EntryId = "919108f752d133205bacf847db4148a8".parse().expect("hex");
        assert!(!v4.is_version_7());
        let mut bytes = *EntryId::new(Millis::new(1), [0; 10]).as_bytes();
        bytes[8] |= 0x40;
        assert!(!EntryId::from_bytes(bytes).is_version_7());
    }

    #[test]
    fn text_of_another_length_is_refused() {
        assert_eq!("00".parse::<MemberId>(), Err(IdError { digits: 32 }));
    }
}
