//! What a policy file may say, and what it makes of a checkpoint.

mod post_quantum;
mod refused;

use std::fmt::Write as _;

use super::*;
use crate::key::SecretKey;
use crate::log::cosignature::Cosigner;
use crate::log::signer::NoteSigner;
use crate::log::testing::{checkpoint_of_five, log_signer};

const TIME_S: u64 = 1_767_000_000;

fn witness(number: u8) -> Cosigner {
    let name = format!("witness{number}.example").parse().unwrap();
    Cosigner::new(name, SecretKey::from_seed(&[100 + number; 32]))
}

fn wkey(number: u8) -> VerifierKey {
    witness(number).verifier_key()
}

fn lkey() -> VerifierKey {
    log_signer().verifier_key()
}

/// The example of the specification, with real keys: X1 to X3 are 1 to 3, Y1 to Y3 are 4 to 6.
fn example() -> String {
    let (log, key) = (lkey(), wkey);
    format!(
        "log {log}\n\n\
         witness X1 {}\nwitness X2 {}\nwitness X3 {}\ngroup X-witnesses 2 X1 X2 X3\n\n\
         witness Y1 {}\nwitness Y2 {}\nwitness Y3 {}\ngroup Y-witnesses any Y1 Y2 Y3\n\n\
         group X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n",
        key(1),
        key(2),
        key(3),
        key(4),
        key(5),
        key(6),
    )
}

fn parsed(text: &str) -> Policy {
    Policy::parse(text.as_bytes()).unwrap()
}

fn cosigned(by: &[u8]) -> SignedNote {
    let mut note = checkpoint_of_five().sign(&[log_signer()]).unwrap();
    for &number in by {
        let line = witness(number).sign(&checkpoint_of_five(), TIME_S + u64::from(number));
        note = note.with_lines(&line).unwrap();
    }
    note
}

#[test]
fn the_example_of_the_specification_asks_for_two_of_one_and_one_of_the_other_group() {
    let policy = parsed(&example());
    assert_eq!(policy.logs().len(), 1);
    assert_eq!(policy.witnesses().len(), 6);
    assert!(policy.asks_for_witnesses());
    for subset in 0_u8..64 {
        let by: Vec<u8> = (1..=6).filter(|n| subset >> (n - 1) & 1 == 1).collect();
        let x = by.iter().filter(|&&n| n <= 3).count();
        let y = by.len() - x;
        let verdict = policy.check(&cosigned(&by)).map(|verdict| verdict.standing);
        let expected = match (x >= 2, y >= 1) {
            (true, true) => Standing::Witnessed,
            _ => Standing::Unwitnessed,
        };
        assert_eq!(verdict, Ok(expected), "{by:?}");
    }
}

#[test]
fn a_verdict_says_who_signed_and_when() {
    let policy = parsed(&example());
    let note = cosigned(&[5, 2]);
    let verdict = policy.check(&note).unwrap();
    assert_eq!(verdict.checkpoint, checkpoint_of_five());
    assert_eq!(verdict.logs, [&policy.logs()[0]]);
    let cosignatures: Vec<(String, u64)> = verdict
        .cosignatures
        .iter()
        .map(|one| (one.witness.name.to_string(), one.time_s))
        .collect();
    let expected = [("Y2".to_owned(), TIME_S + 5), ("X2".to_owned(), TIME_S + 2)];
    assert_eq!(cosignatures, expected);
    assert!(!verdict.is_quorum_met());
}

#[test]
fn without_a_quorum_a_checkpoint_is_logged_and_no_more() {
    let policy = parsed(&format!(
        "log {}\nwitness W {}\nquorum none\n",
        lkey(),
        wkey(1)
    ));
    assert!(!policy.asks_for_witnesses());
    for (by, cosignatures) in [(&[][..], 0), (&[1], 1)] {
        let note = cosigned(by);
        let verdict = policy.check(&note).unwrap();
        assert_eq!(verdict.standing, Standing::Logged);
        assert!(verdict.is_quorum_met());
        assert_eq!(verdict.cosignatures.len(), cosignatures);
    }
    assert_eq!(
        Policy::of_log(lkey()),
        parsed(&format!("log {}\nquorum none\n", lkey()))
    );
}

#[test]
fn a_single_witness_can_be_the_quorum() {
    let policy = parsed(&format!(
        "log {}\nwitness W {}\nquorum W\n",
        lkey(),
        wkey(1)
    ));
    let standing = |by: &[u8]| policy.check(&cosigned(by)).unwrap().standing;
    assert_eq!(standing(&[1]), Standing::Witnessed);
    assert_eq!(standing(&[2]), Standing::Unwitnessed);
    assert_eq!(standing(&[]), Standing::Unwitnessed);
}

