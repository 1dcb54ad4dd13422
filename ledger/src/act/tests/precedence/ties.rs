//! Cases of kinship, proxies, deaths and departures.

use super::{Case, act, case, for_other, signed_by, signed_now};
use crate::act::{
    Approve, CloseMember, Delegate, Dismiss, EndDelegation, LinkKin, RecordDeath, Reinstate,
    SettleEstate, Suspend, UnlinkKin, UpdateProfile,
};
use crate::id::{Commitment, MemberId};
use crate::role::Role;
use crate::testing::*;
use crate::tie::{Relation, Scope};

pub(super) fn cases() -> Vec<Case> {
    vec![
        link_kin(),
        unlink_kin(),
        update_profile(),
        delegate(),
        end_delegation(),
        suspend(),
        reinstate(),
        settle_estate(),
        close_member(),
    ]
}

pub(super) fn link(member: MemberId, kin: MemberId) -> LinkKin {
    LinkKin {
        member,
        kin,
        relation: Relation::Child,
        papers: None,
    }
}

/// A street on which the keyless member has died.
fn after_a_death() -> Street {
    let mut street = Street::open();
    street.granted(KEYLESS, 60);
    died(&mut street);
    street
}

fn died(street: &mut Street) {
    let (member, papers) = (KEYLESS, None);
    let proposal = street.done(STAFF, RecordDeath { member, papers });
    street.done(SECOND_STAFF, Approve { proposal });
}

fn link_kin() -> Case {
    let mut street = after_a_death();
    street.done(STAFF, link(RECIPIENT, VOLUNTEER));
    let faults: Vec<(_, super::Cure)> = vec![
        ("MEMBER_UNKNOWN", |_, record| {
            act!(LinkKin, record).kin = KEYLESS;
        }),
        ("MEMBER_GONE", |_, record| {
            act!(LinkKin, record).kin = VOLUNTEER;
        }),
        ("KIN_EXISTS", |_, record| {
            act!(LinkKin, record).kin = SECOND_STAFF;
        }),
        ("ROLE_MISSING", |_, record| signed_by(record, SECOND_STAFF)),
        ("INVOLVED", |_, record| {
            act!(LinkKin, record).kin = RECIPIENT;
        }),
        ("SELF_TRANSFER", |_, record| {
            act!(LinkKin, record).kin = SECOND_VOLUNTEER;
        }),
    ];
    let act = link(RECIPIENT, STRANGER);
    case("link kin", street, VOLUNTEER, act, faults)
}

fn update_profile() -> Case {
    let mut street = after_a_death();
    street.done(STAFF, link(RECIPIENT, SECOND_STAFF));
    let act = UpdateProfile {
        member: STRANGER,
        profile: Commitment::from_bytes([4; 32]),
    };
    let faults: Vec<(_, super::Cure)> = vec![
        ("MEMBER_UNKNOWN", |_, record| {
            act!(UpdateProfile, record).member = KEYLESS;
        }),
        ("MEMBER_GONE", |_, record| {
            act!(UpdateProfile, record).member = RECIPIENT;
        }),
        ("ROLE_MISSING", |_, record| signed_by(record, SECOND_STAFF)),
        ("INVOLVED", |_, record| signed_by(record, STAFF)),
    ];
    case("update profile", street, VOLUNTEER, act, faults)
}

fn unlink_kin() -> Case {
    let mut street = Street::open();
    street.done(STAFF, link(RECIPIENT, SECOND_STAFF));
    let act = UnlinkKin {
        member: RECIPIENT,
        kin: VOLUNTEER,
        reason: None,
    };
    let faults: Vec<(_, super::Cure)> = vec![
        ("KIN_UNKNOWN", |_, record| {
            act!(UnlinkKin, record).kin = SECOND_STAFF;
        }),
        ("ROLE_MISSING", |_, record| signed_by(record, SECOND_STAFF)),
        ("INVOLVED", |_, record| signed_by(record, STAFF)),
    ];
    case("unlink kin", street, VOLUNTEER, act, faults)
}

fn delegate() -> Case {
    let mut street = Street::open();
    street.done(SECOND_STAFF, link(VOLUNTEER, STAFF));
    let act = Delegate {
        proxy: STRANGER,
        scopes: vec![Scope::Care],
        until: street.now,
    };
    let faults: Vec<(_, super::Cure)> = vec![
        ("STAFF_IS_KIN", |_, record| {
            record.entry.on_behalf_of = Some(super::for_themselves(RECIPIENT));
        }),
        ("MEMBER_UNKNOWN", |_, record| {
            act!(Delegate, record).proxy = VOLUNTEER;
        }),
        ("INVOLVED", |_, record| {
            act!(Delegate, record).proxy = RECIPIENT;
        }),
        ("SELF_TRANSFER", |_, record| {
            act!(Delegate, record).proxy = SECOND_VOLUNTEER;
        }),
        ("PERIOD_OVER", |street, record| {
            act!(Delegate, record).until = street.now.plus_days(731);
        }),
        ("PERIOD_TOO_LONG", |street, record| {
            act!(Delegate, record).until = street.now.plus_days(730);
        }),
    ];
    for_other(case("delegate", street, STAFF, act, faults), VOLUNTEER)
}

