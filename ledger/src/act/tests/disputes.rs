//! Visits that were not as stated, or did not take place.

use crate::act::{
    AcceptCare, Approve, CancelCare, CancelReason, DisputeService, Expire, Rate, RecordDeath,
    ReportNoShow, RuleOnDispute, Ruling, StartVisit,
};
use crate::id::EntryId;
use crate::member::Member;
use crate::rejection::Rejection;
use crate::rules::Rules;
use crate::testing::*;

fn street() -> Street {
    let mut street = Street::open();
    street.granted(RECIPIENT, 600);
    street
}

fn dispute(street: &mut Street, service: EntryId) {
    let reason = None;
    street.done(RECIPIENT, DisputeService { service, reason });
}

fn rule(service: EntryId, ruling: Ruling) -> RuleOnDispute {
    RuleOnDispute {
        service,
        ruling,
        reason: None,
    }
}

#[test]
fn an_arbiter_pays_what_the_visit_took() {
    let rulings = [
        (Ruling::Stands, "SETTLED", 60),
        (Ruling::Corrected(minutes(45)), "SETTLED", 45),
        (Ruling::Void, "CANCELLED", 0),
    ];
    for (ruling, stage, paid) in rulings {
        let mut street = street();
        let service = street.logged();
        dispute(&mut street, service);
        street.done(OPERATOR, rule(service, ruling));
        assert_eq!(street.stage(service), stage);
        assert_eq!(street.purse(VOLUNTEER), (paid, 0));
        assert_eq!(street.purse(RECIPIENT), (600 - paid, 0));
    }
}

#[test]
fn what_was_paid_for_a_visit_that_never_was_goes_back() {
    let mut street = street();
    let (service, _) = street.confirmed();
    dispute(&mut street, service);
    street.done(REGULATOR, rule(service, Ruling::Void));
    assert_eq!(street.stage(service), "CANCELLED");
    assert_eq!(street.purse(VOLUNTEER), (0, 0));
    assert_eq!(street.purse(RECIPIENT), (600, 0));
}

#[test]
fn a_settled_visit_stands_when_the_arbiter_says_so() {
    let mut street = street();
    let (service, _) = street.confirmed();
    dispute(&mut street, service);
    let corrected = rule(service, Ruling::Corrected(minutes(30)));
    let stage = "SETTLED";
    let refused = street.act(OPERATOR, corrected);
    assert_eq!(refused, Err(Rejection::ServiceStage { stage }));
    street.done(OPERATOR, rule(service, Ruling::Stands));
    assert_eq!(street.stage(service), "SETTLED");
}

#[test]
fn a_dispute_that_nobody_decides_ends_as_it_began() {
    for settled in [false, true] {
        let mut street = street();
        let service = if settled {
            street.confirmed().0
        } else {
            street.logged()
        };
        let before = street.stage(service);
        dispute(&mut street, service);
        let target = service;
        assert!(street.act(STAFF, Expire { target }).is_err());
        street.pass_days(15);
        street.done(STAFF, Expire { target });
        assert_eq!(street.stage(service), before);
    }
}

#[test]
fn a_settled_visit_is_disputed_within_its_time() {
    let mut street = street();
    let (service, _) = street.confirmed();
    let due_ms = street.now.plus_days(30).get();
    street.pass_days(31);
    let reason = None;
    let refused = street.act(RECIPIENT, DisputeService { service, reason });
    assert_eq!(refused, Err(Rejection::Overdue { due_ms }));
}

fn missed(street: &Street, id: crate::MemberId) -> u32 {
    let member: Option<&Member> = street.state.find(&id).expect("a complete state");
    member.expect("a member").missed
}

#[test]
fn who_does_not_come_is_counted_and_pays_nothing() {
    let mut street = street();
    let service = street.booked();
    street.done(RECIPIENT, ReportNoShow { service });
    assert_eq!(street.stage(service), "OPEN");
    assert_eq!(missed(&street, VOLUNTEER), 1);
    street.done(SECOND_VOLUNTEER, AcceptCare { service });
    street.done(SECOND_VOLUNTEER, ReportNoShow { service });
    assert_eq!(street.stage(service), "CANCELLED");
    assert_eq!(missed(&street, RECIPIENT), 1);
    assert_eq!(street.purse(RECIPIENT), (600, 0));
}

#[test]
fn nobody_is_missed_before_the_visit_should_begin() {
    let mut street = street();
    let start = street.now.plus_hours(2);
    let service = street.done(RECIPIENT, request(start, 60));
    street.done(VOLUNTEER, AcceptCare { service });
    let due_ms = start.get();
    let refused = street.act(RECIPIENT, ReportNoShow { service });
    assert_eq!(refused, Err(Rejection::NotDue { due_ms }));
}

