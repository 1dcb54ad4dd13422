//! The scheme itself: one row, written when the ledger opens.

use serde::{Deserialize, Serialize};

use crate::id::UnitId;
use crate::rules::RulesVersion;
use crate::time::Millis;

/// Longest public name, in bytes.
const NAME_BYTES_MAX: usize = 200;

/// The standing of the scheme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scheme {
    /// The checkpoint origin, which every entry names.
    pub ledger: String,
    /// The root of all units.
    pub unit: UnitId,
    /// The scheme as people call it.
    pub scheme_name: String,
    /// What one hour is called.
    pub hour_name: String,
    /// The newest rules that have taken effect when the newest rules were adopted.
    pub rules: RulesVersion,
    /// The newest rules that were adopted, and from when they are in force.
    pub upcoming: Option<Upcoming>,
    /// How many operators with a key the scheme's unit has: never below one.
    pub operators: u32,
    /// How many regulators the scheme has. As long as there is one, regulators are
    /// appointed and dismissed by regulators alone.
    pub regulators: u32,
}

/// Rules that were adopted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upcoming {
    /// Which.
    pub rules: RulesVersion,
    /// The first moment at which they are in force.
    pub from: Millis,
}

impl Scheme {
    /// The rules in force at a time.
    pub fn rules_at(&self, now: Millis) -> RulesVersion {
        match self.upcoming {
            Some(upcoming) if upcoming.from <= now => upcoming.rules,
            _ => self.rules,
        }
    }
}

/// Checks a public name of a scheme or unit: 1 to 200 bytes, none of them a
/// control character or one that is not seen but changes what is.
///
/// # Errors
/// [`Rejection::NameInvalid`](crate::Rejection::NameInvalid).
pub fn parse_name(field: &'static str, name: String) -> Result<String, crate::Rejection> {
    let length = 1..=NAME_BYTES_MAX;
    if length.contains(&name.len()) && !name.chars().any(is_invisible) {
        Ok(name)
    } else {
        Err(crate::Rejection::NameInvalid { field })
    }
}

/// Control characters, and the format characters by which one name can be made
/// to look like another: zero-width ones, marks and overrides of direction.
fn is_invisible(character: char) -> bool {
    let format = ['\u{ad}', '\u{61c}', '\u{180e}', '\u{feff}'];
    character.is_control()
        || format.contains(&character)
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(character, '\u{2060}'..='\u{206f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_seen_as_they_are() {
        for name in ["时间银行", "Zeitvorsorge St. Gallen", "a"] {
            assert_eq!(parse_name("name", name.to_owned()).as_deref(), Ok(name));
        }
        let refused = Err(crate::Rejection::NameInvalid { field: "name" });
        for name in ["", "a\nb", "a\u{202e}b", "a\u{200b}b", "\u{feff}a"] {
            assert_eq!(parse_name("name", name.to_owned()), refused, "{name:?}");
        }
        assert_eq!(parse_name("name", "a".repeat(201)), refused);
    }
}
