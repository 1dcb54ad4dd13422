//! Thinking better of a gift.

use super::Deed;
use crate::id::EntryId;
use crate::proposal::{Movement, Reversal};
use crate::rejection::Rejection;
use crate::state::Halt;
use crate::transaction::Transaction;

/// Takes back what was given or donated, while the rules allow it and the other
/// side still has it. By the giver alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakeBack {
    /// The entry that gave.
    pub entry: EntryId,
}

impl Deed for TakeBack {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let movement: Movement = tx.find(&self.entry)?.ok_or(Rejection::MovementUnknown)?;
        let gift = movement.gift.ok_or(Rejection::MovementUnknown)?;
        if gift.giver != tx.author() {
            return Err(Rejection::NotAParty.into());
        }
        match movement.reversal {
            Reversal::None => {}
            Reversal::Proposed(_) => return Err(Rejection::ReversalProposed.into()),
            Reversal::Done(_) => return Err(Rejection::AlreadyReversed.into()),
        }
        if tx.now() >= gift.until {
            let due_ms = gift.until.get();
            return Err(Rejection::Overdue { due_ms }.into());
        }
        tx.move_back(&movement)?;
        let reversal = Reversal::Done(tx.id());
        tx.put(
            &self.entry,
            Movement {
                reversal,
                ..movement
            },
        );
        Ok(())
    }
}
