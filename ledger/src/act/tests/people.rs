//! The genesis, units and members.

use crate::act::{EnrolMember, OpenLedger, OpenUnit};
use crate::code::MemberCode;
use crate::entry::NewKey;
use crate::id::{MemberId, UnitId};
use crate::member::{Member, MemberKey};
use crate::rejection::Rejection;
use crate::role::Role;
use crate::rules::{Rules, RulesVersion};
use crate::scheme::Scheme;
use crate::testing::*;
use crate::unit::{Unit, UnitKind};

const NEW_UNIT: UnitId = UnitId::from_bytes([9; 16]);

fn station(unit: UnitId, parent: UnitId) -> OpenUnit {
    OpenUnit {
        unit,
        parent,
        display_name: "Lane 12".to_owned(),
        kind: UnitKind::Station,
    }
}

fn newcomer() -> EnrolMember {
    EnrolMember {
        key: Some(new_key(99, STRANGER)),
        ..enrolment(STRANGER)
    }
}

#[test]
fn the_genesis_makes_scheme_rules_and_the_first_operator() {
    let mut street = Street::empty();
    street.done(OPERATOR, genesis(Rules::default()));
    let state = &street.state;
    let scheme: &Scheme = state.find(&()).unwrap().unwrap();
    assert_eq!((scheme.ledger.as_str(), scheme.operators), (LEDGER, 1));
    let rules: Option<&Rules> = state.find(&scheme.rules).unwrap();
    assert_eq!(rules, Some(&Rules::default()));
    let unit: &Unit = state.find(&SCHEME).unwrap().unwrap();
    assert_eq!(
        (unit.kind, unit.parent, unit.display_name.as_str()),
        (UnitKind::Scheme, None, "A street")
    );
    let operator: &Member = state.find(&OPERATOR).unwrap().unwrap();
    assert_eq!((operator.duties, operator.audits), (1, 0));
}

#[test]
fn nothing_is_done_before_the_genesis() {
    let act = station(STATION, SCHEME);
    assert_eq!(
        Street::empty().act(OPERATOR, act),
        Err(Rejection::LedgerNotOpen)
    );
}

#[test]
fn there_is_one_genesis() {
    let again = genesis(Rules::default());
    assert_eq!(
        Street::open().act(OPERATOR, again),
        Err(Rejection::LedgerAlreadyOpen)
    );
}

#[test]
fn the_genesis_is_the_first_record() {
    let mut street = Street::empty();
    let mut record = street.record(OPERATOR, genesis(Rules::default()));
    record.position = crate::log::Position::new(1);
    assert_eq!(street.submit(record), Err(Rejection::LedgerNotOpen));
}

#[test]
fn the_genesis_is_signed_by_the_key_that_it_registers() {
    let mut street = Street::empty();
    let mut record = street.record(OPERATOR, genesis(Rules::default()));
    record.key_id = key_of(STAFF).public().id();
    assert_eq!(street.submit(record), Err(Rejection::KeyUnknown));
}

#[test]
fn the_genesis_proves_that_its_author_holds_the_key() {
    for key in [
        NewKey::prove(&key_of(OPERATOR), "other.example", &OPERATOR),
        NewKey::prove(&key_of(OPERATOR), LEDGER, &STAFF),
    ] {
        let act = OpenLedger {
            key,
            ..genesis(Rules::default())
        };
        assert_eq!(
            Street::empty().act(OPERATOR, act),
            Err(Rejection::PossessionNotProven)
        );
    }
}

#[test]
fn the_first_rules_are_within_their_ranges_and_have_version_one() {
    let rules = Rules {
        entry_age_days_max: 366,
        ..Rules::default()
    };
    let (parameter, min, max) = ("entry_age_days_max", 1, 365);
    assert_eq!(
        Street::empty().act(OPERATOR, genesis(rules)),
        Err(Rejection::RuleOutOfRange {
            parameter,
            min,
            max
        })
    );
    let version = RulesVersion(2);
    let rules = Rules {
        version,
        ..Rules::default()
    };
    assert_eq!(
        Street::empty().act(OPERATOR, genesis(rules)),
        Err(Rejection::RulesVersionWrong { expected: 1 })
    );
}

