//! Group events: who may record one, what it pays, and what stops it.

use crate::account::AccountId;
use crate::act::{Approve, Dedicate, Donate, GrantSource, LinkKin, RecordEvent, Reverse};
use crate::amount::Minutes;
use crate::event::{Attendance, Roster};
use crate::id::{EntryId, MemberId};
use crate::lot::{LotSource, Lots};
use crate::rejection::Rejection;
use crate::rules::Rules;
use crate::testing::*;
use crate::tie::Relation;

fn roster(attended: &[(MemberId, i64)]) -> Roster {
    let attended = attended.iter().map(|(volunteer, spent)| Attendance {
        volunteer: *volunteer,
        minutes: minutes(*spent),
    });
    Roster::new(attended.collect()).expect("a roster in order")
}

/// An event at the station that began two hours ago.
fn event(street: &Street, attended: &[(MemberId, i64)]) -> RecordEvent {
    let hours = Minutes::parse(120).expect("two hours").get();
    let start = crate::Millis::new(street.now.get() - i64::from(hours) * 60_000);
    RecordEvent {
        unit: STATION,
        item: request(start, 60).item,
        start,
        roster: roster(attended),
        source: GrantSource::Issue,
        evidence: None,
    }
}

fn recorded(street: &mut Street, event: RecordEvent) -> EntryId {
    let proposal = street.done(STAFF, event);
    street.done(SECOND_STAFF, Approve { proposal });
    proposal
}

#[test]
fn two_people_of_the_station_pay_everyone_on_the_roster() {
    let mut street = Street::open();
    let both = [(VOLUNTEER, 90), (SECOND_VOLUNTEER, 120)];
    let event = event(&street, &both);
    let proposal = street.done(STAFF, event);
    assert_eq!(street.purse(VOLUNTEER), (0, 0), "one alone moves nothing");
    street.done(SECOND_STAFF, Approve { proposal });
    assert_eq!(street.purse(VOLUNTEER), (90, 0));
    assert_eq!(street.purse(SECOND_VOLUNTEER), (120, 0));
    assert_eq!(street.balance(AccountId::Issued(STATION)), -210);
    let lots: Option<&Lots> = street.state.find(&VOLUNTEER).unwrap();
    let source = lots.and_then(|lots| lots.iter().next().map(|lot| lot.source));
    assert_eq!(source, Some(LotSource::Earned));
}

#[test]
fn nobody_records_or_approves_an_event_of_their_own_or_of_kin() {
    let mut street = Street::open();
    let involved = Err(Rejection::Involved);
    let of_staff = event(&street, &[(STAFF, 60)]);
    assert_eq!(street.act(STAFF, of_staff.clone()), involved);
    let proposal = street.done(SECOND_STAFF, of_staff);
    assert_eq!(street.act(STAFF, Approve { proposal }), involved);
    assert_eq!(street.act(SECOND_STAFF, Approve { proposal }), involved);
    let (member, kin, relation) = (VOLUNTEER, SECOND_STAFF, Relation::Child);
    let papers = None;
    let link = LinkKin {
        member,
        kin,
        relation,
        papers,
    };
    street.done(STAFF, link);
    let of_kin = event(&street, &[(VOLUNTEER, 60)]);
    assert_eq!(street.act(SECOND_STAFF, of_kin.clone()), involved);
    let proposal = street.done(STAFF, of_kin);
    assert_eq!(street.act(SECOND_STAFF, Approve { proposal }), involved);
    street.done(OPERATOR, Approve { proposal });
}

#[test]
fn nobody_is_at_an_event_and_at_a_visit_at_once() {
    let mut street = Street::open();
    street.granted(RECIPIENT, 600);
    street.logged();
    let mut event = event(&street, &[(VOLUNTEER, 60), (SECOND_VOLUNTEER, 60)]);
    event.start = OPENING;
    let proposal = street.done(STAFF, event.clone());
    let overlap = Err(Rejection::VisitsOverlap);
    assert_eq!(street.act(SECOND_STAFF, Approve { proposal }), overlap);
    assert_eq!(street.purse(SECOND_VOLUNTEER), (0, 0), "all or nobody");
    event.roster = roster(&[(SECOND_VOLUNTEER, 60)]);
    recorded(&mut street, event.clone());
    let proposal = street.done(STAFF, event);
    let twice = street.act(SECOND_STAFF, Approve { proposal });
    assert_eq!(twice, overlap, "an event pays once");
}

