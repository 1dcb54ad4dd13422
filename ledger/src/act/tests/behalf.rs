//! Staff at the counter, for members without a phone.

use crate::act::{AcceptCare, AddKey, Appoint, Approve, CancelCare, CancelReason, Give, Reverse};
use crate::id::EntryId;
use crate::rejection::Rejection;
use crate::role::Role;
use crate::service::Service;
use crate::testing::*;

/// A street whose member without a key has ten hours.
fn street() -> Street {
    let mut street = Street::open();
    street.granted(KEYLESS, 600);
    street.granted(RECIPIENT, 600);
    street
}

fn asked_for(street: &mut Street, by: crate::MemberId) -> EntryId {
    let act = request(street.now, 60);
    street.done_for(by, KEYLESS, act)
}

/// A visit of the volunteer to the member without a key, stated by the
/// volunteer.
fn visited(street: &mut Street) -> EntryId {
    let service = asked_for(street, STAFF);
    street.done(VOLUNTEER, AcceptCare { service });
    let act = log(service, street.now, 60);
    street.pass_minutes(60);
    street.done(VOLUNTEER, act);
    service
}

#[test]
fn a_member_without_a_phone_is_served_at_the_counter() {
    let mut street = street();
    let service = visited(&mut street);
    street.done_for(STAFF, KEYLESS, confirm(service, 60));
    assert_eq!(street.purse(KEYLESS), (540, 0));
    assert_eq!(street.purse(VOLUNTEER), (60, 0));
    let row: &Service = street.state.find(&service).unwrap().unwrap();
    assert_eq!((row.recipient, row.requested_by), (KEYLESS, STAFF));
}

#[test]
fn a_volunteer_without_a_phone_serves_through_the_counter() {
    let mut street = street();
    let service = street.requested();
    street.done_for(STAFF, KEYLESS, AcceptCare { service });
    let act = log(service, street.now, 60);
    street.pass_minutes(60);
    street.done_for(STAFF, KEYLESS, act);
    street.done(RECIPIENT, confirm(service, 60));
    assert_eq!(street.purse(KEYLESS), (660, 0));
}

#[test]
fn staff_act_for_members_of_their_own_unit_alone() {
    let mut street = street();
    for by in [OTHER_STAFF, OPERATOR, REGULATOR, FUND_ADMIN, VOLUNTEER] {
        let act = request(street.now, 60);
        let refused = street.act_for(by, KEYLESS, act);
        assert_eq!(refused, Err(Rejection::NotStaffOfMember));
    }
    let act = request(street.now, 60);
    let refused = street.act_for(STAFF, STRANGER, act);
    assert_eq!(refused, Err(Rejection::SubjectUnknown));
}

#[test]
fn nobody_acts_on_behalf_of_themselves() {
    let mut street = street();
    let act = request(street.now, 60);
    let refused = street.act_for(STAFF, STAFF, act);
    assert_eq!(refused, Err(Rejection::AttestationMismatch));
}

#[test]
fn giving_and_keys_are_never_done_for_another() {
    let mut street = street();
    let recipient = STAFF;
    let minutes = minutes(1);
    let refused = street.act_for(STAFF, KEYLESS, Give { recipient, minutes });
    assert_eq!(refused, Err(Rejection::NotOnBehalf));
    let key = new_key(200, KEYLESS);
    let refused = street.act_for(STAFF, KEYLESS, AddKey { key });
    assert_eq!(refused, Err(Rejection::NotOnBehalf));
}

#[test]
fn the_age_that_counts_is_the_one_of_the_member() {
    let mut street = street();
    let act = request(street.now, 60);
    let refused = street.act_for(STAFF, TEENAGER, act);
    assert_eq!(refused, Err(Rejection::RecipientAge { years_min: 60 }));
    let service = street.requested();
    let refused = street.act_for(STAFF, TEENAGER, AcceptCare { service });
    assert_eq!(refused, Err(Rejection::VolunteerAge { years_min: 18 }));
}

