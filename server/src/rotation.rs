//! `timebank-server rotate-openings-key`: another key for the openings, and the
//! end of the old one.
//!
//! Every opening is sealed anew, and then the old key is destroyed. From then on
//! whatever still lies about under it, in archived write-ahead logs, on standbys
//! that are gone or in backups, cannot be read by anybody: not what was erased,
//! and not what was not. Cut off anywhere, it loses nothing, and is done when it
//! is run again. No server may run meanwhile; the lock on the data folder sees
//! to those that use the same folder.

use std::io;
use std::path::Path;

use ledger::EntryId;

use crate::api::directory::about;
use crate::store::{Store, StoreError};
use crate::vault::{Sealed, Vault};

/// Openings that are read at once.
const AT_ONCE: u32 = 100;

/// Why the key is not rotated, or not to the end.
#[derive(Debug, thiserror::Error)]
pub enum RotationError {
    /// The key file cannot be used.
    #[error(transparent)]
    Vault(#[from] io::Error),
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a rotation has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rotated {
    /// Openings that are sealed under the new key.
    pub resealed: u64,
    /// Openings that no key at hand has opened. They stay as they are.
    pub unreadable: u64,
}

/// Rotates the key of a data folder.
///
/// # Errors
/// [`RotationError`]; then the old key is still there, and so is everything
/// under it.
pub async fn rotate(folder: &Path, store: &dyn Store) -> Result<Rotated, RotationError> {
    let mut vault = Vault::open_alone(folder)?;
    vault.renew()?;
    let mut rotated = Rotated {
        resealed: 0,
        unreadable: 0,
    };
    let mut after = None;
    loop {
        let found = store.openings_not_under(vault.newest(), after, AT_ONCE);
        let found = found.await?;
        let Some((last, _)) = found.last() else {
            break;
        };
        after = Some(*last);
        for (entry, sealed) in &found {
            match reseal(&vault, *entry, sealed)? {
                Some(anew) => {
                    store.reseal(*entry, sealed, &anew).await?;
                    rotated.resealed += 1;
                }
                None => rotated.unreadable += 1,
            }
        }
    }
    store.rewrite_openings().await?;
    vault.forget_old()?;
    Ok(rotated)
}

fn reseal(vault: &Vault, entry: EntryId, sealed: &Sealed) -> io::Result<Option<Sealed>> {
    match vault.unseal(&about(entry), sealed) {
        Ok(text) => vault.seal(&about(entry), &text).map(Some),
        Err(error) => {
            tracing::warn!(%error, "an opening cannot be read and stays as it is");
            Ok(None)
        }
    }
}
