//! What is read as a signed note, what is not, and whose signatures it has.

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