#[test]
fn staff_do_not_confirm_what_they_stated_themselves() {
    let mut street = street();
    let service = asked_for(&mut street, STAFF);
    street.done_for(STAFF, VOLUNTEER, AcceptCare { service });
    let act = log(service, street.now, 60);
    street.pass_minutes(60);
    street.done_for(STAFF, VOLUNTEER, act);
    let refused = street.act_for(STAFF, KEYLESS, confirm(service, 60));
    assert_eq!(refused, Err(Rejection::SamePerson));
    street.done_for(SECOND_STAFF, KEYLESS, confirm(service, 60));
}

#[test]
fn staff_do_not_confirm_their_own_visit() {
    let mut street = street();
    let service = asked_for(&mut street, STAFF);
    street.done(STAFF, AcceptCare { service });
    let act = log(service, street.now, 60);
    street.pass_minutes(60);
    street.done(STAFF, act);
    let refused = street.act_for(STAFF, KEYLESS, confirm(service, 60));
    assert_eq!(refused, Err(Rejection::SamePerson));
}

#[test]
fn a_visit_of_staff_that_other_staff_stated_is_not_confirmed_by_either() {
    let mut street = street();
    let service = asked_for(&mut street, SECOND_STAFF);
    street.done(STAFF, AcceptCare { service });
    let act = log(service, street.now, 60);
    street.pass_minutes(60);
    street.done_for(SECOND_STAFF, STAFF, act);
    for by in [STAFF, SECOND_STAFF] {
        let refused = street.act_for(by, KEYLESS, confirm(service, 60));
        assert_eq!(refused, Err(Rejection::SamePerson));
    }
}

#[test]
fn a_recipient_who_is_staff_does_not_state_and_confirm_a_visit() {
    let mut street = Street::under(crate::Rules {
        recipient_age_years_min: 0,
        ..crate::Rules::default()
    });
    street.granted(STAFF, 60);
    let act = request(street.now, 60);
    let service = street.done(STAFF, act);
    street.done_for(STAFF, VOLUNTEER, AcceptCare { service });
    let act = log(service, street.now, 60);
    street.pass_minutes(60);
    street.done_for(STAFF, VOLUNTEER, act);
    let refused = street.act(STAFF, confirm(service, 60));
    assert_eq!(refused, Err(Rejection::SamePerson));
}

#[test]
fn a_recipient_does_not_decide_the_reversal_of_a_visit_that_others_signed() {
    let mut street = Street::minting();
    let act = request(street.now, 60);
    let service = street.done_for(STAFF, RECIPIENT, act);
    street.done(VOLUNTEER, AcceptCare { service });
    let act = log(service, street.now, 60);
    street.pass_minutes(60);
    street.done(VOLUNTEER, act);
    let entry = street.done_for(SECOND_STAFF, RECIPIENT, confirm(service, 60));
    let (member, unit, role) = (RECIPIENT, STATION, Role::Regulator);
    street.done(REGULATOR, Appoint { member, unit, role });
    let reason = None;
    let proposal = street.done(STAFF, Reverse { entry, reason });
    let refused = street.act(RECIPIENT, Approve { proposal });
    assert_eq!(refused, Err(Rejection::Involved));
}

#[test]
fn nobody_serves_themselves_through_the_counter() {
    let mut street = street();
    let service = asked_for(&mut street, STAFF);
    let refused = street.act_for(STAFF, KEYLESS, AcceptCare { service });
    assert_eq!(refused, Err(Rejection::OwnService));
}

#[test]
fn staff_cancel_and_hand_back_for_either_party() {
    let mut street = street();
    let reason = CancelReason::NotNeeded;
    let service = asked_for(&mut street, STAFF);
    let cancel = CancelCare { service, reason };
    street.done(VOLUNTEER, AcceptCare { service });
    let refused = street.act_for(STAFF, SECOND_VOLUNTEER, cancel.clone());
    assert_eq!(refused, Err(Rejection::NotAParty));
    street.done_for(STAFF, VOLUNTEER, cancel.clone());
    assert_eq!(street.stage(service), "OPEN");
    street.done_for(SECOND_STAFF, KEYLESS, cancel);
    assert_eq!(street.stage(service), "CANCELLED");
    assert_eq!(street.purse(KEYLESS), (600, 0));
}
