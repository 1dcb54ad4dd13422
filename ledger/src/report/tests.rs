//! What is counted, hidden, listed and drawn.

mod disclosure;
mod review;

use super::*;
use crate::act::{Approve, DisputeService, Donate, Rate, Reverse, RuleOnDispute, Ruling};
use crate::case::CaseKind;
use crate::log::Hash;
use crate::replay::Replay;
use crate::testing::*;

fn read(street: &Street) -> (Statistics, Replay) {
    let (mut statistics, mut replay) = (Statistics::default(), Replay::new(LEDGER));
    for record in &street.history {
        let effects = replay.push(record).expect("it was recorded");
        statistics.read(record, &effects, replay.state());
    }
    (statistics, replay)
}

fn value(page: &Page, name: &str) -> (Option<i64>, Light) {
    let found = page.indicators.iter().find(|it| it.name == name);
    let found = found.expect("an indicator");
    (found.value, found.light)
}

fn month_of(street: &Street) -> YearMonth {
    street.now.month()
}

#[test]
fn a_page_counts_what_happened_below_a_unit_in_a_month() {
    let mut street = Street::open();
    street.granted(RECIPIENT, 600);
    let (service, _) = street.confirmed();
    let rate = Rate {
        service,
        stars: 4,
        remark: None,
    };
    street.done(RECIPIENT, rate);
    street.confirmed();
    let (statistics, replay) = read(&street);
    let page = statistics.page(replay.state(), DISTRICT, month_of(&street));
    assert_eq!(value(&page, "granted").0, Some(600));
    assert_eq!(value(&page, "earned").0, Some(120));
    assert_eq!(value(&page, "redeemed").0, Some(120));
    assert_eq!(value(&page, "visits confirmed").0, Some(2));
    assert_eq!(value(&page, "fill rate"), (Some(100), Light::Green));
    assert_eq!(value(&page, "hours outstanding").0, Some(600));
    let elsewhere = statistics.page(replay.state(), OTHER_DISTRICT, month_of(&street));
    assert_eq!(value(&elsewhere, "visits confirmed").0, Some(0));
    let later = month_of(&street).plus_months(1).expect("a month");
    let later = statistics.page(replay.state(), DISTRICT, later);
    let visits = later
        .indicators
        .iter()
        .find(|it| it.name == "visits confirmed");
    assert_eq!(
        visits.map(|it| (it.value, it.before)),
        Some((Some(0), Some(2)))
    );
}

#[test]
fn figures_about_few_people_are_left_out() {
    let mut street = Street::open();
    street.granted(RECIPIENT, 600);
    street.confirmed();
    let (statistics, replay) = read(&street);
    let page = statistics.page(replay.state(), SCHEME, month_of(&street));
    assert_eq!(value(&page, "active volunteers").0, None);
    assert_eq!(value(&page, "satisfaction").0, None);
    assert_eq!(
        value(&page, "holders of age who ever asked for care").0,
        None
    );
}

#[test]
fn savers_who_never_asked_for_care_are_listed_with_most_first() {
    let mut street = Street::open();
    street.granted(RECIPIENT, 600);
    street.granted(KEYLESS, 60);
    street.granted(SECOND_VOLUNTEER, 90);
    street.requested();
    let (statistics, replay) = read(&street);
    let savers = statistics.savers(replay.state(), SCHEME);
    let savers: Vec<_> = savers.iter().map(|it| (it.member, it.minutes)).collect();
    assert_eq!(savers, [(SECOND_VOLUNTEER, 90), (KEYLESS, 60)]);
    assert!(statistics.savers(replay.state(), OTHER_STATION).is_empty());
}

#[test]
fn rulings_and_late_entries_are_listed() {
    let mut street = Street::open();
    street.granted(RECIPIENT, 600);
    let service = street.booked();
    let log = log(service, street.now, 60);
    street.pass_days(3);
    street.done(VOLUNTEER, log);
    let reason = None;
    street.done(RECIPIENT, DisputeService { service, reason });
    let rule = RuleOnDispute {
        service,
        ruling: Ruling::Stands,
        reason,
    };
    street.done(OPERATOR, rule);
    let (statistics, replay) = read(&street);
    let events = statistics.events(replay.state(), STATION);
    let events: Vec<_> = events.iter().map(|it| (&*it.what, it.author)).collect();
    assert_eq!(
        events,
        [("late entry", VOLUNTEER), ("RuleOnDispute", OPERATOR)]
    );
}

