//! New rules: with notice, by two people, never backwards.

use crate::act::{AcceptCare, AdoptRules, Approve};
use crate::id::EntryId;
use crate::rejection::Rejection;
use crate::replay::Replay;
use crate::rules::{Catalogue, Item, Rules, RulesVersion};
use crate::service::{ItemCode, Service};
use crate::testing::*;
use crate::time::Millis;

/// Proposes that an hour costs a quarter, from a time on.
fn proposed(street: &mut Street, version: u32, from: Millis) -> EntryId {
    let rules = Box::new(Rules {
        version: RulesVersion(version),
        catalogue: Catalogue(vec![Item {
            code: ItemCode::parse("company".to_owned()).expect("a code"),
            price: 15,
            certificate: None,
        }]),
        ..Rules::default()
    });
    let reason = None;
    street.done(
        OPERATOR,
        AdoptRules {
            rules,
            from,
            reason,
        },
    )
}

fn held(street: &Street, service: EntryId) -> u32 {
    let service: Option<&Service> = street.state.find(&service).expect("a complete state");
    service.expect("it was asked for").held
}

#[test]
fn new_rules_count_from_their_day_on_and_not_before() {
    let mut street = Street::open();
    street.granted(RECIPIENT, 600);
    let from = street.now.plus_days(40);
    let proposal = proposed(&mut street, 2, from);
    street.done(REGULATOR, Approve { proposal });
    let before = street.requested();
    street.now = Millis::new(from.get() - 1);
    let last = street.requested();
    street.now = from;
    let after = street.requested();
    let costs = [before, last, after].map(|service| held(&street, service));
    assert_eq!(costs, [60, 60, 15]);
}

#[test]
fn a_visit_is_paid_as_it_was_priced_when_it_was_asked_for() {
    let mut street = Street::open();
    street.granted(RECIPIENT, 600);
    let from = street.now.plus_days(30);
    let proposal = proposed(&mut street, 2, from);
    street.done(REGULATOR, Approve { proposal });
    street.now = Millis::new(from.get() - 60_000);
    let service = street.booked();
    let log = log(service, street.now, 60);
    street.pass_minutes(60);
    street.done(VOLUNTEER, log);
    street.done(RECIPIENT, confirm(service, 60));
    assert_eq!(street.purse(VOLUNTEER), (60, 0));
    let (_, _) = street.confirmed();
    assert_eq!(street.purse(VOLUNTEER), (75, 0));
}

#[test]
fn a_history_under_two_versions_is_folded_to_the_same_state() {
    let mut street = Street::open();
    street.granted(RECIPIENT, 600);
    street.confirmed();
    let from = street.now.plus_days(30);
    let proposal = proposed(&mut street, 2, from);
    street.done(REGULATOR, Approve { proposal });
    street.pass_days(31);
    street.confirmed();
    let mut replay = Replay::new(LEDGER);
    for record in &street.history {
        replay.push(record).expect("it was recorded");
    }
    let folded = replay.state().rows();
    let folded = folded.map(|(key, row)| (key.encode(), row.encode()));
    assert_eq!(
        folded.collect::<std::collections::BTreeMap<_, _>>(),
        street.bytes()
    );
}

#[test]
fn nobody_changes_the_rules_alone_or_in_haste() {
    let mut street = Street::open();
    let from = street.now.plus_days(30);
    let proposal = proposed(&mut street, 2, from);
    let refused = street.act(OPERATOR, Approve { proposal });
    let role = crate::role::Role::Regulator;
    assert_eq!(refused, Err(Rejection::RoleMissing { role }));
    street.pass_days(1);
    let refused = street.act(REGULATOR, Approve { proposal });
    assert_eq!(refused, Err(Rejection::NoticeTooShort { days_min: 30 }));
}

#[test]
fn a_third_version_follows_once_the_second_is_in_force() {
    let mut street = Street::open();
    for version in [2, 3] {
        let from = street.now.plus_days(30);
        let proposal = proposed(&mut street, version, from);
        street.done(REGULATOR, Approve { proposal });
        street.pass_days(30);
    }
    street.granted(RECIPIENT, 60);
    let service = street.requested();
    street.done(VOLUNTEER, AcceptCare { service });
    assert_eq!(held(&street, service), 15);
}
