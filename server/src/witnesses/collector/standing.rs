//! How this log stands with one witness: what it has cosigned, and whether it is
//! asked, free, or left alone for a while because it has failed.

use std::sync::Arc;
use std::time::Duration;

use ledger::log::{SignedNote, TreeSize};

use crate::witnesses::conversation::Failure;
use crate::witnesses::roster::Witness;

/// How long the first rest is, and the longest; each is twice as long as the one
/// before.
const REST_MIN: Duration = Duration::from_secs(1);
const REST_MAX: Duration = Duration::from_mins(1);

/// A witness, from the side of the log.
#[derive(Debug)]
pub(super) struct Standing {
    /// Who it is.
    pub(super) witness: Arc<Witness>,
    /// How many records it has cosigned, as far as is known.
    old: TreeSize,
    /// The largest checkpoint that need not be shown to it any more.
    done: TreeSize,
    doing: Doing,
    /// Failures since it has answered well.
    failures: u32,
    /// Why it has failed last, as the log was told.
    reason: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doing {
    Free,
    Asked,
    Resting,
}

impl Standing {
    /// A witness of which nothing is known.
    pub(super) fn new(witness: Witness) -> Self {
        Self {
            witness: Arc::new(witness),
            old: TreeSize::ZERO,
            done: TreeSize::ZERO,
            doing: Doing::Free,
            failures: 0,
            reason: String::new(),
        }
    }

    /// Takes it that the witness knows this checkpoint if it has cosigned it. If
    /// it has cosigned more, it will say so.
    pub(super) fn guess(&mut self, note: &SignedNote, size: TreeSize) {
        let signatures = note.signatures(&self.witness.keys);
        if signatures.is_ok_and(|signatures| !signatures.is_empty()) {
            self.old = size;
        }
    }

    /// Whether a conversation is under way.
    pub(super) fn is_asked(&self) -> bool {
        self.doing == Doing::Asked
    }

    /// Begins a conversation, if it is free and there is something to ask: what
    /// the checkpoint must be shown to continue.
    pub(super) fn begin(&mut self, size: TreeSize) -> Option<TreeSize> {
        if self.doing != Doing::Free || self.done >= size {
            return None;
        }
        self.doing = Doing::Asked;
        Some(self.old)
    }

    /// It has cosigned so many records.
    pub(super) fn cosigned(&mut self, size: TreeSize) {
        if self.failures > 0 {
            tracing::info!(witness = self.witness.name, "the witness cosigns again");
        }
        self.failures = 0;
        self.reason.clear();
        self.doing = Doing::Free;
        self.old = size;
        self.done = size;
    }

    /// Another server of this database has had it cosign so many records: what is
    /// smaller need not be shown to it any more.
    pub(super) fn overtaken(&mut self, size: TreeSize) {
        self.doing = Doing::Free;
        self.old = size;
        self.done = TreeSize::new(size.get().saturating_sub(1));
    }

    /// It has failed: for how long it is left alone.
    pub(super) fn failed(&mut self, failure: &Failure) -> Duration {
        self.doing = Doing::Resting;
        let doubled = 1_u32.checked_shl(self.failures).unwrap_or(u32::MAX);
        let rest = REST_MIN.saturating_mul(doubled).min(REST_MAX);
        let rest = if failure.is_lasting() { REST_MAX } else { rest };
        let reason = failure.to_string();
        if reason != self.reason {
            let witness = &self.witness.name;
            tracing::warn!(
                witness,
                reason,
                "a witness does not cosign; it will be asked again"
            );
            self.reason = reason;
        }
        self.failures = (self.failures + 1).min(31);
        rest
    }

    /// It may be asked again.
    pub(super) fn rested(&mut self) {
        self.doing = Doing::Free;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::witnesses::Roster;

    const SIX: TreeSize = TreeSize::new(6);

    fn standing() -> Standing {
        let key = "wit.example/w1+ebd05df4+BIE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU";
        let text = format!("witness w {key} http://w.example\nquorum w\n");
        let roster = Roster::parse(text.as_bytes()).unwrap();
        Standing::new(roster.witnesses()[0].clone())
    }

    #[test]
    fn a_witness_is_asked_about_one_checkpoint_at_a_time_and_once() {
        let mut standing = standing();
        assert_eq!(standing.begin(SIX), Some(TreeSize::ZERO));
        assert_eq!(standing.begin(SIX), None);
        standing.cosigned(SIX);
        assert_eq!(standing.begin(SIX), None);
        assert_eq!(standing.begin(TreeSize::new(7)), Some(SIX));
    }

    #[test]
    fn a_witness_that_was_shown_more_is_not_asked_about_less() {
        let mut standing = standing();
        assert!(standing.begin(SIX).is_some());
        standing.overtaken(TreeSize::new(8));
        assert_eq!(standing.begin(TreeSize::new(7)), None);
        assert_eq!(standing.begin(TreeSize::new(8)), Some(TreeSize::new(8)));
    }

    #[test]
    fn rests_are_twice_as_long_each_and_short_again_after_success() {
        let mut standing = standing();
        let mut rests = Vec::new();
        for _ in 0..40 {
            assert!(standing.begin(SIX).is_some());
            rests.push(standing.failed(&Failure::Late).as_secs());
            assert_eq!(standing.begin(SIX), None, "it rests");
            standing.rested();
        }
        assert_eq!(rests[..8], [1, 2, 4, 8, 16, 32, 60, 60]);
        assert!(rests[8..].iter().all(|rest| *rest == 60));
        standing.cosigned(TreeSize::new(5));
        assert_eq!(standing.failed(&Failure::Late), REST_MIN);
        let larger = Failure::Larger(TreeSize::new(9));
        assert_eq!(standing.failed(&larger), REST_MAX);
    }
}
