//! What the promise costs, and what stands behind it.

use super::Deed;
use crate::budget::Valuation;
use crate::id::{Commitment, UnitId};
use crate::role::Role;
use crate::state::Halt;
use crate::transaction::Transaction;

/// Publishes a valuation, instead of the one before. By a fund administrator of
/// the scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishValuation {
    /// The unit of the scheme.
    pub unit: UnitId,
    /// What the promise is expected to cost: 0 to 10^15 fen.
    pub liability_fen: i64,
    /// What stands behind it: 0 to 10^15 fen.
    pub reserve_fen: i64,
    /// Hash or commitment of assumptions and computation.
    pub document: Option<Commitment>,
}

impl Deed for PublishValuation {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        tx.unit(&self.unit)?;
        tx.require_role(&[Role::FundAdmin], tx.scheme()?.unit)?;
        let published = tx.now();
        tx.put(
            &(),
            Valuation {
                liability_fen: self.liability_fen,
                reserve_fen: self.reserve_fen,
                published,
            },
        );
        Ok(())
    }
}
