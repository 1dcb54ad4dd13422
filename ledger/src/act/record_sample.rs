//! Calls back to people about visits drawn at random.

use super::Deed;
use crate::id::{Commitment, UnitId};
use crate::log::{Hash, TreeSize};
use crate::rejection::Rejection;
use crate::role::Role;
use crate::state::Halt;
use crate::transaction::Transaction;

/// Records the outcome of a sample of visits. The root of the tree up to which
/// it was drawn is its seed, so that anyone can draw it again. By an auditor,
/// operator or regulator of the unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordSample {
    /// The unit whose visits were drawn.
    pub unit: UnitId,
    /// Up to how many records.
    pub size: TreeSize,
    /// The root over them: the seed.
    pub root: Hash,
    /// How many were drawn.
    pub drawn: u32,
    /// How many people confirmed their visit.
    pub confirmed: u32,
    /// How many denied it.
    pub denied: u32,
    /// Hash or commitment of the protocol.
    pub protocol: Option<Commitment>,
}

impl Deed for RecordSample {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let called = self.confirmed.checked_add(self.denied);
        if called.is_none_or(|called| called > self.drawn) {
            let field = "record_sample.drawn";
            return Err(Rejection::NumberOutOfRange { field }.into());
        }
        if self.size.contains(tx.position()) {
            return Err(Rejection::SeenAhead.into());
        }
        tx.unit(&self.unit)?;
        tx.require_role(&[Role::Auditor, Role::Operator, Role::Regulator], self.unit)
    }
}
