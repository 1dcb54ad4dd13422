//! Cases of people, units, keys and roles.

use super::{Case, act, case, signed_by};
use crate::act::{AddKey, AdoptState, Appoint, Dismiss, EnrolMember, OpenUnit, RevokeKey};
use crate::adoption::Abandoned;
use crate::entry::NewKey;
use crate::id::{MemberId, UnitId};
use crate::log::{Hash, TreeSize};
use crate::role::Role;
use crate::testing::*;
use crate::unit::UnitKind;

const NOWHERE: UnitId = UnitId::from_bytes([77; 16]);

pub(super) fn cases() -> Vec<Case> {
    vec![
        open_unit(),
        enrol_member(),
        add_key(),
        revoke_key(),
        appoint(),
        dismiss(),
        adopt_state(),
    ]
}

fn open_unit() -> Case {
    let open = OpenUnit {
        unit: STATION,
        parent: NOWHERE,
        display_name: "Lane 12".to_owned(),
        kind: UnitKind::Scheme,
    };
    let faults: Vec<(_, super::Cure)> = vec![
        ("UNIT_UNKNOWN", |_, record| {
            act!(OpenUnit, record).parent = DISTRICT;
        }),
        ("UNIT_EXISTS", |_, record| {
            act!(OpenUnit, record).unit = NOWHERE;
        }),
        ("UNIT_LEVEL", |_, record| {
            act!(OpenUnit, record).kind = UnitKind::Station;
        }),
        ("ROLE_MISSING", |_, record| signed_by(record, REGULATOR)),
    ];
    case("open unit", Street::open(), VOLUNTEER, open, faults)
}

/// Another id with the code of the recipient.
fn twin() -> MemberId {
    let mut bytes = *RECIPIENT.as_bytes();
    bytes[15] ^= 1;
    MemberId::from_bytes(bytes)
}

fn enrol_member() -> Case {
    let enrol = EnrolMember {
        unit: NOWHERE,
        key: Some(NewKey::prove(&key_of(STAFF), LEDGER, &STAFF)),
        ..enrolment(RECIPIENT)
    };
    let faults: Vec<(_, super::Cure)> = vec![
        ("UNIT_UNKNOWN", |_, record| {
            act!(EnrolMember, record).unit = STATION;
        }),
        ("MEMBER_EXISTS", |_, record| {
            act!(EnrolMember, record).member = twin();
        }),
        ("MEMBER_CODE_TAKEN", |_, record| {
            act!(EnrolMember, record).member = STRANGER;
        }),
        ("KEY_EXISTS", |_, record| {
            act!(EnrolMember, record).key = Some(new_key(200, STAFF));
        }),
        ("POSSESSION_NOT_PROVEN", |_, record| {
            act!(EnrolMember, record).key = Some(new_key(200, STRANGER));
        }),
        ("ROLE_MISSING", |_, record| signed_by(record, STAFF)),
    ];
    case("enrol member", Street::open(), VOLUNTEER, enrol, faults)
}

fn add_key() -> Case {
    let key = NewKey::prove(&key_of(STAFF), LEDGER, &STAFF);
    let faults: Vec<(_, super::Cure)> = vec![
        ("KEY_EXISTS", |_, record| {
            act!(AddKey, record).key = new_key(200, STAFF);
        }),
        ("POSSESSION_NOT_PROVEN", |_, record| {
            act!(AddKey, record).key = new_key(200, VOLUNTEER);
        }),
    ];
    case("add key", Street::open(), VOLUNTEER, AddKey { key }, faults)
}

fn revoke_key() -> Case {
    let key_id = key_of(STAFF).public().id();
    let faults: Vec<(_, super::Cure)> = vec![("NOT_OWN_KEY", |_, record| {
        act!(RevokeKey, record).key_id = key_of(VOLUNTEER).public().id();
    })];
    let revoke = RevokeKey { key_id };
    case("revoke key", Street::open(), VOLUNTEER, revoke, faults)
}

fn appoint() -> Case {
    let (member, unit, role) = (STRANGER, NOWHERE, Role::Staff);
    let faults: Vec<(_, super::Cure)> = vec![
        ("UNIT_UNKNOWN", |_, record| {
            act!(Appoint, record).unit = STATION;
        }),
        ("MEMBER_UNKNOWN", |_, record| {
            act!(Appoint, record).member = STAFF;
        }),
        ("APPOINTMENT_EXISTS", |_, record| {
            act!(Appoint, record).role = Role::Auditor;
        }),
        ("ROLE_MISSING", |_, record| {
            act!(Appoint, record).member = OPERATOR;
            signed_by(record, OPERATOR);
        }),
        ("OWN_APPOINTMENT", |_, record| {
            act!(Appoint, record).member = STAFF;
        }),
        ("ROLES_INCOMPATIBLE", |_, record| {
            act!(Appoint, record).role = Role::FundAdmin;
        }),
    ];
    let appoint = Appoint { member, unit, role };
    case("appoint", Street::open(), STAFF, appoint, faults)
}

fn dismiss() -> Case {
    let (member, unit, role) = (STRANGER, NOWHERE, Role::Staff);
    let faults: Vec<(_, super::Cure)> = vec![
        ("UNIT_UNKNOWN", |_, record| {
            act!(Dismiss, record).unit = SCHEME;
        }),
        ("MEMBER_UNKNOWN", |_, record| {
            act!(Dismiss, record).member = OPERATOR;
        }),
        ("APPOINTMENT_UNKNOWN", |_, record| {
            act!(Dismiss, record).role = Role::Operator;
        }),
        ("ROLE_MISSING", |_, record| signed_by(record, REGULATOR)),
        ("LAST_OPERATOR", |street, _| {
            let (member, unit, role) = (STAFF, SCHEME, Role::Operator);
            street.done(OPERATOR, Appoint { member, unit, role });
        }),
    ];
    let dismiss = Dismiss { member, unit, role };
    case("dismiss", Street::open(), VOLUNTEER, dismiss, faults)
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
