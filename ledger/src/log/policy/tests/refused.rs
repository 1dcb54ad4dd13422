//! What a policy file may not say, and in which line.

use super::*;
use crate::log::vkey::VerifierKeyError;

/// A file that is wrong, the line where, and why.
type Case = (String, usize, PolicyFault);

fn refused(cases: Vec<Case>) {
    for (text, line, fault) in cases {
        let expected = PolicyError { line, fault };
        assert_eq!(Policy::parse(text.as_bytes()), Err(expected), "{text:?}");
    }
}

fn octets(text: &str) -> Octets {
    Octets(text.as_bytes().to_vec())
}

#[test]
fn a_line_that_is_not_of_the_form_is_refused_with_its_number() {
    use PolicyFault::{
        ControlCharacter, Form, Key, NoLineEnd, NoQuorum, NotALogKey, NotAWitnessKey,
        UnknownKeyword,
    };
    let (log, witness) = (lkey(), wkey(1));
    refused(vec![
        (String::new(), 1, NoQuorum),
        ("# quorum none\n".into(), 2, NoQuorum),
        ("quorum none".into(), 1, NoLineEnd),
        ("quorum none\n#".into(), 2, NoLineEnd),
        ("quorum none\r\n".into(), 1, ControlCharacter(b'\r')),
        ("\n#\0\nquorum none\n".into(), 2, ControlCharacter(0)),
        (
            "\n\n# \x7f\nquorum none\n".into(),
            3,
            ControlCharacter(0x7f),
        ),
        ("quorum\u{b}none\n".into(), 1, ControlCharacter(0xb)),
        ("quorum none # why\n".into(), 1, Form("quorum <name>|none")),
        ("quorum\n".into(), 1, Form("quorum <name>|none")),
        ("Quorum none\n".into(), 1, UnknownKeyword("Quorum".into())),
        (
            "quorum\u{a0}none\n".into(),
            1,
            UnknownKeyword("quorum\u{a0}none".into()),
        ),
        (
            "\u{feff}quorum none\n".into(),
            1,
            UnknownKeyword("\u{feff}quorum".into()),
        ),
        ("log\n".into(), 1, Form("log <vkey> [<url>]")),
        (format!("log {log} u v\n"), 1, Form("log <vkey> [<url>]")),
        (
            format!("witness {witness}\n"),
            1,
            Form("witness <name> <vkey> [<url>]"),
        ),
        (
            format!("witness W {witness} u v\n"),
            1,
            Form("witness <name> <vkey> [<url>]"),
        ),
        ("log key\n".into(), 1, Key(VerifierKeyError::Malformed)),
        (
            format!("log {}\n", log.to_string().replace("8dafa74b", "8dafa74c")),
            1,
            Key(VerifierKeyError::WrongId),
        ),
        (format!("log {witness}\n"), 1, NotALogKey(4)),
        (format!("witness W {log}\n"), 1, NotAWitnessKey(1)),
        (
            "group g\n".into(),
            1,
            Form("group <name> all|any|<number> <name>..."),
        ),
        (
            "group g all\n".into(),
            1,
            Form("group <name> all|any|<number> <name>..."),
        ),
    ]);
    let latin = [b"log h".as_slice(), b"\xfc", b"+1+A\nquorum none\n"].concat();
    let refused = PolicyError {
        line: 1,
        fault: PolicyFault::KeyNotText,
    };
    assert_eq!(Policy::parse(&latin), Err(refused));
}

