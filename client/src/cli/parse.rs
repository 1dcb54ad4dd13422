//! Amounts and choices as people type them.

use std::fmt;
use std::str::FromStr;

use clap::ValueEnum;
use ledger::act::CancelReason;
use ledger::entry::NewKey;
use ledger::log::Hash;
use ledger::member::NeedCategory;
use ledger::role::Role;
use ledger::service::ItemCode;
use ledger::unit::UnitKind;
use ledger::{Abandoned, Fen, MemberId, Minutes, PublicKey, Signature};

/// Reads hours and minutes: `1h30`, `2h`, `90m`, `1:30` or `90` (minutes).
pub(crate) fn minutes(text: &str) -> Result<Minutes, String> {
    let text = text.trim();
    let parsed = if let Some((hours, rest)) = text.split_once('h') {
        let rest = rest.trim_end_matches("min").trim_end_matches('m');
        sum(hours, if rest.is_empty() { "0" } else { rest })
    } else if let Some((hours, rest)) = text.split_once(':') {
        if rest.len() == 2 {
            sum(hours, rest)
        } else {
            None
        }
    } else {
        digits(text.trim_end_matches("min").trim_end_matches('m'))
    };
    let minutes = parsed
        .ok_or_else(|| "expected hours such as 1h30, 2h, 90m, 1:30 or 90 (minutes)".to_owned())?;
    Minutes::parse(minutes).map_err(|_| format!("expected 1 to {} minutes", Minutes::MAX))
}

fn sum(hours: &str, minutes: &str) -> Option<i64> {
    let minutes = digits(minutes).filter(|minutes| *minutes < 60)?;
    digits(hours)?.checked_mul(60)?.checked_add(minutes)
}

fn digits(text: &str) -> Option<i64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

/// Reads money in yuan: `1200` or `1200.50`.
pub(crate) fn yuan(text: &str) -> Result<Fen, String> {
    let (yuan, cents) = text.split_once('.').unwrap_or((text, "00"));
    let fen = if cents.len() == 2 {
        digits(cents)
    } else {
        None
    };
    let fen = digits(yuan).and_then(|yuan| yuan.checked_mul(100)?.checked_add(fen?));
    let fen = fen.ok_or_else(|| "expected yuan such as 1200 or 1200.50".to_owned())?;
    Fen::parse(fen).map_err(|_| format!("expected 0.01 to {} yuan", Fen::MAX / 100))
}

/// Reads a code of the catalogue or of a certificate.
pub(crate) fn item(text: &str) -> Result<ItemCode, String> {
    ItemCode::parse(text.to_owned())
        .map_err(|_| "expected 1 to 32 of a-z, 0-9 and \"-\"".to_owned())
}

/// Reads a tree: its size, a colon, and its root in 64 hex digits.
pub(crate) fn tree(text: &str) -> Result<Abandoned, String> {
    let read = || {
        let (size, root) = text.split_once(':')?;
        let root: [u8; 32] = hex::decode(root).ok()?.try_into().ok()?;
        Some(Abandoned {
            size: size.parse().ok()?,
            root: Hash::from_bytes(root),
        })
    };
    read().ok_or_else(|| "expected a size, a colon and 64 hexadecimal digits".to_owned())
}

/// Reads a public key: 64 hex digits.
pub(crate) fn public_key(text: &str) -> Result<PublicKey, String> {
    let bytes = hex::decode(text).map_err(|_| "expected 64 hexadecimal digits".to_owned())?;
    PublicKey::register(&bytes).map_err(|error| error.to_string())
}

/// What a member hands to the station, or to their other phone: a key of
/// theirs and the proof that they hold it. `Display` is one line to paste.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyRequest {
    /// Whose key it is.
    pub(crate) member: MemberId,
    /// The key and the proof.
    pub(crate) key: NewKey,
}

impl fmt::Display for KeyRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = hex::encode(self.key.public_key.as_bytes());
        write!(
            f,
            "{}:{key}:{}",
            self.member,
            hex::encode(self.key.proof.as_bytes())
        )
    }
}

