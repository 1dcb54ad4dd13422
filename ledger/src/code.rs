//! The short code by which people know a member: ten digits of the id and two
//! check digits, "1234 5678 9012".
//!
//! The check digits are ISO/IEC 7064 MOD 97-10: every single wrong digit and
//! every swap of two neighbours is noticed. Enrolment refuses an id whose code
//! is taken, so that a code names one member of a ledger.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::MemberId;

const DIGITS: u64 = 10_000_000_000;

/// A member's short code without its check digits: below 10^10.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MemberCode(u64);

/// A code that was read or typed wrongly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Not twelve digits.
    #[error("a member's code has 12 digits")]
    Length,
    /// The check digits do not fit: a digit is wrong.
    #[error("a digit of the member's code is wrong: please read it again")]
    Check,
}

impl MemberCode {
    /// The code of a member.
    pub fn of(member: &MemberId) -> Self {
        let (first, _) = member.as_bytes().split_at(8);
        let number = first
            .iter()
            .fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        Self(number % DIGITS)
    }

    /// The number, below 10^10.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// Takes a number that was stored before.
    pub const fn from_number(number: u64) -> Option<Self> {
        if number < DIGITS {
            Some(Self(number))
        } else {
            None
        }
    }

    fn check_digits(self) -> u64 {
        98 - (self.0 * 100) % 97
    }
}

impl fmt::Display for MemberCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = format!("{:010}{:02}", self.0, self.check_digits());
        write!(f, "{} {} {}", &digits[..4], &digits[4..8], &digits[8..])
    }
}

impl FromStr for MemberCode {
    type Err = CodeError;

    /// Reads a code with or without spaces and hyphens.
    fn from_str(text: &str) -> Result<Self, CodeError> {
        let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        if digits.len() != 12 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(CodeError::Length);
        }
        let number: u64 = digits.parse().map_err(|_| CodeError::Length)?;
        let code = Self(number / 100);
        if code.check_digits() == number % 100 {
            Ok(code)
        } else {
            Err(CodeError::Check)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_back_with_and_without_spaces() {
        let code = MemberCode::of(&MemberId::from_bytes([0x5a; 16]));
        let text = code.to_string();
        assert_eq!(text.len(), 14);
        assert_eq!(text.parse(), Ok(code));
        assert_eq!(text.replace(' ', "").parse(), Ok(code));
        assert_eq!(text.replace(' ', "-").parse(), Ok(code));
    }

    #[test]
    fn every_wrong_digit_and_every_swap_is_noticed() {
        let text = MemberCode(4_821_093_756).to_string().replace(' ', "");
        let digits: Vec<u8> = text.bytes().collect();
        for at in 0..12 {
            for digit in b'0'..=b'9' {
                let mut wrong = digits.clone();
                wrong[at] = digit;
                let read = String::from_utf8(wrong.clone())
                    .expect("ascii")
                    .parse::<MemberCode>();
                assert_eq!(read.is_ok(), wrong == digits);
            }
            if at < 11 && digits[at] != digits[at + 1] {
                let mut swapped = digits.clone();
                swapped.swap(at, at + 1);
                let read = String::from_utf8(swapped)
                    .expect("ascii")
                    .parse::<MemberCode>();
                assert_eq!(read, Err(CodeError::Check));
            }
        }
    }

    #[test]
    fn other_lengths_are_refused() {
        for text in ["", "1234", "1234 5678 90123", "1234 5678 901x"] {
            assert_eq!(text.parse::<MemberCode>(), Err(CodeError::Length));
        }
    }
}