#[test]
fn a_name_is_defined_once_above_its_use_and_is_in_one_group() {
    use PolicyFault::{AlreadyMember, DuplicateName, Reserved, SecondQuorum, UnknownName};
    let w = |n: u8| format!("witness w{n} {}\n", wkey(n));
    let two = w(1) + &w(2);
    let member = |line| AlreadyMember {
        name: octets("w1"),
        line,
    };
    let named = |name, line| DuplicateName {
        name: octets(name),
        line,
    };
    refused(vec![
        ("quorum w1\n".into(), 1, UnknownName(octets("w1"))),
        (format!("quorum w1\n{}", w(1)), 1, UnknownName(octets("w1"))),
        (
            format!("{}group g all w1 w2\n{}", w(1), w(2)),
            2,
            UnknownName(octets("w2")),
        ),
        (
            format!("{two}group g all w1 g\n"),
            3,
            UnknownName(octets("g")),
        ),
        (
            format!("{two}group g all w1 none\n"),
            3,
            UnknownName(octets("none")),
        ),
        (format!("witness none {}\n", wkey(1)), 1, Reserved),
        (format!("{two}group none all w1\n"), 3, Reserved),
        (format!("{two}group w1 all w2\n"), 3, named("w1", 1)),
        (
            format!("{two}group g any w1\ngroup g any w2\n"),
            4,
            named("g", 3),
        ),
        (
            format!("{}witness w1 {}\n", w(1), wkey(2)),
            2,
            named("w1", 1),
        ),
        (format!("{two}group g all w1 w1\n"), 3, member(3)),
        (
            format!("{two}group g all w1\ngroup h all w2 w1\n"),
            4,
            member(3),
        ),
        ("quorum none\n\nquorum none\n".into(), 3, SecondQuorum(1)),
        (format!("{two}quorum w1\nquorum w2\n"), 4, SecondQuorum(3)),
    ]);
    let keys = ["all", "any", "1", "log", "#w"];
    let text = keys
        .iter()
        .zip(1..)
        .map(|(name, n)| format!("witness {name} {}\n", wkey(n)));
    parsed(&format!(
        "{}group 2 2 all any 1 log #w\nquorum 2\n",
        text.collect::<String>()
    ));
}

#[test]
fn a_public_key_stands_on_one_line_of_a_kind() {
    let renamed =
        |key: SecretKey| Cosigner::new("other.example".parse().unwrap(), key).verifier_key();
    let same = renamed(SecretKey::from_seed(&[101; 32]));
    let log = NoteSigner::new(
        "other.example".parse().unwrap(),
        SecretKey::from_seed(&[1; 32]),
    );
    refused(vec![
        (
            format!("log {}\nlog {}\n", lkey(), lkey()),
            2,
            PolicyFault::DuplicateKey(1),
        ),
        (
            format!("log {}\n\nlog {}\n", lkey(), log.verifier_key()),
            3,
            PolicyFault::DuplicateKey(1),
        ),
        (
            format!("witness a {}\nwitness b {same}\n", wkey(1)),
            2,
            PolicyFault::DuplicateKey(1),
        ),
    ]);
    // The same Ed25519 key as a log's and as a witness' is unwise, but no duplicate.
    let both = renamed(SecretKey::from_seed(&[1; 32]));
    parsed(&format!("log {}\nwitness w {both}\nquorum w\n", lkey()));
}

#[test]
fn a_threshold_is_a_word_or_a_number_of_the_members() {
    let two = format!("witness a {}\nwitness b {}\n", wkey(1), wkey(2));
    for (threshold, by) in [("all", 2), ("any", 1), ("1", 1), ("2", 2)] {
        let policy = parsed(&format!(
            "log {}\n{two}group g {threshold} a b\nquorum g\n",
            lkey()
        ));
        for (cosigners, count) in [(&[][..], 0), (&[2], 1), (&[1, 2], 2)] {
            let is_met = policy.check(&cosigned(cosigners)).unwrap().is_quorum_met();
            assert_eq!(is_met, count >= by, "{threshold} {cosigners:?}");
        }
    }
    let fault = PolicyFault::Threshold { members: 2 };
    for threshold in [
        "0",
        "3",
        "-1",
        "+1",
        "01",
        "1.0",
        "some",
        "0x1",
        "18446744073709551617",
        "ALL",
    ] {
        refused(vec![(
            format!("{two}group g {threshold} a b\n"),
            3,
            fault.clone(),
        )]);
    }
}

#[test]
fn an_error_says_where_and_what_to_do() {
    let refused = Policy::parse(b"\nquorum W\n").unwrap_err();
    assert_eq!(
        refused.to_string(),
        "line 2: no line above defines W: define witnesses and groups before they are used"
    );
}
