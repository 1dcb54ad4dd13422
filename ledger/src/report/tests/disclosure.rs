//! What is told to the public.

use super::*;
use crate::act::{Approve, GiveOpinion, Opinion, PayMoney, RecordSample};
use crate::budget::BudgetLine;
use crate::log::TreeSize;

#[test]
fn a_disclosure_carries_the_fund_from_one_span_to_the_next() {
    let mut street = Street::open();
    let first = month_of(&street);
    receive(&mut street, 10_000, None);
    receive(&mut street, 500, Some(BudgetLine::Training));
    budget(&mut street, BudgetLine::Training, 400);
    street.pass_days(32);
    let second = month_of(&street);
    let pay = PayMoney {
        unit: DISTRICT,
        line: BudgetLine::Training,
        fen: fen(400),
        voucher: None,
    };
    let proposal = street.done(FUND_ADMIN, pay);
    street.done(REGULATOR, Approve { proposal });
    let (statistics, replay) = read(&street);
    let told = |span| statistics.disclosure(replay.state(), SCHEME, span);
    let (before, after) = (told([first, first]), told([second, second]));
    let line = |line: &'static str, fen| Line {
        line: line.into(),
        fen,
    };
    assert_eq!(
        before.received,
        [line("any", 10_000), line("training", 500)]
    );
    assert_eq!((before.before_fen, before.after_fen), (0, 10_500));
    assert_eq!(after.spent, [line("training", 400)]);
    assert_eq!((after.before_fen, after.after_fen), (10_500, 10_100));
    let both = told([first, second]);
    assert_eq!((both.before_fen, both.after_fen), (0, 10_100));
}

#[test]
fn calls_back_and_opinions_are_disclosed() {
    let mut street = Street::open();
    let (size, root) = (TreeSize::ZERO, Hash::EMPTY_ROOT);
    let sample = RecordSample {
        unit: SCHEME,
        size,
        root,
        drawn: 5,
        confirmed: 3,
        denied: 1,
        protocol: None,
    };
    street.done(OPERATOR, sample);
    let opinion = GiveOpinion {
        unit: SCHEME,
        size,
        root,
        opinion: Opinion::Qualified,
        report: None,
    };
    street.done(AUDITOR, opinion);
    let (statistics, replay) = read(&street);
    let month = month_of(&street);
    let told = statistics.disclosure(replay.state(), SCHEME, [month, month]);
    let value = |name| {
        let found = told.figures.iter().find(|it| it.name == name);
        found.map(|it| it.value)
    };
    assert_eq!(value("visits drawn for a call back"), Some(5));
    assert_eq!(value("of them denied"), Some(1));
    assert_eq!(value("opinions with reservations"), Some(1));
    assert_eq!(value("opinions without reservation"), Some(0));
    let page = statistics.page(replay.state(), SCHEME, month);
    assert_eq!(
        super::value(&page, "visits denied when called back"),
        (Some(20), Light::Red)
    );
}
