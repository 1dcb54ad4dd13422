//! The key of the openings at a start: it must be the one that has sealed what
//! the database holds.
//!
//! Two servers with two keys would each deposit what the other cannot read, and
//! a rotation at one of them would lose what the other has sealed.

use std::path::Path;

use super::{ServeError, data};
use crate::api::directory::about;
use crate::store::Store;
use crate::vault::Vault;

/// Opens the vault of a data folder. A key is made only as long as the database
/// holds nothing sealed.
pub(super) async fn vault(folder: &Path, store: &dyn Store) -> Result<Vault, ServeError> {
    let Some((entry, sealed)) = store.newest_opening().await? else {
        return Vault::open(folder).map_err(data("cannot use openings.key"));
    };
    let vault = Vault::find(folder).map_err(data("cannot use openings.key"))?;
    let vault = vault.ok_or(ServeError::OpeningsKeyMissing)?;
    match vault.unseal(&about(entry), &sealed) {
        Ok(_) => Ok(vault),
        Err(cause) => Err(ServeError::OpeningsKeyOther { cause }),
    }
}