impl FromStr for KeyRequest {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || "expected the line that `timebank key new` prints".to_owned();
        let mut parts = text.trim().split(':');
        let mut part = || parts.next().ok_or_else(expected);
        let (member, key, proof) = (part()?, part()?, part()?);
        let proof = hex::decode(proof)
            .ok()
            .and_then(|proof| proof.try_into().ok());
        Ok(Self {
            member: member.parse().map_err(|_| expected())?,
            key: NewKey {
                public_key: public_key(key)?,
                proof: Signature::from_bytes(proof.ok_or_else(expected)?),
            },
        })
    }
}

/// Declares a choice on the command line and what it means in the ledger.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident => $meaning:ty { $($(#[$each:meta])* $value:ident),* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
        pub(crate) enum $name {
            $($(#[$each])* $value,)*
        }

        impl From<$name> for $meaning {
            fn from(choice: $name) -> Self {
                match choice { $($name::$value => Self::$value,)* }
            }
        }
    };
}

pub(crate) use choice;

choice! {
    /// A role.
    RoleChoice => Role {
        /// Runs the scheme.
        Operator,
        /// Adopts rules and oversees the operator.
        Regulator,
        /// Serves people at a station.
        Staff,
        /// Administers the fund.
        FundAdmin,
        /// Reads everything, changes nothing.
        Auditor
    }
}

choice! {
    /// An assessed need.
    NeedChoice => NeedCategory {
        /// No need was assessed.
        None,
        /// Lives alone.
        LivingAlone,
        /// Partly unable to care for oneself.
        PartlyDisabled,
        /// Unable to care for oneself.
        Disabled,
        /// Minimum living allowance, or special hardship.
        Hardship
    }
}

choice! {
    /// The level of a new unit.
    KindChoice => UnitKind {
        /// A district of the scheme.
        District,
        /// A station of a district.
        Station
    }
}

choice! {
    /// Why a visit does not take place.
    ReasonChoice => CancelReason {
        /// The help is no longer needed.
        NotNeeded,
        /// Someone fell ill.
        Illness,
        /// The time does not suit.
        Time,
        /// Something else.
        Other
    }
}

#[cfg(test)]
mod tests {
    use ledger::SecretKey;

    use super::*;

    #[test]
    fn hours_are_read_in_every_spelling() {
        for (text, expected) in [
            ("1h30", 90),
            ("1h30m", 90),
            ("1h30min", 90),
            ("2h", 120),
            ("90m", 90),
            ("90min", 90),
            ("1:30", 90),
            ("0:45", 45),
            ("90", 90),
            (" 15 ", 15),
            ("100h", 6000),
        ] {
            assert_eq!(minutes(text).map(Minutes::get), Ok(expected), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_amount_of_hours_is_refused() {
        for text in [
            "",
            "h",
            "0",
            "0h",
            "-30",
            "1h60",
            "1:60",
            "1:5",
            "1:300",
            "1.5h",
            "1h30x",
            "+1h",
            "100000001",
            "99999999999999999999h",
            "1h 30",
            "一小时",
        ] {
            assert!(minutes(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_tree_is_read_as_the_server_names_it() {
        let root = Hash::EMPTY_ROOT;
        let size = ledger::log::TreeSize::new(41);
        assert_eq!(tree(&format!("41:{root}")), Ok(Abandoned { size, root }));
        for text in [
            "",
            "41",
            "41:",
            "41:00",
            &format!("041:{root}"),
            &format!("x:{root}"),
        ] {
            assert!(tree(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn money_is_read_to_the_fen() {
        assert_eq!(yuan("1200").map(Fen::get), Ok(120_000));
        assert_eq!(yuan("1200.50").map(Fen::get), Ok(120_050));
        for text in [
            "",
            "0",
            "0.00",
            "1.5",
            "1.500",
            "-1",
            "1,000",
            "1.-1",
            "99999999999999999999",
        ] {
            assert!(yuan(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_key_request_is_pasted_whole_or_not_at_all() {
        let member = MemberId::from_bytes([7; 16]);
        let key = NewKey::prove(&SecretKey::from_seed(&[9; 32]), "a.example", &member);
        let request = KeyRequest { member, key };
        let text = request.to_string();
        assert_eq!(format!(" {text}\n").parse(), Ok(request));
        assert!(text[..text.len() - 2].parse::<KeyRequest>().is_err());
        assert!("".parse::<KeyRequest>().is_err());
    }
}