#[test]
fn a_sample_is_drawn_by_its_seed_alone() {
    let mut street = Street::open();
    street.granted(RECIPIENT, 600);
    for _ in 0..6 {
        street.confirmed();
    }
    let (statistics, replay) = read(&street);
    let draw = |seed, count| {
        let root = Hash::from_bytes([seed; 32]);
        statistics.sample(replay.state(), SCHEME, &root, count)
    };
    assert_eq!(draw(1, 3), draw(1, 3));
    assert_eq!(draw(1, 6)[..3], draw(1, 3)[..]);
    assert_ne!(draw(1, 6), draw(2, 6));
    assert_eq!(draw(1, 9).len(), 6);
}

#[test]
fn a_visit_that_was_undone_is_no_honour_and_is_not_drawn() {
    let mut street = Street::open();
    street.granted(RECIPIENT, 600);
    let (first, _) = street.confirmed();
    let (second, confirmation) = street.confirmed();
    let (third, _) = street.confirmed();
    let reason = None;
    street.done(
        RECIPIENT,
        DisputeService {
            service: first,
            reason,
        },
    );
    let ruling = Ruling::Void;
    let rule = RuleOnDispute {
        service: first,
        ruling,
        reason,
    };
    street.done(OPERATOR, rule);
    let proposal = street.done(
        STAFF,
        Reverse {
            entry: confirmation,
            reason,
        },
    );
    street.done(REGULATOR, Approve { proposal });
    let (statistics, replay) = read(&street);
    let left = statistics
        .visits
        .iter()
        .map(|(id, it)| (id, it.volunteer, it.minutes));
    assert_eq!(left.collect::<Vec<_>>(), [(third, VOLUNTEER, 60)]);
    let drawn = statistics.sample(replay.state(), SCHEME, &Hash::from_bytes([1; 32]), 9);
    assert_eq!((drawn, second == third), (vec![third], false));
    assert!(
        statistics.honours(replay.state(), SCHEME).is_empty(),
        "60 minutes are no star"
    );
}

#[test]
fn whoever_has_served_a_hundred_hours_is_honoured_wherever_the_hours_went() {
    let mut street = Street::open();
    street.granted(RECIPIENT, 60_000);
    for _ in 0..100 {
        street.confirmed();
        street.pass_days(1);
    }
    let (unit, minutes) = (STATION, minutes(6_000));
    street.done(VOLUNTEER, Donate { unit, minutes });
    let (statistics, replay) = read(&street);
    let honours = statistics.honours(replay.state(), STATION);
    let honours: Vec<_> = honours
        .iter()
        .map(|it| (it.member, it.minutes, it.stars))
        .collect();
    assert_eq!(honours, [(VOLUNTEER, 6_000, 1)]);
    assert!(
        statistics
            .honours(replay.state(), OTHER_DISTRICT)
            .is_empty()
    );
}

#[test]
fn whoever_has_hours_and_does_nothing_for_two_years_is_dormant() {
    let mut street = Street::open();
    for member in [RECIPIENT, KEYLESS, DISABLED, VOLUNTEER, SECOND_VOLUNTEER] {
        street.granted(member, 60);
    }
    let dormant = |street: &Street| {
        let (statistics, replay) = read(street);
        let page = statistics.page(replay.state(), SCHEME, month_of(street));
        value(&page, "holders without any act for two years").0
    };
    assert_eq!(dormant(&street), Some(0));
    street.pass_days(731);
    street.done(RECIPIENT, request(street.now.plus_days(1), 60));
    assert_eq!(dormant(&street), Some(80), "four of five");
    let (statistics, replay) = read(&street);
    let savers = statistics.savers(replay.state(), SCHEME);
    assert!(
        savers.iter().all(|saver| saver.active < street.now),
        "{savers:?}"
    );
}

#[test]
fn cases_are_listed_with_what_is_due_first_until_they_are_closed() {
    use crate::act::{CaseOutcome, CloseCase};
    let mut street = Street::open();
    let open = |unit, kind| crate::act::OpenCase {
        unit,
        kind,
        report: None,
    };
    let later = street.done(RECIPIENT, open(SCHEME, CaseKind::Appeal));
    let first = street.done(RECIPIENT, open(STATION, CaseKind::Complaint));
    let closed = street.done(VOLUNTEER, open(STATION, CaseKind::Incident));
    let close = CloseCase {
        case: closed,
        outcome: CaseOutcome::Unfounded,
        answer: None,
    };
    street.done(STAFF, close);
    let (statistics, replay) = read(&street);
    let listed = |unit| {
        let cases = statistics.open_cases(replay.state(), unit);
        cases.iter().map(|it| it.case).collect::<Vec<_>>()
    };
    assert_eq!(listed(SCHEME), [first, later], "one cannot go further up");
    assert_eq!(listed(STATION), [first]);
    assert!(listed(OTHER_STATION).is_empty());
}
