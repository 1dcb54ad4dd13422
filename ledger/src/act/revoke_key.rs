//! The end of a key.

use super::{Deed, keys, operators};
use crate::key::KeyId;
use crate::member::MemberKey;
use crate::rejection::Rejection;
use crate::state::Halt;
use crate::transaction::Transaction;

/// Ends a key of the author: this record is the last that it may sign. It may
/// be the author's only key, for a thief has it too; but not that of the last
/// operator, for nobody could give them another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevokeKey {
    /// The key.
    pub key_id: KeyId,
}

impl Deed for RevokeKey {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        match tx.find::<MemberKey>(&self.key_id)? {
            Some(key) if key.member == tx.author() && key.until.is_none() => {
                let mut ring = keys::ring(tx, key.member)?;
                ring.keys.retain(|id| *id != self.key_id);
                if ring.keys.is_empty() {
                    operators::count_keys(tx, key.member, -1)?;
                }
                tx.put(&key.member, ring);
                keys::end(tx, self.key_id)
            }
            _ => Err(Rejection::NotOwnKey.into()),
        }
    }
}
