//! Openings over SQL, for both databases.

use async_trait::async_trait;
use ledger::{EntryId, MemberId, Millis};

use super::read::{array, bytes, int};
use super::{Connection, DbRow, SqlStore};
use crate::store::backend::{Backend, Sql, Value};
use crate::store::openings::{Content, Mark, Openings, StoredOpening};
use crate::store::statement::openings as statement;
use crate::store::{StoreError, backend::Connections};
use crate::vault::{PersonTag, Sealed, SealingKeyId};

#[async_trait]
impl<B: Backend> Openings for SqlStore<B>
where
    for<'c> &'c mut Connection<B>: sqlx::Executor<'c, Database = B::Db>,
{
    async fn put_opening(
        &self,
        entry: EntryId,
        sealed: &Sealed,
        put: Mark,
    ) -> Result<bool, StoreError> {
        let values = vec![
            id(entry),
            Value::Bytes(sealed.key_id.as_bytes().to_vec()),
            Value::Bytes(sealed.bytes.clone()),
            Value::Int(put.at.get()),
            member(put.by),
            NOTHING,
        ];
        write(&self.connections, statement::PUT_OPENING, values).await
    }

    async fn opening(&self, entry: EntryId) -> Result<Option<StoredOpening>, StoreError> {
        let values = vec![id(entry)];
        let found = self.read(statement::FIND_OPENING, values, stored::<B>);
        Ok(found.await?.into_iter().next())
    }

    async fn erase_opening(&self, entry: EntryId, erased: Mark) -> Result<(), StoreError> {
        let values = vec![
            id(entry),
            NOTHING,
            Value::Int(erased.at.get()),
            member(erased.by),
        ];
        // One after the other. Whatever ends this call early, its bytes are due.
        let mut is_due = self.removal_is_due.lock().await;
        let was_due = std::mem::replace(&mut *is_due, true);
        let is_new = write(&self.connections, statement::ERASE_OPENING, values).await?;
        if is_new || was_due {
            let mut cleaner = self.connections.cleaner.acquire().await?;
            B::remove_openings(&mut cleaner).await?;
        }
        *is_due = false;
        Ok(())
    }

    async fn keep_read(&self, entry: EntryId, read: Mark) -> Result<(), StoreError> {
        let values = vec![id(entry), Value::Int(read.at.get()), member(read.by)];
        let mut writer = self.connections.writer.acquire().await?;
        B::execute(&mut writer, statement::KEEP_READ.into(), values).await?;
        Ok(())
    }

    async fn opening_reads(
        &self,
        entry: EntryId,
        after: Option<Mark>,
        limit: u32,
    ) -> Result<Vec<Mark>, StoreError> {
        let values = vec![
            id(entry),
            Value::Int(after.map_or(i64::MIN, |after| after.at.get())),
            after.map_or(NOTHING, |after| member(after.by)),
            Value::Int(limit.into()),
        ];
        self.read(statement::OPENING_READS, values, |row| {
            let by = MemberId::from_bytes(array(&bytes::<B>(row, 1)?)?);
            let at = Millis::new(int::<B>(row, 0)?);
            Ok(Mark { at, by })
        })
        .await
    }

    async fn openings_not_under(
        &self,
        key: SealingKeyId,
        after: Option<EntryId>,
        limit: u32,
    ) -> Result<Vec<(EntryId, Sealed)>, StoreError> {
        let values = vec![
            Value::Bytes(key.as_bytes().to_vec()),
            after.map_or(NOTHING, id),
            Value::Int(limit.into()),
        ];
        let found = self.read(statement::OPENINGS_NOT_UNDER, values, of_entry::<B>);
        found.await
    }

    async fn newest_opening(&self) -> Result<Option<(EntryId, Sealed)>, StoreError> {
        let found = self.read(statement::NEWEST_OPENING, Vec::new(), of_entry::<B>);
        Ok(found.await?.into_iter().next())
    }

    async fn reseal(
        &self,
        entry: EntryId,
        before: &Sealed,
        sealed: &Sealed,
    ) -> Result<bool, StoreError> {
        let values = vec![
            Value::Bytes(sealed.key_id.as_bytes().to_vec()),
            Value::Bytes(sealed.bytes.clone()),
            id(entry),
            Value::Bytes(before.bytes.clone()),
        ];
        write(&self.connections, statement::RESEAL, values).await
    }

    async fn tag_person(&self, entry: EntryId, tag: PersonTag) -> Result<(), StoreError> {
        let values = vec![id(entry), Value::Bytes(tag.as_bytes().to_vec())];
        write(&self.connections, statement::TAG_PERSON, values).await?;
        Ok(())
    }

    async fn untag_person(&self, entry: EntryId) -> Result<(), StoreError> {
        write(&self.connections, statement::UNTAG_PERSON, vec![id(entry)]).await?;
        Ok(())
    }

    async fn people_tagged(&self, tag: PersonTag) -> Result<Vec<EntryId>, StoreError> {
        let values = vec![Value::Bytes(tag.as_bytes().to_vec())];
        self.read(statement::FIND_PEOPLE, values, |row| {
            Ok(EntryId::from_bytes(array(&bytes::<B>(row, 0)?)?))
        })
        .await
    }

    async fn rewrite_openings(&self) -> Result<(), StoreError> {
        let mut cleaner = self.connections.cleaner.acquire().await?;
        Ok(B::rewrite_openings(&mut cleaner).await?)
    }
}

/// What stands for no bytes and nobody.
pub(super) const NOTHING: Value = Value::Bytes(Vec::new());

fn id(entry: EntryId) -> Value {
    Value::Bytes(entry.as_bytes().to_vec())
}

pub(super) fn member(member: MemberId) -> Value {
    Value::Bytes(member.as_bytes().to_vec())
}

/// Writes an opening; whether a row has changed.
pub(super) async fn write<B: Backend>(
    connections: &Connections<B>,
    statement: &'static str,
    values: Vec<Value>,
) -> Result<bool, StoreError> {
    let mut writer = connections.writer.acquire().await?;
    let sql = Sql::from(statement);
    Ok(B::execute_without_trace(&mut writer, sql, values).await? == 1)
}

fn stored<B: Backend>(row: &DbRow<B>) -> Result<StoredOpening, StoreError> {
    let put = mark::<B>(row, 2)?;
    let content = match mark::<B>(row, 4)? {
        Some(erased) => Content::Erased(erased),
        None => Content::Sealed(sealed::<B>(row, 0)?),
    };
    Ok(StoredOpening { put, content })
}

/// An entry, and what is sealed of it.
fn of_entry<B: Backend>(row: &DbRow<B>) -> Result<(EntryId, Sealed), StoreError> {
    let entry = EntryId::from_bytes(array(&bytes::<B>(row, 0)?)?);
    Ok((entry, sealed::<B>(row, 1)?))
}

/// A key id and what it has sealed, from a column on.
pub(super) fn sealed<B: Backend>(row: &DbRow<B>, column: usize) -> Result<Sealed, StoreError> {
    Ok(Sealed {
        key_id: SealingKeyId::from_bytes(array(&bytes::<B>(row, column)?)?),
        bytes: bytes::<B>(row, column + 1)?,
    })
}

/// A time and a member, from a column on; none where nobody stands.
fn mark<B: Backend>(row: &DbRow<B>, column: usize) -> Result<Option<Mark>, StoreError> {
    let by = bytes::<B>(row, column + 1)?;
    if by.is_empty() {
        return Ok(None);
    }
    let by = MemberId::from_bytes(array(&by)?);
    let at = Millis::new(int::<B>(row, column)?);
    Ok(Some(Mark { at, by }))
}
