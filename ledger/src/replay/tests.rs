//! Which logs can be folded, and the first thing that is wrong with the others.

use super::*;
use crate::act::{Approve, Donate};
use crate::rules::Rules;
use crate::testing::{
    FUND_ADMIN, LEDGER, OPERATOR, RECIPIENT, REGULATOR, STATION, Street, genesis, grant, minutes,
};

/// A street with some history, and the fold over it.
fn replayed() -> (Street, Replay) {
    let mut street = Street::under(Rules {
        entry_age_days_max: ENTRY_AGE_DAYS_LIMIT,
        ..Rules::default()
    });
    street.granted(RECIPIENT, 600);
    street.confirmed();
    let mut replay = Replay::new(LEDGER);
    for record in &street.history {
        assert!(replay.push(record).is_ok());
    }
    (street, replay)
}

/// What the street would record next.
fn next(street: &mut Street) -> Record {
    let (unit, minutes) = (STATION, minutes(1));
    street.record(RECIPIENT, Donate { unit, minutes })
}

/// Checks that a record is refused, that nothing changes, and that the
/// right one is still taken.
fn assert_refused(
    change: impl FnOnce(&mut Record),
    expected: impl FnOnce(Position) -> ReplayError,
) {
    let (mut street, mut replay) = replayed();
    let record = next(&mut street);
    let mut changed = record.clone();
    change(&mut changed);
    let error = replay.push(&changed).map(|_| ());
    assert_eq!(error, Err(expected(record.position)));
    assert_eq!(replay.size(), record_count(&street));
    assert!(replay.push(&record).is_ok());
}

fn record_count(street: &Street) -> TreeSize {
    TreeSize::new(street.history.len() as u64)
}

#[test]
fn a_history_is_folded_to_the_state_that_it_made() {
    let (street, replay) = replayed();
    let rows = replay.state().rows();
    let bytes = rows
        .map(|(key, row)| (key.encode(), row.encode()))
        .collect();
    assert_eq!(street.bytes(), bytes);
    assert_eq!(replay.size(), record_count(&street));
    assert_eq!(replay.recorded(), Some(street.now));
}

#[test]
fn a_gap_or_a_repetition_is_named() {
    for shift in [-1, 1] {
        let shifted = |at: Position| Position::new(at.get().wrapping_add_signed(shift));
        assert_refused(
            |record| record.position = shifted(record.position),
            |expected| ReplayError::NotNext {
                expected,
                found: shifted(expected),
            },
        );
    }
}

#[test]
fn time_does_not_go_back_and_may_stand_still() {
    assert_refused(
        |record| record.recorded = Millis::new(record.recorded.get() - 1),
        |position| ReplayError::RecordedBackwards { position },
    );
}

#[test]
fn the_rules_are_those_of_the_state() {
    let rejection = Rejection::KeyUnknown;
    assert_refused(
        |record| record.key_id = crate::KeyId::from_bytes([0; 16]),
        |position| ReplayError::Rejected {
            position,
            rejection,
        },
    );
}

#[test]
fn the_genesis_of_another_origin_is_refused() {
    let genesis = Street::empty().record(OPERATOR, genesis(Rules::default()));
    let (position, rejection) = (Position::ZERO, Rejection::WrongLedger);
    assert_eq!(
        Replay::new("other.example").push(&genesis),
        Err(ReplayError::Rejected {
            position,
            rejection
        })
    );
    assert!(Replay::new(LEDGER).push(&genesis).is_ok());
}

#[test]
fn an_entry_is_recorded_once_though_its_content_would_pass_again() {
    let (mut street, mut replay) = replayed();
    let first = next(&mut street);
    assert!(replay.push(&first).is_ok());
    let position = replay.size().next_position();
    let mut second = first.clone();
    second.position = position;
    let twice = Err(ReplayError::EntryTwice { position });
    assert_eq!(replay.push(&second), twice);
    // A year later, the last moment at which its clock would still pass.
    street.pass_days(ENTRY_AGE_DAYS_LIMIT);
    let mut other = next(&mut street);
    other.position = position;
    assert!(replay.push(&other).is_ok());
    let position = replay.size().next_position();
    second.position = position;
    second.recorded = first.entry.id.signed().plus_days(ENTRY_AGE_DAYS_LIMIT);
    let twice = Err(ReplayError::EntryTwice { position });
    assert_eq!(replay.push(&second), twice);
}

#[test]
fn ids_are_forgotten_when_they_could_not_come_again() {
    let (mut street, mut replay) = replayed();
    let before = replay.recent.len();
    assert_eq!(before, street.history.len());
    street.pass_days(ENTRY_AGE_DAYS_LIMIT);
    let proposal = street.done(FUND_ADMIN, grant(RECIPIENT, 1));
    let record = street.history.last().expect("a record");
    assert!(replay.push(record).is_ok());
    let since = record.recorded;
    let age = |id: &EntryId| since.get() - id.signed().get();
    assert!(replay.recent.iter().all(|id| age(id) <= 365 * 86_400_000));
    street.now = Millis::new(street.now.get() + 3_600_001);
    street.done(REGULATOR, Approve { proposal });
    assert!(
        replay
            .push(street.history.last().expect("a record"))
            .is_ok()
    );
    assert_eq!(replay.recent.len(), 2);
    let mut again = street.history[before - 1].clone();
    again.position = replay.size().next_position();
    again.recorded = street.now;
    let (position, days_max) = (again.position, ENTRY_AGE_DAYS_LIMIT);
    let rejection = Rejection::SignedTooLongAgo { days_max };
    assert_eq!(
        replay.push(&again),
        Err(ReplayError::Rejected {
            position,
            rejection
        })
    );
}
