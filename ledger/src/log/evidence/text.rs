//! The text of a file of evidence, read strictly: what is accepted, `Display` gives back byte by byte.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::{Claim, Evidence, LateRecord, OtherBeginning};
use crate::log::hash::Hash;
use crate::log::note::SignedNote;
use crate::log::position::TreeSize;

const FIRST_LINE: &str = "timebank evidence v1";

/// Why bytes are not a file of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum EvidenceFormatError {
    /// Something has changed the file on its way here.
    #[error("the checksum does not fit: the file is damaged or cut off")]
    Damaged,
    /// A line is not the one that should stand there; counted from 1.
    #[error("line {0} is not what stands there in a file of evidence")]
    Line(usize),
}

struct Lines<'t> {
    all: Vec<&'t str>,
    next: usize,
}

impl<'t> Lines<'t> {
    fn peek(&self, word: &str) -> Option<&'t str> {
        let line = self.all.get(self.next)?;
        line.strip_prefix(word)?.strip_prefix(' ')
    }

    /// What follows this word, read.
    fn value<T>(
        &mut self,
        word: &str,
        read: impl FnOnce(&'t str) -> Option<T>,
    ) -> Result<T, EvidenceFormatError> {
        let value = self.peek(word).and_then(read).ok_or_else(|| self.here())?;
        self.next += 1;
        Ok(value)
    }

    fn hashes(&mut self) -> Result<Vec<Hash>, EvidenceFormatError> {
        let mut hashes = Vec::new();
        while self.peek("hash").is_some() {
            hashes.push(self.value("hash", |text| Hash::from_base64(text).ok())?);
        }
        Ok(hashes)
    }

    fn note(&mut self) -> Result<SignedNote, EvidenceFormatError> {
        let count: TreeSize = self.value("checkpoint", |text| text.parse().ok())?;
        let end = usize::try_from(count.get())
            .ok()
            .and_then(|count| self.next.checked_add(count));
        let lines = end.and_then(|end| self.all.get(self.next..end));
        let text: String = lines
            .ok_or_else(|| self.here())?
            .iter()
            .flat_map(|line| [*line, "\n"])
            .collect();
        let note = SignedNote::parse(text.as_bytes()).map_err(|_| self.here())?;
        self.next += text.matches('\n').count();
        Ok(note)
    }

    fn here(&self) -> EvidenceFormatError {
        EvidenceFormatError::Line(self.next + 1)
    }
}

impl Evidence {
    /// Whether a file claims to be evidence: its first line says so.
    pub fn is_claimed(bytes: &[u8]) -> bool {
        bytes.starts_with(FIRST_LINE.as_bytes())
    }

    /// Reads a file. It proves nothing before [`Evidence::verify`].
    pub fn parse(bytes: &[u8]) -> Result<Self, EvidenceFormatError> {
        let damaged = EvidenceFormatError::Damaged;
        let text = str::from_utf8(bytes).map_err(|_| damaged)?;
        let start = text.rfind("sha256 ").ok_or(damaged)?;
        let (body, last) = text.split_at(start);
        if last != format!("sha256 {}\n", checksum(body)) {
            return Err(damaged);
        }
        let all: Vec<&str> = body.split_terminator('\n').collect();
        let mut lines = Lines { all, next: 0 };
        if lines.all.first() != Some(&FIRST_LINE) {
            return Err(lines.here());
        }
        lines.next = 1;
        let log = lines.value("log", |text| text.parse().ok())?;
        let claim = claim(&mut lines)?;
        let (first, second) = (lines.note()?, lines.note()?);
        let evidence = Self {
            log,
            first,
            second,
            claim,
        };
        // One spelling for each, so that a file is known by its hash.
        if evidence.body() == body {
            Ok(evidence)
        } else {
            Err(lines.here())
        }
    }
}

impl FromStr for Evidence {
    type Err = EvidenceFormatError;

    fn from_str(text: &str) -> Result<Self, EvidenceFormatError> {
        Self::parse(text.as_bytes())
    }
}

fn claim(lines: &mut Lines<'_>) -> Result<Claim, EvidenceFormatError> {
    let kind = lines.value("claim", Some)?;
    match kind {
        "fork" if lines.peek("begins").is_none() => Ok(Claim::Fork(None)),
        "fork" => {
            let root = lines.value("begins", |text| Hash::from_base64(text).ok())?;
            let path = lines.hashes()?;
            Ok(Claim::Fork(Some(OtherBeginning { root, path })))
        }
        "late" => Ok(Claim::Late(Box::new(LateRecord {
            cosigner: lines.value("cosigner", |text| text.parse().ok())?,
            position: lines.value("index", |text| text.parse().ok())?,
            leaf: lines.value("record", |text| STANDARD.decode(text).ok())?,
            path: lines.hashes()?,
        }))),
        _ => {
            let seen = kind.strip_prefix("rollback ");
            // A number in its one spelling, as all numbers of C2SP texts are.
            let seen = seen.and_then(|seen| seen.parse::<TreeSize>().ok());
            let seen_s = seen.ok_or(EvidenceFormatError::Line(lines.next))?.get();
            Ok(Claim::Rollback { seen_s })
        }
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = self.body();
        writeln!(f, "{body}sha256 {}", checksum(&body))
    }
}

impl Evidence {
    pub(super) fn body(&self) -> String {
        let mut lines = vec![FIRST_LINE.to_owned()];
        let hashes = |lines: &mut Vec<String>, path: &[Hash]| {
            lines.extend(path.iter().map(|hash| format!("hash {}", hash.to_base64())));
        };
        lines.push(format!("log {}", self.log));
        match &self.claim {
            Claim::Fork(None) => lines.push("claim fork".to_owned()),
            Claim::Fork(Some(OtherBeginning { root, path })) => {
                lines.push("claim fork".to_owned());
                lines.push(format!("begins {}", root.to_base64()));
                hashes(&mut lines, path);
            }
            Claim::Late(late) => {
                lines.push("claim late".to_owned());
                lines.push(format!("cosigner {}", late.cosigner));
                lines.push(format!("index {}", late.position));
                lines.push(format!("record {}", STANDARD.encode(&late.leaf)));
                hashes(&mut lines, &late.path);
            }
            Claim::Rollback { seen_s } => lines.push(format!("claim rollback {seen_s}")),
        }
        for note in [&self.first, &self.second] {
            let text = note.as_str();
            lines.push(format!("checkpoint {}", text.matches('\n').count()));
            lines.extend(text.lines().map(str::to_owned));
        }
        lines.push(String::new());
        lines.join("\n")
    }
}

/// Guards against damage on the way, not against forgers: the signatures do that.
pub(super) fn checksum(body: &str) -> String {
    hex::encode(Sha256::digest(body))
}
