//! What cosigners have said about times: that a tree was the largest that they had seen. A record
//! that is not in it, and claims to be much older, is late.

use ledger::Millis;
use ledger::log::evidence::LATE_TOLERANCE_S;
use ledger::log::{Position, SignedNote, TreeSize, VerifierKey};

use crate::log::Signed;

/// A checkpoint, cosigned at a time.
#[derive(Clone)]
pub(super) struct Cosigned {
    pub(super) size: TreeSize,
    pub(super) time_s: u64,
    pub(super) key: VerifierKey,
    pub(super) note: SignedNote,
}

/// Cosigned checkpoints, the smallest first, each with a later time than all smaller ones: no other
/// can show that a record is late.
#[derive(Default)]
pub(super) struct Times(Vec<Cosigned>);

impl Times {
    /// Takes in the cosignatures of a checkpoint by these keys. One that is wrong is passed over.
    pub(super) fn add(&mut self, signed: &Signed, cosigners: &[VerifierKey]) {
        let size = signed.checkpoint.size();
        let latest = cosigners
            .iter()
            .filter_map(|key| {
                let signatures = signed.note.signatures(std::slice::from_ref(key)).ok()?;
                Some((signatures.first()?.time_s?, key))
            })
            .max_by_key(|(time_s, _)| *time_s);
        let Some((time_s, key)) = latest else { return };
        let at = self.0.partition_point(|one| one.size <= size);
        if at > 0 && self.0[at - 1].time_s >= time_s {
            return;
        }
        self.0.retain(|one| one.size < size || one.time_s > time_s);
        let at = self.0.partition_point(|one| one.size < size);
        let (key, note) = (key.clone(), signed.note.clone());
        self.0.insert(
            at,
            Cosigned {
                size,
                time_s,
                key,
                note,
            },
        );
    }

    /// What shows that a record is late, if anything does.
    pub(super) fn is_late(&self, position: Position, recorded: Millis) -> Option<&Cosigned> {
        let without = self
            .0
            .partition_point(|one| one.size.get() <= position.get());
        let latest = &self.0[without.checked_sub(1)?];
        let recorded_s = u64::try_from(recorded.get() / 1000).ok()?;
        (recorded_s.saturating_add(LATE_TOLERANCE_S) < latest.time_s).then_some(latest)
    }

    /// Forgets what can show nothing of the records behind a size.
    pub(super) fn forget_before(&mut self, size: TreeSize) {
        let older = self.0.partition_point(|one| one.size <= size);
        self.0.drain(..older.saturating_sub(1));
    }

    /// When somebody last cosigned a larger tree, or this one.
    pub(super) fn time_of(signed: &Signed, cosigners: &[VerifierKey]) -> Option<u64> {
        let mut times = Self::default();
        times.add(signed, cosigners);
        times.0.pop().map(|one| one.time_s)
    }
}

#[cfg(test)]
mod tests {
    use ledger::SecretKey;
    use ledger::log::{Checkpoint, Cosigner, NoteSigner, leaf_hash};

    use super::*;

    const T: u64 = 1_767_000_000;

    fn cosigner() -> Cosigner {
        Cosigner::new(
            "wit.example/w".parse().unwrap(),
            SecretKey::from_seed(&[2; 32]),
        )
    }

    fn times(sizes: &[(u64, u64)]) -> Times {
        let log = NoteSigner::new("a.example".parse().unwrap(), SecretKey::from_seed(&[1; 32]));
        let mut times = Times::default();
        for (size, time_s) in sizes {
            let (origin, root) = ("a.example".parse().unwrap(), leaf_hash(&size.to_be_bytes()));
            let checkpoint = Checkpoint::new(origin, TreeSize::new(*size), root);
            let note = checkpoint.sign(std::slice::from_ref(&log)).unwrap();
            let note = note
                .with_lines(&cosigner().sign(&checkpoint, *time_s))
                .unwrap();
            let signed = Signed { note, checkpoint };
            times.add(&signed, &[cosigner().verifier_key()]);
        }
        times
    }

    fn late(times: &Times, position: u64, recorded_s: u64) -> Option<u64> {
        let recorded = Millis::new(i64::try_from(recorded_s * 1000).unwrap());
        let late = times.is_late(Position::new(position), recorded);
        late.map(|cosigned| cosigned.size.get())
    }

    #[test]
    fn a_record_is_late_if_a_tree_without_it_was_cosigned_more_than_300_s_after_its_time() {
        let times = times(&[(5, T)]);
        assert_eq!(late(&times, 5, T - 301), Some(5));
        assert_eq!(late(&times, 5, T - 300), None);
        assert_eq!(late(&times, 4, T - 301), None);
        assert_eq!(late(&times, 9, 0), Some(5));
    }

    #[test]
    fn the_latest_time_of_the_trees_without_it_counts_in_whatever_order_they_were_seen() {
        for sizes in [
            [(5, T), (8, T + 400), (6, T + 300), (7, T + 10)],
            [(7, T + 10), (6, T + 300), (8, T + 400), (5, T)],
        ] {
            let times = times(&sizes);
            assert_eq!(late(&times, 5, T - 301), Some(5));
            assert_eq!(late(&times, 6, T - 301), Some(6));
            assert_eq!(late(&times, 7, T - 1), Some(6));
            assert_eq!(late(&times, 7, T), None);
            assert_eq!(late(&times, 8, T + 99), Some(8));
            assert_eq!(times.0.len(), 3);
        }
    }

    #[test]
    fn what_is_forgotten_makes_no_difference_to_later_records() {
        let mut times = times(&[(5, T), (6, T + 300), (8, T + 400)]);
        times.forget_before(TreeSize::new(7));
        assert_eq!(times.0.len(), 2);
        assert_eq!(late(&times, 7, T - 1), Some(6));
        assert_eq!(late(&times, 8, T), Some(8));
    }
}
