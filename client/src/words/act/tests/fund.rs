//! The acts on money, hours and oversight.

use ledger::act::{
    CaseOutcome, CloseCase, ExpireHours, GiveOpinion, GrantSource, ImportHours, OpenCase, Opinion,
    PayMoney, PublishValuation, PurchaseCare, RecordEvent, RecordSample, SetBudget, TakeBack,
};
use ledger::budget::BudgetLine;
use ledger::case::CaseKind;
use ledger::event::{Attendance, Roster};
use ledger::log::{Hash, TreeSize};
use ledger::{Act, Fen};

use super::scheme::{COMMITMENT, REASON, THIRD, code};
use super::{NOW, OTHER, UNIT, id, minutes};

/// Every one of these acts.
pub(super) fn acts() -> Vec<Act> {
    [of_the_fund(), of_oversight()].concat()
}

fn fen(fen: i64) -> Fen {
    Fen::parse(fen).unwrap()
}

fn of_the_fund() -> Vec<Act> {
    let (unit, line) = (UNIT, BudgetLine::Training);
    vec![
        TakeBack { entry: id() }.into(),
        ExpireHours { member: OTHER }.into(),
        ImportHours {
            member: OTHER,
            minutes: minutes(600),
            scan: COMMITMENT,
        }
        .into(),
        PayMoney {
            unit,
            line,
            fen: fen(12_345),
            voucher: REASON,
        }
        .into(),
        PurchaseCare {
            service: id(),
            fen: fen(8_000),
            voucher: None,
        }
        .into(),
        SetBudget {
            unit,
            line,
            limit: 1_000_000_000_000_000,
            reason: REASON,
        }
        .into(),
        RecordEvent {
            unit,
            item: code("company"),
            start: NOW,
            roster: roster(),
            source: GrantSource::Issue,
            evidence: REASON,
        }
        .into(),
        PublishValuation {
            unit,
            liability_fen: 1_610_000_000,
            reserve_fen: 1_000_000_000,
            document: REASON,
        }
        .into(),
    ]
}

fn roster() -> Roster {
    let attended = |volunteer, spent| Attendance {
        volunteer,
        minutes: minutes(spent),
    };
    let mut list = vec![attended(OTHER, 90), attended(THIRD, 60)];
    list.sort_by_key(|it| it.volunteer);
    Roster::new(list).unwrap()
}

fn of_oversight() -> Vec<Act> {
    let (unit, size) = (UNIT, TreeSize::new(300));
    let root = Hash::from_bytes([0x33; 32]);
    vec![
        OpenCase {
            unit,
            kind: CaseKind::Incident,
            report: REASON,
        }
        .into(),
        CloseCase {
            case: id(),
            outcome: CaseOutcome::Remedied,
            answer: REASON,
        }
        .into(),
        GiveOpinion {
            unit,
            size,
            root,
            opinion: Opinion::Qualified,
            report: REASON,
        }
        .into(),
        RecordSample {
            unit,
            size,
            root,
            drawn: 20,
            confirmed: 18,
            denied: 1,
            protocol: REASON,
        }
        .into(),
    ]
}
