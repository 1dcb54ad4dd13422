//! Offers over SQL, for both databases.

use async_trait::async_trait;
use ledger::MemberId;

use super::openings::{NOTHING, member, sealed, write};
use super::read::{array, bytes};
use super::{Connection, DbRow, SqlStore};
use crate::store::StoreError;
use crate::store::backend::{Backend, Value};
use crate::store::offers::Offers;
use crate::store::statement::offers as statement;
use crate::vault::Sealed;

#[async_trait]
impl<B: Backend> Offers for SqlStore<B>
where
    for<'c> &'c mut Connection<B>: sqlx::Executor<'c, Database = B::Db>,
{
    async fn put_offer(&self, owner: MemberId, sealed: &Sealed) -> Result<(), StoreError> {
        let values = vec![
            member(owner),
            Value::Bytes(sealed.key_id.as_bytes().to_vec()),
            Value::Bytes(sealed.bytes.clone()),
        ];
        write(&self.connections, statement::PUT_OFFER, values).await?;
        Ok(())
    }

    async fn offer(&self, owner: MemberId) -> Result<Option<Sealed>, StoreError> {
        let values = vec![member(owner)];
        let found = self.read(statement::FIND_OFFER, values, of_member::<B>);
        Ok(found.await?.into_iter().next().map(|(_, sealed)| sealed))
    }

    async fn delete_offer(&self, owner: MemberId) -> Result<(), StoreError> {
        write(
            &self.connections,
            statement::DELETE_OFFER,
            vec![member(owner)],
        )
        .await?;
        Ok(())
    }

    async fn offers(
        &self,
        after: Option<MemberId>,
        limit: u32,
    ) -> Result<Vec<(MemberId, Sealed)>, StoreError> {
        let values = vec![after.map_or(NOTHING, member), Value::Int(limit.into())];
        self.read(statement::OFFERS, values, of_member::<B>).await
    }
}

fn of_member<B: Backend>(row: &DbRow<B>) -> Result<(MemberId, Sealed), StoreError> {
    let owner = MemberId::from_bytes(array(&bytes::<B>(row, 0)?)?);
    Ok((owner, sealed::<B>(row, 1)?))
}
