//! What records and verdicts say, in plain words: Chinese and English.
//!
//! For an elder's granddaughter, thirty years on: whole sentences, people by
//! their short codes, hours and minutes, dates with their zone. The words are
//! made from what was verified; they prove nothing by themselves.

mod act;
mod amount;
mod finding;
mod refusal;
mod standing;
mod statement;
mod time;

use std::fmt;

use ledger::MemberId;
use ledger::code::MemberCode;

use crate::error::Language;

pub use act::{capacity, phrase};
pub use amount::{hours, length, money};
pub use finding::of_finding;
pub use refusal::{of_evidence_error, of_join_error, of_verify_error};
pub use standing::of_standing;
pub use statement::{Row, Statement};
pub use time::Zone;

/// One text in both languages. `{}` writes English and `{:#}` Chinese.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Chinese in simplified characters.
    pub chinese: String,
    /// English.
    pub english: String,
}

impl Text {
    /// Puts both together.
    pub fn new(chinese: impl Into<String>, english: impl Into<String>) -> Self {
        Self {
            chinese: chinese.into(),
            english: english.into(),
        }
    }

    /// What is the same in both languages.
    pub fn same(text: impl fmt::Display) -> Self {
        Self::new(text.to_string(), text.to_string())
    }

    /// The text in one language.
    pub fn say(&self, language: Language) -> &str {
        match language {
            Language::Chinese => &self.chinese,
            Language::English => &self.english,
        }
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if f.alternate() {
            &self.chinese
        } else {
            &self.english
        })
    }
}

/// A member's short code.
pub fn member(member: MemberId) -> String {
    MemberCode::of(&member).to_string()
}
