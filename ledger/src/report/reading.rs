//! What one record counts for.

use super::Counts;
use crate::account::{AccountId, Bucket, Posting};
use crate::act::{Act, GrantSource, Opinion, TwoPersonAct};
use crate::calendar::LATE_HOURS;
use crate::case::CaseKind;
use crate::entry::Record;
use crate::id::{EntryId, MemberId, UnitId};
use crate::member::Member;
use crate::proposal::Proposal;
use crate::service::Service;
use crate::state::State;

/// The service that an act is about.
pub(super) fn service_of<'s>(act: &Act, state: &'s State) -> Option<(EntryId, &'s Service)> {
    let id = match act {
        Act::AcceptCare(act) => act.service,
        Act::CancelCare(act) => act.service,
        Act::LogService(act) => act.service,
        Act::ConfirmService(act) => act.service,
        Act::StartVisit(act) => act.service,
        Act::DisputeService(act) => act.service,
        Act::RuleOnDispute(act) => act.service,
        Act::ReportNoShow(act) => act.service,
        Act::Rate(act) => act.service,
        Act::Expire(act) => act.target,
        _ => return None,
    };
    state.find(&id).ok().flatten().map(|service| (id, service))
}

/// The proposal that an act approves.
pub(super) fn approved<'s>(act: &Act, state: &'s State) -> Option<&'s Proposal> {
    match act {
        Act::Approve(act) => state.find(&act.proposal).ok().flatten(),
        _ => None,
    }
}

/// Who else an act is done for: whoever is enrolled has been seen.
pub(super) const fn concerned(record: &Record) -> MemberId {
    match &record.entry.act {
        Act::EnrolMember(act) => act.member,
        _ => record.entry.author,
    }
}

/// The unit that a record counts for: that of the service, of the proposal, or
/// the home of whom it concerns.
pub(super) fn unit_of(record: &Record, state: &State) -> Option<UnitId> {
    let act = &record.entry.act;
    match act {
        Act::RequestCare(act) => return Some(act.unit),
        Act::OpenCase(act) => return Some(act.unit),
        Act::ReceiveMoney(act) => return Some(act.unit),
        Act::RecordSample(act) => return Some(act.unit),
        Act::GiveOpinion(act) => return Some(act.unit),
        Act::ChangeUnit(act) => return Some(act.unit),
        _ => {}
    }
    if let Some((_, service)) = service_of(act, state) {
        return Some(service.unit);
    }
    if let Some(proposal) = approved(act, state) {
        return Some(proposal.unit);
    }
    let member: Option<&Member> = state.find(&record.entry.subject()).ok().flatten();
    member.map(|member| member.unit)
}

pub(super) fn count_postings(
    counts: &mut Counts,
    record: &Record,
    postings: &[Posting],
    state: &State,
) {
    let gained = |is: fn(&AccountId) -> bool| -> i64 {
        let gained = postings
            .iter()
            .filter(|it| it.amount > 0 && is(&it.account));
        gained.map(|it| it.amount).sum()
    };
    let of_member = || gained(|it| matches!(it, AccountId::Member(_)));
    let of_pool = || gained(|it| matches!(it, AccountId::Pool(_)));
    match &record.entry.act {
        Act::ConfirmService(_) | Act::RuleOnDispute(_) => {
            let held = postings.iter().filter(|it| it.bucket == Bucket::Held);
            let released: i64 = held.map(|it| -it.amount).sum();
            let back = postings.iter().filter(|it| it.bucket == Bucket::Available);
            let service = service_of(&record.entry.act, state);
            let volunteer = service.and_then(|(_, it)| it.stage.volunteer());
            let back = back.filter(|it| match it.account {
                AccountId::Member(member) => Some(member) == volunteer,
                AccountId::Pool(_) => true,
                _ => false,
            });
            let earned: i64 = back.map(|it| it.amount.max(0)).sum();
            counts.earned += earned;
            counts.redeemed += earned.min(released);
        }
        Act::Give(_) => counts.given += of_member(),
        Act::Donate(_) => counts.donated += of_pool(),
        Act::ExpireHours(_) => counts.expired += of_pool(),
        act => match approved(act, state).map(|proposal| &proposal.act) {
            Some(TwoPersonAct::Grant(_)) => counts.granted += of_member(),
            Some(TwoPersonAct::ImportHours(_)) => counts.imported += of_member(),
            Some(TwoPersonAct::RecordEvent(event)) => {
                counts.earned += of_member();
                if event.source == GrantSource::Issue {
                    counts.earned += of_pool();
                }
            }
            Some(TwoPersonAct::PurchaseCare(_)) => {
                counts.bought += 1;
                counts.redeemed += gained(|it| *it == AccountId::Retired);
            }
            _ => {}
        },
    }
}

