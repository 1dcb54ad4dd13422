//! What a witness answers, as the log reads it: C2SP tlog-witness, section add-checkpoint.

use thiserror::Error;

use crate::log::name::KeyName;
use crate::log::note::{NoteError, SignedNote};
use crate::log::position::{DecimalError, TreeSize};
use crate::log::vkey::VerifierKey;

/// A cosignature that verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cosignature<'k> {
    /// The witness' key.
    pub key: &'k VerifierKey,
    /// When, in seconds since 1970, as the witness states it; never zero.
    pub time_s: u64,
    /// The signature line, with its line end, for [`SignedNote::with_lines`].
    pub line: String,
}

/// Why the answer of a witness is of no use.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AnswerError {
    /// The answer is not signature lines, or none of them is a good one by a known key.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// A witness must state when it cosigned.
    #[error("the cosignature of {0} states no time")]
    NoTime(KeyName),
    /// The body of a 409 answer is not a size and a line end.
    #[error("the size is not a number and a line end: {0}")]
    Size(#[from] DecimalError),
}

/// The cosignatures in the body of a 200 answer, at least one. `checkpoint` is the note that was
/// sent, and `witness` are the keys that the witness is known to have; lines of others are passed
/// over, and a wrong line of one of these spoils the answer.
pub fn cosignatures<'k>(
    body: &[u8],
    checkpoint: &SignedNote,
    witness: &'k [VerifierKey],
) -> Result<Vec<Cosignature<'k>>, AnswerError> {
    let lines = str::from_utf8(body).map_err(|_| NoteError::NotUtf8)?;
    // Says that there are signature lines and nothing else, which could change the text.
    checkpoint.with_lines(lines)?;
    let text = checkpoint.unverified_text();
    let answer = SignedNote::parse(format!("{text}\n{lines}").as_bytes())?.only(witness)?;
    let signatures = answer.signatures(witness)?;
    let lines = answer.as_str()[text.len() + 1..].split_inclusive('\n');
    let cosignatures = signatures.into_iter().zip(lines).map(|(signature, line)| {
        let time_s = signature.time_s.filter(|time_s| *time_s != 0);
        Ok(Cosignature {
            key: signature.key,
            time_s: time_s.ok_or_else(|| AnswerError::NoTime(signature.key.name().clone()))?,
            line: line.to_owned(),
        })
    });
    cosignatures.collect()
}

/// The size in the body of a 409 answer: that of the latest checkpoint that the witness cosigned.
///
/// Whoever proves consistency from it first compares it with the size of the log.
pub fn conflict_size(body: &[u8]) -> Result<TreeSize, AnswerError> {
    let line = str::from_utf8(body).map_err(|_| DecimalError)?;
    let size = line.strip_suffix('\n').ok_or(DecimalError)?;
    Ok(size.parse()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::SecretKey;
    use crate::log::cosignature::Cosigner;
    use crate::log::testing::{checkpoint_of_five, log_signer};

    const TIME_S: u64 = 1_767_000_000;

    fn witness(seed: u8) -> Cosigner {
        let name = format!("wit.example/w{seed}");
        Cosigner::new(name.parse().unwrap(), SecretKey::from_seed(&[seed; 32]))
    }

    fn line(seed: u8) -> String {
        witness(seed).sign(&checkpoint_of_five(), TIME_S)
    }

    fn sent() -> SignedNote {
        checkpoint_of_five().sign(&[log_signer()]).unwrap()
    }

    fn refused(body: &str) -> AnswerError {
        let keys = [witness(2).verifier_key()];
        cosignatures(body.as_bytes(), &sent(), &keys).unwrap_err()
    }

    #[test]
    fn the_cosignatures_of_known_keys_are_taken_and_those_of_others_passed_over() {
        let keys = [witness(2).verifier_key(), witness(3).verifier_key()];
        let body = [line(4), line(3), line(3), line(2)].concat();
        let taken = cosignatures(body.as_bytes(), &sent(), &keys).unwrap();
        let expected = [(&keys[1], line(3)), (&keys[0], line(2))];
        let expected = expected.map(|(key, line)| Cosignature {
            key,
            time_s: TIME_S,
            line,
        });
        assert_eq!(taken, expected);
        let note = sent().with_lines(&taken[0].line).unwrap();
        assert!(note.verify(&keys).is_ok());
    }

    #[test]
    fn what_was_sent_along_is_not_taken_for_the_answer() {
        let keys = [witness(2).verifier_key(), witness(3).verifier_key()];
        let sent = sent().with_lines(&line(2)).unwrap();
        let taken = cosignatures(line(3).as_bytes(), &sent, &keys).unwrap();
        assert_eq!(taken.len(), 1);
        assert_eq!(taken[0].key, &keys[1]);
    }

    #[test]
    fn an_answer_of_no_use_is_refused_for_its_reason() {
        let name = witness(2).verifier_key().name().clone();
        let other_time = witness(2).sign(&checkpoint_of_five(), 0);
        let other_tree = {
            let mut checkpoint = checkpoint_of_five().to_string();
            checkpoint = checkpoint.replace("\n5\n", "\n6\n");
            witness(2).sign(&checkpoint.parse().unwrap(), TIME_S)
        };
        let bad = AnswerError::Note(NoteError::BadSignature(name.clone()));
        let cases = [
            (String::new(), NoteError::Unsigned.into()),
            (line(4), NoteError::NoKnownKey.into()),
            ("busy\n".to_owned(), NoteError::MalformedLine(1).into()),
            (
                line(2).trim_end().to_owned(),
                NoteError::MalformedLine(1).into(),
            ),
            (
                format!("more\n\n{}", line(2)),
                NoteError::MalformedLine(1).into(),
            ),
            (format!("\n{}", line(2)), NoteError::MalformedLine(1).into()),
            (other_tree.clone(), bad.clone()),
            (format!("{}{other_tree}", line(2)), bad),
            (other_time, AnswerError::NoTime(name)),
        ];
        for (body, reason) in cases {
            assert_eq!(refused(&body), reason, "{body:?}");
        }
        let keys = [witness(2).verifier_key()];
        let binary = cosignatures(b"\xff\n", &sent(), &keys);
        assert_eq!(binary, Err(NoteError::NotUtf8.into()));
    }

    #[test]
    fn a_plain_signature_is_no_cosignature() {
        let keys = [log_signer().verifier_key()];
        let body = log_signer().sign(&checkpoint_of_five().to_string());
        let refused = AnswerError::NoTime(keys[0].name().clone());
        assert_eq!(cosignatures(body.as_bytes(), &sent(), &keys), Err(refused));
    }

    #[test]
    fn the_size_of_a_conflict_has_one_spelling() {
        assert_eq!(conflict_size(b"20852014\n"), Ok(TreeSize::new(20_852_014)));
        assert_eq!(conflict_size(b"0\n"), Ok(TreeSize::ZERO));
        for body in [
            &b"5"[..],
            b"",
            b"\n",
            b"05\n",
            b"5\r\n",
            b"5\n\n",
            b"\xff\n",
            b"-1\n",
        ] {
            let refused = AnswerError::Size(DecimalError);
            assert_eq!(conflict_size(body), Err(refused), "{body:?}");
        }
    }
}
