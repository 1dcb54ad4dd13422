//! Members' public keys, remembered: reading a key costs more than a tenth of
//! checking a signature.
//!
//! A key id is a hash of the key, so what is remembered never gets stale. Who
//! owns a key and until when it is valid is state, and is read where it counts.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use ledger::member::MemberKey;
use ledger::state::{Key, Table};
use ledger::{KeyId, PublicKey};

use crate::store::{Store, StoreError};

/// How many keys are remembered, at about 400 bytes each.
const KEYS_MAX: usize = 100_000;

/// Finds public keys by their id.
#[derive(Clone)]
pub struct KeyDirectory {
    store: Arc<dyn Store>,
    known: Arc<RwLock<HashMap<KeyId, PublicKey>>>,
}

impl KeyDirectory {
    /// A directory over a store.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self {
            store,
            known: Arc::default(),
        }
    }

    /// The keys of some ids; those that are not registered are left out.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn find(&self, ids: &[KeyId]) -> Result<HashMap<KeyId, PublicKey>, StoreError> {
        let mut found = HashMap::new();
        let mut unknown = Vec::new();
        {
            let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
            for id in ids {
                match known.get(id) {
                    Some(key) => drop(found.insert(*id, *key)),
                    None => unknown.push(Key::MemberKey(*id)),
                }
            }
        }
        if unknown.is_empty() {
            return Ok(found);
        }
        unknown.sort_unstable();
        unknown.dedup();
        let rows = self.store.rows(&unknown).await?;
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        for (_, row) in rows {
            if let Some(key) = row.as_ref().and_then(MemberKey::from_row) {
                if known.len() >= KEYS_MAX {
                    known.clear();
                }
                known.insert(key.public_key.id(), key.public_key);
                found.insert(key.public_key.id(), key.public_key);
            }
        }
        Ok(found)
    }
}
