//! Cases of rules, units and cases that have to be looked into.

use super::{Case, act, case, signed_by, signed_now};
use crate::act::{
    AdoptRules, AdoptState, Approve, CaseOutcome, ChangeUnit, CloseCase, EnrolMember, OpenCase,
    UnitChange,
};
use crate::adoption::Abandoned;
use crate::case::CaseKind;
use crate::id::{EntryId, UnitId};
use crate::log::{Hash, TreeSize};
use crate::rules::{Rules, RulesVersion};
use crate::testing::*;

pub(super) fn cases() -> Vec<Case> {
    vec![
        adopt_rules(),
        change_unit(),
        enrol_where_it_is_closed(),
        close_case(),
        adopt_state(),
    ]
}

fn rules(version: u32, quantum_minutes: u32) -> Box<Rules> {
    Box::new(Rules {
        version: RulesVersion(version),
        quantum_minutes,
        ..Rules::default()
    })
}

fn adopt_rules() -> Case {
    let mut street = Street::open();
    let (from, reason) = (street.now.plus_days(30), None);
    let rules_to_come = rules(2, 15);
    let adoption = AdoptRules {
        rules: rules_to_come,
        from,
        reason,
    };
    let proposal = street.done(OPERATOR, adoption);
    street.done(REGULATOR, Approve { proposal });
    let act = AdoptRules {
        rules: rules(9, 0),
        from,
        reason,
    };
    let faults: Vec<(_, super::Cure)> = vec![
        ("RULE_OUT_OF_RANGE", |_, record| {
            act!(AdoptRules, record).rules.quantum_minutes = 30;
        }),
        ("RULES_VERSION", |_, record| {
            act!(AdoptRules, record).rules.version = RulesVersion(3);
        }),
        ("ROLE_MISSING", |_, record| signed_by(record, OPERATOR)),
        ("RULES_PENDING", |street, record| {
            street.pass_days(31);
            signed_now(street, record);
        }),
        ("NOTICE_TOO_SHORT", |street, record| {
            act!(AdoptRules, record).from = street.now.plus_days(30);
        }),
    ];
    case("adopt rules", street, STAFF, act, faults)
}

fn close(unit: UnitId, successor: UnitId) -> ChangeUnit {
    ChangeUnit {
        unit,
        change: UnitChange::Close,
        successor: Some(successor),
        reason: None,
    }
}

fn change_unit() -> Case {
    let mut street = Street::open();
    street.done(OPERATOR, close(OTHER_STATION, STATION));
    let act = ChangeUnit {
        successor: None,
        ..close(UnitId::from_bytes([77; 16]), STATION)
    };
    let faults: Vec<(_, super::Cure)> = vec![
        ("UNIT_UNKNOWN", |_, record| {
            act!(ChangeUnit, record).unit = OTHER_STATION;
        }),
        ("UNIT_NOT_OPEN", |_, record| {
            act!(ChangeUnit, record).unit = OTHER_DISTRICT;
        }),
        ("HAND_OVER_NEEDED", |_, record| {
            act!(ChangeUnit, record).successor = Some(DISTRICT);
        }),
        ("ROLE_MISSING", |_, record| signed_by(record, OPERATOR)),
    ];
    case("close a unit", street, STAFF, act, faults)
}

fn enrol_where_it_is_closed() -> Case {
    let mut street = Street::open();
    street.done(OPERATOR, close(OTHER_STATION, STATION));
    let act = EnrolMember {
        unit: OTHER_STATION,
        key: None,
        ..enrolment(VOLUNTEER)
    };
    let faults: Vec<(_, super::Cure)> = vec![
        ("UNIT_NOT_OPEN", |_, record| {
            act!(EnrolMember, record).unit = STATION;
        }),
        ("MEMBER_EXISTS", |_, record| {
            act!(EnrolMember, record).member = STRANGER;
        }),
        ("ROLE_MISSING", |_, record| signed_by(record, STAFF)),
    ];
    case("enrol where it is closed", street, VOLUNTEER, act, faults)
}

/// The case of this number, in the order in which they were opened.
fn case_of(street: &Street, number: usize) -> EntryId {
    let opened = street.ids_of(|act| matches!(act, crate::Act::OpenCase(_)));
    opened[number]
}

fn close_case() -> Case {
    let mut street = Street::open();
    let complaint = OpenCase {
        unit: STATION,
        kind: CaseKind::Complaint,
        report: None,
    };
    let closed = street.done(RECIPIENT, complaint.clone());
    street.done(STAFF, complaint);
    let act = CloseCase {
        case: nothing(),
        outcome: CaseOutcome::Noted,
        answer: None,
    };
    street.done(
        STAFF,
        CloseCase {
            case: closed,
            ..act.clone()
        },
    );
    let faults: Vec<(_, super::Cure)> = vec![
        ("CASE_UNKNOWN", |street, record| {
            act!(CloseCase, record).case = case_of(street, 1);
        }),
        ("ROLE_MISSING", |_, record| signed_by(record, STAFF)),
        ("INVOLVED", |street, record| {
            act!(CloseCase, record).case = case_of(street, 0);
        }),
        ("CASE_CLOSED", |street, record| {
            act!(CloseCase, record).case = case_of(street, 1);
            signed_by(record, SECOND_STAFF);
        }),
    ];
    case("close a case", street, VOLUNTEER, act, faults)
}

fn adopt_state() -> Case {
    let (size, root) = (TreeSize::ZERO, Hash::EMPTY_ROOT);
    let faults: Vec<(_, super::Cure)> = vec![
        ("ROLE_MISSING", |_, record| signed_by(record, OPERATOR)),
        ("NOTHING_LOST", |_, record| {
            act!(AdoptState, record).abandoned.size = TreeSize::new(1_000);
        }),
    ];
    let adopt = AdoptState {
        abandoned: Abandoned { size, root },
        reason: None,
    };
    case("adopt state", Street::open(), REGULATOR, adopt, faults)
}
