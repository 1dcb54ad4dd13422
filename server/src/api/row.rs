//! State rows by their types.

use ledger::state::Table;

use crate::store::{Store, StoreError};

/// The row of an id, if there is one.
pub(super) async fn find<T: Table>(store: &dyn Store, id: &T::Id) -> Result<Option<T>, StoreError> {
    let rows = store.rows(&[T::key(id)]).await?;
    Ok(rows
        .iter()
        .find_map(|(_, row)| T::from_row(row.as_ref()?))
        .cloned())
}

/// The rows of some different ids, in their order; those that do not exist are
/// left out.
pub(super) async fn find_all<T: Table>(
    store: &dyn Store,
    ids: &[T::Id],
) -> Result<Vec<(T::Id, T)>, StoreError>
where
    T::Id: Copy,
{
    let keys: Vec<_> = ids.iter().map(T::key).collect();
    let rows = store.rows(&keys).await?;
    let found = ids.iter().zip(&rows).filter_map(|(id, (_, row))| {
        let row = T::from_row(row.as_ref()?)?;
        Some((*id, row.clone()))
    });
    Ok(found.collect())
}
