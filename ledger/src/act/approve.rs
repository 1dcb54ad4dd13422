//! The second person's yes.

use super::{Deed, NamedProposal};
use crate::id::EntryId;
use crate::proposal::Outcome;
use crate::rejection::Rejection;
use crate::state::Halt;
use crate::transaction::Transaction;

/// Approves the proposal of another person, which takes effect with this
/// record. By someone uninvolved who has the role that the act asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approve {
    /// The proposal.
    pub proposal: EntryId,
}

impl Deed for Approve {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let named = NamedProposal::find(tx, self.proposal)?;
        named.require_approver(tx)?;
        named.require_open()?;
        let due = named.proposal.due;
        if tx.now() >= due {
            return Err(Rejection::Overdue { due_ms: due.get() }.into());
        }
        // First, for what it carries out may be due at the very same moment.
        named.close(tx, Outcome::Approved(tx.author()));
        named.proposal.act.carry_out(tx, &named)
    }
}
