//! Events among the honours, what the rules ask of oversight, and the visits to
//! look into first.

use super::{month_of, read, value};
use crate::act::{
    Appoint, Approve, DisputeService, GrantSource, PublishValuation, RecordEvent, RecordSample,
    Reverse, RuleOnDispute, Ruling, StartVisit,
};
use crate::event::{Attendance, Roster};
use crate::log::{Hash, TreeSize};
use crate::report::Light;
use crate::role::Role;
use crate::rules::Rules;
use crate::testing::*;
use crate::time::Millis;

#[test]
fn events_count_for_honours_until_they_are_reversed() {
    let mut street = Street::open();
    let (mut proposals, hours) = (Vec::new(), 4);
    for _ in 0..25 {
        street.pass_days(1);
        let start = Millis::new(street.now.get() - hours * 3_600_000);
        let attended = Attendance {
            volunteer: VOLUNTEER,
            minutes: minutes(hours * 60),
        };
        let event = RecordEvent {
            unit: STATION,
            item: request(start, 60).item,
            start,
            roster: Roster::new(vec![attended]).expect("one"),
            source: GrantSource::Issue,
            evidence: None,
        };
        let proposal = street.done(STAFF, event);
        street.done(SECOND_STAFF, Approve { proposal });
        proposals.push(proposal);
    }
    let (statistics, replay) = read(&street);
    let honours = statistics.honours(replay.state(), STATION);
    let stars = honours.iter().map(|it| (it.member, it.minutes, it.stars));
    assert_eq!(stars.collect::<Vec<_>>(), [(VOLUNTEER, 6_000, 1)]);
    let page = statistics.page(replay.state(), STATION, month_of(&street));
    assert!(value(&page, "earned").0 > Some(0));
    let (entry, reason) = (proposals[0], None);
    let proposal = street.done(STAFF, Reverse { entry, reason });
    street.done(OPERATOR, Approve { proposal });
    let (statistics, replay) = read(&street);
    assert!(statistics.honours(replay.state(), STATION).is_empty());
}

#[test]
fn the_rules_say_when_the_fund_and_the_samples_are_as_they_should_be() {
    let mut street = Street::under(Rules {
        reserve_percent_target: 50,
        valuation_months_max: 3,
        sample_percent_min: 50,
        ..Rules::default()
    });
    street.granted(RECIPIENT, 600);
    let valuation = PublishValuation {
        unit: SCHEME,
        liability_fen: 100,
        reserve_fen: 45,
        document: None,
    };
    let (member, unit, role) = (SECOND_STAFF, SCHEME, Role::FundAdmin);
    street.done(OPERATOR, Appoint { member, unit, role });
    street.done(SECOND_STAFF, valuation);
    street.pass_days(124);
    street.confirmed();
    let shown = |street: &Street| {
        let (statistics, replay) = read(street);
        let page = statistics.page(replay.state(), SCHEME, month_of(street));
        let names = [
            "published coverage of the promise",
            "age of what was published",
            "visits called back",
        ];
        names.map(|name| value(&page, name))
    };
    let expected = [
        (Some(45), Light::Amber),
        (Some(4), Light::Amber),
        (Some(0), Light::Red),
    ];
    assert_eq!(shown(&street), expected);
    let sample = RecordSample {
        unit: SCHEME,
        size: TreeSize::new(1),
        root: Hash::EMPTY_ROOT,
        drawn: 1,
        confirmed: 1,
        denied: 0,
        protocol: None,
    };
    street.done(AUDITOR, sample);
    assert_eq!(shown(&street)[2], (Some(100), Light::Green));
    let nothing_promised = PublishValuation {
        unit: SCHEME,
        liability_fen: 0,
        reserve_fen: 0,
        document: None,
    };
    street.done(SECOND_STAFF, nothing_promised);
    assert_eq!(shown(&street)[0], (Some(i64::MAX), Light::Green));
}

#[test]
fn visits_are_listed_by_what_speaks_for_looking_into_them() {
    let mut street = Street::open();
    street.granted(RECIPIENT, 6_000);
    street.granted(KEYLESS, 6_000);
    let by_staff = street.booked();
    let log_it = log(by_staff, street.now, 60);
    street.pass_minutes(60);
    street.done_for(STAFF, VOLUNTEER, log_it);
    street.done_for(SECOND_STAFF, RECIPIENT, confirm(by_staff, 60));
    let late = street.booked();
    let (service, evidence) = (late, Some(crate::Commitment::from_bytes([1; 32])));
    street.done(VOLUNTEER, StartVisit { service, evidence });
    let log_it = log(late, street.now, 60);
    street.pass_days(3);
    street.done(VOLUNTEER, log_it);
    street.done(RECIPIENT, confirm(late, 60));
    let (sound, _) = street.confirmed();
    let listed = |street: &Street| {
        let (statistics, replay) = read(street);
        let reviews = statistics.reviews(replay.state(), STATION);
        let reviews = reviews.into_iter().map(|it| {
            let signs: Vec<_> = it.signs.iter().map(ToString::to_string).collect();
            (it.service, it.score, signs.join(", "))
        });
        reviews.collect::<Vec<_>>()
    };
    let neither = "neither side signed for themselves, no check-in, no evidence";
    assert_eq!(
        listed(&street),
        [(by_staff, 5, neither.to_owned())],
        "late alone, with check-in and evidence, is no reason yet"
    );
    for _ in 0..8 {
        street.confirmed();
    }
    let all = listed(&street);
    assert_eq!(all.len(), 11, "the two have met eleven times");
    let of = |wanted: crate::EntryId| all.iter().find(|(service, ..)| *service == wanted);
    let often = "the two meet often, no check-in, no evidence";
    let expected = Some((sound, 4, often.to_owned()));
    assert_eq!(of(sound).cloned(), expected);
    let late_and_often = "stated late, the two meet often";
    assert_eq!(
        of(late).cloned(),
        Some((late, 4, late_and_often.to_owned()))
    );
    let reason = None;
    street.done(
        RECIPIENT,
        DisputeService {
            service: sound,
            reason,
        },
    );
    let rule = RuleOnDispute {
        service: sound,
        ruling: Ruling::Void,
        reason,
    };
    street.done(OPERATOR, rule);
    let all = listed(&street);
    assert!(all.iter().all(|(service, ..)| *service != sound));
}
