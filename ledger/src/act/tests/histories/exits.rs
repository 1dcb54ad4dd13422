//! Whatever is open has an act that ends it.

use crate::act::{
    Act, Approve, CancelCare, CancelReason, CaseOutcome, CloseCase, ConfirmService, Expire, Refuse,
    Reinstate, RuleOnDispute, Ruling, SettleEstate,
};
use crate::entry::{Attestation, OnBehalf};
use crate::id::{EntryId, MemberId};
use crate::member::{Member, Standing};
use crate::proposal::Outcome;
use crate::service::Stage;
use crate::state::{Key, Row};
use crate::testing::*;

/// Checks that for everything that is open somebody may end it now, or when its
/// time has run out.
pub(super) fn check(street: &Street, number: u64) {
    let mut later = street.clone();
    later.pass_days(400);
    for (key, row) in street.state.rows() {
        let ends = exits(key, row);
        if ends.is_empty() {
            continue;
        }
        let is_left = ends.iter().any(|act| {
            [street, &later].into_iter().any(|at| {
                let mut at = at.clone();
                everyone().any(|by| may(&mut at, by, act))
            })
        });
        assert!(is_left, "history {number}: nothing leaves {key:?}: {row:?}");
    }
}

fn everyone() -> impl Iterator<Item = MemberId> {
    (1..=13).map(|number| MemberId::from_bytes([number; 16]))
}

/// Whether somebody may do an act, for themselves or at the counter for another.
fn may(street: &mut Street, by: MemberId, act: &Act) -> bool {
    let subjects = std::iter::once(None).chain(everyone().map(Some));
    for subject in subjects {
        if subject == Some(by) {
            continue;
        }
        let mut record = street.record(by, act.clone());
        record.entry.on_behalf_of = subject.map(|member| OnBehalf {
            member,
            attestation: Attestation::Kiosk,
        });
        if street.judge_on_demand(&record).is_ok() {
            return true;
        }
    }
    false
}

/// What may end what is open; nothing for what is not.
fn exits(key: &Key, row: &Row) -> Vec<Act> {
    match (key, row) {
        (Key::Service(service), Row::Service(it)) => of_service(*service, &it.stage),
        (Key::Proposal(id), Row::Proposal(it)) if it.outcome == Outcome::Open => {
            let (proposal, target, reason) = (*id, *id, None);
            vec![
                Refuse { proposal, reason }.into(),
                Approve { proposal }.into(),
                Expire { target }.into(),
            ]
        }
        (Key::Case(case), Row::Case(it)) if !it.closed => {
            let (case, outcome, answer) = (*case, CaseOutcome::Noted, None);
            vec![
                CloseCase {
                    case,
                    outcome,
                    answer,
                }
                .into(),
                Expire { target: case }.into(),
            ]
        }
        (Key::Member(member), Row::Member(it)) => of_member(*member, it),
        _ => Vec::new(),
    }
}

fn of_service(service: EntryId, stage: &Stage) -> Vec<Act> {
    let (reason, target) = (None, service);
    let cancel = CancelCare {
        service,
        reason: CancelReason::Other,
    };
    match stage {
        Stage::Open { .. } | Stage::Booked(_) => vec![cancel.into(), Expire { target }.into()],
        Stage::Logged(visit) => {
            let minutes = visit.minutes;
            vec![ConfirmService { service, minutes }.into(), cancel.into()]
        }
        Stage::Disputed(_) => {
            let rule = RuleOnDispute {
                service,
                ruling: Ruling::Stands,
                reason,
            };
            vec![Expire { target }.into(), rule.into()]
        }
        _ => Vec::new(),
    }
}

/// A freeze ends by itself.
fn of_member(member: MemberId, row: &Member) -> Vec<Act> {
    let (reason, heir, papers) = (None, None, None);
    match row.standing {
        Standing::Suspended { .. } => vec![Reinstate { member, reason }.into()],
        Standing::Dead { .. } => {
            let settle = SettleEstate {
                member,
                heir,
                papers,
            };
            vec![settle.into()]
        }
        _ => Vec::new(),
    }
}
