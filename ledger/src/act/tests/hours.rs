//! Giving, donating and granting hours, and money.

use crate::account::AccountId;
use crate::act::{Approve, Dedicate, Donate, Give, Grant, GrantSource, ReceiveMoney};
use crate::amount::Fen;
use crate::id::{MemberId, UnitId};
use crate::rejection::Rejection;
use crate::role::Role;
use crate::rules::{GiveScope, Rules};
use crate::testing::*;

const NOWHERE: UnitId = UnitId::from_bytes([77; 16]);

fn give(recipient: MemberId, amount: i64) -> Give {
    Give {
        recipient,
        minutes: minutes(amount),
    }
}

fn donate(unit: UnitId, amount: i64) -> Donate {
    Donate {
        unit,
        minutes: minutes(amount),
    }
}

fn receive(fen: i64) -> ReceiveMoney {
    ReceiveMoney {
        unit: STATION,
        fen: Fen::parse(fen).unwrap(),
        line: None,
        voucher: None,
    }
}

fn street() -> Street {
    let mut street = Street::open();
    street.granted(VOLUNTEER, 600);
    street
}

#[test]
fn a_gift_moves_both_balances_by_the_same_amount() {
    let mut street = street();
    street.done(VOLUNTEER, give(RECIPIENT, 50));
    assert_eq!(street.purse(VOLUNTEER), (550, 0));
    assert_eq!(street.purse(RECIPIENT), (50, 0));
}

#[test]
fn nobody_gives_more_than_is_available() {
    let mut street = street();
    let available = 600;
    let too_much = Err(Rejection::InsufficientBalance { available });
    assert_eq!(street.act(VOLUNTEER, give(RECIPIENT, 601)), too_much);
    assert_eq!(street.act(VOLUNTEER, donate(STATION, 601)), too_much);
    street.done(VOLUNTEER, give(RECIPIENT, 600));
    let available = 0;
    let nothing_left = Err(Rejection::InsufficientBalance { available });
    assert_eq!(street.act(VOLUNTEER, give(RECIPIENT, 1)), nothing_left);
}

#[test]
fn what_is_held_is_not_given() {
    let mut street = Street::open();
    street.granted(RECIPIENT, 90);
    street.requested();
    let available = 30;
    let refused = street.act(RECIPIENT, give(VOLUNTEER, 31));
    assert_eq!(refused, Err(Rejection::InsufficientBalance { available }));
    street.done(RECIPIENT, give(VOLUNTEER, 30));
    assert_eq!(street.purse(RECIPIENT), (0, 60));
}

#[test]
fn a_gift_goes_to_another_member() {
    let mut street = street();
    let refused = street.act(VOLUNTEER, give(VOLUNTEER, 1));
    assert_eq!(refused, Err(Rejection::SelfTransfer));
    let refused = street.act(VOLUNTEER, give(STRANGER, 1));
    assert_eq!(refused, Err(Rejection::MemberUnknown));
}

#[test]
fn a_scheme_may_forbid_gifts() {
    let give_scope = GiveScope::Nobody;
    let mut street = Street::under(Rules {
        give_scope,
        ..Rules::default()
    });
    street.granted(VOLUNTEER, 60);
    let refused = street.act(VOLUNTEER, give(RECIPIENT, 1));
    assert_eq!(refused, Err(Rejection::GivingNotAllowed));
    street.done(VOLUNTEER, donate(STATION, 60));
}

#[test]
fn nobody_is_given_more_than_the_cap() {
    let mut street = street();
    let minutes_max = 90_000;
    street.granted(RECIPIENT, minutes_max - 10);
    let over = Err(Rejection::BalanceCap { minutes_max });
    assert_eq!(street.act(VOLUNTEER, give(RECIPIENT, 11)), over);
    let proposal = street.done(FUND_ADMIN, grant(RECIPIENT, 11));
    assert_eq!(street.act(REGULATOR, Approve { proposal }), over);
    street.done(VOLUNTEER, give(RECIPIENT, 10));
}

#[test]
fn a_donation_goes_to_the_pool_of_a_unit_and_from_there_to_the_needy() {
    let mut street = street();
    street.done(VOLUNTEER, donate(DISTRICT, 100));
    assert_eq!(street.balance(AccountId::Pool(DISTRICT)), 100);
    let refused = street.act(VOLUNTEER, donate(NOWHERE, 1));
    assert_eq!(refused, Err(Rejection::UnitUnknown));
    let from_pool = |amount| Grant {
        unit: DISTRICT,
        source: GrantSource::Pool,
        ..grant(RECIPIENT, amount)
    };
    let proposal = street.done(FUND_ADMIN, from_pool(101));
    let refused = street.act(REGULATOR, Approve { proposal });
    let available = 100;
    assert_eq!(refused, Err(Rejection::InsufficientBalance { available }));
    let proposal = street.done(FUND_ADMIN, from_pool(100));
    street.done(REGULATOR, Approve { proposal });
    assert_eq!(street.balance(AccountId::Pool(DISTRICT)), 0);
    assert_eq!(street.purse(RECIPIENT), (100, 0));
}

