//! The order of rejections, as one table.
//!
//! Each case is a record with as many faults as can stand together, in the
//! order of [`Rejection::REASONS`]. It must be refused for the first; then that
//! one is cured, and it must be refused for the next; and so on until it is
//! accepted. So each fault is really there, and each is named before all that
//! come after it.

mod behalf;
mod care;
mod fund;
mod hours;
mod people;
mod scheme;
mod ties;
mod visits;

use std::collections::BTreeSet;

use crate::act::{Act, AddKey, Donate, RevokeKey};
use crate::entry::{Attestation, OnBehalf, Record, Seen};
use crate::id::{EntryId, MemberId};
use crate::log::{Hash, TreeSize};
use crate::rejection::Rejection;
use crate::rules::{Rules, RulesVersion};
use crate::testing::*;

/// Takes one fault away, from the record or from the street.
type Cure = fn(&mut Street, &mut Record);

/// A record with faults.
struct Case {
    name: &'static str,
    street: Street,
    record: Record,
    faults: Vec<(&'static str, Cure)>,
}

/// Reasons that no record can have, for they stop an entry before it is one.
const AT_THE_EDGE: [&str; 18] = [
    "ENTRY_TOO_LARGE",
    "ENTRY_MALFORMED",
    "ACT_UNKNOWN",
    "ENTRY_NOT_CANONICAL",
    "FIELD_MISSING",
    "FIELD_LENGTH",
    "ENUM_UNKNOWN",
    "ENTRY_ID_NOT_V7",
    "AMOUNT_NOT_POSITIVE",
    "AMOUNT_TOO_LARGE",
    "NUMBER_OUT_OF_RANGE",
    "TIME_OUT_OF_RANGE",
    "MONTH_OUT_OF_RANGE",
    "NAME_INVALID",
    "ITEM_INVALID",
    "KEY_WEAK",
    "SIGNATURE_INVALID",
    "ENTRY_ID_REUSED",
];

#[test]
fn of_several_faults_the_first_of_the_list_is_named() {
    for case in cases() {
        let Case {
            name,
            mut street,
            mut record,
            faults,
        } = case;
        let ranks: Vec<_> = faults.iter().map(|(reason, _)| rank(reason)).collect();
        assert!(ranks.is_sorted_by(|a, b| a < b), "{name}: {ranks:?}");
        for (reason, cure) in faults {
            place(&street, &mut record);
            let refused = street
                .submit(record.clone())
                .map_err(|rejection| rejection.reason());
            assert_eq!(refused.err(), Some(reason), "{name}");
            cure(&mut street, &mut record);
        }
        place(&street, &mut record);
        assert!(
            street.submit(record.clone()).is_ok(),
            "{name}: {:?}",
            street.submit(record)
        );
    }
}

#[test]
fn every_rejection_has_a_case_or_stops_an_entry_at_the_edge() {
    let cases: Vec<Case> = cases().collect();
    let named = cases.iter().flat_map(|case| &case.faults);
    let named: BTreeSet<&str> = named.map(|(reason, _)| *reason).collect();
    let edge = BTreeSet::from(AT_THE_EDGE);
    assert!(named.is_disjoint(&edge));
    let all: BTreeSet<&str> = named.union(&edge).copied().collect();
    let reasons: BTreeSet<&str> = Rejection::REASONS.iter().copied().collect();
    assert_eq!(all, reasons);
}

fn cases() -> impl Iterator<Item = Case> {
    let ordinary = [
        people::cases(),
        care::cases(),
        hours::cases(),
        scheme::cases(),
        ties::cases(),
        visits::cases(),
        fund::cases(),
    ];
    let ordinary = ordinary.into_iter().flatten().map(spoilt);
    ordinary.chain([
        before_the_genesis(),
        second_genesis(),
        old_and_of_another(),
        revoked_key(),
        behalf::for_kin_who_has_died(),
        behalf::as_a_proxy(),
    ])
}

fn rank(reason: &str) -> usize {
    let rank = Rejection::REASONS
        .iter()
        .position(|listed| *listed == reason);
    rank.expect("a listed reason")
}

/// Moves a record to the end of the street's history.
fn place(street: &Street, record: &mut Record) {
    record.position = street.next_position();
    record.recorded = street.now;
}

/// A record of a street that is yet to be spoilt.
fn case(
    name: &'static str,
    mut street: Street,
    by: MemberId,
    act: impl Into<Act>,
    faults: Vec<(&'static str, Cure)>,
) -> Case {
    let record = street.record(by, act);
    Case {
        name,
        street,
        record,
        faults,
    }
}

/// The same as an act for another.
fn for_other(mut case: Case, member: MemberId) -> Case {
    let attestation = Attestation::Kiosk;
    case.record.entry.on_behalf_of = Some(OnBehalf {
        member,
        attestation,
    });
    case
}

/// Adds the faults that every entry can have, before those of the act.
fn spoilt(mut case: Case) -> Case {
    let mut faults: Vec<(&'static str, Cure)> = vec![
        ("WRONG_LEDGER", |_, record| right_ledger(record)),
        ("SIGNED_IN_THE_FUTURE", signed_now),
        ("SEEN_AHEAD", |_, record| record.entry.seen = None),
        ("KEY_UNKNOWN", |_, record| {
            signed_by(record, record.entry.author);
        }),
    ];
    let entry = &mut case.record.entry;
    if entry.act.done_on_behalf_by().is_empty() {
        entry.on_behalf_of = Some(for_themselves(entry.author));
        faults.push(("ATTESTATION_MISMATCH", |_, record| for_keyless(record)));
        faults.push(("NOT_ON_BEHALF", |_, record| {
            record.entry.on_behalf_of = None;
        }));
    }
    entry.ledger = "other.example".to_owned();
    entry.id = EntryId::new(case.street.now.plus_days(1), [7; 10]);
    case.record.key_id = key_of(STRANGER).public().id();
    far_ahead(&mut case.record);
    faults.append(&mut case.faults);
    Case { faults, ..case }
}

fn right_ledger(record: &mut Record) {
    LEDGER.clone_into(&mut record.entry.ledger);
}

fn signed_now(street: &mut Street, record: &mut Record) {
    record.entry.id = EntryId::new(street.now, [7; 10]);
}

/// Gives a record another author, with their key.
fn signed_by(record: &mut Record, author: MemberId) {
    record.entry.author = author;
    record.key_id = key_of(author).public().id();
}

fn far_ahead(record: &mut Record) {
    let size = TreeSize::new(1_000_000);
    let root = Hash::EMPTY_ROOT;
    record.entry.seen = Some(Seen { size, root });
}

fn for_themselves(member: MemberId) -> OnBehalf {
    let attestation = Attestation::Kiosk;
    OnBehalf {
        member,
        attestation,
    }
}

fn for_keyless(record: &mut Record) {
    record.entry.on_behalf_of = Some(for_themselves(KEYLESS));
}

/// The service of this number, in the order of requests.
fn service(street: &Street, number: usize) -> EntryId {
    street
        .ids_of(|act| matches!(act, Act::RequestCare(_)))
        .swap_remove(number)
}

/// The grant of this number, in the order of proposals.
fn proposal(street: &Street, number: usize) -> EntryId {
    let is_proposal = |act: &Act| matches!(act, Act::Grant(_) | Act::Reverse(_));
    street.ids_of(is_proposal).swap_remove(number)
}

/// The act of a record, which is of this kind.
macro_rules! act {
    ($kind:ident, $record:expr) => {
        match &mut $record.entry.act {
            crate::act::Act::$kind(act) => act,
            other => unreachable!("this is no {}: {other:?}", stringify!($kind)),
        }
    };
}
use act;

fn before_the_genesis() -> Case {
    let street = Street::empty();
    let unit = STATION;
    let act = Donate {
        unit,
        minutes: minutes(1),
    };
    let mut case = case("before the genesis", street, STRANGER, act, Vec::new());
    case.faults = vec![
        ("LEDGER_NOT_OPEN", |street, _| {
            *street = Street::open();
            street.granted(RECIPIENT, 1);
        }),
        ("SEEN_AHEAD", |_, record| record.entry.seen = None),
        ("KEY_UNKNOWN", |_, record| signed_by(record, RECIPIENT)),
    ];
    far_ahead(&mut case.record);
    case
}

fn second_genesis() -> Case {
    let version = RulesVersion(3);
    let mut act = genesis(Rules {
        version,
        quantum_minutes: 0,
        ..Rules::default()
    });
    act.key = new_key(1, STAFF);
    let faults: Vec<(&'static str, Cure)> = vec![
        ("LEDGER_ALREADY_OPEN", |street, _| *street = Street::empty()),
        ("POSSESSION_NOT_PROVEN", |_, record| {
            act!(OpenLedger, record).key = new_key(1, OPERATOR);
        }),
        ("RULE_OUT_OF_RANGE", |_, record| {
            act!(OpenLedger, record).rules.quantum_minutes = 1;
        }),
        ("RULES_VERSION", |_, record| {
            act!(OpenLedger, record).rules.version.0 = 1;
        }),
    ];
    let mut case = spoilt(case("genesis", Street::open(), OPERATOR, act, faults));
    case.faults.sort_by_key(|(reason, _)| rank(reason));
    case
}

fn old_and_of_another() -> Case {
    let mut street = Street::open();
    street.granted(KEYLESS, 60);
    let act = request(street.now, 60);
    let mut case = case("an old entry", street, VOLUNTEER, act, Vec::new());
    case = for_other(case, STRANGER);
    case.street.pass_days(40);
    far_ahead(&mut case.record);
    case.record.key_id = key_of(STAFF).public().id();
    case.faults = vec![
        ("SIGNED_TOO_LONG_AGO", |street, record| {
            signed_now(street, record);
            act!(RequestCare, record).start = street.now;
        }),
        ("SEEN_AHEAD", |_, record| record.entry.seen = None),
        ("KEY_OF_ANOTHER", |_, record| signed_by(record, VOLUNTEER)),
        ("SUBJECT_UNKNOWN", |_, record| for_keyless(record)),
        ("NOT_STAFF_OF_MEMBER", |_, record| signed_by(record, STAFF)),
    ];
    case
}

fn revoked_key() -> Case {
    let mut street = Street::open();
    street.granted(KEYLESS, 60);
    let key = new_key(200, STAFF);
    street.done(STAFF, AddKey { key });
    let key_id = key_of(STAFF).public().id();
    street.done(STAFF, RevokeKey { key_id });
    let act = request(street.now, 60);
    let case = case("a revoked key", street, STAFF, act, Vec::new());
    let mut case = for_other(case, STAFF);
    case.faults = vec![
        ("KEY_NOT_VALID", |_, record| {
            record.key_id = new_key(200, STAFF).public_key.id();
        }),
        ("ATTESTATION_MISMATCH", |_, record| for_keyless(record)),
    ];
    case
}
