//! A service from request to statement.

use crate::act::{AcceptCare, CancelCare, CancelReason, EnrolMember, LogService, RequestCare};
use crate::id::{EntryId, UnitId};
use crate::rejection::Rejection;
use crate::rules::{Issuance, Rules};
use crate::testing::*;
use crate::time::Millis;

const fn accept(service: EntryId) -> AcceptCare {
    AcceptCare { service }
}

const fn cancel(service: EntryId) -> CancelCare {
    let reason = CancelReason::Time;
    CancelCare { service, reason }
}

/// A street whose recipient has ten hours.
fn street() -> Street {
    let mut street = Street::open();
    street.granted(RECIPIENT, 600);
    street
}

#[test]
fn a_request_holds_the_planned_minutes() {
    let mut street = street();
    let service = street.requested();
    assert_eq!(street.purse(RECIPIENT), (540, 60));
    assert_eq!(street.stage(service), "OPEN");
}

#[test]
fn a_request_holds_nothing_where_the_unit_issues_the_hours() {
    let mut street = Street::minting();
    street.requested();
    assert_eq!(street.purse(RECIPIENT), (0, 0));
}

#[test]
fn nobody_asks_for_more_than_is_available() {
    let mut street = street();
    for _ in 0..2 {
        let act = request(street.now, 240);
        street.done(RECIPIENT, act);
    }
    let act = request(street.now, 135);
    let available = 120;
    assert_eq!(
        street.act(RECIPIENT, act),
        Err(Rejection::InsufficientBalance { available })
    );
    let act = request(street.now, 120);
    street.done(RECIPIENT, act);
    assert_eq!(street.purse(RECIPIENT), (0, 600));
}

#[test]
fn who_is_too_young_is_served_only_with_an_assessed_need() {
    let mut street = street();
    let act = request(street.now, 60);
    street.granted(DISABLED, 60);
    street.done(DISABLED, act.clone());
    let refused = street.act(STAFF, act);
    assert_eq!(refused, Err(Rejection::RecipientAge { years_min: 60 }));
}

#[test]
fn the_age_that_is_asked_for_is_reached_in_the_month_of_birth() {
    let enrolled = |age_years| {
        let mut street = Street::under(Rules {
            issuance: Issuance::Mint,
            volunteer_age_years_min: 60,
            ..Rules::default()
        });
        let birth_month = birth_month(age_years);
        street.done(
            STAFF,
            EnrolMember {
                birth_month,
                ..enrolment(STRANGER)
            },
        );
        street
    };
    let years_min = 60;
    for (age_years, may) in [(59, false), (60, true)] {
        let mut street = enrolled(age_years);
        let act = request(street.now, 60);
        let asked = street.act(STRANGER, act).map(|_| ());
        assert_eq!(
            asked.err(),
            (!may).then_some(Rejection::RecipientAge { years_min })
        );
        let service = street.requested();
        let accepted = street.act(STRANGER, accept(service)).map(|_| ());
        assert_eq!(
            accepted.err(),
            (!may).then_some(Rejection::VolunteerAge { years_min })
        );
    }
}

#[test]
fn a_visit_has_a_least_and_a_greatest_length_in_whole_steps() {
    let mut street = street();
    let (min, max) = (30, 240);
    for (planned, rejection) in [
        (15, Rejection::SessionLength { min, max }),
        (255, Rejection::SessionLength { min, max }),
        (40, Rejection::NotAMultiple { quantum: 15 }),
    ] {
        let act = request(street.now, planned);
        assert_eq!(street.act(RECIPIENT, act), Err(rejection));
    }
    for planned in [30, 240] {
        let act = request(street.now, planned);
        street.done(RECIPIENT, act);
    }
}

#[test]
fn a_request_may_be_late_by_seven_days() {
    let mut street = street();
    street.pass_days(8);
    let start = Millis::new(street.now.get() - 7 * 86_400_000);
    street.done(RECIPIENT, request(start, 60));
    let refused = street.act(RECIPIENT, request(Millis::new(start.get() - 1), 60));
    assert_eq!(refused, Err(Rejection::TooLate { days_max: 7 }));
}