fn end_delegation() -> Case {
    let mut street = Street::open();
    let act = Delegate {
        proxy: VOLUNTEER,
        scopes: vec![Scope::Care],
        until: street.now.plus_days(1),
    };
    street.done(RECIPIENT, act);
    let act = EndDelegation {
        member: RECIPIENT,
        proxy: STAFF,
    };
    let faults: Vec<(_, super::Cure)> = vec![
        ("DELEGATION_UNKNOWN", |_, record| {
            act!(EndDelegation, record).proxy = VOLUNTEER;
        }),
        ("NOT_A_PARTY", |_, record| signed_by(record, VOLUNTEER)),
    ];
    case("end a delegation", street, SECOND_VOLUNTEER, act, faults)
}

fn suspend() -> Case {
    let street = after_a_death();
    let act = Suspend {
        member: KEYLESS,
        until: street.now.plus_days(31),
        reason: None,
    };
    let faults: Vec<(_, super::Cure)> = vec![
        ("MEMBER_GONE", |_, record| {
            act!(Suspend, record).member = OPERATOR;
        }),
        ("ROLE_MISSING", |_, record| signed_by(record, OPERATOR)),
        ("INVOLVED", |_, record| {
            act!(Suspend, record).member = VOLUNTEER;
        }),
        ("PERIOD_TOO_LONG", |street, record| {
            act!(Suspend, record).until = street.now.plus_days(30);
        }),
    ];
    case("suspend", street, STAFF, act, faults)
}

fn reinstate() -> Case {
    let mut street = Street::open();
    let (member, until, reason) = (VOLUNTEER, street.now.plus_days(3), None);
    street.done(
        OPERATOR,
        Suspend {
            member,
            until,
            reason,
        },
    );
    let act = Reinstate {
        member: OPERATOR,
        reason,
    };
    let faults: Vec<(_, super::Cure)> = vec![
        ("ROLE_MISSING", |_, record| signed_by(record, OPERATOR)),
        ("INVOLVED", |_, record| {
            act!(Reinstate, record).member = RECIPIENT;
        }),
        ("MEMBER_STANDING", |_, record| {
            act!(Reinstate, record).member = VOLUNTEER;
        }),
    ];
    case("reinstate", street, VOLUNTEER, act, faults)
}

fn settle_estate() -> Case {
    let mut street = Street::open();
    street.granted(KEYLESS, 60);
    street.done(STAFF, link(KEYLESS, SECOND_VOLUNTEER));
    let act = SettleEstate {
        member: KEYLESS,
        heir: Some(STRANGER),
        papers: None,
    };
    let faults: Vec<(_, super::Cure)> = vec![
        ("MEMBER_UNKNOWN", |_, record| {
            act!(SettleEstate, record).heir = Some(SECOND_STAFF);
        }),
        ("ROLE_MISSING", |_, record| signed_by(record, SECOND_STAFF)),
        ("INVOLVED", |street, record| {
            signed_by(record, STAFF);
            died(street);
        }),
        ("NOT_HEIR", |_, record| {
            act!(SettleEstate, record).heir = None;
        }),
        ("NOT_DUE", |street, record| {
            street.pass_days(180);
            signed_now(street, record);
        }),
    ];
    case("settle an estate", street, VOLUNTEER, act, faults)
}

fn close_member() -> Case {
    let mut street = Street::open();
    street.granted(RECIPIENT, 60);
    let (recipient, amount) = (STAFF, minutes(60));
    let give = crate::act::Give {
        recipient,
        minutes: amount,
    };
    street.done(RECIPIENT, give);
    let faults: Vec<(_, super::Cure)> = vec![
        ("HAS_DUTIES", |street, _| {
            let (member, unit, role) = (STAFF, STATION, Role::Staff);
            street.done(OPERATOR, Dismiss { member, unit, role });
        }),
        ("BALANCE_NOT_EMPTY", |street, _| {
            let (unit, minutes) = (STATION, minutes(60));
            street.done(STAFF, crate::act::Donate { unit, minutes });
        }),
    ];
    case("close a member", street, STAFF, CloseMember {}, faults)
}
