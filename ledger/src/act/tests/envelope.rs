//! What every entry must pass, whatever it does.

use crate::act::Donate;
use crate::entry::{Attestation, OnBehalf, Record, Seen};
use crate::log::{Hash, TreeSize};
use crate::rejection::Rejection;
use crate::testing::*;

/// A street and a record that it would take.
fn fine() -> (Street, Record) {
    let mut street = Street::open();
    street.granted(RECIPIENT, 60);
    let record = street.record(
        RECIPIENT,
        Donate {
            unit: STATION,
            minutes: minutes(1),
        },
    );
    (street, record)
}

/// What becomes of a record that was tampered with.
fn changed(change: impl FnOnce(&mut Record)) -> Result<(), Rejection> {
    let (mut street, mut record) = fine();
    change(&mut record);
    street.submit(record).map(|_| ())
}

#[test]
fn an_untouched_record_is_taken() {
    assert_eq!(changed(|_| ()), Ok(()));
}

#[test]
fn an_entry_for_another_ledger_is_refused() {
    let refused = changed(|record| record.entry.ledger = "other.example".to_owned());
    assert_eq!(refused, Err(Rejection::WrongLedger));
}

#[test]
fn an_entry_from_the_future_or_from_long_ago_is_refused() {
    let minutes_max = 10;
    let (mut street, mut record) = fine();
    record.entry.id = crate::id::EntryId::new(OPENING.plus_minutes(11), [1; 10]);
    assert_eq!(
        street.submit(record),
        Err(Rejection::SignedInTheFuture { minutes_max })
    );
    let late = |record: &mut Record| record.recorded = OPENING.plus_days(31);
    assert_eq!(
        changed(late),
        Err(Rejection::SignedTooLongAgo { days_max: 30 })
    );
}

#[test]
fn nobody_has_seen_more_records_than_there_are() {
    let seen = |ahead| {
        changed(move |record| {
            let size = TreeSize::new(record.position.get() + ahead);
            record.entry.seen = Some(Seen {
                size,
                root: Hash::EMPTY_ROOT,
            });
        })
    };
    assert_eq!(seen(0), Ok(()));
    assert_eq!(seen(1), Err(Rejection::SeenAhead));
}

#[test]
fn an_entry_signed_by_another_member_is_refused() {
    let refused = changed(|record| record.key_id = key_of(STAFF).public().id());
    assert_eq!(refused, Err(Rejection::KeyOfAnother));
    let refused = changed(|record| record.key_id = key_of(STRANGER).public().id());
    assert_eq!(refused, Err(Rejection::KeyUnknown));
}

#[test]
fn what_is_given_away_is_given_by_the_giver_alone() {
    let behalf = |member| {
        let attestation = Attestation::Attested;
        changed(move |record| {
            record.entry.on_behalf_of = Some(OnBehalf {
                member,
                attestation,
            });
        })
    };
    assert_eq!(behalf(RECIPIENT), Err(Rejection::AttestationMismatch));
    assert_eq!(behalf(KEYLESS), Err(Rejection::NotOnBehalf));
}
