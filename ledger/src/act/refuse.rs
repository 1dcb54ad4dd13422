//! The second person's no.

use super::{Deed, NamedProposal};
use crate::id::{Commitment, EntryId};
use crate::proposal::Outcome;
use crate::state::Halt;
use crate::transaction::Transaction;

/// Refuses a proposal, which ends with this record. By whoever might approve
/// it, or by the proposer, who withdraws it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refuse {
    /// The proposal.
    pub proposal: EntryId,
    /// Commitment to the reason.
    pub reason: Option<Commitment>,
}

impl Deed for Refuse {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let named = NamedProposal::find(tx, self.proposal)?;
        if named.proposal.proposer != tx.author() {
            named.require_approver(tx)?;
        }
        named.require_open()?;
        named.proposal.act.withdraw(tx)?;
        named.close(tx, Outcome::Refused(tx.author()));
        Ok(())
    }
}