pub(super) fn count_care(counts: &mut Counts, record: &Record, state: &State) {
    let service = service_of(&record.entry.act, state).map(|(_, service)| service);
    match (&record.entry.act, service) {
        (Act::RequestCare(_), _) => counts.asked += 1,
        (Act::AcceptCare(_), Some(service)) => {
            let waited = record.recorded.get() - service.asked.get();
            counts.hours_to_match.push(waited / 3_600_000);
        }
        (Act::CancelCare(_), _) => counts.cancelled += 1,
        (Act::LogService(act), Some(_)) => {
            counts.stated += 1;
            let end = act.start.plus_minutes(act.minutes.get());
            counts.late += i64::from(record.recorded > end.plus_hours(LATE_HOURS));
        }
        (Act::ConfirmService(_), Some(service)) => {
            counts.visits += 1;
            if let Some(volunteer) = service.stage.volunteer() {
                counts.volunteers.insert(volunteer);
                *counts
                    .pairs
                    .entry((volunteer, service.recipient))
                    .or_default() += 1;
            }
        }
        (Act::DisputeService(_), _) => counts.disputes += 1,
        (Act::ReportNoShow(_), _) => counts.missed += 1,
        (Act::Rate(act), _) => {
            counts.ratings += 1;
            counts.stars += i64::from(act.stars);
        }
        (Act::Expire(_), Some(_)) => counts.unmet += 1,
        (Act::OpenCase(act), _) if act.kind == CaseKind::Incident => counts.incidents += 1,
        _ => {}
    }
}

/// Money that came in and went out.
pub(super) fn count_money(counts: &mut Counts, record: &Record, postings: &[Posting]) {
    if let Act::ReceiveMoney(act) = &record.entry.act {
        *counts.received.entry(act.line).or_default() += act.fen.get();
    }
    for posting in postings {
        if let AccountId::FundSpent(line) = posting.account {
            *counts.spent.entry(line).or_default() += posting.amount;
        }
    }
}

/// How the books were watched, and what was changed in them.
pub(super) fn count_oversight(counts: &mut Counts, record: &Record, state: &State) {
    match &record.entry.act {
        Act::RecordSample(act) => {
            counts.drawn += i64::from(act.drawn);
            counts.drawn_confirmed += i64::from(act.confirmed);
            counts.drawn_denied += i64::from(act.denied);
        }
        Act::GiveOpinion(act) => match act.opinion {
            Opinion::Unqualified => counts.opinions_clean += 1,
            Opinion::Qualified | Opinion::Adverse => counts.opinions_reserved += 1,
        },
        act => match approved(act, state).map(|proposal| &proposal.act) {
            Some(TwoPersonAct::Reverse(_)) => counts.reversals += 1,
            Some(TwoPersonAct::AdoptRules(_) | TwoPersonAct::SetOptions(_)) => {
                counts.rule_changes += 1;
            }
            Some(TwoPersonAct::RecordEvent(event)) => {
                counts.volunteers.extend(event.roster.volunteers());
            }
            _ => {}
        },
    }
}

/// Whether somebody should look at a record, and as what.
pub(super) fn notable(record: &Record, state: &State) -> Option<&'static str> {
    match &record.entry.act {
        Act::RuleOnDispute(_)
        | Act::Freeze(_)
        | Act::Suspend(_)
        | Act::ChangeUnit(_)
        | Act::AdoptState(_)
        | Act::RevokeKey(_) => Some(record.entry.act.name()),
        Act::LogService(act) => {
            let end = act.start.plus_minutes(act.minutes.get());
            (record.recorded > end.plus_hours(LATE_HOURS)).then_some("late entry")
        }
        act => match &approved(act, state)?.act {
            TwoPersonAct::Reverse(_) => Some("Reverse"),
            TwoPersonAct::RecoverKey(_) => Some("RecoverKey"),
            TwoPersonAct::AdoptRules(_) => Some("AdoptRules"),
            TwoPersonAct::MergeMembers(_) => Some("MergeMembers"),
            TwoPersonAct::UnlinkKin(_) => Some("UnlinkKin"),
            TwoPersonAct::ImportHours(_) => Some("ImportHours"),
            TwoPersonAct::RecordEvent(_) => Some("RecordEvent"),
            TwoPersonAct::SetOptions(_) => Some("SetOptions"),
            _ => None,
        },
    }
}
