//! Timeouts are entries too.

use crate::act::{AcceptCare, Approve, CancelCare, CancelReason, Expire, Refuse, Reverse};
use crate::id::EntryId;
use crate::rejection::Rejection;
use crate::testing::*;
use crate::time::Millis;

const fn expire(target: EntryId) -> Expire {
    Expire { target }
}

fn street() -> Street {
    let mut street = Street::open();
    street.granted(RECIPIENT, 600);
    street
}

#[test]
fn a_request_that_nobody_took_releases_its_hold() {
    let mut street = street();
    let service = street.requested();
    let due = street.now.plus_hours(24);
    street.now = Millis::new(due.get() - 1);
    let refused = street.act(STAFF, expire(service));
    assert_eq!(refused, Err(Rejection::NotDue { due_ms: due.get() }));
    street.now = due;
    street.done(STAFF, expire(service));
    assert_eq!(street.stage(service), "EXPIRED");
    assert_eq!(street.purse(RECIPIENT), (600, 0));
}

#[test]
fn a_booking_that_was_never_stated_releases_its_hold() {
    let mut street = street();
    let service = street.booked();
    let due = street.now.plus_minutes(60).plus_days(7);
    street.now = Millis::new(due.get() - 1);
    let refused = street.act(TEENAGER, expire(service));
    assert_eq!(refused, Err(Rejection::NotDue { due_ms: due.get() }));
    street.now = due;
    street.done(TEENAGER, expire(service));
    assert_eq!(street.purse(RECIPIENT), (600, 0));
    let refused = street.act(VOLUNTEER, log(service, OPENING, 60));
    assert_eq!(refused, Err(Rejection::ServiceStage { stage: "EXPIRED" }));
}

#[test]
fn a_late_booking_waits_seven_days_from_its_acceptance() {
    let mut street = street();
    let start = street.now;
    street.pass_days(6);
    let service = street.done(RECIPIENT, request(start, 60));
    street.done(VOLUNTEER, AcceptCare { service });
    let due_ms = street.now.plus_days(7).get();
    let refused = street.act(STAFF, expire(service));
    assert_eq!(refused, Err(Rejection::NotDue { due_ms }));
}

#[test]
fn a_visit_handed_back_late_waits_a_day_from_then() {
    let mut street = street();
    let service = street.booked();
    street.pass_days(3);
    let reason = CancelReason::Illness;
    street.done(VOLUNTEER, CancelCare { service, reason });
    let due = street.now.plus_hours(24);
    let refused = street.act(STAFF, expire(service));
    assert_eq!(refused, Err(Rejection::NotDue { due_ms: due.get() }));
    street.now = due;
    let refused = street.act(SECOND_VOLUNTEER, AcceptCare { service });
    assert_eq!(refused, Err(Rejection::Overdue { due_ms: due.get() }));
    street.done(STAFF, expire(service));
}

#[test]
fn what_is_stated_or_closed_does_not_expire() {
    let mut street = street();
    let service = street.logged();
    street.pass_days(400);
    let refused = street.act(STAFF, expire(service));
    assert_eq!(refused, Err(Rejection::ServiceStage { stage: "LOGGED" }));
    street.done(RECIPIENT, confirm(service, 60));
    let refused = street.act(STAFF, expire(service));
    assert_eq!(refused, Err(Rejection::ServiceStage { stage: "SETTLED" }));
    let refused = street.act(STAFF, expire(nothing()));
    assert_eq!(refused, Err(Rejection::TargetUnknown));
}

#[test]
fn nothing_expires_twice() {
    let mut street = street();
    let service = street.requested();
    street.pass_days(2);
    street.done(STAFF, expire(service));
    let refused = street.act(STAFF, expire(service));
    assert_eq!(refused, Err(Rejection::ServiceStage { stage: "EXPIRED" }));
}

#[test]
fn a_proposal_that_nobody_decided_expires() {
    let mut street = street();
    let proposal = street.done(FUND_ADMIN, grant(RECIPIENT, 60));
    let due = street.now.plus_days(30);
    let due_ms = due.get();
    let refused = street.act(TEENAGER, expire(proposal));
    assert_eq!(refused, Err(Rejection::NotDue { due_ms }));
    street.now = due;
    let refused = street.act(REGULATOR, Approve { proposal });
    assert_eq!(refused, Err(Rejection::Overdue { due_ms }));
    street.done(TEENAGER, expire(proposal));
    assert_eq!(street.purse(RECIPIENT), (600, 0));
    let outcome = "EXPIRED";
    let closed = Err(Rejection::ProposalClosed { outcome });
    assert_eq!(street.act(TEENAGER, expire(proposal)), closed);
    assert_eq!(street.act(REGULATOR, Approve { proposal }), closed);
    let reason = None;
    assert_eq!(street.act(REGULATOR, Refuse { proposal, reason }), closed);
}

#[test]
fn an_expired_reversal_may_be_proposed_again() {
    let mut street = street();
    let (_, entry) = street.confirmed();
    let reason = None;
    let reverse = Reverse { entry, reason };
    let proposal = street.done(STAFF, reverse.clone());
    street.pass_days(30);
    street.done(TEENAGER, expire(proposal));
    let proposal = street.done(STAFF, reverse);
    street.done(REGULATOR, Approve { proposal });
    assert_eq!(street.purse(RECIPIENT), (600, 0));
}
