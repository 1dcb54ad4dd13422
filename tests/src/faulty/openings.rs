//! Openings in a store that fails: every call fails when it is a read's turn.

use async_trait::async_trait;
use ledger::EntryId;
use server::store::StoreError;
use server::store::openings::{Mark, Openings, StoredOpening};
use server::vault::{PersonTag, Sealed, SealingKeyId};

use super::Faulty;

#[async_trait]
impl Openings for Faulty {
    async fn put_opening(
        &self,
        entry: EntryId,
        sealed: &Sealed,
        put: Mark,
    ) -> Result<bool, StoreError> {
        self.read()?;
        self.inner.put_opening(entry, sealed, put).await
    }

    async fn opening(&self, entry: EntryId) -> Result<Option<StoredOpening>, StoreError> {
        self.read()?;
        self.inner.opening(entry).await
    }

    async fn erase_opening(&self, entry: EntryId, erased: Mark) -> Result<(), StoreError> {
        self.read()?;
        self.inner.erase_opening(entry, erased).await
    }

    async fn keep_read(&self, entry: EntryId, read: Mark) -> Result<(), StoreError> {
        self.read()?;
        self.inner.keep_read(entry, read).await
    }

    async fn opening_reads(
        &self,
        entry: EntryId,
        after: Option<Mark>,
        limit: u32,
    ) -> Result<Vec<Mark>, StoreError> {
        self.read()?;
        self.inner.opening_reads(entry, after, limit).await
    }

    async fn openings_not_under(
        &self,
        key: SealingKeyId,
        after: Option<EntryId>,
        limit: u32,
    ) -> Result<Vec<(EntryId, Sealed)>, StoreError> {
        self.read()?;
        self.inner.openings_not_under(key, after, limit).await
    }

    async fn tag_person(&self, entry: EntryId, tag: PersonTag) -> Result<(), StoreError> {
        self.read()?;
        self.inner.tag_person(entry, tag).await
    }

    async fn untag_person(&self, entry: EntryId) -> Result<(), StoreError> {
        self.read()?;
        self.inner.untag_person(entry).await
    }

    async fn people_tagged(&self, tag: PersonTag) -> Result<Vec<EntryId>, StoreError> {
        self.read()?;
        self.inner.people_tagged(tag).await
    }

    async fn newest_opening(&self) -> Result<Option<(EntryId, Sealed)>, StoreError> {
        self.read()?;
        self.inner.newest_opening().await
    }

    async fn reseal(
        &self,
        entry: EntryId,
        before: &Sealed,
        sealed: &Sealed,
    ) -> Result<bool, StoreError> {
        self.read()?;
        self.inner.reseal(entry, before, sealed).await
    }

    async fn rewrite_openings(&self) -> Result<(), StoreError> {
        self.read()?;
        self.inner.rewrite_openings().await
    }
}
