//! Roles: who gives them, who ends them, and which do not go together.

use crate::act::{Appoint, Dismiss};
use crate::id::{MemberId, UnitId};
use crate::rejection::Rejection;
use crate::role::{Appointment, Role};
use crate::testing::*;

const fn appoint(member: MemberId, unit: UnitId, role: Role) -> Appoint {
    Appoint { member, unit, role }
}

const fn dismiss(member: MemberId, unit: UnitId, role: Role) -> Dismiss {
    Dismiss { member, unit, role }
}

#[test]
fn a_role_reaches_down_and_never_up_or_sideways() {
    let mut street = Street::open();
    street.done(OPERATOR, appoint(VOLUNTEER, DISTRICT, Role::Operator));
    street.done(VOLUNTEER, appoint(RECIPIENT, STATION, Role::Staff));
    for unit in [SCHEME, OTHER_DISTRICT, OTHER_STATION] {
        let role = Role::Operator;
        assert_eq!(
            street.act(VOLUNTEER, appoint(RECIPIENT, unit, Role::Staff)),
            Err(Rejection::RoleMissing { role })
        );
    }
}

#[test]
fn a_role_is_given_by_operators_and_regulators() {
    let act = appoint(VOLUNTEER, STATION, Role::Staff);
    for by in [STAFF, FUND_ADMIN, AUDITOR, RECIPIENT] {
        let role = Role::Operator;
        assert_eq!(
            Street::open().act(by, act.clone()),
            Err(Rejection::RoleMissing { role })
        );
    }
    Street::open().done(REGULATOR, act);
}

#[test]
fn nobody_appoints_themselves() {
    assert_eq!(
        Street::open().act(OPERATOR, appoint(OPERATOR, STATION, Role::Staff)),
        Err(Rejection::OwnAppointment)
    );
}

#[test]
fn a_role_is_given_once_to_a_member_in_a_unit() {
    let mut street = Street::open();
    assert_eq!(
        street.act(OPERATOR, appoint(STAFF, STATION, Role::Staff)),
        Err(Rejection::AppointmentExists)
    );
    assert_eq!(
        street.act(OPERATOR, appoint(STRANGER, STATION, Role::Staff)),
        Err(Rejection::MemberUnknown)
    );
    let nowhere = UnitId::from_bytes([77; 16]);
    assert_eq!(
        street.act(OPERATOR, appoint(STAFF, nowhere, Role::Staff)),
        Err(Rejection::UnitUnknown)
    );
    street.done(OPERATOR, appoint(STAFF, DISTRICT, Role::Staff));
}

#[test]
fn whoever_audits_does_nothing_else() {
    let mut street = Street::open();
    for role in [
        Role::Operator,
        Role::Regulator,
        Role::Staff,
        Role::FundAdmin,
    ] {
        assert_eq!(
            street.act(REGULATOR, appoint(AUDITOR, STATION, role)),
            Err(Rejection::RolesIncompatible)
        );
    }
    assert_eq!(
        street.act(OPERATOR, appoint(STAFF, SCHEME, Role::Auditor)),
        Err(Rejection::RolesIncompatible)
    );
    street.done(OPERATOR, appoint(AUDITOR, STATION, Role::Auditor));
}

#[test]
fn who_lays_every_other_role_down_may_audit() {
    let mut street = Street::open();
    street.done(STAFF, dismiss(STAFF, STATION, Role::Staff));
    street.done(OPERATOR, appoint(STAFF, STATION, Role::Auditor));
    assert_eq!(
        street.act(OPERATOR, appoint(STAFF, STATION, Role::Staff)),
        Err(Rejection::RolesIncompatible)
    );
}

#[test]
fn a_role_ends_with_its_dismissal() {
    let mut street = Street::open();
    street.done(OPERATOR, dismiss(STAFF, STATION, Role::Staff));
    let found: Option<&Appointment> = street.state.find(&(STAFF, STATION, Role::Staff)).unwrap();
    assert_eq!(found, None);
    let role = Role::Staff;
    assert_eq!(
        street.act(STAFF, enrolment(STRANGER)),
        Err(Rejection::RoleMissing { role })
    );
    assert_eq!(
        street.act(OPERATOR, dismiss(STAFF, STATION, Role::Staff)),
        Err(Rejection::AppointmentUnknown)
    );
}

#[test]
fn others_are_dismissed_by_operators_and_regulators_alone() {
    let act = dismiss(STAFF, STATION, Role::Staff);
    for by in [SECOND_STAFF, FUND_ADMIN, AUDITOR] {
        let role = Role::Operator;
        assert_eq!(
            Street::open().act(by, act.clone()),
            Err(Rejection::RoleMissing { role })
        );
    }
    Street::open().done(REGULATOR, act);
}

#[test]
fn a_dismissal_names_a_role_that_there_is() {
    let mut street = Street::open();
    for (act, rejection) in [
        (
            dismiss(STRANGER, STATION, Role::Staff),
            Rejection::MemberUnknown,
        ),
        (
            dismiss(STAFF, UnitId::from_bytes([77; 16]), Role::Staff),
            Rejection::UnitUnknown,
        ),
        (
            dismiss(STAFF, DISTRICT, Role::Staff),
            Rejection::AppointmentUnknown,
        ),
    ] {
        assert_eq!(street.act(OPERATOR, act), Err(rejection));
    }
}

#[test]
fn the_scheme_keeps_an_operator() {
    let mut street = Street::open();
    for by in [OPERATOR, REGULATOR] {
        assert_eq!(
            street.act(by, dismiss(OPERATOR, SCHEME, Role::Operator)),
            Err(Rejection::LastOperator)
        );
    }
    street.done(OPERATOR, appoint(STAFF, SCHEME, Role::Operator));
    street.done(OPERATOR, dismiss(OPERATOR, SCHEME, Role::Operator));
    assert_eq!(
        street.act(STAFF, dismiss(STAFF, SCHEME, Role::Operator)),
        Err(Rejection::LastOperator)
    );
}

#[test]
fn a_district_may_lose_its_last_operator() {
    let mut street = Street::open();
    street.done(OPERATOR, appoint(STAFF, DISTRICT, Role::Operator));
    street.done(STAFF, dismiss(STAFF, DISTRICT, Role::Operator));
}

#[test]
fn no_operator_makes_or_dismisses_a_regulator_once_there_is_one() {
    let mut street = Street::open();
    let role = Role::Regulator;
    let missing = Err(Rejection::RoleMissing { role });
    assert_eq!(street.act(OPERATOR, appoint(STAFF, SCHEME, role)), missing);
    let (member, unit) = (REGULATOR, SCHEME);
    let dismiss = Dismiss { member, unit, role };
    assert_eq!(street.act(OPERATOR, dismiss.clone()), missing);
    street.done(REGULATOR, appoint(STAFF, SCHEME, role));
    street.done(STAFF, dismiss);
}