#[test]
fn a_request_goes_to_a_unit_that_exists() {
    let mut street = street();
    let unit = UnitId::from_bytes([77; 16]);
    let act = RequestCare {
        unit,
        ..request(street.now, 60)
    };
    assert_eq!(street.act(RECIPIENT, act), Err(Rejection::UnitUnknown));
}

#[test]
fn a_request_is_accepted_by_one_volunteer() {
    let mut street = street();
    let service = street.booked();
    assert_eq!(street.stage(service), "BOOKED");
    let refused = street.act(SECOND_VOLUNTEER, accept(service));
    assert_eq!(refused, Err(Rejection::ServiceStage { stage: "BOOKED" }));
    let refused = street.act(VOLUNTEER, accept(nothing()));
    assert_eq!(refused, Err(Rejection::ServiceUnknown));
}

#[test]
fn nobody_serves_themselves() {
    let mut street = street();
    let service = street.requested();
    let refused = street.act(RECIPIENT, accept(service));
    assert_eq!(refused, Err(Rejection::OwnService));
}

#[test]
fn who_is_too_young_does_not_serve() {
    let mut street = street();
    let service = street.requested();
    let refused = street.act(TEENAGER, accept(service));
    assert_eq!(refused, Err(Rejection::VolunteerAge { years_min: 18 }));
}

#[test]
fn a_request_is_accepted_before_it_is_due() {
    let mut street = street();
    let service = street.requested();
    let due = street.now.plus_hours(24);
    street.now = due;
    let refused = street.act(VOLUNTEER, accept(service));
    assert_eq!(refused, Err(Rejection::Overdue { due_ms: due.get() }));
    street.now = Millis::new(due.get() - 1);
    street.done(VOLUNTEER, accept(service));
}

#[test]
fn the_recipient_cancels_and_has_the_hold_back() {
    for service in [Street::requested, Street::booked] {
        let mut street = street();
        let service = service(&mut street);
        street.done(RECIPIENT, cancel(service));
        assert_eq!(street.purse(RECIPIENT), (600, 0));
        assert_eq!(street.stage(service), "CANCELLED");
    }
}

#[test]
fn the_volunteer_hands_a_visit_back_and_another_takes_it() {
    let mut street = street();
    let service = street.booked();
    street.done(VOLUNTEER, cancel(service));
    assert_eq!(street.stage(service), "OPEN");
    assert_eq!(street.purse(RECIPIENT), (540, 60));
    street.done(SECOND_VOLUNTEER, accept(service));
    let refused = street.act(VOLUNTEER, cancel(service));
    assert_eq!(refused, Err(Rejection::NotAParty));
}

#[test]
fn a_visit_that_was_stated_wrongly_is_handed_back_and_stated_again() {
    let mut street = street();
    let service = street.logged();
    street.done(VOLUNTEER, cancel(service));
    assert_eq!(street.stage(service), "OPEN");
    assert_eq!(street.purse(RECIPIENT), (540, 60));
    street.done(VOLUNTEER, accept(service));
    let start = street.now;
    street.pass_minutes(30);
    street.done(VOLUNTEER, log(service, start, 30));
    street.done(RECIPIENT, confirm(service, 30));
    assert_eq!(street.purse(RECIPIENT), (570, 0));
}

#[test]
fn only_the_parties_cancel() {
    let mut street = street();
    let service = street.booked();
    for by in [SECOND_VOLUNTEER, STAFF, OPERATOR] {
        assert_eq!(street.act(by, cancel(service)), Err(Rejection::NotAParty));
    }
    let refused = street.act(RECIPIENT, cancel(nothing()));
    assert_eq!(refused, Err(Rejection::ServiceUnknown));
}

