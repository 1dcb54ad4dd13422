//! Roles, verdicts and witnesses in words.

use ledger::act::ConfirmService;
use ledger::entry::{Attestation, OnBehalf};
use ledger::log::{Position, Standing, TreeSize};
use ledger::{Act, Entry, EntryId, KeyId, MemberId, Millis, Minutes};

use super::*;

const NOW: Millis = Millis::new(1_772_438_400_000);
const AUTHOR: MemberId = MemberId::from_bytes([7; 16]);
const OTHER: MemberId = MemberId::from_bytes([8; 16]);

fn id() -> EntryId {
    EntryId::new(NOW, [3; 10])
}

fn entry(act: impl Into<Act>) -> Entry {
    Entry {
        ledger: "a.example".to_owned(),
        id: id(),
        author: AUTHOR,
        on_behalf_of: None,
        seen: None,
        act: act.into(),
    }
}

fn proven(entry: Entry, standing: Standing) -> Proven {
    Proven {
        origin: "a.example".to_owned(),
        position: Position::new(11),
        tree_size: TreeSize::new(12),
        recorded: Millis::new(NOW.get() + 1000),
        key_id: KeyId::from_bytes([4; 16]),
        is_signature_verified: true,
        entry,
        standing,
        log_keys: Vec::new(),
        witnesses: Vec::new(),
        missing: Vec::new(),
    }
}

fn statement(proven: &Proven) -> Statement {
    Statement::of(proven, &Zone::utc())
}

/// The values of the rows of a label, in English.
fn values<'s>(statement: &'s Statement, label: &str) -> Vec<&'s str> {
    let rows = statement.rows.iter();
    let rows = rows.filter(|row| row.label.english == label);
    rows.map(|row| row.value.english.as_str()).collect()
}

fn service() -> ConfirmService {
    ConfirmService {
        service: id(),
        minutes: Minutes::parse(60).unwrap(),
    }
}

#[test]
fn a_statement_says_who_did_what_in_which_role() {
    let own = statement(&proven(entry(service()), Standing::Logged));
    let author = member(AUTHOR);
    let chinese = format!("会员 {author} 确认了 1 小时的服务（服务 {}）。", id());
    assert_eq!(own.sentence.chinese, chinese);
    assert_eq!(values(&own, "Role"), ["as recipient"]);
    assert_eq!(
        values(&own, "Signed"),
        ["2 March 2026, 08:00:00 (UTC), by the signer's clock"]
    );
    assert_eq!(
        values(&own, "Recorded"),
        ["2 March 2026, 08:00:01 (UTC), by the server's clock"]
    );
}

#[test]
fn acting_for_another_is_told_with_how_they_agreed() {
    for (attestation, how) in [
        (
            Attestation::Kiosk,
            "who was present at the counter and agreed",
        ),
        (
            Attestation::Attested,
            "who had agreed by telephone or on paper, kept by the station",
        ),
    ] {
        let on_behalf_of = Some(OnBehalf {
            member: OTHER,
            attestation,
        });
        let entry = Entry {
            on_behalf_of,
            ..entry(service())
        };
        let statement = statement(&proven(entry, Standing::Logged));
        let subject = member(OTHER);
        let role = format!("as staff on behalf of member {subject} (as recipient), {how}");
        assert_eq!(values(&statement, "Role"), [role]);
        assert!(
            statement
                .sentence
                .chinese
                .contains(&format!("代会员 {subject} 确认"))
        );
    }
}

#[test]
fn a_verdict_says_what_it_is_and_what_it_is_not() {
    let same_history = "that the log shows everyone the same history;";
    for (standing, verdict, is_limited) in [
        (Standing::Logged, "PROVEN: logged, without a witness", true),
        (Standing::Witnessed, "PROVEN: logged and witnessed", false),
        (Standing::Unwitnessed, "NOT ENOUGH WITNESSES", true),
    ] {
        let statement = statement(&proven(entry(service()), standing));
        assert_eq!(statement.verdict.english, verdict);
        let mut limits = statement.limits.iter();
        assert_eq!(limits.any(|one| one.english == same_history), is_limited);
    }
}

#[test]
fn witnesses_are_named_with_their_times_and_the_missing_ones_too() {
    let mut proven = proven(entry(service()), Standing::Unwitnessed);
    proven.witnesses = vec![WitnessedBy {
        name: "one".to_owned(),
        key_name: "witness.example".parse().unwrap(),
        time: Some(NOW),
    }];
    proven.missing = vec!["two".to_owned(), "three".to_owned()];
    let statement = statement(&proven);
    assert_eq!(
        values(&statement, "Witness"),
        [
            "one (witness.example), 2 March 2026, 08:00:00 (UTC)",
            "two: not cosigned",
            "three: not cosigned",
        ]
    );
    assert!(statement.meaning.chinese.contains("two、three"));
}

#[test]
fn an_unchecked_signature_is_told_as_unchecked() {
    let mut proven = proven(entry(service()), Standing::Logged);
    let checked = statement(&proven);
    assert!(values(&checked, "Key")[0].ends_with(" (signature checked)"));
    let is_said = |text: &Text| text.english.starts_with("that the key signed it");
    assert!(!checked.limits.iter().any(is_said));
    proven.is_signature_verified = false;
    let unchecked = statement(&proven);
    assert!(values(&unchecked, "Key")[0].contains("not checked"));
    assert!(is_said(&unchecked.limits[0]));
    assert!(
        unchecked.limits[0]
            .chinese
            .starts_with("记录由所说的密钥签署")
    );
}
