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
mod tests {
    use super::*;
    use crate::key::SecretKey;

    const KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    const NOTE: &str = "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

    fn signer(name: &str, seed: u8) -> NoteSigner {
        NoteSigner::new(name.parse().unwrap(), SecretKey::from_seed(&[seed; 32]))
    }

    fn known() -> Vec<VerifierKey> {
        vec![KEY.parse().unwrap()]
    }

    fn parsed(note: &str) -> SignedNote {
        SignedNote::parse(note.as_bytes()).unwrap()
    }

    fn refused(note: &str) -> NoteError {
        SignedNote::parse(note.as_bytes()).unwrap_err()
    }

    #[test]
    fn the_example_of_the_specification_verifies_and_keeps_its_bytes() {
        let note = parsed(NOTE);
        assert_eq!(note.as_bytes(), NOTE.as_bytes());
        assert_eq!(note.verify(&known()), Ok("This is an example message.\n"));
    }

    #[test]
    fn a_text_changed_by_one_bit_does_not_verify() {
        let text_bits = 8 * (NOTE.find("\n\n").unwrap() + 1);
        let mut parsed = 0;
        for bit in 0..text_bits {
            let mut bytes = NOTE.as_bytes().to_vec();
            bytes[bit / 8] ^= 1 << (bit % 8);
            if let Ok(note) = SignedNote::parse(&bytes) {
                let refused = NoteError::BadSignature("example.com/foo".parse().unwrap());
                assert_eq!(note.verify(&known()), Err(refused), "{bit}");
                parsed += 1;
            }
        }
        assert!(parsed > text_bits / 2);
    }

    #[test]
    fn unknown_keys_are_ignored_and_known_ones_needed() {
        let text = "text\n";
        let (a, b, c) = (signer("a", 1), signer("b", 2), signer("c", 3));
        let note = SignedNote::sign(text, &[a.clone(), b.clone()]).unwrap();
        assert_eq!(note.verify(&[b.verifier_key()]), Ok(text));
        assert_eq!(note.verify(&[c.verifier_key()]), Err(NoteError::NoKnownKey));
        assert_eq!(note.verify(&[]), Err(NoteError::NoKnownKey));
        assert_eq!(note.signatures(&[c.verifier_key()]), Ok(vec![]));
        let same_name = signer("a", 9);
        assert_eq!(
            note.verify(&[same_name.verifier_key()]),
            Err(NoteError::NoKnownKey)
        );
    }

    #[test]
    fn a_wrong_line_of_a_known_key_spoils_the_note_wherever_it_stands() {
        let (a, b) = (signer("a", 1), signer("b", 2));
        let (good, wrong) = (b.sign("text\n"), a.sign("other text\n"));
        let keys = [a.verifier_key(), b.verifier_key()];
        for lines in [
            format!("{good}{wrong}"),
            format!("{wrong}{good}"),
            format!("{}{wrong}", a.sign("text\n")),
        ] {
            let note = parsed(&format!("text\n\n{lines}"));
            assert_eq!(
                note.verify(&keys),
                Err(NoteError::BadSignature("a".parse().unwrap()))
            );
        }
    }

    #[test]
    fn repeated_lines_count_once() {
        let a = signer("a", 1);
        let note = SignedNote::sign("text\n", &[a.clone(), a.clone(), a.clone()]).unwrap();
        let key = a.verifier_key();
        let keys = [key.clone()];
        assert_eq!(
            note.signatures(&keys),
            Ok(vec![VerifiedSignature {
                key: &key,
                time_s: None
            }])
        );
    }

    #[test]
    fn only_the_first_lines_of_the_keys_that_are_named_are_kept() {
        let (a, b) = (signer("a", 1), signer("b", 2));
        let [line_a, line_b] = [&a, &b].map(|signer| signer.sign("text\n"));
        let junk = "— c AAAAAAA=\n";
        let note = parsed(&format!("text\n\n{junk}{line_b}{line_a}{junk}{line_b}"));
        let (a, b) = (a.verifier_key(), b.verifier_key());
        let only = |keys: &[VerifierKey]| note.only(keys).map(|note| note.as_str().to_owned());
        assert_eq!(
            only(std::slice::from_ref(&a)),
            Ok(format!("text\n\n{line_a}"))
        );
        assert_eq!(only(&[a, b]), Ok(format!("text\n\n{line_b}{line_a}")));
        assert_eq!(only(&[]), Err(NoteError::NoKnownKey));
        let wrong = signer("c", 3).sign("other\n");
        let spoilt = note.with_lines(&wrong).unwrap();
        let c = signer("c", 3).verifier_key();
        let refused = NoteError::BadSignature(c.name().clone());
        assert_eq!(spoilt.only(&[c]), Err(refused));
    }