#[test]
fn events_keep_the_limits_of_visits() {
    let mut street = Street::under(Rules {
        daily_minutes_max: 60,
        ..Rules::default()
    });
    let refused = |street: &mut Street, set: fn(&mut RecordEvent)| {
        let mut event = event(street, &[(VOLUNTEER, 60)]);
        set(&mut event);
        street.act(STAFF, event).map(|_| ())
    };
    let minor = refused(&mut street, |it| it.roster = roster(&[(TEENAGER, 60)]));
    assert_eq!(minor, Err(Rejection::VolunteerAge { years_min: 18 }));
    let odd = refused(&mut street, |it| it.roster = roster(&[(VOLUNTEER, 50)]));
    assert_eq!(odd, Err(Rejection::NotAMultiple { quantum: 15 }));
    let running = refused(&mut street, |it| it.start = it.start.plus_minutes(90));
    assert_eq!(running, Err(Rejection::VisitNotOver));
    let long = event(&street, &[(VOLUNTEER, 75)]);
    let proposal = street.done(STAFF, long);
    let minutes_max = 60;
    let refused = street.act(SECOND_STAFF, Approve { proposal });
    assert_eq!(refused, Err(Rejection::DailyCap { minutes_max }));
    let old = event(&street, &[(VOLUNTEER, 60)]);
    street.pass_days(8);
    let late = street.act(STAFF, old);
    assert_eq!(late, Err(Rejection::TooLate { days_max: 7 }));
}

#[test]
fn an_event_may_be_paid_from_the_pool_as_far_as_it_goes() {
    let mut street = Street::open();
    street.granted(RECIPIENT, 100);
    let (unit, donated) = (STATION, minutes(100));
    street.done(
        RECIPIENT,
        Donate {
            unit,
            minutes: donated,
        },
    );
    street.done(SECOND_VOLUNTEER, Dedicate { dedicated: true });
    let mut event = event(&street, &[(VOLUNTEER, 75), (SECOND_VOLUNTEER, 75)]);
    event.source = GrantSource::Pool;
    recorded(&mut street, event.clone());
    assert_eq!(street.purse(VOLUNTEER), (75, 0));
    let pool = AccountId::Pool(STATION);
    assert_eq!(street.balance(pool), 25, "what is dedicated stays there");
    event.start = event.start.plus_minutes(75);
    event.roster = roster(&[(VOLUNTEER, 30)]);
    let proposal = street.done(STAFF, event);
    let available = 25;
    let refused = street.act(SECOND_STAFF, Approve { proposal });
    assert_eq!(refused, Err(Rejection::InsufficientBalance { available }));
}

#[test]
fn what_is_above_the_cap_or_dedicated_goes_to_the_pool() {
    let mut street = Street::under(Rules {
        balance_minutes_max: 100,
        ..Rules::default()
    });
    street.granted(VOLUNTEER, 60);
    street.done(SECOND_VOLUNTEER, Dedicate { dedicated: true });
    let event = event(&street, &[(VOLUNTEER, 60), (SECOND_VOLUNTEER, 60)]);
    let proposal = recorded(&mut street, event.clone());
    assert_eq!(street.purse(VOLUNTEER), (100, 0));
    assert_eq!(street.balance(AccountId::Pool(STATION)), 80);
    let (entry, reason) = (proposal, None);
    let reversal = street.done(STAFF, Reverse { entry, reason });
    street.done(OPERATOR, Approve { proposal: reversal });
    assert_eq!(street.purse(VOLUNTEER), (60, 0));
    assert_eq!(street.balance(AccountId::Pool(STATION)), 0);
    recorded(&mut street, event);
    assert_eq!(street.purse(VOLUNTEER), (100, 0), "recorded anew");
}
