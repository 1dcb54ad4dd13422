//! The lists of a street: what is open, counted anew from services and
//! proposals.

use std::collections::{BTreeMap, BTreeSet};
use std::iter;

use crate::account::AccountId;
use crate::act::TwoPersonAct;
use crate::code::MemberCode;
use crate::id::{EntryId, MemberId};
use crate::member::Recovery;
use crate::proposal::{Outcome, Proposal, Reversal};
use crate::role::Role;
use crate::service::{Service, Stage};
use crate::state::{Key, Row, State};
use crate::tie::Kin;

use super::rings;

/// Checks that lists, holds, counts and reversals are what the rows that they
/// are derived from say.
pub(super) fn check(state: &State) {
    let rows: BTreeMap<Key, &Row> = state.rows().map(|(key, row)| (*key, row)).collect();
    let listed: BTreeSet<Key> = rows.keys().filter(|key| is_list(key)).copied().collect();
    let expected: BTreeSet<Key> = rows.iter().flat_map(|(key, row)| lists(key, row)).collect();
    assert_eq!(listed, expected);
    assert_eq!(holds(&rows), held(&rows));
    assert_eq!(proposed_reversals(&rows), marked_reversals(&rows));
    check_counts(state, &rows);
    check_lots(&rows);
    check_ties(&rows);
}

fn is_list(key: &Key) -> bool {
    match key {
        Key::MemberCode(_)
        | Key::UnitMember(..)
        | Key::OpenRequest(..)
        | Key::OpenService(..)
        | Key::OpenProposal(..)
        | Key::OpenCase(..)
        | Key::Due(..) => true,
        Key::Scheme
        | Key::Rules(_)
        | Key::Unit(_)
        | Key::Member(_)
        | Key::MemberKey(_)
        | Key::KeyRing(_)
        | Key::Appointment(..)
        | Key::Account(_)
        | Key::Service(_)
        | Key::Proposal(_)
        | Key::Movement(_)
        | Key::Lots(_)
        | Key::Calendar(_)
        | Key::Kin(..)
        | Key::Delegation(..)
        | Key::Blocked(..)
        | Key::Certificate(..)
        | Key::Budget(..)
        | Key::Valuation
        | Key::Case(_)
        | Key::Adoptions => false,
    }
}

