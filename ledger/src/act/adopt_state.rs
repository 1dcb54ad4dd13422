//! Going on from an older state, when newer records are lost.

use super::Deed;
use crate::adoption::{Abandoned, Adoption, Adoptions};
use crate::id::Commitment;
use crate::rejection::Rejection;
use crate::role::Role;
use crate::scheme::Scheme;
use crate::state::Halt;
use crate::transaction::Transaction;

/// Declares that the log goes on from here, although its key has signed a
/// larger tree: the records from here on that this tree had are lost. By an
/// operator of the scheme.
///
/// It moves no hours and gives nobody anything; it says, under a name and for
/// ever, why the log's key has signed two histories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdoptState {
    /// The largest tree that was signed and is given up.
    pub abandoned: Abandoned,
    /// Commitment to the reason.
    pub reason: Option<Commitment>,
}

impl Deed for AdoptState {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let scheme = tx.find::<Scheme>(&())?.expect("the ledger is open");
        tx.require_role(&[Role::Operator], scheme.unit)?;
        if !self.abandoned.size.contains(tx.position()) {
            return Err(Rejection::NothingLost.into());
        }
        let mut adoptions = tx.find::<Adoptions>(&())?.unwrap_or_default();
        adoptions.0.push(Adoption {
            position: tx.position(),
            abandoned: self.abandoned,
        });
        tx.put(&(), adoptions);
        Ok(())
    }
}
