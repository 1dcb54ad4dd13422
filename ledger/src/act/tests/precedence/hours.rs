//! Cases of hours, proposals and money.

use super::{Case, act, case, proposal, signed_by};
use crate::act::{
    Appoint, Approve, Donate, Give, Grant, GrantSource, ReceiveMoney, Refuse, Reverse,
};
use crate::amount::Fen;
use crate::id::UnitId;
use crate::role::Role;
use crate::rules::{GiveScope, Rules};
use crate::testing::*;

const NOWHERE: UnitId = UnitId::from_bytes([77; 16]);

pub(super) fn cases() -> Vec<Case> {
    vec![
        give(),
        donate(),
        grant_hours(),
        approve(),
        approve_from_the_pool(),
        refuse(),
        reverse_again(),
        reverse_proposed(),
        receive_money(),
    ]
}

/// A street whose recipient is close to the cap, while the volunteer has
/// little.
fn close_to_the_cap(give_scope: GiveScope) -> Street {
    let mut street = Street::under(Rules {
        give_scope,
        balance_minutes_max: 100,
        issued_minutes_max: 100,
        ..Rules::default()
    });
    street.granted(RECIPIENT, 90);
    street.granted(VOLUNTEER, 5);
    street
}

fn give() -> Case {
    let faults: Vec<(_, super::Cure)> = vec![
        ("MEMBER_UNKNOWN", |_, record| {
            act!(Give, record).recipient = VOLUNTEER;
        }),
        ("SELF_TRANSFER", |_, record| {
            act!(Give, record).recipient = RECIPIENT;
        }),
        ("GIVING_NOT_ALLOWED", |street, _| {
            *street = close_to_the_cap(GiveScope::Anyone);
        }),
        ("BALANCE_CAP", |_, record| {
            act!(Give, record).minutes = minutes(6);
        }),
        ("INSUFFICIENT_BALANCE", |street, _| {
            street.granted(VOLUNTEER, 1);
        }),
    ];
    let give = Give {
        recipient: STRANGER,
        minutes: minutes(200),
    };
    let street = close_to_the_cap(GiveScope::Nobody);
    case("give", street, VOLUNTEER, give, faults)
}

fn donate() -> Case {
    let faults: Vec<(_, super::Cure)> = vec![
        ("UNIT_UNKNOWN", |_, record| {
            act!(Donate, record).unit = STATION;
        }),
        ("INSUFFICIENT_BALANCE", |street, _| {
            street.granted(VOLUNTEER, 1);
        }),
    ];
    let donate = Donate {
        unit: NOWHERE,
        minutes: minutes(1),
    };
    case("donate", Street::open(), VOLUNTEER, donate, faults)
}

fn grant_hours() -> Case {
    let faults: Vec<(_, super::Cure)> = vec![
        ("UNIT_UNKNOWN", |_, record| {
            act!(Grant, record).unit = STATION;
        }),
        ("MEMBER_UNKNOWN", |_, record| {
            act!(Grant, record).recipient = TEENAGER;
        }),
        ("ROLE_MISSING", |street, _| {
            let (member, unit, role) = (TEENAGER, STATION, Role::FundAdmin);
            street.done(OPERATOR, Appoint { member, unit, role });
        }),
        ("INVOLVED", |_, record| signed_by(record, FUND_ADMIN)),
        ("RECIPIENT_AGE", |_, record| {
            act!(Grant, record).recipient = RECIPIENT;
        }),
    ];
    let grant = Grant {
        unit: NOWHERE,
        ..grant(STRANGER, 60)
    };
    case("grant", Street::open(), TEENAGER, grant, faults)
}

fn approve() -> Case {
    let mut street = close_to_the_cap(GiveScope::Anyone);
    let (refused, reason) = (street.done(FUND_ADMIN, grant(RECIPIENT, 11)), None);
    let proposal_refused = Refuse {
        proposal: refused,
        reason,
    };
    street.done(FUND_ADMIN, proposal_refused);
    street.done(FUND_ADMIN, grant(RECIPIENT, 11));
    street.pass_days(30);
    for amount in [11, 10, 5] {
        street.done(FUND_ADMIN, grant(RECIPIENT, amount));
    }
    let faults: Vec<(_, super::Cure)> = vec![
        ("PROPOSAL_UNKNOWN", |street, record| {
            act!(Approve, record).proposal = proposal(street, 2);
        }),
        ("ROLE_MISSING", |_, record| signed_by(record, FUND_ADMIN)),
        ("INVOLVED", |_, record| signed_by(record, REGULATOR)),
        ("PROPOSAL_CLOSED", |street, record| {
            act!(Approve, record).proposal = proposal(street, 3);
        }),
        ("OVERDUE", |street, record| {
            act!(Approve, record).proposal = proposal(street, 4);
        }),
        ("BALANCE_CAP", |street, record| {
            act!(Approve, record).proposal = proposal(street, 5);
        }),
        ("ISSUE_BUDGET", |street, record| {
            act!(Approve, record).proposal = proposal(street, 6);
        }),
    ];
    let proposal = nothing();
    case("approve", street, VOLUNTEER, Approve { proposal }, faults)
}