#[test]
fn what_is_stated_or_over_is_not_cancelled() {
    let mut street = street();
    let service = street.logged();
    let refused = street.act(RECIPIENT, cancel(service));
    assert_eq!(refused, Err(Rejection::ServiceStage { stage: "LOGGED" }));
    street.done(RECIPIENT, confirm(service, 60));
    let refused = street.act(VOLUNTEER, cancel(service));
    assert_eq!(refused, Err(Rejection::ServiceStage { stage: "SETTLED" }));
    let other = street.requested();
    street.done(RECIPIENT, cancel(other));
    let refused = street.act(RECIPIENT, cancel(other));
    let stage = "CANCELLED";
    assert_eq!(refused, Err(Rejection::ServiceStage { stage }));
}

#[test]
fn the_booked_volunteer_states_the_visit_once() {
    let mut street = street();
    let service = street.booked();
    let act = log(service, street.now, 60);
    street.pass_minutes(60);
    let refused = street.act(SECOND_VOLUNTEER, act.clone());
    assert_eq!(refused, Err(Rejection::NotAParty));
    street.done(VOLUNTEER, act.clone());
    let refused = street.act(VOLUNTEER, act.clone());
    assert_eq!(refused, Err(Rejection::ServiceStage { stage: "LOGGED" }));
    let refused = street.act(SECOND_VOLUNTEER, act);
    assert_eq!(refused, Err(Rejection::NotAParty));
}

#[test]
fn only_what_is_booked_is_stated() {
    let mut street = street();
    let service = street.requested();
    let act = log(service, street.now, 60);
    let refused = street.act(VOLUNTEER, act.clone());
    assert_eq!(refused, Err(Rejection::ServiceStage { stage: "OPEN" }));
    let service = nothing();
    let refused = street.act(VOLUNTEER, LogService { service, ..act });
    assert_eq!(refused, Err(Rejection::ServiceUnknown));
}

#[test]
fn at_most_what_was_booked_is_stated() {
    let mut street = street();
    let service = street.booked();
    let start = street.now;
    street.pass_minutes(240);
    for (spent, rejection) in [
        (75, Rejection::MoreThanBooked { minutes_max: 60 }),
        (50, Rejection::NotAMultiple { quantum: 15 }),
    ] {
        let refused = street.act(VOLUNTEER, log(service, start, spent));
        assert_eq!(refused, Err(rejection));
    }
    street.done(VOLUNTEER, log(service, start, 15));
}

#[test]
fn a_visit_is_stated_when_it_is_over_and_not_long_after() {
    let mut street = street();
    let service = street.booked();
    let start = street.now;
    street.pass_minutes(49);
    let act = log(service, start, 60);
    let refused = street.act(VOLUNTEER, act.clone());
    assert_eq!(refused, Err(Rejection::VisitNotOver));
    let mut punctual = street.clone();
    punctual.pass_minutes(1);
    punctual.done(VOLUNTEER, act.clone());
    street.now = Millis::new(start.plus_minutes(60).plus_days(7).get() + 1);
    let refused = street.act(VOLUNTEER, act.clone());
    assert_eq!(refused, Err(Rejection::TooLate { days_max: 7 }));
    street.now = start.plus_minutes(60).plus_days(7);
    street.done(VOLUNTEER, act);
}

#[test]
fn a_visit_of_last_week_is_asked_for_accepted_and_stated_today() {
    let mut street = street();
    let start = street.now;
    street.pass_days(6);
    let service = street.done(RECIPIENT, request(start, 60));
    street.done(VOLUNTEER, accept(service));
    street.done(VOLUNTEER, log(service, start, 60));
    street.done(RECIPIENT, confirm(service, 60));
    assert_eq!(street.purse(VOLUNTEER), (60, 0));
}

#[test]
fn the_longest_visit_in_the_farthest_future_does_not_overflow() {
    let mut street = Street::under(Rules {
        request_open_hours: 720,
        late_entry_days_max: 365,
        ..Rules::default()
    });
    street.granted(RECIPIENT, 240);
    let start = Millis::parse("start_ms", 7_258_118_399_999).unwrap();
    let service = street.done(RECIPIENT, request(start, 240));
    street.done(VOLUNTEER, accept(service));
    let refused = street.act(VOLUNTEER, log(service, start, 100_000_000 - 10));
    assert_eq!(refused, Err(Rejection::VisitNotOver));
    street.done(RECIPIENT, cancel(service));
}
