//! From rows of the database to types of the core, re-checked.

use std::collections::HashMap;

use ledger::account::{Bucket, Posting, PostingRef};
use ledger::log::{Position, TreeSize};
use ledger::state::{Key, Row, Scope};
use ledger::{AccountId, EntryId, Millis};

use super::{Connection, DbRow, STATE_FORMAT};
use crate::store::backend::{Backend, Value};
use crate::store::statement;
use crate::store::{Head, StoreError};

pub(super) fn key_values(keys: &[Key]) -> Vec<Value> {
    keys.iter().map(|key| Value::Bytes(key.encode())).collect()
}

/// What was found, for each key that was asked for.
pub(super) fn in_order(keys: &[Key], found: Vec<(Key, Row)>) -> Vec<(Key, Option<Row>)> {
    let mut found: HashMap<Key, Row> = found.into_iter().collect();
    keys.iter().map(|key| (*key, found.remove(key))).collect()
}

pub(super) fn scan_values(scope: Scope, after: Vec<u8>, limit: u32) -> Vec<Value> {
    let prefix = scope.prefix();
    let end = prefix_end(&prefix);
    vec![
        Value::Bytes(prefix),
        Value::Bytes(after),
        Value::Bytes(end),
        Value::Int(limit.into()),
    ]
}

/// The first key after all that begin with `prefix`.
pub(super) fn prefix_end(prefix: &[u8]) -> Vec<u8> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < u8::MAX {
            end.push(last + 1);
            return end;
        }
    }
    vec![u8::MAX; 64]
}

pub(super) async fn read_head<B: Backend>(
    connection: &mut Connection<B>,
) -> Result<Head, StoreError> {
    let rows = B::fetch(
        connection,
        statement::READ_HEAD.into(),
        vec![Value::Bytes(Vec::new())],
    )
    .await?;
    let row = rows
        .first()
        .ok_or_else(|| StoreError::Corrupt("it has no head".to_owned()))?;
    let format = int::<B>(row, 3)?;
    if format != STATE_FORMAT {
        return Err(StoreError::Corrupt(format!(
            "its state has the format {format}, and this version reads {STATE_FORMAT} alone; \
             ledgers of format 1, from before the first release, are not read any more"
        )));
    }
    Ok(Head {
        origin: B::text(row, 0)?,
        size: TreeSize::new(unsigned(int::<B>(row, 1)?)?),
        recorded: Millis::new(int::<B>(row, 2)?),
        highest_id: match bytes::<B>(row, 4)? {
            none if none.is_empty() => None,
            id => Some(EntryId::from_bytes(array(&id)?)),
        },
    })
}

pub(super) fn row_bytes<B: Backend>(row: &DbRow<B>) -> Result<(Vec<u8>, Vec<u8>), StoreError> {
    Ok((bytes::<B>(row, 0)?, bytes::<B>(row, 1)?))
}

pub(super) fn state_row<B: Backend>(row: &DbRow<B>) -> Result<(Key, Row), StoreError> {
    let (key, value) = row_bytes::<B>(row)?;
    let key = Key::decode(&key).map_err(corrupt)?;
    let row = Row::decode(&key, &value).map_err(corrupt)?;
    Ok((key, row))
}

pub(super) fn posting<B: Backend>(row: &DbRow<B>) -> Result<Posting, StoreError> {
    let at = |position, line| -> Result<PostingRef, StoreError> {
        let line = u16::try_from(line).map_err(corrupt)?;
        Ok(PostingRef {
            position: Position::new(unsigned(position)?),
            line,
        })
    };
    let bucket = match int::<B>(row, 3)? {
        0 => Bucket::Available,
        1 => Bucket::Held,
        other => return Err(StoreError::Corrupt(format!("there is no bucket {other}"))),
    };
    let previous = match (maybe_int::<B>(row, 6)?, maybe_int::<B>(row, 7)?) {
        (Some(position), Some(line)) => Some(at(position, line)?),
        (None, None) => None,
        _ => return Err(StoreError::Corrupt("half a link of a posting".to_owned())),
    };
    Ok(Posting {
        at: at(int::<B>(row, 0)?, int::<B>(row, 1)?)?,
        account: account(&bytes::<B>(row, 2)?)?,
        bucket,
        amount: int::<B>(row, 4)?,
        balance: int::<B>(row, 5)?,
        previous,
    })
}

pub(super) fn account(key: &[u8]) -> Result<AccountId, StoreError> {
    match Key::decode(key).map_err(corrupt)? {
        Key::Account(account) => Ok(account),
        _ => Err(StoreError::Corrupt("a posting on no account".to_owned())),
    }
}

pub(super) fn int<B: Backend>(row: &DbRow<B>, column: usize) -> Result<i64, StoreError> {
    Ok(B::int(row, column)?)
}

pub(super) fn maybe_int<B: Backend>(
    row: &DbRow<B>,
    column: usize,
) -> Result<Option<i64>, StoreError> {
    Ok(B::maybe_int(row, column)?)
}

pub(super) fn bytes<B: Backend>(row: &DbRow<B>, column: usize) -> Result<Vec<u8>, StoreError> {
    Ok(B::bytes(row, column)?)
}

pub(super) fn array<const N: usize>(bytes: &[u8]) -> Result<[u8; N], StoreError> {
    bytes.try_into().map_err(corrupt)
}

pub(super) fn signed(value: u64) -> Result<i64, StoreError> {
    i64::try_from(value).map_err(corrupt)
}

pub(super) fn unsigned(value: i64) -> Result<u64, StoreError> {
    u64::try_from(value).map_err(corrupt)
}

pub(super) fn corrupt(error: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(error.to_string())
}
