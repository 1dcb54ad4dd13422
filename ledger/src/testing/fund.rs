//! Money for the tests: it comes in and is budgeted in [`DISTRICT`].

use super::{DISTRICT, FUND_ADMIN, OPERATOR, Street};
use crate::act::{Approve, ReceiveMoney, SetBudget};
use crate::amount::Fen;
use crate::budget::BudgetLine;

pub(crate) fn fen(fen: i64) -> Fen {
    Fen::parse(fen).expect("an amount")
}

pub(crate) fn receive(street: &mut Street, amount: i64, line: Option<BudgetLine>) {
    let receive = ReceiveMoney {
        unit: DISTRICT,
        fen: fen(amount),
        line,
        voucher: None,
    };
    street.done(FUND_ADMIN, receive);
}

pub(crate) fn budget(street: &mut Street, line: BudgetLine, limit: i64) {
    let (unit, reason) = (DISTRICT, None);
    let act = SetBudget {
        unit,
        line,
        limit,
        reason,
    };
    let proposal = street.done(FUND_ADMIN, act);
    street.done(OPERATOR, Approve { proposal });
}
