//! Cases of acts for another who has died, or without a right to it.

use super::{Case, act, case, for_other, signed_by};
use crate::act::{Approve, Delegate, RecordDeath};
use crate::entry::Attestation;
use crate::testing::*;
use crate::tie::Scope;

/// A visit for a member who has died, and is kin of the staff.
pub(super) fn for_kin_who_has_died() -> Case {
    let mut street = Street::open();
    street.granted(KEYLESS, 60);
    street.granted(DISABLED, 60);
    street.done(SECOND_STAFF, super::ties::link(KEYLESS, STAFF));
    died_by_others(&mut street);
    let act = request(street.now, 60);
    let mut case = for_other(
        case("for the dead", street, STAFF, act, Vec::new()),
        KEYLESS,
    );
    case.faults = vec![
        ("STAFF_IS_KIN", |_, record| signed_by(record, SECOND_STAFF)),
        ("SUBJECT_GONE", |_, record| {
            record.entry.on_behalf_of = Some(super::for_themselves(DISABLED));
        }),
    ];
    case
}

fn died_by_others(street: &mut Street) {
    let (member, papers) = (KEYLESS, None);
    let proposal = street.done(SECOND_STAFF, RecordDeath { member, papers });
    street.done(REGULATOR, Approve { proposal });
}

/// A proxy whose time has run out.
pub(super) fn as_a_proxy() -> Case {
    let mut street = Street::open();
    street.granted(RECIPIENT, 60);
    let proxy = VOLUNTEER;
    let delegate = |scope, until| Delegate {
        proxy,
        scopes: vec![scope],
        until,
    };
    street.done(RECIPIENT, delegate(Scope::Hours, street.now.plus_days(9)));
    let mut request = request(street.now, 60);
    request.unit = crate::UnitId::from_bytes([77; 16]);
    let mut case = case("as a proxy", street, VOLUNTEER, request, Vec::new());
    case = for_other(case, RECIPIENT);
    if let Some(behalf) = &mut case.record.entry.on_behalf_of {
        behalf.attestation = Attestation::Delegated;
    }
    case.faults = vec![
        ("NOT_DELEGATED", |street, _| {
            let until = street.now.plus_days(9);
            let (proxy, scopes) = (VOLUNTEER, vec![Scope::Care]);
            street.done(
                RECIPIENT,
                Delegate {
                    proxy,
                    scopes,
                    until,
                },
            );
        }),
        ("UNIT_UNKNOWN", |_, record| {
            act!(RequestCare, record).unit = STATION;
        }),
    ];
    case
}
