//! What a district decides for itself.

use crate::act::{AcceptCare, Approve, Certify, SetOptions};
use crate::id::{EntryId, UnitId};
use crate::options::UnitOptions;
use crate::rejection::Rejection;
use crate::replay::Replay;
use crate::rules::Rules;
use crate::service::ItemCode;
use crate::testing::*;
use crate::time::Millis;

fn set(street: &Street, unit: UnitId, options: UnitOptions) -> SetOptions {
    SetOptions {
        unit,
        options,
        from: street.now.plus_days(30),
        reason: None,
    }
}

fn in_force(street: &mut Street, unit: UnitId, options: UnitOptions) {
    let set = set(street, unit, options);
    let from = set.from;
    let proposal = street.done(OPERATOR, set);
    street.done(REGULATOR, Approve { proposal });
    street.now = from;
}

fn elsewhere(street: &Street) -> crate::act::RequestCare {
    let mut request = request(street.now.plus_hours(1), 60);
    request.unit = OTHER_STATION;
    request
}

#[test]
fn a_district_is_stricter_for_its_stations_and_no_others() {
    let mut street = Street::open();
    street.granted(RECIPIENT, 600);
    let options = UnitOptions {
        lead_time_hours: 2,
        session_minutes_max: 90,
        ..UnitOptions::default()
    };
    in_force(&mut street, DISTRICT, options);
    let soon = request(street.now.plus_hours(1), 60);
    let refused = street.act(RECIPIENT, soon);
    assert_eq!(refused, Err(Rejection::LeadTime { hours_min: 2 }));
    let long = request(street.now.plus_hours(3), 105);
    let (min, max) = (30, 90);
    let refused = street.act(RECIPIENT, long);
    assert_eq!(refused, Err(Rejection::SessionLength { min, max }));
    let there = elsewhere(&street);
    street.done(RECIPIENT, there);
}

#[test]
fn options_are_announced_and_count_from_their_day_on() {
    let mut street = Street::open();
    street.granted(RECIPIENT, 600);
    let options = UnitOptions {
        late_entry_days_max: 1,
        ..UnitOptions::default()
    };
    let soon = SetOptions {
        from: street.now.plus_days(29),
        ..set(&street, DISTRICT, options)
    };
    let refused = street.act(OPERATOR, soon);
    assert_eq!(refused, Err(Rejection::NoticeTooShort { days_min: 30 }));
    let announced = set(&street, DISTRICT, options);
    let from = announced.from;
    let proposal = street.done(OPERATOR, announced.clone());
    street.done(REGULATOR, Approve { proposal });
    let pending = Err(Rejection::RulesPending {
        from_ms: from.get(),
    });
    assert_eq!(street.act(OPERATOR, announced), pending);
    let two_days_ago = |street: &Street| request(Millis::new(street.now.get() - 172_800_000), 60);
    street.now = Millis::new(from.get() - 1);
    let before = two_days_ago(&street);
    street.done(RECIPIENT, before);
    street.now = from;
    let after = two_days_ago(&street);
    let refused = street.act(RECIPIENT, after.clone());
    assert_eq!(refused, Err(Rejection::TooLate { days_max: 1 }));
    in_force(&mut street, DISTRICT, UnitOptions::default());
    let after = two_days_ago(&street);
    street.done(RECIPIENT, after);
    let mut replay = Replay::new(LEDGER);
    for record in &street.history {
        replay
            .push(record)
            .expect("what was accepted is accepted again");
    }
}

fn certified(street: &mut Street, code: &str) {
    let certify = Certify {
        member: VOLUNTEER,
        certificate: ItemCode::parse(code.to_owned()).expect("a code"),
        until: street.now.plus_days(60),
        papers: None,
    };
    street.done(STAFF, certify);
}

fn accepted(street: &mut Street, service: EntryId) -> Result<(), Rejection> {
    street.act(VOLUNTEER, AcceptCare { service }).map(|_| ())
}

#[test]
fn a_district_may_ask_for_insurance_which_the_scheme_does_not() {
    let mut street = Street::open();
    street.granted(RECIPIENT, 600);
    let options = UnitOptions {
        insurance_required: true,
        ..UnitOptions::default()
    };
    in_force(&mut street, DISTRICT, options);
    let service = street.requested();
    certified(&mut street, "training");
    let missing = Err(Rejection::CertificateMissing);
    assert_eq!(accepted(&mut street, service), missing);
    let there = elsewhere(&street);
    let there = street.done(RECIPIENT, there);
    assert_eq!(accepted(&mut street, there), Ok(()));
    certified(&mut street, "insurance");
    assert_eq!(accepted(&mut street, service), Ok(()));
}

#[test]
fn a_scheme_may_ask_for_insurance_until_it_ends() {
    let mut street = Street::under(Rules {
        insurance_required: true,
        ..Rules::default()
    });
    street.granted(RECIPIENT, 600);
    certified(&mut street, "insurance");
    street.pass_days(60);
    let service = street.requested();
    let ended = accepted(&mut street, service);
    assert_eq!(ended, Err(Rejection::CertificateMissing));
}

#[test]
fn only_districts_decide_and_nobody_alone() {
    let mut street = Street::open();
    let options = UnitOptions::default();
    for unit in [SCHEME, STATION] {
        let set = set(&street, unit, options);
        assert_eq!(street.act(OPERATOR, set), Err(Rejection::UnitLevel));
    }
    let set = set(&street, DISTRICT, options);
    assert!(street.act(FUND_ADMIN, set.clone()).is_err());
    let proposal = street.done(OPERATOR, set);
    let alone = street.act(OPERATOR, Approve { proposal });
    assert_eq!(alone, Err(Rejection::Involved));
}
