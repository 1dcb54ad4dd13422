//! Money, budgets, districts, cases and what becomes of a station.

use crate::account::AccountId;
use crate::act::{
    AcceptCare, Approve, ChangeUnit, Expire, Give, MoveMember, OpenCase, PayMoney, PurchaseCare,
    SetBudget, SettleClearing, UnitChange,
};
use crate::budget::BudgetLine;
use crate::case::{Case, CaseKind};
use crate::id::EntryId;
use crate::rejection::Rejection;
use crate::testing::*;

#[test]
fn restricted_money_is_spent_first_and_on_its_line_alone() {
    let mut street = Street::open();
    receive(&mut street, 300, Some(BudgetLine::Training));
    receive(&mut street, 1_000, None);
    budget(&mut street, BudgetLine::Training, 500);
    let pay = PayMoney {
        unit: DISTRICT,
        line: BudgetLine::Training,
        fen: fen(400),
        voucher: None,
    };
    let proposal = street.done(FUND_ADMIN, pay.clone());
    let refused = street.act(FUND_ADMIN, Approve { proposal });
    assert_eq!(refused, Err(Rejection::Involved));
    street.done(REGULATOR, Approve { proposal });
    let restricted = AccountId::FundRestricted(BudgetLine::Training);
    assert_eq!(street.balance(restricted), 0);
    assert_eq!(street.balance(AccountId::FundCash), 900);
    let spent = AccountId::FundSpent(BudgetLine::Training);
    assert_eq!(street.balance(spent), 400);
    let proposal = street.done(FUND_ADMIN, pay);
    let refused = street.act(REGULATOR, Approve { proposal });
    assert_eq!(refused, Err(Rejection::BudgetExceeded { left: 100 }));
}

/// A request that nobody has taken on for three days.
fn unmatched(street: &mut Street) -> EntryId {
    street.granted(RECIPIENT, 600);
    let start = street.now.plus_days(10);
    let service = street.done(RECIPIENT, request(start, 60));
    street.pass_days(3);
    service
}

#[test]
fn care_that_nobody_gives_is_bought_and_its_hours_retire_with_the_money() {
    let mut street = Street::open();
    let service = unmatched(&mut street);
    receive(&mut street, 4_000, None);
    let unit = STATION;
    let (line, limit, reason) = (BudgetLine::Redemption, 4_000, None);
    let act = SetBudget {
        unit,
        line,
        limit,
        reason,
    };
    let proposal = street.done(FUND_ADMIN, act);
    street.done(OPERATOR, Approve { proposal });
    let buy = PurchaseCare {
        service,
        fen: fen(4_000),
        voucher: None,
    };
    let proposal = street.done(STAFF, buy);
    let effects = street.act(FUND_ADMIN, Approve { proposal });
    assert_eq!(effects.expect("allowed").postings.len(), 4);
    assert_eq!(street.stage(service), "PURCHASED");
    assert_eq!(street.purse(RECIPIENT), (540, 0));
    assert_eq!(street.balance(AccountId::Retired), 60);
    let spent = AccountId::FundSpent(BudgetLine::Redemption);
    assert_eq!(street.balance(spent), 4_000);
}

#[test]
fn care_is_not_bought_while_a_volunteer_may_come() {
    let mut street = Street::open();
    street.granted(RECIPIENT, 600);
    let service = street.requested();
    let due_ms = street.now.plus_hours(72).get();
    let buy = PurchaseCare {
        service,
        fen: fen(4_000),
        voucher: None,
    };
    let refused = street.act(STAFF, buy.clone());
    assert_eq!(refused, Err(Rejection::NotDue { due_ms }));
    street.done(VOLUNTEER, AcceptCare { service });
    let stage = "BOOKED";
    let refused = street.act(STAFF, buy);
    assert_eq!(refused, Err(Rejection::ServiceStage { stage }));
}

