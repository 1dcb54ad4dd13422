//! The streets on which histories begin, one for each kind of rules.

use std::collections::HashMap;
use std::sync::LazyLock;

use ledger::act::{Act, Appoint, Approve, EnrolMember, Grant, GrantSource, OpenLedger, OpenUnit};
use ledger::amount::Minutes;
use ledger::entry::NewKey;
use ledger::key::SecretKey;
use ledger::member::NeedCategory;
use ledger::role::Role;
use ledger::rules::{GiveScope, Issuance};
use ledger::unit::UnitKind;
use ledger::{MemberId, Rules, UnitId, YearMonth};

use super::history::History;
use super::step;

pub(crate) const LEDGER: &str = "model.example/ledger";

/// Scheme, two districts, a station in each, and one that is not open yet.
pub(crate) const UNITS: [UnitId; 6] = [unit(1), unit(2), unit(3), unit(4), unit(5), unit(6)];

/// Ten members, then three who are not members yet.
pub(crate) const PEOPLE: [MemberId; 13] = [
    person(1),
    person(2),
    person(3),
    person(4),
    person(5),
    person(6),
    person(7),
    person(8),
    person(9),
    person(10),
    person(11),
    person(12),
    person(13),
];

/// How many of the people are members from the beginning.
pub(crate) const MEMBERS: usize = 10;
/// A member without a key.
pub(crate) const KEYLESS: MemberId = PEOPLE[9];

const fn unit(number: u8) -> UnitId {
    UnitId::from_bytes([number; 16])
}

const fn person(number: u8) -> MemberId {
    MemberId::from_bytes([number; 16])
}

/// Three proven keys of each person, and one that another proved.
pub(crate) static KEYS: LazyLock<HashMap<MemberId, [NewKey; 4]>> = LazyLock::new(|| {
    let secret = |member: MemberId, number: u8| {
        let mut seed = [number; 32];
        seed[0] = member.as_bytes()[0];
        SecretKey::from_seed(&seed)
    };
    let keys = PEOPLE.map(|member| {
        let key = |number| NewKey::prove(&secret(member, number), LEDGER, &member);
        let stolen = NewKey::prove(&secret(member, 4), LEDGER, &person(200));
        (member, [key(1), key(2), key(3), stolen])
    });
    keys.into_iter().collect()
});

const ROLES: [(MemberId, UnitId, Role); 7] = [
    (person(2), unit(1), Role::Regulator),
    (person(3), unit(2), Role::FundAdmin),
    (person(4), unit(3), Role::Staff),
    (person(5), unit(2), Role::Staff),
    (person(5), unit(5), Role::Staff),
    (person(6), unit(1), Role::Auditor),
    (person(2), unit(2), Role::FundAdmin),
];

/// A street for each kind of rules; the last has no genesis yet.
pub(crate) fn streets() -> Vec<History> {
    let mut streets = Vec::new();
    for issuance in [Issuance::Transfer, Issuance::Mint, Issuance::Transfer] {
        for balance_minutes_max in [0, 120, 300] {
            for give_scope in [GiveScope::Anyone, GiveScope::Nobody, GiveScope::Anyone] {
                streets.push(street(Rules {
                    issuance,
                    balance_minutes_max,
                    give_scope,
                    issued_minutes_max: 495,
                    recipient_age_years_min: 60,
                    recovery_delay_days: 1,
                    ..Rules::default()
                }));
            }
        }
    }
    streets.push(History::empty());
    streets
}

pub(crate) fn genesis(rules: Rules) -> OpenLedger {
    OpenLedger {
        unit: UNITS[0],
        scheme_name: "A street".to_owned(),
        hour_name: "hour".to_owned(),
        rules: Box::new(rules),
        key: KEYS[&PEOPLE[0]][0].clone(),
        birth_month: YearMonth::parse(1960, 5).expect("a month"),
    }
}

/// Someone whose age and need their number decides.
pub(crate) fn enrolment(member: MemberId, unit: UnitId) -> EnrolMember {
    let number = i32::from(member.as_bytes()[0]);
    let key = (member != KEYLESS).then(|| KEYS[&member][0].clone());
    EnrolMember {
        member,
        unit,
        birth_month: YearMonth::parse(2010 - number * 8 % 72, number % 12 + 1).expect("a month"),
        need: match number % 5 {
            0 => NeedCategory::LivingAlone,
            _ => NeedCategory::None,
        },
        key,
        identity: None,
    }
}

fn street(rules: Rules) -> History {
    let mut history = History::empty();
    let operator = PEOPLE[0];
    let mut done = |author: MemberId, act: Act| {
        let record = history.record(author, act);
        step(&mut history, &record, u64::MAX).expect("this act is allowed");
        record.entry.id
    };
    done(operator, genesis(rules).into());
    for (unit, parent, kind) in [
        (UNITS[1], UNITS[0], UnitKind::District),
        (UNITS[2], UNITS[1], UnitKind::Station),
        (UNITS[3], UNITS[0], UnitKind::District),
        (UNITS[4], UNITS[3], UnitKind::Station),
    ] {
        let display_name = "A unit".to_owned();
        done(
            operator,
            OpenUnit {
                unit,
                parent,
                display_name,
                kind,
            }
            .into(),
        );
    }
    for (number, member) in (0..).zip(&PEOPLE[1..MEMBERS]) {
        let unit = UNITS[if number % 4 == 3 { 4 } else { 2 }];
        done(operator, enrolment(*member, unit).into());
    }
    for (member, unit, role) in ROLES {
        done(operator, Appoint { member, unit, role }.into());
    }
    for role in [Role::Staff, Role::FundAdmin, Role::Regulator] {
        let (member, unit) = (operator, UNITS[0]);
        done(PEOPLE[1], Appoint { member, unit, role }.into());
    }
    for (recipient, minutes) in [(PEOPLE[6], 90), (PEOPLE[7], 75), (KEYLESS, 120)] {
        let proposal = done(PEOPLE[2], starting_grant(recipient, minutes).into());
        done(PEOPLE[1], Approve { proposal }.into());
    }
    history
}

fn starting_grant(recipient: MemberId, minutes: i64) -> Grant {
    Grant {
        unit: UNITS[2],
        recipient,
        minutes: Minutes::parse(minutes).expect("a possible amount"),
        source: GrantSource::Issue,
        reason: None,
    }
}
