//! Moving back, once, what an entry moved.

use crate::account::AccountId;
use crate::act::{Appoint, Approve, Donate, Give, Refuse, Reverse};
use crate::id::{EntryId, MemberId};
use crate::proposal::Proposal;
use crate::rejection::Rejection;
use crate::role::Role;
use crate::rules::Rules;
use crate::testing::*;

const fn reverse(entry: EntryId) -> Reverse {
    let reason = None;
    Reverse { entry, reason }
}

/// A street with a confirmed visit of an hour: the confirmation.
fn street() -> (Street, EntryId) {
    let mut street = Street::open();
    street.granted(RECIPIENT, 600);
    let (_, confirmation) = street.confirmed();
    (street, confirmation)
}

fn appoint(street: &mut Street, member: MemberId, role: Role) {
    let unit = STATION;
    street.done(REGULATOR, Appoint { member, unit, role });
}

#[test]
fn a_confirmation_is_reversed_by_two_who_are_not_involved() {
    let (mut street, entry) = street();
    let proposal = street.done(STAFF, reverse(entry));
    assert_eq!(street.purse(VOLUNTEER), (60, 0));
    street.done(REGULATOR, Approve { proposal });
    assert_eq!(street.purse(VOLUNTEER), (0, 0));
    assert_eq!(street.purse(RECIPIENT), (600, 0));
}

#[test]
fn a_reversal_mirrors_cap_and_release_too() {
    let mut street = Street::under(Rules {
        balance_minutes_max: 100,
        ..Rules::default()
    });
    street.granted(RECIPIENT, 100);
    street.granted(VOLUNTEER, 80);
    let service = street.booked();
    let act = log(service, street.now, 45);
    street.pass_minutes(45);
    street.done(VOLUNTEER, act);
    let entry = street.done(RECIPIENT, confirm(service, 45));
    assert_eq!(street.balance(AccountId::Pool(STATION)), 25);
    let proposal = street.done(STAFF, reverse(entry));
    street.done(REGULATOR, Approve { proposal });
    assert_eq!(street.balance(AccountId::Pool(STATION)), 0);
    assert_eq!(street.purse(VOLUNTEER), (80, 0));
    assert_eq!(street.purse(RECIPIENT), (100, 0));
}

#[test]
fn issued_hours_return_to_the_unit_that_issued_them() {
    let mut street = Street::minting();
    let (_, entry) = street.confirmed();
    let proposal = street.done(STAFF, reverse(entry));
    street.done(REGULATOR, Approve { proposal });
    assert_eq!(street.balance(AccountId::Issued(STATION)), 0);
    assert_eq!(street.purse(VOLUNTEER), (0, 0));
}

#[test]
fn gifts_donations_and_grants_are_reversed_too() {
    let (mut street, _) = street();
    let (recipient, unit) = (VOLUNTEER, STATION);
    let gift = Give {
        recipient,
        minutes: minutes(7),
    };
    let donation = Donate {
        unit,
        minutes: minutes(5),
    };
    let gift = street.done(RECIPIENT, gift);
    let donation = street.done(RECIPIENT, donation);
    let grant = street.granted(RECIPIENT, 30);
    assert_eq!(street.purse(RECIPIENT), (558, 0));
    for entry in [gift, donation, grant] {
        let proposal = street.done(STAFF, reverse(entry));
        let approver = if entry == grant { OPERATOR } else { REGULATOR };
        street.done(approver, Approve { proposal });
    }
    assert_eq!(street.purse(RECIPIENT), (540, 0));
    assert_eq!(street.purse(VOLUNTEER), (60, 0));
}

#[test]
fn a_movement_is_reversed_once() {
    let (mut street, entry) = street();
    let proposal = street.done(STAFF, reverse(entry));
    let refused = street.act(SECOND_STAFF, reverse(entry));
    assert_eq!(refused, Err(Rejection::ReversalProposed));
    street.done(REGULATOR, Approve { proposal });
    let refused = street.act(SECOND_STAFF, reverse(entry));
    assert_eq!(refused, Err(Rejection::AlreadyReversed));
}

#[test]
fn a_reversal_is_not_reversed() {
    let (mut street, entry) = street();
    let proposal = street.done(STAFF, reverse(entry));
    let approval = street.done(REGULATOR, Approve { proposal });
    for entry in [proposal, approval] {
        let refused = street.act(STAFF, reverse(entry));
        assert_eq!(refused, Err(Rejection::MovementUnknown));
    }
}

