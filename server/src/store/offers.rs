//! What the store keeps of what members offer: sealed by the vault.

use async_trait::async_trait;
use ledger::MemberId;

use super::StoreError;
use crate::vault::Sealed;

/// The part of a [`Store`](super::Store) that keeps offers.
#[async_trait]
pub trait Offers {
    /// Keeps an offer, in the place of one that is there.
    async fn put_offer(&self, member: MemberId, sealed: &Sealed) -> Result<(), StoreError>;

    /// What a member offers.
    async fn offer(&self, member: MemberId) -> Result<Option<Sealed>, StoreError>;

    /// Removes what a member offers.
    async fn delete_offer(&self, member: MemberId) -> Result<(), StoreError>;

    /// What members offer, in their order.
    async fn offers(
        &self,
        after: Option<MemberId>,
        limit: u32,
    ) -> Result<Vec<(MemberId, Sealed)>, StoreError>;
}
