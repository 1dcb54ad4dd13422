//! Offers in a store that fails: every call fails when it is a read's turn.

use async_trait::async_trait;
use ledger::MemberId;
use server::store::{Offers, StoreError};
use server::vault::Sealed;

use super::Faulty;

#[async_trait]
impl Offers for Faulty {
    async fn put_offer(&self, member: MemberId, sealed: &Sealed) -> Result<(), StoreError> {
        self.read()?;
        self.inner.put_offer(member, sealed).await
    }

    async fn offer(&self, member: MemberId) -> Result<Option<Sealed>, StoreError> {
        self.read()?;
        self.inner.offer(member).await
    }

    async fn delete_offer(&self, member: MemberId) -> Result<(), StoreError> {
        self.read()?;
        self.inner.delete_offer(member).await
    }

    async fn offers(
        &self,
        after: Option<MemberId>,
        limit: u32,
    ) -> Result<Vec<(MemberId, Sealed)>, StoreError> {
        self.read()?;
        self.inner.offers(after, limit).await
    }
}
