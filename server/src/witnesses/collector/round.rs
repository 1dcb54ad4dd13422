//! One round: a checkpoint, and the signatures that it has gathered so far.

use ledger::Millis;
use ledger::log::{Cosigner, SignedNote, TreeSize};

use crate::api::ledger::read_checkpoint;
use crate::store::StoreError;
use crate::witnesses::conversation::Question;

/// A checkpoint on its way to being published.
#[derive(Debug)]
pub(super) struct Round {
    size: TreeSize,
    /// With the signatures of the log: what witnesses are shown.
    signed: SignedNote,
    /// With the cosignatures too.
    note: SignedNote,
    /// Whether signatures have come since it was tried to publish it.
    is_new: bool,
    is_published: bool,
    is_paced: bool,
}

impl Round {
    /// Begins with the newest checkpoint, to which the log adds its further
    /// signatures.
    pub(super) fn begin(
        newest: Question,
        cosigners: &[Cosigner],
        time: Millis,
    ) -> Result<Self, StoreError> {
        let (mut signed, size) = (newest.note, newest.size);
        if !cosigners.is_empty() {
            let (_, checkpoint) = read_checkpoint(signed.as_bytes())?;
            let time_s = u64::try_from(time.get() / 1_000).unwrap_or_default();
            let lines = cosigners.iter().map(|one| one.sign(&checkpoint, time_s));
            signed = with_lines(&signed, &lines.collect::<String>());
        }
        Ok(Self {
            size,
            note: signed.clone(),
            signed,
            is_new: true,
            is_published: false,
            is_paced: false,
        })
    }

    /// How many records it is about.
    pub(super) fn size(&self) -> TreeSize {
        self.size
    }

    /// The question to a witness that has cosigned so many records.
    pub(super) fn question(&self, old: TreeSize) -> Question {
        Question {
            note: self.signed.clone(),
            size: self.size,
            old,
        }
    }

    /// Adds cosignatures.
    pub(super) fn add(&mut self, lines: &str) {
        self.note = with_lines(&self.note, lines);
        self.is_new = true;
    }

    /// The note, if it has signatures that were not tried yet; and its size.
    pub(super) fn unpublished(&self) -> Option<(TreeSize, SignedNote)> {
        self.is_new.then(|| (self.size, self.note.clone()))
    }

    /// It was tried to publish it.
    pub(super) fn put(&mut self, is_published: bool) {
        self.is_new = false;
        self.is_published = is_published;
    }

    /// Some time has passed since it began.
    pub(super) fn paced(&mut self) {
        self.is_paced = true;
    }

    /// Whether another round may begin, while somebody is asked or nobody.
    pub(super) fn may_be_followed(&self, is_anyone_asked: bool) -> bool {
        self.is_paced && (self.is_published || !is_anyone_asked)
    }
}

/// Signature lines that were verified, or made here.
fn with_lines(note: &SignedNote, lines: &str) -> SignedNote {
    note.with_lines(lines)
        .expect("these are signature lines, and a roster is short")
}