#[test]
fn a_refused_reversal_may_be_proposed_again() {
    let (mut street, entry) = street();
    let proposal = street.done(STAFF, reverse(entry));
    let reason = None;
    street.done(REGULATOR, Refuse { proposal, reason });
    street.done(SECOND_STAFF, reverse(entry));
}

#[test]
fn hours_that_were_spent_are_not_moved_back_until_they_are_there_again() {
    let (mut street, entry) = street();
    let unit = STATION;
    let donation = Donate {
        unit,
        minutes: minutes(1),
    };
    street.done(VOLUNTEER, donation);
    let proposal = street.done(STAFF, reverse(entry));
    let refused = street.act(REGULATOR, Approve { proposal });
    let available = 59;
    assert_eq!(refused, Err(Rejection::InsufficientBalance { available }));
    street.granted(VOLUNTEER, 1);
    street.done(REGULATOR, Approve { proposal });
    assert_eq!(street.purse(VOLUNTEER), (0, 0));
}

#[test]
fn reversals_are_proposed_by_staff_and_operators_of_the_unit() {
    let (mut street, entry) = street();
    let role = Role::Staff;
    for by in [OTHER_STAFF, REGULATOR, FUND_ADMIN, RECIPIENT] {
        let refused = street.act(by, reverse(entry));
        assert_eq!(refused, Err(Rejection::RoleMissing { role }));
    }
    let refused = street.act(STAFF, reverse(nothing()));
    assert_eq!(refused, Err(Rejection::MovementUnknown));
}

#[test]
fn nobody_decides_a_reversal_who_proposed_signed_gains_or_loses() {
    let (mut street, entry) = street();
    for member in [VOLUNTEER, RECIPIENT, STAFF] {
        appoint(&mut street, member, Role::Regulator);
    }
    let proposal = street.done(STAFF, reverse(entry));
    for by in [VOLUNTEER, RECIPIENT, STAFF] {
        let refused = street.act(by, Approve { proposal });
        assert_eq!(refused, Err(Rejection::Involved));
    }
    street.done(REGULATOR, Approve { proposal });
}

#[test]
fn who_approved_a_grant_does_not_decide_its_reversal() {
    let mut street = Street::open();
    let entry = street.granted(RECIPIENT, 60);
    let proposal = street.done(STAFF, reverse(entry));
    let refused = street.act(REGULATOR, Approve { proposal });
    assert_eq!(refused, Err(Rejection::Involved));
    let row: &Proposal = street.state.find(&proposal).unwrap().unwrap();
    assert_eq!(row.parties, [REGULATOR, FUND_ADMIN, STAFF, RECIPIENT]);
    street.done(OPERATOR, Approve { proposal });
}

#[test]
fn a_visit_that_staff_asked_for_or_stated_is_not_reversed_by_them() {
    let (mut street, _) = street();
    appoint(&mut street, STAFF, Role::Operator);
    let act = request(street.now, 60);
    let service = street.done_for(STAFF, RECIPIENT, act);
    street.done(VOLUNTEER, crate::act::AcceptCare { service });
    let act = log(service, street.now, 60);
    street.pass_minutes(60);
    street.done(VOLUNTEER, act);
    let entry = street.done(RECIPIENT, confirm(service, 60));
    let proposal = street.done(SECOND_STAFF, reverse(entry));
    let refused = street.act(STAFF, Approve { proposal });
    assert_eq!(refused, Err(Rejection::Involved));
}

#[test]
fn a_reversed_visit_can_be_recorded_anew_as_it_was() {
    let (mut street, entry) = street();
    let second = street.booked();
    let again = log(second, OPENING, 60);
    let overlap = Err(Rejection::VisitsOverlap);
    assert_eq!(street.act(VOLUNTEER, again.clone()), overlap);
    let proposal = street.done(STAFF, reverse(entry));
    assert_eq!(street.act(VOLUNTEER, again.clone()), overlap, "not yet");
    street.done(REGULATOR, Approve { proposal });
    street.done(VOLUNTEER, again);
    street.done(RECIPIENT, confirm(second, 60));
    assert_eq!(street.purse(VOLUNTEER), (60, 0));
}
