//! What an auditor thinks of the ledger.

use super::Deed;
use crate::id::{Commitment, UnitId};
use crate::log::{Hash, TreeSize};
use crate::rejection::Rejection;
use crate::role::Role;
use crate::state::Halt;
use crate::transaction::Transaction;

/// What an auditor thinks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opinion {
    /// Everything is in order.
    Unqualified,
    /// Everything but what the report names.
    Qualified,
    /// It is not in order.
    Adverse,
}

/// An auditor's opinion on the ledger up to a checkpoint. By an auditor of the
/// unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GiveOpinion {
    /// The unit that was audited.
    pub unit: UnitId,
    /// How many records were audited.
    pub size: TreeSize,
    /// The root over them.
    pub root: Hash,
    /// The opinion.
    pub opinion: Opinion,
    /// Hash or commitment of the report.
    pub report: Option<Commitment>,
}

impl Deed for GiveOpinion {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        if self.size.contains(tx.position()) {
            return Err(Rejection::SeenAhead.into());
        }
        tx.unit(&self.unit)?;
        tx.require_role(&[Role::Auditor], self.unit)
    }
}
