//! Random histories: the ledger and the reference ledger must agree.
//!
//! A history is a few dozen acts of a small street, most of them sensible, many
//! of them not. After every act both must give the same verdict, for the same
//! reason, and hold the same balances, which sum to zero; at the end they must
//! agree on every service and proposal. Populations are small and amounts
//! scarce, so that people get into each other's way.
//!
//! `MODEL_SEED` and `MODEL_HISTORIES` choose other histories, or more.

mod history;
mod keys;
mod random;
mod street;

use std::collections::{BTreeMap, BTreeSet};
use std::thread;

use ledger::account::{Account, Measure};
use ledger::entry::Record;
use ledger::proposal::Proposal;
use ledger::service::Service;
use ledger::state::{Key, Row};
use ledger::{AccountId, Halt, MemberId, Millis, Rejection, State};
use timebank_tests::model::Model;

use history::History;
use street::{MEMBERS, PEOPLE, streets};

const HISTORIES: u64 = 100_000;
const SEED: u64 = 20_260_302;
const COMPLETE: &str = "a complete state misses nothing";

/// Reasons that a random history cannot meet: they stop an entry before it is
/// one, or need more acts or keys than there are. Those after `TOO_MANY_KEYS` are
/// of rules and acts that the reference ledger does not know.
const OUT_OF_REACH: [&str; 61] = [
    "ENTRY_TOO_LARGE",
    "ENTRY_MALFORMED",
    "ACT_UNKNOWN",
    "ENTRY_NOT_CANONICAL",
    "FIELD_MISSING",
    "FIELD_LENGTH",
    "ENUM_UNKNOWN",
    "ENTRY_ID_NOT_V7",
    "AMOUNT_NOT_POSITIVE",
    "AMOUNT_TOO_LARGE",
    "NUMBER_OUT_OF_RANGE",
    "TIME_OUT_OF_RANGE",
    "MONTH_OUT_OF_RANGE",
    "NAME_INVALID",
    "ITEM_INVALID",
    "KEY_WEAK",
    "SIGNATURE_INVALID",
    "ENTRY_ID_REUSED",
    "BALANCE_OVERFLOW",
    "TOO_MANY_KEYS",
    "NOT_DELEGATED",
    "STAFF_IS_KIN",
    "SUBJECT_GONE",
    "UNIT_NOT_OPEN",
    "MEMBER_GONE",
    "ITEM_NOT_OFFERED",
    "KIN_UNKNOWN",
    "DELEGATION_UNKNOWN",
    "CASE_UNKNOWN",
    "KIN_EXISTS",
    "HAND_OVER_NEEDED",
    "PAIR_BLOCKED",
    "NOT_HEIR",
    "CASE_CLOSED",
    "RULES_PENDING",
    "NOTICE_TOO_SHORT",
    "PERIOD_OVER",
    "PERIOD_TOO_LONG",
    "MEMBER_STANDING",
    "SUSPENDED",
    "ACCOUNT_FROZEN",
    "HAS_DUTIES",
    "BALANCE_NOT_EMPTY",
    "VOLUNTEER_TOO_OLD",
    "AGREEMENT_MISSING",
    "CERTIFICATE_MISSING",
    "KIN_SERVICE",
    "LEAD_TIME",
    "CHECK_IN_MISSING",
    "DAILY_CAP",
    "WEEKLY_CAP",
    "LATE_SHARE",
    "ALREADY_RATED",
    "RECEIVER_NOT_ALLOWED",
    "RECEIVER_AGE",
    "GIVE_LIMIT",
    "CLEARING_LIMIT",
    "NOTHING_OWED",
    "GRANTS_STOPPED",
    "BUDGET_EXCEEDED",
    "NOTHING_EXPIRED",
];

/// Who is tried alone: one with every role but the auditor's, a regulator,
/// staff, and others with something to win or to lose.
const LONERS: [MemberId; 6] = [
    PEOPLE[0], PEOPLE[1], PEOPLE[3], PEOPLE[4], PEOPLE[6], PEOPLE[7],
];

/// How often each act was accepted, and each reason given.
type Tally = BTreeMap<&'static str, u64>;

