//! What the store keeps of openings: each sealed by the vault, or erased.
//!
//! Nothing here can read them: the keys are not in the database.

use async_trait::async_trait;
use ledger::{EntryId, MemberId, Millis};

use super::StoreError;
use crate::vault::{PersonTag, Sealed, SealingKeyId};

/// Who did something, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// When.
    pub at: Millis,
    /// Who.
    pub by: MemberId,
}

/// What is kept of an opening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredOpening {
    /// Who deposited it, if anybody did.
    pub put: Option<Mark>,
    /// Salt and value, or what is left of them.
    pub content: Content,
}

/// Salt and value, or what is left of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// They are there.
    Sealed(Sealed),
    /// They were erased.
    Erased(Mark),
}

/// The part of a [`Store`](super::Store) that keeps openings.
#[async_trait]
pub trait Openings {
    /// Keeps an opening, in the place of one that is there. False if it was
    /// erased: then nothing has changed.
    async fn put_opening(
        &self,
        entry: EntryId,
        sealed: &Sealed,
        put: Mark,
    ) -> Result<bool, StoreError>;

    /// What is kept of an opening.
    async fn opening(&self, entry: EntryId) -> Result<Option<StoredOpening>, StoreError>;

    /// Erases an opening, also one that was never deposited, and removes its
    /// bytes from the database's files as far as the database lets it. What was
    /// erased before keeps its first mark.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] also if it is erased and its bytes could not
    /// be removed yet: then the same again removes them.
    async fn erase_opening(&self, entry: EntryId, erased: Mark) -> Result<(), StoreError>;

    /// Keeps that somebody reads the value of an opening.
    async fn keep_read(&self, entry: EntryId, read: Mark) -> Result<(), StoreError>;

    /// Who has read it, first to last, after a mark.
    async fn opening_reads(
        &self,
        entry: EntryId,
        after: Option<Mark>,
        limit: u32,
    ) -> Result<Vec<Mark>, StoreError>;

    /// Openings that another key than this one has sealed, in the order of their
    /// entries.
    async fn openings_not_under(
        &self,
        key: SealingKeyId,
        after: Option<EntryId>,
        limit: u32,
    ) -> Result<Vec<(EntryId, Sealed)>, StoreError>;

    /// The opening of the newest entry that has one.
    async fn newest_opening(&self) -> Result<Option<(EntryId, Sealed)>, StoreError>;

    /// Puts another seal on the same opening. False if it is not sealed so any
    /// more.
    async fn reseal(
        &self,
        entry: EntryId,
        before: &Sealed,
        sealed: &Sealed,
    ) -> Result<bool, StoreError>;

    /// Keeps the hash of the document in a profile.
    async fn tag_person(&self, entry: EntryId, tag: PersonTag) -> Result<(), StoreError>;

    /// Forgets the hash of a profile.
    async fn untag_person(&self, entry: EntryId) -> Result<(), StoreError>;

    /// The entries whose profiles have the same document, oldest first; at most 100.
    async fn people_tagged(&self, tag: PersonTag) -> Result<Vec<EntryId>, StoreError>;

    /// Rewrites the openings, so that the database's files hold nothing older.
    ///
    /// # Errors
    /// As [`Openings::erase_opening`].
    async fn rewrite_openings(&self) -> Result<(), StoreError>;
}