#[test]
fn a_visit_that_must_be_begun_is_begun_once() {
    let mut street = Street::under(Rules {
        check_in_required: true,
        ..Rules::default()
    });
    street.granted(RECIPIENT, 600);
    let service = street.booked();
    let evidence = None;
    street.done(VOLUNTEER, StartVisit { service, evidence });
    let refused = street.act(VOLUNTEER, StartVisit { service, evidence });
    let stage = "BOOKED";
    assert_eq!(refused, Err(Rejection::ServiceStage { stage }));
    let log = log(service, street.now, 60);
    street.pass_minutes(60);
    street.done(VOLUNTEER, log);
}

#[test]
fn each_side_rates_a_visit_once() {
    let mut street = street();
    let (service, _) = street.confirmed();
    let rate = Rate {
        service,
        stars: 4,
        remark: None,
    };
    for by in [RECIPIENT, VOLUNTEER] {
        street.done(by, rate.clone());
        assert_eq!(street.act(by, rate.clone()), Err(Rejection::AlreadyRated));
    }
}

#[test]
fn minutes_within_the_tolerance_are_confirmed_and_the_lower_count() {
    for (said, paid) in [(60, 60), (75, 60), (45, 45)] {
        let mut street = Street::under(Rules {
            tolerance_minutes: 15,
            ..Rules::default()
        });
        street.granted(RECIPIENT, 600);
        let service = street.logged();
        street.done(RECIPIENT, confirm(service, said));
        assert_eq!(street.purse(VOLUNTEER), (paid, 0));
        assert_eq!(street.purse(RECIPIENT), (600 - paid, 0));
    }
    let mut street = street();
    let service = street.logged();
    let refused = street.act(RECIPIENT, confirm(service, 45));
    assert_eq!(refused, Err(Rejection::MinutesDiffer { logged: 60 }));
}

#[test]
fn two_volunteers_do_not_serve_one_recipient_at_a_time() {
    let mut street = street();
    let start = street.now;
    let mut visits = [VOLUNTEER, SECOND_VOLUNTEER].map(|volunteer| {
        let service = street.done(RECIPIENT, request(start, 60));
        street.done(volunteer, AcceptCare { service });
        (volunteer, service)
    });
    street.pass_minutes(60);
    street.done(VOLUNTEER, log(visits[0].1, start, 60));
    let (volunteer, service) = visits[1];
    let refused = street.act(volunteer, log(service, start, 60));
    assert_eq!(refused, Err(Rejection::VisitsOverlap));
    // What was handed back leaves room.
    visits.swap(0, 1);
    let reason = crate::act::CancelReason::Other;
    let service = visits[1].1;
    street.done(VOLUNTEER, crate::act::CancelCare { service, reason });
    street.done(volunteer, log(visits[0].1, start, 60));
}

#[test]
fn who_cancels_too_late_is_counted_as_missing_unless_ill() {
    let mut street = Street::under(Rules {
        free_cancel_hours: 4,
        ..Rules::default()
    });
    street.granted(RECIPIENT, 600);
    let mut cancelled = |by, reason, hours: [u32; 2]| {
        let [ahead, passed] = hours;
        let request = request(street.now.plus_hours(ahead), 60);
        let service = street.done(RECIPIENT, request);
        street.done(VOLUNTEER, AcceptCare { service });
        street.pass_minutes(passed * 60);
        street.done(by, CancelCare { service, reason });
        missed(&street, by)
    };
    assert_eq!(
        cancelled(VOLUNTEER, CancelReason::Time, [8, 4]),
        0,
        "in time"
    );
    assert_eq!(cancelled(VOLUNTEER, CancelReason::Time, [8, 5]), 1);
    assert_eq!(cancelled(VOLUNTEER, CancelReason::Illness, [8, 5]), 1);
    assert_eq!(cancelled(RECIPIENT, CancelReason::NotNeeded, [8, 5]), 1);
    let service = street.requested();
    let reason = CancelReason::NotNeeded;
    street.done(RECIPIENT, CancelCare { service, reason });
    assert_eq!(missed(&street, RECIPIENT), 1, "nobody had taken it on");
}

#[test]
fn who_has_died_has_missed_nothing() {
    let mut street = Street::under(Rules {
        free_cancel_hours: 4,
        ..Rules::default()
    });
    street.granted(RECIPIENT, 600);
    let request = request(street.now.plus_hours(2), 60);
    let service = street.done(RECIPIENT, request);
    street.done(VOLUNTEER, AcceptCare { service });
    let (member, papers) = (RECIPIENT, None);
    let proposal = street.done(STAFF, RecordDeath { member, papers });
    street.done(SECOND_STAFF, Approve { proposal });
    let reason = CancelReason::Other;
    street.done_for(STAFF, RECIPIENT, CancelCare { service, reason });
    assert_eq!(missed(&street, RECIPIENT), 0);
}