#[test]
fn ledger_and_reference_agree_on_every_random_history() {
    let (seed, histories) = (
        setting("MODEL_SEED", SEED),
        setting("MODEL_HISTORIES", HISTORIES),
    );
    println!("MODEL_SEED={seed} MODEL_HISTORIES={histories}");
    let streets = streets();
    let workers = thread::available_parallelism().map_or(1, |workers| workers.get() as u64);
    let tally = thread::scope(|scope| {
        let workers: Vec<_> = (0..workers)
            .map(|worker| {
                let mine = (worker..histories).step_by(index(workers));
                let streets = &streets;
                scope.spawn(move || play_all(streets, seed, mine))
            })
            .collect();
        let tallies = workers
            .into_iter()
            .map(|worker| worker.join().expect("a worker found no difference"));
        tallies.fold(Tally::new(), |mut all, tally| {
            for (name, count) in tally {
                *all.entry(name).or_default() += count;
            }
            all
        })
    });
    println!("{tally:#?}");
    check_reach(&tally, histories);
}

/// Nobody who acts alone makes hours, or moves what is another's; whatever
/// roles they have, and whomever they act for at the counter.
#[test]
fn who_acts_alone_makes_no_hours_and_takes_none() {
    let (seed, histories) = (
        setting("MODEL_SEED", SEED),
        setting("MODEL_HISTORIES", HISTORIES) / 20,
    );
    println!("MODEL_SEED={seed} MODEL_HISTORIES={}", histories * 20);
    let mut tally = Tally::new();
    let streets = streets();
    let opened = &streets[..streets.len() - 1];
    for number in 0..histories {
        let mut history = opened[index(number) % opened.len()].fork(seed ^ number);
        let loner = *history.random.one(&LONERS);
        let before = history.model.clone();
        for _ in 0..40 {
            let record = history.next_alone(loner);
            let verdict = step(&mut history, &record, number);
            *tally
                .entry(verdict.err().unwrap_or(record.entry.act.name()))
                .or_default() += 1;
        }
        check_alone(&before, &history.model, loner, number);
        check_keys_alone(&before, &history.model, loner, number);
    }
    println!("{tally:#?}");
    for tried in ["SAME_PERSON", "INVOLVED", "LogService", "Grant", "Give"] {
        assert!(histories < 1_000 || tally.contains_key(tried), "{tried}");
    }
}

fn check_alone(before: &Model, after: &Model, loner: MemberId, number: u64) {
    for (account, amount) in &before.available {
        match account {
            AccountId::Member(member) if *member == loner => {
                assert!(
                    after.total(*member) <= before.total(loner),
                    "history {number}"
                );
            }
            AccountId::Member(member) => {
                assert!(
                    after.total(*member) >= before.total(*member),
                    "history {number}"
                );
            }
            AccountId::Issued(_) => {
                assert_eq!(after.available(*account), *amount, "history {number}");
            }
            _ => {}
        }
    }
}

/// Nobody alone changes the keys of another.
fn check_keys_alone(before: &Model, after: &Model, loner: MemberId, number: u64) {
    for member in PEOPLE[..MEMBERS].iter().filter(|it| **it != loner) {
        let keys = |model: &Model| model.keys_of(*member).collect::<BTreeSet<_>>();
        assert_eq!(keys(before), keys(after), "history {number}: {member}");
    }
}

fn index(number: u64) -> usize {
    usize::try_from(number).expect("a count of histories")
}

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().expect("a number"))
}

/// Every act must have been accepted and every reason given: else the histories
/// prove less than they promise.
fn check_reach(tally: &Tally, histories: u64) {
    if histories < HISTORIES {
        return;
    }
    let met: BTreeSet<&str> = tally.keys().copied().collect();
    let out_of_reach = BTreeSet::from(OUT_OF_REACH);
    let reasons: BTreeSet<&str> = Rejection::REASONS.iter().copied().collect();
    let missed: Vec<_> = reasons.difference(&met).collect();
    assert_eq!(missed, out_of_reach.iter().collect::<Vec<_>>());
    let acts = met.difference(&reasons).count();
    assert_eq!(acts, history::ACTS, "some act was never accepted");
}

fn play_all(streets: &[History], seed: u64, numbers: impl Iterator<Item = u64>) -> Tally {
    let mut tally = Tally::new();
    for number in numbers {
        let street = &streets[index(number) % streets.len()];
        play(
            street.fork(seed ^ number.wrapping_mul(0x2545_f491_4f6c_dd1d)),
            number,
            &mut tally,
        );
    }
    tally
}