#[test]
fn a_grant_issues_hours_within_the_budget_of_its_unit() {
    let issued_minutes_max = 100;
    let mut street = Street::under(Rules {
        issued_minutes_max,
        ..Rules::default()
    });
    street.granted(RECIPIENT, 60);
    assert_eq!(street.balance(AccountId::Issued(STATION)), -60);
    let proposal = street.done(FUND_ADMIN, grant(RECIPIENT, 41));
    let refused = street.act(REGULATOR, Approve { proposal });
    let minutes_max = issued_minutes_max;
    assert_eq!(refused, Err(Rejection::IssueBudget { minutes_max }));
    street.granted(RECIPIENT, 40);
    let unit = DISTRICT;
    let proposal = street.done(
        FUND_ADMIN,
        Grant {
            unit,
            ..grant(RECIPIENT, 100)
        },
    );
    street.done(REGULATOR, Approve { proposal });
}

#[test]
fn grants_are_for_members_who_may_be_served() {
    let mut street = Street::open();
    street.granted(DISABLED, 60);
    let refused = street.act(FUND_ADMIN, grant(TEENAGER, 60));
    assert_eq!(refused, Err(Rejection::RecipientAge { years_min: 60 }));
    let refused = street.act(FUND_ADMIN, grant(STRANGER, 60));
    assert_eq!(refused, Err(Rejection::MemberUnknown));
    let unit = NOWHERE;
    let nowhere = Grant {
        unit,
        ..grant(RECIPIENT, 60)
    };
    let refused = street.act(FUND_ADMIN, nowhere);
    assert_eq!(refused, Err(Rejection::UnitUnknown));
}

#[test]
fn the_fund_receives_money_from_its_donors() {
    let mut street = Street::open();
    street.done(FUND_ADMIN, receive(1_000));
    street.done(FUND_ADMIN, receive(1));
    assert_eq!(street.balance(AccountId::FundCash), 1_001);
    assert_eq!(street.balance(AccountId::FundDonors), -1_001);
}

#[test]
fn money_is_booked_by_the_fund_administrator_of_the_unit() {
    let role = Role::FundAdmin;
    for by in [STAFF, OPERATOR, REGULATOR, AUDITOR] {
        let refused = Street::open().act(by, receive(1));
        assert_eq!(refused, Err(Rejection::RoleMissing { role }));
    }
    let elsewhere = |unit| ReceiveMoney { unit, ..receive(1) };
    let refused = Street::open().act(FUND_ADMIN, elsewhere(OTHER_STATION));
    assert_eq!(refused, Err(Rejection::RoleMissing { role }));
    let refused = Street::open().act(FUND_ADMIN, elsewhere(NOWHERE));
    assert_eq!(refused, Err(Rejection::UnitUnknown));
}

#[test]
fn no_account_holds_more_than_can_be_counted() {
    let mut street = Street::open();
    let full = i64::MAX / Fen::MAX;
    for _ in 0..full {
        let record = street.record(FUND_ADMIN, receive(Fen::MAX));
        street.hurry(record);
    }
    let refused = street.act(FUND_ADMIN, receive(Fen::MAX));
    assert_eq!(refused, Err(Rejection::BalanceOverflow));
    assert_eq!(street.balance(AccountId::FundCash), full * Fen::MAX);
}

#[test]
fn whoever_dedicates_their_hours_earns_for_the_pool_until_they_end_it() {
    for mut street in [Street::open(), Street::minting()] {
        street.granted(RECIPIENT, 600);
        let before = street.purse(VOLUNTEER);
        street.done(VOLUNTEER, Dedicate { dedicated: true });
        street.confirmed();
        assert_eq!(street.purse(VOLUNTEER), before);
        assert_eq!(street.balance(AccountId::Pool(STATION)), 60);
        street.done_for(STAFF, VOLUNTEER, Dedicate { dedicated: false });
        street.confirmed();
        assert_eq!(street.purse(VOLUNTEER), (before.0 + 60, before.1));
        assert_eq!(street.balance(AccountId::Pool(STATION)), 60);
    }
}
