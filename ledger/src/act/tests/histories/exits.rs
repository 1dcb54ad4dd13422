//! Whatever is open has an act that ends it.

use crate::act::{
    Act, Approve, CancelCare, CancelReason, CaseOutcome, CloseCase, ConfirmService, Expire, Refuse,
    Reinstate, RuleOnDispute, Ruling, SettleEstate, Unfreeze,
};
use crate::entry::{Attestation, OnBehalf};
use crate::id::MemberId;
use crate::member::Standing;
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
        (Key::Service(service), Row::Service(it)) => {
            let (service, reason) = (*service, None);
            let cancel = CancelCare {
                service,
                reason: CancelReason::Other,
            };
            let expire = Expire { target: service };
            match &it.stage {
                Stage::Open { .. } | Stage::Booked(_) => vec![cancel.into(), expire.into()],
                Stage::Logged(visit) => {
                    let minutes = visit.minutes;
                    vec![ConfirmService { service, minutes }.into(), cancel.into()]
                }
                Stage::Disputed(_) => {
                    let ruling = Ruling::Stands;
                    let rule = RuleOnDispute {
                        service,
                        ruling,
                        reason,
                    };
                    vec![expire.into(), rule.into()]
                }
                _ => Vec::new(),
            }
        }
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
        (Key::Member(member), Row::Member(it)) => {
            let (member, reason) = (*member, None);
            let mut exits = Vec::new();
            if it.frozen_until.is_some() {
                // It ends by itself too.
                exits.push(Unfreeze { member, reason }.into());
                return Vec::new();
            }
            match it.standing {
                Standing::Suspended { .. } => exits.push(Reinstate { member, reason }.into()),
                Standing::Dead { .. } => {
                    let (heir, papers) = (None, None);
                    let settle = SettleEstate {
                        member,
                        heir,
                        papers,
                    };
                    exits.push(settle.into());
                }
                _ => {}
            }
            exits
        }
        _ => Vec::new(),
    }
}
