//! A further key for a further device.

use super::{Deed, keys};
use crate::entry::NewKey;
use crate::state::Halt;
use crate::transaction::Transaction;

/// Registers a further key of the author, valid from the next record on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddKey {
    /// The new key.
    pub key: NewKey,
}

impl Deed for AddKey {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        keys::add(tx, tx.author(), &self.key, tx.next_position())
    }
}