#[test]
fn a_budget_of_hours_stops_grants() {
    let mut street = Street::open();
    let (unit, line, limit, reason) = (STATION, BudgetLine::Hours, 100, None);
    let act = SetBudget {
        unit,
        line,
        limit,
        reason,
    };
    let proposal = street.done(FUND_ADMIN, act);
    street.done(REGULATOR, Approve { proposal });
    street.granted(RECIPIENT, 100);
    let proposal = street.done(FUND_ADMIN, grant(RECIPIENT, 1));
    let minutes_max = 100;
    let refused = street.act(REGULATOR, Approve { proposal });
    assert_eq!(refused, Err(Rejection::IssueBudget { minutes_max }));
}

#[test]
fn what_crosses_between_districts_is_owed_until_both_settle_it() {
    let mut street = Street::open();
    street.granted(RECIPIENT, 600);
    let unit = OTHER_STATION;
    street.done_for(STAFF, VOLUNTEER, MoveMember { unit });
    street.confirmed();
    let (recipient, amount) = (KEYLESS, minutes(15));
    street.done(
        VOLUNTEER,
        Give {
            recipient,
            minutes: amount,
        },
    );
    let ours = AccountId::Clearing(DISTRICT, OTHER_DISTRICT);
    let theirs = AccountId::Clearing(OTHER_DISTRICT, DISTRICT);
    assert_eq!((street.balance(ours), street.balance(theirs)), (45, -45));
    let settle = SettleClearing {
        unit: DISTRICT,
        other: OTHER_DISTRICT,
        minutes: 45,
        statement: None,
    };
    let proposal = street.done(FUND_ADMIN, settle);
    street.done(OPERATOR, Approve { proposal });
    assert_eq!((street.balance(ours), street.balance(theirs)), (0, 0));
}

#[test]
fn a_case_that_nobody_closes_is_taken_up_to_the_scheme() {
    let mut street = Street::open();
    let complaint = OpenCase {
        unit: STATION,
        kind: CaseKind::Complaint,
        report: None,
    };
    let target = street.done(RECIPIENT, complaint);
    for unit in [DISTRICT, SCHEME] {
        assert!(street.act(VOLUNTEER, Expire { target }).is_err());
        street.pass_days(7);
        street.done(VOLUNTEER, Expire { target });
        let case: Option<&Case> = street.state.find(&target).expect("a complete state");
        assert_eq!(case.expect("it was opened").unit, unit);
    }
    street.pass_days(7);
    let refused = street.act(VOLUNTEER, Expire { target });
    assert_eq!(refused, Err(Rejection::CaseClosed));
}

#[test]
fn a_closed_station_hands_its_people_over_and_touches_no_balance() {
    let mut street = Street::open();
    street.granted(KEYLESS, 600);
    let close = ChangeUnit {
        unit: STATION,
        change: UnitChange::Close,
        successor: Some(OTHER_STATION),
        reason: None,
    };
    street.done(OPERATOR, close);
    let standing = "CLOSED";
    let here = request(street.now, 60);
    let refused = street.act_for(OTHER_STAFF, KEYLESS, here.clone());
    assert_eq!(refused, Err(Rejection::UnitNotOpen { standing }));
    let unit = OTHER_STATION;
    street.done_for(OTHER_STAFF, KEYLESS, MoveMember { unit });
    let there = crate::act::RequestCare { unit, ..here };
    street.done_for(OTHER_STAFF, KEYLESS, there);
    assert_eq!(street.purse(KEYLESS), (540, 60));
}

#[test]
fn a_paused_station_takes_nothing_new_until_it_is_open_again() {
    let mut street = Street::open();
    street.granted(RECIPIENT, 600);
    let change = |change| ChangeUnit {
        unit: STATION,
        change,
        successor: None,
        reason: None,
    };
    street.done(OPERATOR, change(UnitChange::Pause));
    let standing = "PAUSED";
    let request = request(street.now, 60);
    let refused = street.act(RECIPIENT, request.clone());
    assert_eq!(refused, Err(Rejection::UnitNotOpen { standing }));
    street.done(OPERATOR, change(UnitChange::Reopen));
    street.done(RECIPIENT, request);
}