fn play(mut history: History, number: u64, tally: &mut Tally) {
    let acts = 20 + history.random.below(21);
    for _ in 0..acts {
        let record = history.next();
        let name = record.entry.act.name();
        let verdict = step(&mut history, &record, number);
        *tally.entry(verdict.err().unwrap_or(name)).or_default() += 1;
    }
    check_outcomes(&history.state, &history.model, number);
}

/// Applies one record to both, and compares.
pub(crate) fn step(
    history: &mut History,
    record: &Record,
    number: u64,
) -> Result<(), &'static str> {
    let expected = history.model.apply(record);
    let verdict = match history.state.apply(record) {
        Ok(_) => Ok(()),
        Err(Halt::Rejected(rejection)) => Err(rejection.reason()),
        Err(Halt::Missing(key) | Halt::Torn(key)) => {
            unreachable!("a complete state knows {key:?} and is whole")
        }
    };
    assert_eq!(verdict, expected, "history {number}: {record:#?}");
    check_balances(&history.state, &history.model, number);
    history.recorded(verdict.is_ok().then_some(record));
    verdict
}

fn check_balances(state: &State, model: &Model, number: u64) {
    let (mut minutes, mut fen) = (0_i128, 0_i128);
    for (account, expected) in &model.available {
        let row: Option<&Account> = state.find(account).expect(COMPLETE);
        let (available, held) = row.map_or((0, 0), |row| (row.available, row.held));
        assert_eq!(available, *expected, "history {number}: {account}");
        let sum = match account.measure() {
            Measure::Minutes => &mut minutes,
            Measure::Fen => &mut fen,
        };
        *sum += i128::from(available) + i128::from(held);
    }
    for (member, expected) in &model.held {
        let row: Option<&Account> = state.find(&AccountId::Member(*member)).expect(COMPLETE);
        assert_eq!(
            row.map_or(0, |row| row.held),
            *expected,
            "history {number}: {member}"
        );
    }
    assert_eq!((minutes, fen), (0, 0), "history {number}");
}

/// Compares what became of services and proposals, what is listed as open, and
/// that there are no accounts of which the reference does not know.
fn check_outcomes(state: &State, model: &Model, number: u64) {
    for (id, expected) in &model.services {
        let service: &Service = state.find(id).expect(COMPLETE).expect("it was recorded");
        let found = (
            service.stage.name(),
            service.stage.volunteer(),
            i64::from(service.held),
        );
        let expected = (expected.stage, expected.volunteer, expected.held);
        assert_eq!(found, expected, "history {number}: {id}");
    }
    for (id, expected) in &model.proposals {
        let proposal: &Proposal = state.find(id).expect(COMPLETE).expect("it was recorded");
        assert_eq!(
            proposal.outcome.name(),
            expected.outcome,
            "history {number}: {id}"
        );
    }
    keys::check(state, model, number);
    let mut listed = BTreeSet::new();
    for (key, row) in state.rows() {
        match (key, row) {
            (Key::Account(id), Row::Account(account)) => {
                let is_known = model.available.contains_key(id) || *account == Account::default();
                assert!(is_known, "history {number}: {id}");
            }
            (
                Key::OpenRequest(..) | Key::OpenService(..) | Key::OpenProposal(..) | Key::Due(..),
                _,
            ) => {
                listed.insert(*key);
            }
            _ => {}
        }
    }
    assert_eq!(listed, open(model), "history {number}");
}

/// What must be listed as open.
fn open(model: &Model) -> BTreeSet<Key> {
    let mut open = BTreeSet::new();
    for (id, service) in &model.services {
        let due = Key::Due(Millis::new(service.due), *id);
        match service.stage {
            "OPEN" => open.extend([Key::OpenRequest(service.unit, *id), due]),
            "BOOKED" => open.extend([due]),
            "LOGGED" => {}
            _ => continue,
        }
        open.insert(Key::OpenService(service.recipient, *id));
        open.extend(
            service
                .volunteer
                .map(|volunteer| Key::OpenService(volunteer, *id)),
        );
    }
    for (id, proposal) in &model.proposals {
        if proposal.outcome == "OPEN" {
            let due = Key::Due(Millis::new(proposal.due), *id);
            open.extend([Key::OpenProposal(proposal.unit, *id), due]);
        }
    }
    for recovery in model.recoveries.values() {
        let due = recovery.due.map(Millis::new);
        open.extend(due.map(|due| Key::Due(due, recovery.id)));
    }
    open
}