#[test]
fn witnesses_alone_do_not_make_a_log() {
    let stranger = |name: &str| {
        let signer = NoteSigner::new(name.parse().unwrap(), SecretKey::from_seed(&[77; 32]));
        let line = witness(1).sign(&checkpoint_of_five(), TIME_S);
        let note = checkpoint_of_five().sign(&[signer]).unwrap();
        note.with_lines(&line).unwrap()
    };
    let origin = lkey().name().clone();
    let policy = parsed(&format!(
        "log {}\nwitness W {}\nquorum W\n",
        lkey(),
        wkey(1)
    ));
    let not_signed = Err(PolicyRefusal::NotSigned(origin.clone()));
    assert_eq!(policy.check(&stranger("other.example")), not_signed);
    assert_eq!(policy.check(&stranger(origin.as_str())), not_signed);
    let other = NoteSigner::new(
        "other.example".parse().unwrap(),
        SecretKey::from_seed(&[77; 32]),
    );
    let foreign = Policy::of_log(other.verifier_key());
    let unknown = Err(PolicyRefusal::UnknownLog(origin.clone()));
    assert_eq!(foreign.check(&stranger("other.example")), unknown);
    let no_log = parsed("quorum none\n");
    assert_eq!(no_log.check(&cosigned(&[])), unknown);
    let with_log = no_log.clone().with_log(lkey());
    assert_eq!(
        with_log.check(&cosigned(&[])).unwrap().standing,
        Standing::Logged
    );
}

#[test]
fn any_one_key_of_a_log_is_enough() {
    let second = NoteSigner::new(lkey().name().clone(), SecretKey::from_seed(&[42; 32]));
    let text = format!(
        "log {}\nlog {}\nquorum none\n",
        lkey(),
        second.verifier_key()
    );
    let policy = parsed(&text);
    for (signers, count) in [
        (vec![log_signer()], 1),
        (vec![second.clone()], 1),
        (vec![second, log_signer()], 2),
    ] {
        let note = checkpoint_of_five().sign(&signers).unwrap();
        assert_eq!(policy.check(&note).unwrap().logs.len(), count);
    }
}

#[test]
fn a_wrong_line_of_a_known_witness_spoils_the_checkpoint() {
    let policy = parsed(&example());
    let other = Checkpoint::new(
        lkey().name().clone(),
        checkpoint_of_five().size(),
        crate::log::Hash::EMPTY_ROOT,
    );
    let line = witness(1).sign(&other, TIME_S);
    let note = cosigned(&[2, 3, 4]).with_lines(&line).unwrap();
    let refused = NoteError::BadSignature(wkey(1).name().clone());
    assert_eq!(policy.check(&note), Err(PolicyRefusal::Note(refused)));
}

#[test]
fn names_and_urls_are_octets() {
    let (log, w1, w2) = (lkey(), wkey(1), wkey(2));
    let mut file =
        format!("# \u{1f512} \n \t# x\n\t log\t{log}  https://邻里.example/log \t\n").into_bytes();
    file.extend(b"#\xff\xfe\n \t\n");
    // A Kelvin sign is not the letter K, and a Latin-1 letter is a name too.
    file.extend(format!("witness K {w1} \nwitness \u{212a} {w2} http://w.example/\n").bytes());
    file.extend(
        [
            b"group gr".as_slice(),
            b"\xfc",
            b"n all K \xe2\x84\xaa\nquorum gr\xfcn\n",
        ]
        .concat(),
    );
    let policy = Policy::parse(&file).unwrap();
    let url = policy.logs()[0].url.as_ref();
    assert_eq!(
        url.and_then(Octets::as_str),
        Some("https://邻里.example/log")
    );
    assert_eq!(policy.witnesses()[1].name.as_bytes(), [0xe2, 0x84, 0xaa]);
    assert_eq!(policy.witnesses()[0].url, None);
    assert_eq!(
        policy.check(&cosigned(&[1, 2])).unwrap().standing,
        Standing::Witnessed
    );
    let latin = Octets(b"gr\xfcn".to_vec());
    assert_eq!(
        (latin.as_str(), latin.to_string()),
        (None, "gr\u{fffd}n".to_owned())
    );
}

#[test]
fn a_hundred_logs_witnesses_and_groups_are_read() {
    let mut text = String::new();
    for n in 0..100 {
        let key = NoteSigner::new("l".parse().unwrap(), SecretKey::from_seed(&[n; 32]));
        writeln!(text, "log {}", key.verifier_key()).unwrap();
        writeln!(text, "witness w{n} {}", wkey(n)).unwrap();
        let inner = if n == 0 {
            String::new()
        } else {
            format!("g{}", n - 1)
        };
        writeln!(text, "group g{n} all w{n} {inner}").unwrap();
    }
    let policy = parsed(&format!("{text}quorum g99\n"));
    assert_eq!((policy.logs().len(), policy.witnesses().len()), (100, 100));
}

#[test]
fn order_matters_for_names_only() {
    let text = format!(
        "witness W {}\nquorum W\nlog {}\nwitness V {}\n",
        wkey(1),
        lkey(),
        wkey(2)
    );
    assert_eq!(
        parsed(&text).check(&cosigned(&[1])).unwrap().standing,
        Standing::Witnessed
    );
}