    #[test]
    fn the_last_empty_line_divides() {
        let signer = signer("a", 1);
        let text = "one\n\n— a AAAAAAA=\n\ntwo\n\n";
        let note = SignedNote::sign(text, std::slice::from_ref(&signer)).unwrap();
        assert_eq!(note.verify(&[signer.verifier_key()]), Ok(text));
    }

    #[test]
    fn a_hundred_signatures_are_accepted_and_no_more() {
        let signers: Vec<NoteSigner> = (0..=100).map(|i| signer(&format!("k{i}"), i)).collect();
        let note = SignedNote::sign("text\n", &signers[..100]).unwrap();
        assert_eq!(note.verify(&[signers[99].verifier_key()]), Ok("text\n"));
        let refused = SignedNote::sign("text\n", &signers);
        assert_eq!(refused, Err(NoteError::TooManySignatures(101)));
    }

    #[test]
    fn lines_can_be_added_but_nothing_else() {
        let (a, b) = (signer("a", 1), signer("b", 2));
        let note = SignedNote::sign("text\n", &[a]).unwrap();
        let longer = note.with_lines(&b.sign("text\n")).unwrap();
        assert_eq!(longer.verify(&[b.verifier_key()]), Ok("text\n"));
        assert!(longer.as_str().starts_with(note.as_str()));
        for lines in ["", "\n", "more text\n\n— b AAAAAAA=\n", "— b AAAAAAA="] {
            assert!(note.with_lines(lines).is_err(), "{lines:?}");
        }
    }

    #[test]
    fn bytes_that_are_no_note_are_refused_for_their_reason() {
        use NoteError::{ControlCharacter, MalformedLine, NoEmptyLine, NotUtf8, Unsigned};
        assert_eq!(SignedNote::parse(b"text\xff\n\n"), Err(NotUtf8));
        let cases = [
            ("", NoEmptyLine),
            ("text\n", NoEmptyLine),
            ("text\n— a AAAAAAA=\n", NoEmptyLine),
            ("\n— a AAAAAAA=\n", NoEmptyLine),
            ("text\n\n", Unsigned),
            ("text\n\n— a AAAAAAA=\n\n", Unsigned),
            ("text\r\n\r\n— a AAAAAAA=\n", ControlCharacter),
            ("te\0xt\n\n— a AAAAAAA=\n", ControlCharacter),
            ("te\txt\n\n— a AAAAAAA=\n", ControlCharacter),
            ("text\n\n— a AAAAAAA=", MalformedLine(1)),
            ("text\n\n— a AAAAAAA=\n— a AAAAAAA=", MalformedLine(2)),
            ("text\n\n- a AAAAAAA=\n", MalformedLine(1)),
            ("text\n\n—a AAAAAAA=\n", MalformedLine(1)),
            ("text\n\n—  AAAAAAA=\n", MalformedLine(1)),
            ("text\n\n— AAAAAAA=\n", MalformedLine(1)),
            ("text\n\n— a  AAAAAAA=\n", MalformedLine(1)),
            ("text\n\n— a AAAAAAA= \n", MalformedLine(1)),
            ("text\n\n— a b AAAAAAA=\n", MalformedLine(1)),
            ("text\n\n— a+b AAAAAAA=\n", MalformedLine(1)),
            ("text\n\n— a\u{a0}b AAAAAAA=\n", MalformedLine(1)),
            ("text\n\n— a AAAAAAA\n", MalformedLine(1)),
            ("text\n\n— a AAAAAAB=\n", MalformedLine(1)),
            ("text\n\n— a AAAAAA==\n", MalformedLine(1)),
            ("text\n\n— a \n", MalformedLine(1)),
            ("text\n\n— a\n", MalformedLine(1)),
            ("text\n\n— a AAAAAAA=\nmore text\n", MalformedLine(2)),
        ];
        for (note, reason) in cases {
            assert_eq!(refused(note), reason, "{note:?}");
        }
    }

    #[test]
    fn a_text_without_line_end_cannot_be_signed() {
        assert_eq!(
            SignedNote::sign("text", &[signer("a", 1)]),
            Err(NoteError::NoEmptyLine)
        );
        assert_eq!(SignedNote::sign("text\n", &[]), Err(NoteError::Unsigned));
    }
}
