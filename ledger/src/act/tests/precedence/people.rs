//! Cases of people, units, keys and roles.

use super::{Case, act, case, signed_by};
use crate::act::{
    Act, AddKey, Appoint, Approve, Dismiss, EnrolMember, Expire, ObjectRecovery, OpenUnit,
    RecoverKey, Refuse, RevokeKey,
};
use crate::entry::{NewKey, Record};
use crate::id::{EntryId, MemberId, UnitId};
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
        revoke_last_key(),
        recover_key(),
        object_recovery(),
        object_again(),
        finish_recovery(),
        appoint(),
        dismiss(),
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
    let mut faults: Vec<(_, super::Cure)> = vec![
        ("KEY_EXISTS", |_, record| {
            act!(AddKey, record).key = new_key(200, STAFF);
        }),
        ("POSSESSION_NOT_PROVEN", |_, record| {
            act!(AddKey, record).key = new_key(200, VOLUNTEER);
        }),
    ];
    faults.push(("TOO_MANY_KEYS", |street, _| {
        let key_id = new_key(210, VOLUNTEER).public_key.id();
        street.done(VOLUNTEER, RevokeKey { key_id });
    }));
    let mut street = Street::open();
    for seed in 210..217 {
        let key = new_key(seed, VOLUNTEER);
        street.done(VOLUNTEER, AddKey { key });
    }
    case("add key", street, VOLUNTEER, AddKey { key }, faults)
}

fn revoke_key() -> Case {
    let key_id = key_of(STAFF).public().id();
    let faults: Vec<(_, super::Cure)> = vec![("NOT_OWN_KEY", |_, record| {
        act!(RevokeKey, record).key_id = key_of(VOLUNTEER).public().id();
    })];
    let revoke = RevokeKey { key_id };
    case("revoke key", Street::open(), VOLUNTEER, revoke, faults)
}

fn revoke_last_key() -> Case {
    let key_id = key_of(OPERATOR).public().id();
    let faults: Vec<(_, super::Cure)> = vec![("LAST_OPERATOR", |street, _| {
        let (member, unit, role) = (STAFF, SCHEME, Role::Operator);
        street.done(OPERATOR, Appoint { member, unit, role });
    })];
    let revoke = RevokeKey { key_id };
    case("revoke last key", Street::open(), OPERATOR, revoke, faults)
}

fn recovery_of(member: MemberId) -> RecoverKey {
    RecoverKey {
        member,
        key: Box::new(new_key(202, member)),
        identity: None,
    }
}

/// The recovery that was proposed last.
fn recovery(street: &Street) -> EntryId {
    let recoveries = street.ids_of(|act| matches!(act, Act::RecoverKey(_)));
    *recoveries.last().expect("a recovery")
}

fn recover_key() -> Case {
    let mut street = Street::open();
    street.done(SECOND_STAFF, recovery_of(VOLUNTEER));
    let recover = RecoverKey {
        member: STRANGER,
        key: Box::new(NewKey::prove(&key_of(STAFF), LEDGER, &STAFF)),
        identity: None,
    };
    let faults: Vec<(_, super::Cure)> = vec![
        ("MEMBER_UNKNOWN", |_, record| {
            act!(RecoverKey, record).member = STAFF;
        }),
        ("KEY_EXISTS", |_, record| {
            *act!(RecoverKey, record).key = new_key(203, VOLUNTEER);
        }),
        ("POSSESSION_NOT_PROVEN", |_, record| {
            *act!(RecoverKey, record).key = new_key(203, STAFF);
        }),
        ("ROLE_MISSING", |_, record| signed_by(record, STAFF)),
        ("INVOLVED", |_, record| {
            act!(RecoverKey, record).member = VOLUNTEER;
            *act!(RecoverKey, record).key = new_key(203, VOLUNTEER);
        }),
        ("RECOVERY_PENDING", |street, _| {
            let (proposal, reason) = (recovery(street), None);
            street.done(SECOND_STAFF, Refuse { proposal, reason });
        }),
    ];
    case("recover key", street, SECOND_VOLUNTEER, recover, faults)
}

fn object_recovery() -> Case {
    let mut street = Street::open();
    street.done(SECOND_STAFF, recovery_of(VOLUNTEER));
    let (proposal, reason) = (recovery(&street), None);
    street.done(SECOND_STAFF, Refuse { proposal, reason });
    let object = ObjectRecovery {
        recovery: nothing(),
    };
    let faults: Vec<(_, super::Cure)> = vec![
        ("SUBJECT_UNKNOWN", |_, record| for_member(record, VOLUNTEER)),
        ("NOT_STAFF_OF_MEMBER", |_, record| {
            signed_by(record, SECOND_STAFF);
            for_member(record, RECIPIENT);
        }),
        ("RECOVERY_UNKNOWN", |street, record| {
            act!(ObjectRecovery, record).recovery = recovery(street);
        }),
        ("NOT_OWN_RECOVERY", |_, record| {
            for_member(record, VOLUNTEER);
        }),
        ("INVOLVED", |_, record| signed_by(record, STAFF)),
        ("PROPOSAL_CLOSED", |street, record| {
            street.done(SECOND_STAFF, recovery_of(VOLUNTEER));
            act!(ObjectRecovery, record).recovery = recovery(street);
        }),
    ];
    let case = case("object", street, TEENAGER, object, faults);
    super::for_other(case, STRANGER)
}

fn object_again() -> Case {
    let mut street = Street::open();
    for _ in 0..2 {
        street.done(STAFF, recovery_of(VOLUNTEER));
        let recovery = recovery(&street);
        // The second of these is refused: it is the one to be tried.
        let _ = street.act(VOLUNTEER, ObjectRecovery { recovery });
    }
    let object = ObjectRecovery {
        recovery: recovery(&street),
    };
    let faults: Vec<(_, super::Cure)> = vec![("OBJECTION_USED", |_, record| {
        signed_by(record, SECOND_STAFF);
        for_member(record, VOLUNTEER);
    })];
    case("object again", street, VOLUNTEER, object, faults)
}

fn finish_recovery() -> Case {
    let mut street = Street::open();
    street.done(SECOND_STAFF, recovery_of(VOLUNTEER));
    let proposal = recovery(&street);
    street.done(STAFF, Approve { proposal });
    let faults: Vec<(_, super::Cure)> = vec![
        ("TARGET_UNKNOWN", |street, record| {
            act!(Expire, record).target = recovery(street);
        }),
        ("NOT_DUE", |street, record| {
            street.pass_days(7);
            super::signed_now(street, record);
        }),
    ];
    let expire = Expire { target: nothing() };
    case("finish recovery", street, TEENAGER, expire, faults)
}

fn for_member(record: &mut Record, member: MemberId) {
    record.entry.on_behalf_of = Some(super::for_themselves(member));
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
