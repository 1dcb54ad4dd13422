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

use crate::api::directory::{about, offer, person};
use crate::store::{Store, StoreError};
use crate::vault::Vault;

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
    /// Some openings cannot be read.
    #[error(
        "{unreadable} openings are sealed under a key that is not here, or were altered: nothing \
         is destroyed. Put the right openings.key into the data folder (the lines of several may \
         stand in one file); or give these openings up with --give-up-unreadable"
    )]
    Unreadable {
        /// How many.
        unreadable: u64,
    },
}

/// What a rotation has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rotated {
    /// Openings that are sealed under the new key.
    pub resealed: u64,
    /// Openings that no key at hand has opened, and that are given up: whoever
    /// has one may deposit it again.
    pub given_up: u64,
}

/// What is sealed in the place of an opening that is given up.
const NOTHING: &[u8] = &[];

/// What to do with openings that no key at hand opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// They keep the old keys alive.
    Refuse,
    /// They are given up.
    GiveUp,
}

/// Rotates the key of a data folder.
///
/// # Errors
/// [`RotationError`]; then the old key is still there, and so is everything
/// under it.
pub async fn rotate(
    folder: &Path,
    store: &dyn Store,
    unreadable: Unreadable,
) -> Result<Rotated, RotationError> {
    let mut left = 0;
    let mut vault = Vault::open_alone(folder)?;
    vault.renew()?;
    let mut rotated = Rotated {
        resealed: 0,
        given_up: 0,
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
            let (text, count) = match vault.unseal(&about(*entry), sealed) {
                Ok(text) => (text, &mut rotated.resealed),
                Err(error) => {
                    tracing::warn!(%error, "an opening cannot be read");
                    if unreadable == Unreadable::Refuse {
                        left += 1;
                        continue;
                    }
                    (NOTHING.to_vec(), &mut rotated.given_up)
                }
            };
            let anew = vault.seal(&about(*entry), &text)?;
            store.reseal(*entry, sealed, &anew).await?;
            if let Some(document) = person::document_in(&text) {
                store.tag_person(*entry, vault.tag(&document)).await?;
            }
            *count += 1;
        }
    }
    reseal_offers(&vault, store, unreadable).await?;
    if left > 0 {
        return Err(RotationError::Unreadable { unreadable: left });
    }
    store.rewrite_openings().await?;
    vault.forget_old()?;
    Ok(rotated)
}

/// Seals what members offer anew. What cannot be read says nothing to anybody,
/// and is put again in a minute: with the openings it is given up.
async fn reseal_offers(
    vault: &Vault,
    store: &dyn Store,
    unreadable: Unreadable,
) -> Result<(), RotationError> {
    let mut after = None;
    loop {
        let found = store.offers(after, AT_ONCE).await?;
        let Some((last, _)) = found.last() else {
            return Ok(());
        };
        after = Some(*last);
        for (member, sealed) in found {
            match vault.unseal(&offer::about(member), &sealed) {
                Ok(text) => {
                    let anew = vault.seal(&offer::about(member), &text)?;
                    store.put_offer(member, &anew).await?;
                }
                Err(_) if unreadable == Unreadable::GiveUp => store.delete_offer(member).await?,
                Err(error) => tracing::warn!(%error, "an offer cannot be read"),
            }
        }
    }
}