/// The lists on which a row must stand.
fn lists(key: &Key, row: &Row) -> Vec<Key> {
    match (key, row) {
        (Key::Member(id), Row::Member(member)) => {
            vec![
                Key::UnitMember(member.unit, *id),
                Key::MemberCode(MemberCode::of(id)),
            ]
        }
        (Key::Service(id), Row::Service(service)) => lists_of_service(*id, service),
        (Key::Proposal(id), Row::Proposal(proposal)) if proposal.outcome == Outcome::Open => {
            vec![
                Key::OpenProposal(proposal.unit, *id),
                Key::Due(proposal.due, *id),
            ]
        }
        (Key::Case(id), Row::Case(case)) if !case.closed => {
            let due = case.due.map(|due| Key::Due(due, *id));
            iter::once(Key::OpenCase(case.unit, *id))
                .chain(due)
                .collect()
        }
        (Key::KeyRing(_), Row::KeyRing(ring)) => match ring.recovery {
            Some(Recovery {
                id, due: Some(due), ..
            }) => vec![Key::Due(due, id)],
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn lists_of_service(id: EntryId, service: &Service) -> Vec<Key> {
    let of_recipient = Key::OpenService(service.recipient, id);
    match &service.stage {
        Stage::Open { due } => {
            let open = Key::OpenRequest(service.unit, id);
            vec![of_recipient, open, Key::Due(*due, id)]
        }
        Stage::Booked(booking) => {
            let of_volunteer = Key::OpenService(booking.volunteer, id);
            vec![of_recipient, of_volunteer, Key::Due(booking.due, id)]
        }
        Stage::Logged(visit) => vec![of_recipient, Key::OpenService(visit.volunteer, id)],
        Stage::Disputed(dispute) => {
            let of_volunteer = Key::OpenService(dispute.visit.volunteer, id);
            vec![of_recipient, of_volunteer, Key::Due(dispute.due, id)]
        }
        Stage::Settled(_) | Stage::Purchased | Stage::Cancelled | Stage::Expired => {
            assert_eq!(service.held, 0, "a closed service holds nothing");
            Vec::new()
        }
    }
}

fn holds(rows: &BTreeMap<Key, &Row>) -> BTreeMap<MemberId, i64> {
    let mut holds = BTreeMap::new();
    for row in rows.values() {
        if let Row::Service(service) = row
            && service.held > 0
        {
            *holds.entry(service.recipient).or_default() += i64::from(service.held);
        }
    }
    holds
}

fn held(rows: &BTreeMap<Key, &Row>) -> BTreeMap<MemberId, i64> {
    let held = rows.iter().filter_map(|(key, row)| match (key, row) {
        (Key::Account(AccountId::Member(member)), Row::Account(account)) => {
            Some((*member, account.held))
        }
        _ => None,
    });
    held.filter(|(_, held)| *held != 0).collect()
}

/// Pairs of movement and the open proposal to reverse it.
fn proposed_reversals(rows: &BTreeMap<Key, &Row>) -> BTreeSet<(EntryId, EntryId)> {
    let open = rows.iter().filter_map(|(key, row)| match (key, row) {
        (Key::Proposal(id), Row::Proposal(proposal)) => Some((*id, &**proposal)),
        _ => None,
    });
    let open = open.filter(|(_, proposal)| proposal.outcome == Outcome::Open);
    let reversal = |(id, proposal): (EntryId, &Proposal)| match &proposal.act {
        TwoPersonAct::Reverse(reverse) => Some((reverse.entry, id)),
        _ => None,
    };
    open.filter_map(reversal).collect()
}

fn marked_reversals(rows: &BTreeMap<Key, &Row>) -> BTreeSet<(EntryId, EntryId)> {
    let marked = rows.iter().filter_map(|(key, row)| match (key, row) {
        (Key::Movement(id), Row::Movement(movement)) => match movement.reversal {
            Reversal::Proposed(proposal) => Some((*id, proposal)),
            Reversal::None | Reversal::Done(_) => None,
        },
        _ => None,
    });
    marked.collect()
}

/// Checks that lots sum to what members have, available and held.
fn check_lots(rows: &BTreeMap<Key, &Row>) {
    let lots = rows.iter().filter_map(|(key, row)| match (key, row) {
        (Key::Lots(member), Row::Lots(lots)) => {
            assert!(lots.iter().all(|lot| lot.minutes > 0), "no lot is empty");
            Some((*member, lots.total()))
        }
        _ => None,
    });
    let accounts = rows.iter().filter_map(|(key, row)| match (key, row) {
        (Key::Account(AccountId::Member(member)), Row::Account(account)) => {
            Some((*member, account.total())).filter(|(_, total)| *total != 0)
        }
        _ => None,
    });
    let (lots, accounts): (BTreeMap<_, _>, BTreeMap<_, _>) = (lots.collect(), accounts.collect());
    assert_eq!(lots, accounts);
}

/// Checks that kinship stands both ways, and that every member's ties are counted.
fn check_ties(rows: &BTreeMap<Key, &Row>) {
    for (key, row) in rows {
        if let (Key::Member(id), Row::Member(member)) = (key, row) {
            let of = |is_tie: fn(&Key, &MemberId) -> bool| {
                rows.keys().filter(|key| is_tie(key, id)).count()
            };
            let kin = of(|key, id| matches!(key, Key::Kin(member, _) if member == id));
            let blocked = of(|key, id| matches!(key, Key::Blocked(member, _) if member == id));
            let counted = (member.kin as usize, member.blocked as usize);
            assert_eq!(counted, (kin, blocked), "of {id}");
        }
        if let (Key::Kin(member, kin), Row::Kin(tie)) = (key, row) {
            let relation = tie.relation.reverse();
            let other = rows.get(&Key::Kin(*kin, *member));
            assert_eq!(other, Some(&&Row::Kin(Kin { relation })));
        }
    }
}

/// Checks the numbers of roles that scheme and members carry.
fn check_counts(state: &State, rows: &BTreeMap<Key, &Row>) {
    let (mut operators, mut regulators) = (0, 0);
    let (mut duties, mut audits) = (BTreeMap::new(), BTreeMap::new());
    let scheme = rows.values().find_map(|row| match row {
        Row::Scheme(scheme) => Some(scheme),
        _ => None,
    });
    let scheme = scheme.expect("a ledger with a record is open");
    for key in rows.keys() {
        if let Key::Appointment(member, unit, role) = key {
            let is_operator = *unit == scheme.unit && *role == Role::Operator;
            operators += u32::from(is_operator && rings::has_key(state, *member));
            regulators += u32::from(*unit == scheme.unit && *role == Role::Regulator);
            let count = match role {
                Role::Auditor => &mut audits,
                _ => &mut duties,
            };
            *count.entry(*member).or_insert(0) += 1;
        }
    }
    assert!(operators > 0, "the scheme keeps an operator with a key");
    assert_eq!(scheme.operators, operators);
    assert_eq!(scheme.regulators, regulators);
    for (key, row) in rows {
        if let (Key::Member(id), Row::Member(member)) = (key, row) {
            assert_eq!(member.duties, duties.remove(id).unwrap_or(0));
            assert_eq!(member.audits, audits.remove(id).unwrap_or(0));
            assert!(member.duties == 0 || member.audits == 0);
        }
    }
    assert!(duties.is_empty() && audits.is_empty(), "members have roles");
}
