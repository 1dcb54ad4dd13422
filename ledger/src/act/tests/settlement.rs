//! The recipient's yes, and who is paid from where.

use crate::account::AccountId;
use crate::act::Donate;
use crate::proposal::Movement;
use crate::rejection::Rejection;
use crate::rules::{Issuance, Rules};
use crate::testing::*;

const POOL: AccountId = AccountId::Pool(STATION);
const ISSUED: AccountId = AccountId::Issued(STATION);

fn street() -> Street {
    let mut street = Street::open();
    street.granted(RECIPIENT, 600);
    street
}

#[test]
fn a_confirmed_visit_pays_the_volunteer_from_the_hold() {
    let mut street = street();
    let (service, confirmation) = street.confirmed();
    assert_eq!(street.purse(RECIPIENT), (540, 0));
    assert_eq!(street.purse(VOLUNTEER), (60, 0));
    assert_eq!(street.stage(service), "SETTLED");
    let movement: &Movement = street.state.find(&confirmation).unwrap().unwrap();
    let (volunteer, recipient) = (AccountId::Member(VOLUNTEER), AccountId::Member(RECIPIENT));
    assert_eq!(movement.changes, [(volunteer, 60), (recipient, -60)]);
    assert_eq!(movement.signers, [VOLUNTEER, RECIPIENT]);
}

#[test]
fn a_shorter_visit_releases_what_it_did_not_use() {
    let mut street = street();
    let service = street.booked();
    let act = log(service, street.now, 45);
    street.pass_minutes(45);
    street.done(VOLUNTEER, act);
    assert_eq!(street.purse(RECIPIENT), (540, 60));
    street.done(RECIPIENT, confirm(service, 45));
    assert_eq!(street.purse(RECIPIENT), (555, 0));
    assert_eq!(street.purse(VOLUNTEER), (45, 0));
}

#[test]
fn a_confirmed_visit_is_issued_by_the_unit_that_serves_it() {
    let mut street = Street::minting();
    street.confirmed();
    assert_eq!(street.purse(RECIPIENT), (0, 0));
    assert_eq!(street.purse(VOLUNTEER), (60, 0));
    assert_eq!(street.balance(ISSUED), -60);
}

#[test]
fn a_unit_does_not_issue_more_than_its_budget() {
    let mut street = Street::under(Rules {
        issuance: Issuance::Mint,
        issued_minutes_max: 119,
        ..Rules::default()
    });
    street.confirmed();
    let service = street.logged();
    let refused = street.act(RECIPIENT, confirm(service, 60));
    assert_eq!(refused, Err(Rejection::IssueBudget { minutes_max: 119 }));
    assert_eq!(street.balance(ISSUED), -60);
}

#[test]
fn what_is_above_the_cap_goes_to_the_pool() {
    let mut street = Street::under(Rules {
        balance_minutes_max: 100,
        ..Rules::default()
    });
    street.granted(RECIPIENT, 100);
    street.granted(VOLUNTEER, 70);
    street.confirmed();
    assert_eq!(street.purse(VOLUNTEER), (100, 0));
    assert_eq!(street.purse(RECIPIENT), (40, 0));
    assert_eq!(street.balance(POOL), 30);
}

#[test]
fn a_volunteer_at_the_cap_serves_for_the_pool() {
    for issuance in [Issuance::Transfer, Issuance::Mint] {
        let mut street = Street::under(Rules {
            issuance,
            balance_minutes_max: 100,
            ..Rules::default()
        });
        street.granted(RECIPIENT, 100);
        street.granted(VOLUNTEER, 100);
        street.confirmed();
        assert_eq!(street.purse(VOLUNTEER), (100, 0));
        assert_eq!(street.balance(POOL), 60);
    }
}

#[test]
fn what_is_held_counts_towards_the_cap() {
    let mut street = Street::under(Rules {
        balance_minutes_max: 100,
        recipient_age_years_min: 0,
        ..Rules::default()
    });
    street.granted(RECIPIENT, 60);
    street.granted(VOLUNTEER, 90);
    let act = request(street.now, 90);
    street.done(VOLUNTEER, act);
    street.confirmed();
    assert_eq!(street.purse(VOLUNTEER), (10, 90));
    assert_eq!(street.balance(POOL), 50);
}

#[test]
fn without_a_cap_everything_is_kept() {
    let mut street = Street::under(Rules {
        balance_minutes_max: 0,
        ..Rules::default()
    });
    street.granted(RECIPIENT, 500_000);
    street.granted(VOLUNTEER, 100_000);
    street.confirmed();
    assert_eq!(street.purse(VOLUNTEER), (100_060, 0));
}

#[test]
fn only_the_recipient_confirms() {
    let mut street = street();
    let service = street.logged();
    for by in [VOLUNTEER, SECOND_VOLUNTEER, STAFF, OPERATOR] {
        let refused = street.act(by, confirm(service, 60));
        assert_eq!(refused, Err(Rejection::NotAParty));
    }
    let refused = street.act(RECIPIENT, confirm(nothing(), 60));
    assert_eq!(refused, Err(Rejection::ServiceUnknown));
}

#[test]
fn what_is_confirmed_is_what_was_stated() {
    let mut street = street();
    let service = street.logged();
    for other in [45, 61] {
        let refused = street.act(RECIPIENT, confirm(service, other));
        assert_eq!(refused, Err(Rejection::MinutesDiffer { logged: 60 }));
    }
}

#[test]
fn only_what_is_stated_is_confirmed_and_only_once() {
    let mut street = street();
    let service = street.booked();
    let refused = street.act(RECIPIENT, confirm(service, 60));
    assert_eq!(refused, Err(Rejection::ServiceStage { stage: "BOOKED" }));
    let (service, _) = street.confirmed();
    let refused = street.act(RECIPIENT, confirm(service, 60));
    assert_eq!(refused, Err(Rejection::ServiceStage { stage: "SETTLED" }));
}

#[test]
fn an_hour_that_was_earned_is_spent() {
    let mut street = Street::under(Rules {
        recipient_age_years_min: 0,
        ..Rules::default()
    });
    street.granted(RECIPIENT, 60);
    street.confirmed();
    let act = request(street.now, 60);
    street.done(VOLUNTEER, act);
    assert_eq!(street.purse(VOLUNTEER), (0, 60));
    let minutes = minutes(1);
    let unit = STATION;
    let refused = street.act(VOLUNTEER, Donate { unit, minutes });
    let available = 0;
    assert_eq!(refused, Err(Rejection::InsufficientBalance { available }));
}
