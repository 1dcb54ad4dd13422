//! Cases of gifts under stricter rules, of money and of districts.

use super::{Case, act, case, signed_by, signed_now};
use crate::act::{
    Approve, ExpireHours, Give, LinkKin, MoveMember, PayMoney, PublishValuation, ReceiveMoney,
    SetBudget, SettleClearing,
};
use crate::amount::Fen;
use crate::budget::BudgetLine;
use crate::role::Role;
use crate::rules::{GiveScope, Rules};
use crate::testing::*;
use crate::tie::Relation;

pub(super) fn cases() -> Vec<Case> {
    vec![
        give_strictly(),
        approve_while_grants_are_stopped(),
        approve_a_payment(),
        settle_clearing(),
        expire_hours(),
    ]
}

fn give_strictly() -> Case {
    let mut street = Street::under(Rules {
        give_scope: GiveScope::Lineal,
        give_age_years_min: 60,
        give_year_minutes_max: 100,
        inter_district_minutes_max: 50,
        ..Rules::default()
    });
    street.granted(RECIPIENT, 600);
    street.done_for(
        STAFF,
        SECOND_VOLUNTEER,
        MoveMember {
            unit: OTHER_STATION,
        },
    );
    let link = |kin, relation| LinkKin {
        member: RECIPIENT,
        kin,
        relation,
        papers: None,
    };
    street.done(STAFF, link(VOLUNTEER, Relation::Sibling));
    street.done(STAFF, link(DISABLED, Relation::Child));
    street.done(STAFF, link(SECOND_VOLUNTEER, Relation::Spouse));
    let faults: Vec<(_, super::Cure)> = vec![
        ("RECEIVER_NOT_ALLOWED", |_, record| {
            act!(Give, record).recipient = DISABLED;
        }),
        ("RECEIVER_AGE", |_, record| {
            act!(Give, record).recipient = SECOND_VOLUNTEER;
        }),
        ("GIVE_LIMIT", |_, record| {
            act!(Give, record).minutes = minutes(100);
        }),
        ("CLEARING_LIMIT", |_, record| {
            act!(Give, record).minutes = minutes(50);
        }),
    ];
    let give = Give {
        recipient: VOLUNTEER,
        minutes: minutes(101),
    };
    case("give strictly", street, RECIPIENT, give, faults)
}

fn approve_while_grants_are_stopped() -> Case {
    let mut street = Street::under(Rules {
        grants_stop_percent: 80,
        issued_minutes_max: 60,
        ..Rules::default()
    });
    let (member, unit, role) = (SECOND_STAFF, SCHEME, Role::FundAdmin);
    street.done(OPERATOR, crate::act::Appoint { member, unit, role });
    let proposal = street.done(FUND_ADMIN, grant(RECIPIENT, 60));
    let faults: Vec<(_, super::Cure)> = vec![
        ("ROLE_MISSING", |_, record| signed_by(record, REGULATOR)),
        ("GRANTS_STOPPED", |street, _| {
            let valuation = PublishValuation {
                unit: SCHEME,
                liability_fen: 100,
                reserve_fen: 80,
                document: None,
            };
            street.done(SECOND_STAFF, valuation);
        }),
    ];
    let approve = Approve { proposal };
    case("approve a grant", street, STAFF, approve, faults)
}

fn fen(fen: i64) -> Fen {
    Fen::parse(fen).expect("an amount")
}

fn approve_a_payment() -> Case {
    let mut street = Street::open();
    let pay = PayMoney {
        unit: DISTRICT,
        line: BudgetLine::Training,
        fen: fen(500),
        voucher: None,
    };
    let proposal = street.done(FUND_ADMIN, pay);
    let faults: Vec<(_, super::Cure)> = vec![
        ("ROLE_MISSING", |_, record| signed_by(record, REGULATOR)),
        ("BUDGET_EXCEEDED", |street, _| {
            let budget = SetBudget {
                unit: DISTRICT,
                line: BudgetLine::Training,
                limit: 500,
                reason: None,
            };
            let proposal = street.done(FUND_ADMIN, budget);
            street.done(OPERATOR, Approve { proposal });
        }),
        ("INSUFFICIENT_BALANCE", |street, _| {
            let receive = ReceiveMoney {
                unit: DISTRICT,
                fen: fen(500),
                line: None,
                voucher: None,
            };
            street.done(FUND_ADMIN, receive);
        }),
    ];
    let approve = Approve { proposal };
    case("approve a payment", street, STAFF, approve, faults)
}

fn settle_clearing() -> Case {
    let mut street = Street::open();
    street.granted(RECIPIENT, 600);
    let unit = OTHER_STATION;
    street.done_for(STAFF, VOLUNTEER, MoveMember { unit });
    let act = SettleClearing {
        unit: DISTRICT,
        other: crate::UnitId::from_bytes([77; 16]),
        minutes: 60,
        statement: None,
    };
    let faults: Vec<(_, super::Cure)> = vec![
        ("UNIT_UNKNOWN", |_, record| {
            act!(SettleClearing, record).other = OTHER_DISTRICT;
        }),
        ("ROLE_MISSING", |_, record| signed_by(record, FUND_ADMIN)),
        ("NOTHING_OWED", |street, _| {
            let (recipient, minutes) = (VOLUNTEER, minutes(60));
            street.done(RECIPIENT, Give { recipient, minutes });
        }),
    ];
    case("settle clearing", street, STAFF, act, faults)
}

fn expire_hours() -> Case {
    let mut street = Street::under(Rules {
        grant_expire_months: 1,
        ..Rules::default()
    });
    street.granted(RECIPIENT, 600);
    let act = ExpireHours { member: STRANGER };
    let faults: Vec<(_, super::Cure)> = vec![
        ("MEMBER_UNKNOWN", |_, record| {
            act!(ExpireHours, record).member = RECIPIENT;
        }),
        ("NOTHING_EXPIRED", |street, record| {
            street.pass_days(62);
            signed_now(street, record);
        }),
    ];
    case("expire hours", street, STAFF, act, faults)
}
