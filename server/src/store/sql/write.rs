//! One batch as the statements of one transaction.

use ledger::account::Bucket;
use ledger::log::TreeSize;
use sqlx::error::ErrorKind;

use super::read::signed;
use crate::store::backend::{Backend, Sql, Value};
use crate::store::statement::{self, ManyRows};
use crate::store::{Batch, StoreError, account_key};

/// The statements that write a batch. The head comes first: its row is the
/// lock. If it is not of the old size any more, another server has appended, or
/// the database was put back, and the first statement fails.
pub(super) fn statements<B: Backend>(batch: &Batch) -> Result<Vec<(Sql, Vec<Value>)>, StoreError> {
    let (old, new) = (
        signed(batch.old_size.get())?,
        signed(batch.new_size().get())?,
    );
    let head = vec![
        Value::Int(new),
        Value::Int(batch.recorded.get()),
        Value::Int(old),
    ];
    let checkpoint = vec![Value::Int(new), Value::Bytes(batch.checkpoint.clone())];
    let (upserts, deletes) = row_values(batch);
    let mut statements = vec![(statement::ADVANCE_HEAD.into(), head)];
    let many = [
        (statement::INSERT_RECORDS, record_values(batch, old)),
        (statement::INSERT_CHECKPOINTS, checkpoint),
        (statement::UPSERT_TILES, tile_values(batch)?),
        (statement::INSERT_POSTINGS, posting_values(batch)?),
        (statement::UPSERT_ROWS, upserts),
        (statement::DELETE_ROWS, deletes),
    ];
    for (statement, values) in many {
        statements.extend(cut::<B>(statement, values));
    }
    Ok(statements)
}

/// Whether a batch was refused because the head is another one, or because its
/// records collide with some that are there.
pub(super) const fn is_conflict(refusal: &ErrorKind) -> bool {
    matches!(
        refusal,
        ErrorKind::NotNullViolation | ErrorKind::UniqueViolation
    )
}

/// The statement that publishes a note, or adds cosignatures to `before`.
pub(super) fn publishing(
    size: TreeSize,
    before: Option<&[u8]>,
    note: &[u8],
) -> Result<(Sql, Vec<Value>), StoreError> {
    let size = Value::Int(signed(size.get())?);
    let note = Value::Bytes(note.to_vec());
    Ok(match before {
        None => (statement::PUBLISH.into(), vec![size, note]),
        Some(before) => {
            let values = vec![note, size, Value::Bytes(before.to_vec())];
            (statement::ADD_COSIGNATURES.into(), values)
        }
    })
}

/// Cuts the values of a statement over many rows.
pub(super) fn cut<B: Backend>(
    statement: ManyRows,
    values: Vec<Value>,
) -> impl Iterator<Item = (Sql, Vec<Value>)> + Send {
    let cuts = statement.cuts(values.len() / statement.width, B::VALUES_MAX);
    let mut values = values.into_iter();
    cuts.into_iter().map(move |rows| {
        let group = values.by_ref().take(rows * statement.width).collect();
        (statement.text(rows, B::PLACEHOLDERS), group)
    })
}

fn record_values(batch: &Batch, old: i64) -> Vec<Value> {
    let records = batch.records.iter().zip(old..);
    records
        .flat_map(|(record, position)| {
            let id = record.entry_id.as_bytes().to_vec();
            [
                Value::Int(position),
                Value::Bytes(id),
                Value::Bytes(record.leaf.clone()),
            ]
        })
        .collect()
}

fn tile_values(batch: &Batch) -> Result<Vec<Value>, StoreError> {
    let mut values = Vec::with_capacity(batch.tiles.len() * 3);
    for (id, tile) in &batch.tiles {
        values.push(Value::Int(id.level.into()));
        values.push(Value::Int(signed(id.index)?));
        values.push(Value::Bytes(tile.to_bytes()));
    }
    Ok(values)
}

fn posting_values(batch: &Batch) -> Result<Vec<Value>, StoreError> {
    let mut values = Vec::with_capacity(batch.postings.len() * 8);
    for posting in &batch.postings {
        values.push(Value::Int(signed(posting.at.position.get())?));
        values.push(Value::Int(posting.at.line.into()));
        values.push(Value::Bytes(account_key(&posting.account)));
        values.push(Value::Int(match posting.bucket {
            Bucket::Available => 0,
            Bucket::Held => 1,
        }));
        values.push(Value::Int(posting.amount));
        values.push(Value::Int(posting.balance));
        let previous = posting
            .previous
            .map(|at| signed(at.position.get()))
            .transpose()?;
        values.push(Value::MaybeInt(previous));
        values.push(Value::MaybeInt(posting.previous.map(|at| at.line.into())));
    }
    Ok(values)
}

/// Rows to write and rows to remove, each in the order of their keys: fewer
/// pages are touched, and two servers cannot lock each other out.
fn row_values(batch: &Batch) -> (Vec<Value>, Vec<Value>) {
    let mut rows: Vec<_> = batch
        .rows
        .iter()
        .map(|(key, row)| (key.encode(), row))
        .collect();
    rows.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    let (mut upserts, mut deletes) = (Vec::new(), Vec::new());
    for (key, row) in rows {
        match row {
            Some(row) => upserts.extend([Value::Bytes(key), Value::Bytes(row.encode())]),
            None => deletes.push(Value::Bytes(key)),
        }
    }
    (upserts, deletes)
}
