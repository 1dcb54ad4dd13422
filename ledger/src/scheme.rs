//! The scheme itself: one row, written when the ledger opens.

use serde::{Deserialize, Serialize};

use crate::id::UnitId;
use crate::rules::RulesVersion;

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
    /// The rules in force.
    pub rules: RulesVersion,
    /// How many operators the scheme's unit has: never below one.
    pub operators: u32,
}

/// Checks a public name of a scheme or unit: 1 to 200 bytes, no control
/// characters.
///
/// # Errors
/// [`Rejection::NameInvalid`](crate::Rejection::NameInvalid).
pub fn parse_name(field: &'static str, name: String) -> Result<String, crate::Rejection> {
    let length = 1..=NAME_BYTES_MAX;
    if length.contains(&name.len()) && !name.chars().any(char::is_control) {
        Ok(name)
    } else {
        Err(crate::Rejection::NameInvalid { field })
    }
}
