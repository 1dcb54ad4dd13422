//! The keys of the people of a history, as both ledgers see them.

use std::collections::BTreeSet;

use ledger::member::KeyRing;
use ledger::{KeyId, State};
use timebank_tests::model::{Model, Recovery};

use crate::COMPLETE;
use crate::street::PEOPLE;

/// Compares who has which keys, and which recoveries are under way.
pub(crate) fn check(state: &State, model: &Model, number: u64) {
    for member in PEOPLE {
        let ring: Option<&KeyRing> = state.find(&member).expect(COMPLETE);
        let ring = ring.cloned().unwrap_or_default();
        let found: BTreeSet<KeyId> = ring.keys.into_iter().collect();
        let expected: BTreeSet<KeyId> = model.keys_of(member).collect();
        assert_eq!(found, expected, "history {number}: {member}");
        let recovery = ring.recovery.map(|it| Recovery {
            id: it.id,
            key: it.key_id,
            due: it.due.map(ledger::Millis::get),
        });
        let expected = model.recoveries.get(&member).copied();
        assert_eq!(recovery, expected, "history {number}: {member}");
    }
}
