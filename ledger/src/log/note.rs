//! Signed notes: C2SP signed-note v1.0.0.
//!
//! A note is text, an empty line, and signature lines. Parsing says only that the form is right:
//! whoever acts on the text must have verified it under a key that they know.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use thiserror::Error;

use super::name::KeyName;
use super::signer::NoteSigner;
use super::vkey::{NoteKeyId, VerifierKey};

/// The most signature lines a note may have; C2SP demands that at least 16 are accepted.
pub const SIGNATURES_MAX: usize = 100;

/// A note of the right form, with its exact bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedNote {
    note: String,
    text_bytes: usize,
    lines: Vec<SignatureLine>,
}

/// One signature line, unverified.
#[derive(Clone, Debug, PartialEq, Eq)]
struct SignatureLine {
    name: KeyName,
    id: NoteKeyId,
    payload: Vec<u8>,
}

/// A signature that verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifiedSignature<'k> {
    /// The known key that made it.
    pub key: &'k VerifierKey,
    /// When, in seconds since 1970, as a cosigner states it; none for plain signatures, and for a
    /// cosigner that states none. The cosignature of a witness must state one (C2SP tlog-witness).
    pub time_s: Option<u64>,
}

/// Why bytes are not a note, or not one to trust.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NoteError {
    /// A note is text.
    #[error("the note is not UTF-8")]
    NotUtf8,
    /// Line ends are the only control characters allowed.
    #[error("the note has a control character")]
    ControlCharacter,
    /// Nothing divides the text from the signatures.
    #[error("the note has no empty line before its signatures")]
    NoEmptyLine,
    /// A note without signature lines.
    #[error("the note has no signature lines")]
    Unsigned,
    /// More than [`SIGNATURES_MAX`] lines.
    #[error("the note has {0} signature lines, more than 100")]
    TooManySignatures(usize),
    /// The line, counted from 1, is not a signature line.
    #[error("signature line {0} is not of the form \"— <name> <base64>\"")]
    MalformedLine(usize),
    /// A key that is known did not make the signature that bears its name and id.
    #[error("the signature of {0} does not verify")]
    BadSignature(KeyName),
    /// No line is by a known key.
    #[error("no known key has signed the note")]
    NoKnownKey,
}

impl SignedNote {
    /// Reads a note, strictly.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        let note = str::from_utf8(bytes).map_err(|_| NoteError::NotUtf8)?;
        if note.bytes().any(|byte| byte < b' ' && byte != b'\n') {
            return Err(NoteError::ControlCharacter);
        }
        // The text may have empty lines of its own: the last one divides.
        let text_bytes = note.rfind("\n\n").ok_or(NoteError::NoEmptyLine)? + 1;
        let lines = signature_lines(&note[text_bytes + 1..])?;
        Ok(Self {
            note: note.to_owned(),
            text_bytes,
            lines,
        })
    }

    /// Signs a text, which must end in a line end.
    pub fn sign(text: &str, signers: &[NoteSigner]) -> Result<Self, NoteError> {
        let lines: String = signers.iter().map(|signer| signer.sign(text)).collect();
        Self::parse(format!("{text}\n{lines}").as_bytes())
    }

    /// The same note with more signature lines, such as a witness returns.
    pub fn with_lines(&self, lines: &str) -> Result<Self, NoteError> {
        signature_lines(lines)?;
        Self::parse(format!("{}{lines}", self.note).as_bytes())
    }

    /// The exact bytes that were parsed.
    pub fn as_bytes(&self) -> &[u8] {
        self.note.as_bytes()
    }

    /// The exact text that was parsed, with its signatures.
    pub fn as_str(&self) -> &str {
        &self.note
    }

    /// How many signature lines there are, verified or not.
    pub fn signature_count(&self) -> usize {
        self.lines.len()
    }

    /// What is signed, with its line end. Nobody may have signed it: see [`SignedNote::verify`].
    pub fn unverified_text(&self) -> &str {
        &self.note[..self.text_bytes]
    }

    /// The text, if at least one known key has signed it and no known key's signature is wrong. An
    /// ML-DSA-44 key signs the first three lines only: see [`super::Checkpoint::verify`].
    pub fn verify(&self, keys: &[VerifierKey]) -> Result<&str, NoteError> {
        if self.signatures(keys)?.is_empty() {
            return Err(NoteError::NoKnownKey);
        }
        Ok(self.unverified_text())
    }

    /// The same text with the lines of these keys only, the first of each, as [`SignedNote::verify`]
    /// accepts them.
    pub fn only(&self, keys: &[VerifierKey]) -> Result<Self, NoteError> {
        let text = self.verify(keys)?;
        let mut kept: Vec<&VerifierKey> = Vec::new();
        let mut lines = String::new();
        let written = self.note[self.text_bytes + 1..].split_inclusive('\n');
        for (line, written) in self.lines.iter().zip(written) {
            let key = keys.iter().find(|key| line.is_by(key));
            if let Some(key) = key.filter(|key| !kept.contains(key)) {
                kept.push(key);
                lines.push_str(written);
            }
        }
        Self::parse(format!("{text}\n{lines}").as_bytes())
    }

    /// Who of the known keys has signed: each once, in the order of their first lines; maybe none.
    ///
    /// Lines of unknown keys are passed over. A wrong line of a known key spoils the note.
    pub fn signatures<'k>(
        &self,
        keys: &'k [VerifierKey],
    ) -> Result<Vec<VerifiedSignature<'k>>, NoteError> {
        let mut verified: Vec<VerifiedSignature<'k>> = Vec::new();
        for line in &self.lines {
            let Some(key) = keys.iter().find(|key| line.is_by(key)) else {
                continue;
            };
            let time_s = key
                .verify(self.unverified_text(), &line.payload)
                .map_err(|_| NoteError::BadSignature(line.name.clone()))?;
            if !verified.iter().any(|earlier| earlier.key == key) {
                verified.push(VerifiedSignature { key, time_s });
            }
        }
        Ok(verified)
    }
}

impl SignatureLine {
    /// Reads `— <name> <base64 of a 4-byte key id and the signature>`.
    fn parse(line: &str) -> Option<Self> {
        let (name, base64) = line.strip_prefix("— ")?.split_once(' ')?;
        let decoded = STANDARD.decode(base64).ok()?;
        let (id, payload) = decoded
            .split_first_chunk()
            .filter(|(_, payload)| !payload.is_empty())?;
        Some(Self {
            name: name.parse().ok()?,
            id: NoteKeyId(*id),
            payload: payload.to_vec(),
        })
    }

    /// Name and id together tell whose line this claims to be.
    fn is_by(&self, key: &VerifierKey) -> bool {
        self.name == *key.name() && self.id == key.id()
    }
}

fn signature_lines(text: &str) -> Result<Vec<SignatureLine>, NoteError> {
    let count = text.split_terminator('\n').count();
    if count == 0 {
        return Err(NoteError::Unsigned);
    }
    if count > SIGNATURES_MAX {
        return Err(NoteError::TooManySignatures(count));
    }
    let body = text
        .strip_suffix('\n')
        .ok_or(NoteError::MalformedLine(count))?;
    let lines = (1..).zip(body.split('\n'));
    lines
        .map(|(n, line)| SignatureLine::parse(line).ok_or(NoteError::MalformedLine(n)))
        .collect()
}

#[cfg(test)]
mod tests;