#[test]
fn a_unit_is_opened_under_the_level_above_it() {
    let mut street = Street::open();
    street.done(OPERATOR, station(NEW_UNIT, DISTRICT));
    let unit: &Unit = street.state.find(&NEW_UNIT).unwrap().unwrap();
    assert_eq!(
        (unit.kind, unit.parent),
        (UnitKind::Station, Some(DISTRICT))
    );
    let new = UnitId::from_bytes([10; 16]);
    for (kind, parent) in [
        (UnitKind::Station, SCHEME),
        (UnitKind::Station, STATION),
        (UnitKind::District, DISTRICT),
        (UnitKind::Scheme, SCHEME),
    ] {
        let act = OpenUnit {
            kind,
            ..station(new, parent)
        };
        assert_eq!(street.act(OPERATOR, act), Err(Rejection::UnitLevel));
    }
}

#[test]
fn a_unit_is_opened_once_and_under_one_that_exists() {
    let mut street = Street::open();
    assert_eq!(
        street.act(OPERATOR, station(STATION, DISTRICT)),
        Err(Rejection::UnitExists)
    );
    assert_eq!(
        street.act(OPERATOR, station(NEW_UNIT, UnitId::from_bytes([77; 16]))),
        Err(Rejection::UnitUnknown)
    );
}

#[test]
fn units_are_opened_by_operators_and_regulators() {
    for by in [STAFF, FUND_ADMIN, AUDITOR, VOLUNTEER] {
        let role = Role::Operator;
        assert_eq!(
            Street::open().act(by, station(NEW_UNIT, DISTRICT)),
            Err(Rejection::RoleMissing { role })
        );
    }
    Street::open().done(REGULATOR, station(NEW_UNIT, DISTRICT));
}

#[test]
fn a_new_member_has_a_code_and_a_key_from_the_next_record_on() {
    let mut street = Street::open();
    let position = street.next_position();
    street.done(STAFF, newcomer());
    let id = newcomer().key.unwrap().public_key.id();
    let key: &MemberKey = street.state.find(&id).unwrap().unwrap();
    assert_eq!((key.member, key.until), (STRANGER, None));
    assert!(!key.is_valid_at(position));
    assert!(key.is_valid_at(street.next_position()));
}

#[test]
fn members_are_enrolled_by_staff_and_operators_of_the_unit() {
    for by in [OTHER_STAFF, REGULATOR, FUND_ADMIN, AUDITOR, VOLUNTEER] {
        let role = Role::Staff;
        assert_eq!(
            Street::open().act(by, newcomer()),
            Err(Rejection::RoleMissing { role })
        );
    }
    for by in [STAFF, OPERATOR] {
        Street::open().done(by, newcomer());
    }
}

#[test]
fn a_member_is_enrolled_once() {
    let again = EnrolMember {
        key: None,
        ..enrolment(RECIPIENT)
    };
    assert_eq!(
        Street::open().act(STAFF, again),
        Err(Rejection::MemberExists)
    );
}

#[test]
fn a_member_is_enrolled_in_a_unit_that_exists() {
    let unit = UnitId::from_bytes([77; 16]);
    let nowhere = EnrolMember { unit, ..newcomer() };
    assert_eq!(
        Street::open().act(STAFF, nowhere),
        Err(Rejection::UnitUnknown)
    );
}

#[test]
fn two_members_never_have_the_same_code() {
    let mut bytes = *RECIPIENT.as_bytes();
    bytes[15] ^= 1;
    let member = MemberId::from_bytes(bytes);
    assert_eq!(MemberCode::of(&member), MemberCode::of(&RECIPIENT));
    let act = EnrolMember {
        member,
        ..enrolment(KEYLESS)
    };
    assert_eq!(
        Street::open().act(STAFF, act),
        Err(Rejection::MemberCodeTaken)
    );
}

#[test]
fn a_first_key_is_new_and_proven() {
    let act = |key| EnrolMember {
        key: Some(key),
        ..newcomer()
    };
    let taken = NewKey::prove(&key_of(STAFF), LEDGER, &STRANGER);
    assert_eq!(
        Street::open().act(STAFF, act(taken)),
        Err(Rejection::KeyExists)
    );
    let unproven = new_key(99, STAFF);
    assert_eq!(
        Street::open().act(STAFF, act(unproven)),
        Err(Rejection::PossessionNotProven)
    );
}