fn approve_from_the_pool() -> Case {
    let mut street = close_to_the_cap(GiveScope::Anyone);
    for amount in [11, 1] {
        let grant = Grant {
            source: GrantSource::Pool,
            ..grant(RECIPIENT, amount)
        };
        street.done(FUND_ADMIN, grant);
    }
    let faults: Vec<(_, super::Cure)> = vec![
        ("BALANCE_CAP", |street, record| {
            act!(Approve, record).proposal = proposal(street, 3);
        }),
        ("INSUFFICIENT_BALANCE", |street, _| {
            let (unit, minutes) = (STATION, minutes(1));
            street.done(VOLUNTEER, Donate { unit, minutes });
        }),
    ];
    let proposal = proposal(&street, 2);
    let approve = Approve { proposal };
    case("approve from the pool", street, REGULATOR, approve, faults)
}

fn refuse() -> Case {
    let mut street = Street::open();
    let (member, unit, role) = (RECIPIENT, STATION, Role::FundAdmin);
    street.done(OPERATOR, Appoint { member, unit, role });
    let (proposal, reason) = (street.done(FUND_ADMIN, grant(RECIPIENT, 1)), None);
    street.done(REGULATOR, Refuse { proposal, reason });
    street.done(FUND_ADMIN, grant(RECIPIENT, 1));
    let faults: Vec<(_, super::Cure)> = vec![
        ("PROPOSAL_UNKNOWN", |street, record| {
            act!(Refuse, record).proposal = super::proposal(street, 0);
        }),
        ("ROLE_MISSING", |_, record| signed_by(record, RECIPIENT)),
        ("INVOLVED", |_, record| signed_by(record, REGULATOR)),
        ("PROPOSAL_CLOSED", |street, record| {
            act!(Refuse, record).proposal = super::proposal(street, 1);
        }),
    ];
    let proposal = nothing();
    let refuse = Refuse { proposal, reason };
    case("refuse", street, VOLUNTEER, refuse, faults)
}

/// A street on which the reversal of a grant was proposed.
fn reversing() -> Street {
    let mut street = Street::open();
    let (entry, reason) = (street.granted(RECIPIENT, 60), None);
    street.done(STAFF, Reverse { entry, reason });
    street.granted(RECIPIENT, 60);
    street
}

fn reverse_again() -> Case {
    let mut street = reversing();
    let reversal = proposal(&street, 1);
    street.done(OPERATOR, Approve { proposal: reversal });
    let faults: Vec<(_, super::Cure)> = vec![
        ("MOVEMENT_UNKNOWN", |street, record| {
            act!(Reverse, record).entry = proposal(street, 0);
        }),
        ("ROLE_MISSING", |_, record| signed_by(record, STAFF)),
        ("ALREADY_REVERSED", |street, record| {
            act!(Reverse, record).entry = proposal(street, 2);
        }),
    ];
    let (entry, reason) = (reversal, None);
    let reverse = Reverse { entry, reason };
    case("reverse again", street, REGULATOR, reverse, faults)
}

fn reverse_proposed() -> Case {
    let street = reversing();
    let (entry, reason) = (proposal(&street, 0), None);
    let faults: Vec<(_, super::Cure)> = vec![
        ("ROLE_MISSING", |_, record| signed_by(record, STAFF)),
        ("REVERSAL_PROPOSED", |street, record| {
            act!(Reverse, record).entry = proposal(street, 2);
        }),
    ];
    let reverse = Reverse { entry, reason };
    case("reverse proposed", street, REGULATOR, reverse, faults)
}

fn receive_money() -> Case {
    let mut street = Street::open();
    let receive = ReceiveMoney {
        unit: STATION,
        fen: Fen::parse(Fen::MAX).expect("a possible amount"),
        line: None,
        voucher: None,
    };
    for _ in 0..i64::MAX / Fen::MAX {
        let record = street.record(FUND_ADMIN, receive.clone());
        street.hurry(record);
    }
    let faults: Vec<(_, super::Cure)> = vec![
        ("UNIT_UNKNOWN", |_, record| {
            act!(ReceiveMoney, record).unit = STATION;
        }),
        ("ROLE_MISSING", |_, record| signed_by(record, FUND_ADMIN)),
        ("BALANCE_OVERFLOW", |_, record| {
            act!(ReceiveMoney, record).fen = Fen::parse(1).expect("a possible amount");
        }),
    ];
    let receive = ReceiveMoney {
        unit: NOWHERE,
        ..receive
    };
    case("receive money", street, STAFF, receive, faults)
}
