//! The parts of a file: `TIMEBANK1-<file>-<number>-<of>-<payload>-<check>`.
//!
//! The file is packed with gzip, written in Base32, and cut into equal pieces.
//! Each part tells by itself which file it is of, which part of how many it is,
//! and whether a letter of it is wrong.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use super::base32;

/// What every part begins with: the name and version of this format.
const PREFIX: &str = "TIMEBANK1-";
/// The name without the version.
const NAME: &str = "TIMEBANK";
/// Characters of payload that keep a part within version 20 of a QR code at
/// level M, which holds 970.
const PAYLOAD_CHARACTERS_MAX: usize = 928;
/// Two digits number the parts.
const PARTS_MAX: usize = 99;
/// A file that is longer is no receipt.
const FILE_BYTES_MAX: u64 = 256 * 1024;

/// The file does not fit on paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the file would fill {0} codes, more than {PARTS_MAX}")]
pub struct TooLong(pub usize);

/// Why texts are not a whole file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum JoinError {
    /// Nothing in the texts is a part.
    #[error("no text begins with TIMEBANK1-")]
    NoPart,
    /// The parts are of another version of this format.
    #[error("the parts are of another version of the format: use a newer program")]
    OtherVersion,
    /// A letter of a part is wrong or missing.
    #[error("the text number {nth} is damaged: scan it again")]
    Damaged {
        /// Which of the texts, from 1.
        nth: usize,
    },
    /// The parts are of several files.
    #[error("the texts are parts of several receipts: {}", files.join(", "))]
    Mixed {
        /// What the parts call their files.
        files: Vec<String>,
    },
    /// Some parts are not there.
    #[error("of {of} parts these are missing: {}", listed(missing))]
    Missing {
        /// Their numbers, from 1.
        missing: Vec<usize>,
        /// How many there must be.
        of: usize,
    },
    /// Every part is whole, and yet they do not make the file.
    #[error("the parts do not make the receipt that they name")]
    Spoilt,
}

impl JoinError {
    /// A stable name of the reason, in upper snake case.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::NoPart => "NO_PART",
            Self::OtherVersion => "PARTS_OF_OTHER_VERSION",
            Self::Damaged { .. } => "PART_DAMAGED",
            Self::Mixed { .. } => "PARTS_MIXED",
            Self::Missing { .. } => "PARTS_MISSING",
            Self::Spoilt => "PARTS_SPOILT",
        }
    }
}

/// Cuts a file into the texts of as many codes as it takes.
///
/// # Errors
/// [`TooLong`] for a file that would take more than 99.
pub fn split(file: &[u8]) -> Result<Vec<String>, TooLong> {
    let payload = base32::encode(&packed(file));
    let of = payload.len().div_ceil(PAYLOAD_CHARACTERS_MAX);
    if of > PARTS_MAX {
        return Err(TooLong(of));
    }
    let name = fingerprint(file);
    let length = payload.len().div_ceil(of);
    // Base32 is ASCII, so that every byte is a character.
    let pieces = payload
        .as_bytes()
        .chunks(length)
        .map(String::from_utf8_lossy);
    let parts = (1..).zip(pieces).map(|(number, piece)| {
        let body = format!("{PREFIX}{name}-{number}-{of}-{piece}");
        let check = fingerprint(body.as_bytes());
        format!("{body}-{check}")
    });
    Ok(parts.collect())
}

/// Puts a file together from the texts of its codes: in any order, repeated,
/// broken over lines, in small letters, with other words between them.
///
/// # Errors
/// [`JoinError`].
pub fn join(texts: &str) -> Result<Vec<u8>, JoinError> {
    let letters: String = texts.split_whitespace().collect();
    let letters = letters.to_ascii_uppercase();
    let mut parts = Vec::new();
    for (nth, text) in (1..).zip(letters.split(PREFIX).skip(1)) {
        parts.push(Part::parse(text).ok_or(JoinError::Damaged { nth })?);
    }
    let Some(first) = parts.first() else {
        let is_other = letters.contains(NAME);
        return Err(if is_other {
            JoinError::OtherVersion
        } else {
            JoinError::NoPart
        });
    };
    let files: BTreeSet<(&str, usize)> = parts.iter().map(|part| (part.file, part.of)).collect();
    if files.len() > 1 {
        let files = files.iter().map(|(file, _)| (*file).to_owned()).collect();
        return Err(JoinError::Mixed { files });
    }
    let (file, of) = (first.file, first.of);
    let pieces: BTreeMap<usize, &str> = parts.iter().map(|one| (one.number, one.payload)).collect();
    let is_missing = |number: &usize| !pieces.contains_key(number);
    let missing: Vec<usize> = (1..=of).filter(is_missing).collect();
    if !missing.is_empty() {
        return Err(JoinError::Missing { missing, of });
    }
    let payload: String = pieces.into_values().collect();
    let unpacked = base32::decode(&payload).and_then(|bytes| unpacked(&bytes));
    let whole = unpacked.filter(|bytes| fingerprint(bytes) == file);
    whole.ok_or(JoinError::Spoilt)
}

/// One part behind its prefix.
struct Part<'t> {
    file: &'t str,
    number: usize,
    of: usize,
    payload: &'t str,
}

impl<'t> Part<'t> {
    /// Reads `<file>-<number>-<of>-<payload>-<check>`, and passes over what may
    /// follow; none if a letter is wrong.
    fn parse(text: &'t str) -> Option<Self> {
        let mut fields = text.splitn(5, '-');
        let mut next = || fields.next();
        let (file, number, of, payload, rest) = (next()?, next()?, next()?, next()?, next()?);
        let body = format!("{PREFIX}{file}-{number}-{of}-{payload}");
        let check = rest
            .get(..8)
            .filter(|check| *check == fingerprint(body.as_bytes()));
        check?;
        let (number, of): (usize, usize) = (number.parse().ok()?, of.parse().ok()?);
        let is_possible = (1..=of).contains(&number) && of <= PARTS_MAX;
        is_possible.then_some(Self {
            file,
            number,
            of,
            payload,
        })
    }
}

/// Eight letters for bytes: the first 40 bits of their SHA-256, in Base32.
fn fingerprint(bytes: &[u8]) -> String {
    base32::encode(&Sha256::digest(bytes)[..5])
}

fn packed(file: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    let written = gzip.write_all(file).and_then(|()| gzip.finish());
    written.expect("writing to memory does not fail")
}

fn unpacked(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut file = Vec::new();
    let read = GzDecoder::new(bytes)
        .take(FILE_BYTES_MAX + 1)
        .read_to_end(&mut file);
    let is_whole = read.is_ok_and(|length| length as u64 <= FILE_BYTES_MAX);
    is_whole.then_some(file)
}

fn listed(numbers: &[usize]) -> String {
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    numbers.join(", ")
}
