//! The keys of a street's members, counted anew from the keys and proposals.

use std::collections::{BTreeMap, BTreeSet};

use crate::act::TwoPersonAct;
use crate::id::MemberId;
use crate::key::KeyId;
use crate::member::KEYS_MAX;
use crate::proposal::Outcome;
use crate::state::{Key, Row, State};

/// Checks that every member's row names the keys that have not ended, each key
/// that waits belongs to a recovery under way, and each of those to a proposal.
pub(super) fn check(state: &State) {
    let (mut valid, mut waiting, mut open) = (
        BTreeMap::<MemberId, BTreeSet<KeyId>>::new(),
        BTreeSet::new(),
        BTreeSet::new(),
    );
    for (key, row) in state.rows() {
        match (key, row) {
            (Key::MemberKey(id), Row::MemberKey(key)) if key.is_waiting() => {
                waiting.insert((key.member, *id));
            }
            (Key::MemberKey(id), Row::MemberKey(key)) if key.until.is_none() => {
                valid.entry(key.member).or_default().insert(*id);
            }
            (Key::Proposal(id), Row::Proposal(proposal)) => {
                if let TwoPersonAct::RecoverKey(recovery) = &proposal.act
                    && proposal.outcome == Outcome::Open
                {
                    open.insert((recovery.member, *id));
                }
            }
            _ => {}
        }
    }
    for (key, row) in state.rows() {
        let (Key::KeyRing(member), Row::KeyRing(ring)) = (key, row) else {
            continue;
        };
        let keys: BTreeSet<KeyId> = ring.keys.iter().copied().collect();
        assert_eq!(keys.len(), ring.keys.len(), "a key stands once");
        assert!(keys.len() <= KEYS_MAX);
        assert_eq!(keys, valid.remove(member).unwrap_or_default());
        if let Some(recovery) = ring.recovery {
            assert!(waiting.remove(&(*member, recovery.key_id)));
            let is_open = open.remove(&(*member, recovery.id));
            assert_eq!(is_open, recovery.due.is_none());
        }
    }
    assert!(valid.is_empty(), "every valid key stands in a row");
    assert!(waiting.is_empty(), "every waiting key is for a recovery");
    assert!(open.is_empty(), "every open recovery is known");
}

/// Whether a member has a key that has not ended.
pub(super) fn has_key(state: &State, member: MemberId) -> bool {
    state.rows().any(|(_, row)| match row {
        Row::MemberKey(key) => key.member == member && key.until.is_none(),
        _ => false,
    })
}
