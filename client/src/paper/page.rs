//! The page: one HTML file that needs nothing else, for A4 and A5.
//!
//! No script, no picture from elsewhere, no font but those of the machine.
//! Every text is escaped where it is written.

mod advice;
#[cfg(test)]
mod tests;

use std::fmt::{self, Write as _};

use ledger::log::{Algorithm, KeyName, Policy, VerifierKey};
use sha2::{Digest as _, Sha256};

use super::Symbol;
use super::html::{Both, Escaped};
use crate::words::{Statement, Text};

const STYLE: &str = include_str!("page/style.css");

/// What is printed.
#[derive(Debug)]
pub struct Page<'a> {
    /// What the receipt proves.
    pub statement: &'a Statement,
    /// The id of the entry, which names the page.
    pub entry: String,
    /// The texts of the codes.
    pub parts: &'a [String],
    /// The codes, one for each text.
    pub symbols: &'a [Symbol],
    /// The keys under which it was checked.
    pub keys: Vec<PrintedKey>,
}

/// A verifier key as a reader in thirty years needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintedKey {
    /// Whose key it is.
    pub owner: Text,
    /// The key; of a long one the name, the id and the SHA-256 of the key.
    pub key: String,
}

impl PrintedKey {
    /// The keys of a log and of the witnesses that a policy names.
    pub fn of(policy: &Policy, origin: &str) -> Vec<Self> {
        let is_of_log = |name: &KeyName| name.as_str() == origin;
        let logs = policy.logs().iter().map(|log| &log.key);
        let logs = logs.filter(|key| is_of_log(key.name())).map(|key| Self {
            owner: Text::new("账本", "log"),
            key: printed(key),
        });
        let witnesses = policy.witnesses().iter().map(|witness| Self {
            owner: Text::new(
                format!("见证人 {}", witness.name),
                format!("witness {}", witness.name),
            ),
            key: printed(&witness.key),
        });
        logs.chain(witnesses).collect()
    }
}

/// A key of ML-DSA-44 would fill a page: its hash tells whether another copy of
/// it is the same.
fn printed(key: &VerifierKey) -> String {
    let text = key.to_string();
    match key.algorithm() {
        Algorithm::Ed25519(_) | Algorithm::CosignatureV1(_) => text,
        Algorithm::MlDsa44(_) => {
            let hash = hex::encode(Sha256::digest(&text));
            format!("{}+{}+… (ML-DSA-44, SHA-256 {hash})", key.name(), key.id())
        }
    }
}

/// The page itself.
impl fmt::Display for Page<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = Text::new("时间银行收据", "Receipt of a time bank");
        write!(
            f,
            "<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n\
             <title>{} {}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
             <header><h1>{}</h1></header>\n<main>\n",
            Escaped(&title.chinese),
            Escaped(&self.entry),
            Both(&title),
        )?;
        self.claim(f)?;
        self.advice(f)?;
        self.codes(f)?;
        self.letters(f)?;
        f.write_str("</main>\n</body>\n</html>\n")
    }
}

impl Page<'_> {
    /// What the receipt proves, and what it does not.
    fn claim(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Statement {
            verdict,
            meaning,
            sentence,
            rows,
            limits,
        } = self.statement;
        write!(
            f,
            "<section>\n<p class=\"sentence\">{}</p>\n\
             <div class=\"verdict\"><h2>{}</h2><p>{}</p></div>\n<dl>\n",
            Both(sentence),
            Both(verdict),
            Both(meaning),
        )?;
        for row in rows {
            let (label, value) = (Both(&row.label), Both(&row.value));
            writeln!(f, "<div><dt>{label}</dt><dd>{value}</dd></div>")?;
        }
        let heading = Text::new("它不证明", "It does not prove");
        write!(f, "</dl>\n<h2>{}</h2>\n<ul>\n", Both(&heading))?;
        for limit in limits {
            writeln!(f, "<li>{}</li>", Both(limit))?;
        }
        f.write_str("</ul>\n</section>\n")
    }

    /// How to check it, and under which keys.
    fn advice(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let heading = Text::new("三十年后怎样核对", "How to check it in thirty years");
        write!(f, "<section>\n<h2>{}</h2>\n<ol>\n", Both(&heading))?;
        for step in advice::steps() {
            writeln!(f, "<li>{}</li>", Both(&step))?;
        }
        let heading = Text::new("核对所用的密钥", "The keys");
        write!(
            f,
            "</ol>\n<h2>{}</h2>\n<dl class=\"keys\">\n",
            Both(&heading)
        )?;
        for PrintedKey { owner, key } in &self.keys {
            let (owner, key) = (Both(owner), Escaped(key));
            writeln!(f, "<div><dt>{owner}</dt><dd>{key}</dd></div>")?;
        }
        f.write_str("</dl>\n</section>\n")
    }

    fn codes(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let heading = Text::new("收据的方码", "The codes of the receipt");
        write!(
            f,
            "<section>\n<h2>{}</h2>\n<p>{}</p>\n<div class=\"codes\">\n",
            Both(&heading),
            Both(&advice::codes()),
        )?;
        let of = self.symbols.len();
        for (number, symbol) in (1..).zip(self.symbols) {
            writeln!(
                f,
                "<figure>{}<figcaption>{number} / {of}</figcaption></figure>",
                symbol.svg()
            )?;
        }
        f.write_str("</div>\n</section>\n")
    }

    /// For a code that no longer scans.
    fn letters(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let heading = Text::new("方码的文字", "The letters of the codes");
        write!(
            f,
            "<section>\n<h2>{}</h2>\n<p>{}</p>\n",
            Both(&heading),
            Both(&advice::letters()),
        )?;
        for part in self.parts {
            let mut lines = String::new();
            for (at, letter) in part.chars().enumerate() {
                if at > 0 && at % 4 == 0 {
                    lines.push_str("<wbr>");
                }
                write!(lines, "{}", Escaped(letter.encode_utf8(&mut [0; 4])))?;
            }
            writeln!(f, "<p class=\"letters\">{lines}</p>")?;
        }
        f.write_str("</section>\n")
    }
}
