//! The end of a key.

use super::Deed;
use crate::key::KeyId;
use crate::member::MemberKey;
use crate::rejection::Rejection;
use crate::state::Halt;
use crate::transaction::Transaction;

/// Ends a key of the author: this record is the last that it may sign. It may
/// be the author's only key, for a thief has it too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevokeKey {
    /// The key.
    pub key_id: KeyId,
}

impl Deed for RevokeKey {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        match tx.find::<MemberKey>(&self.key_id)? {
            Some(key) if key.member == tx.author() && key.until.is_none() => {
                let until = Some(tx.next_position());
                tx.put(&self.key_id, MemberKey { until, ..key });
                Ok(())
            }
            _ => Err(Rejection::NotOwnKey.into()),
        }
    }
}
