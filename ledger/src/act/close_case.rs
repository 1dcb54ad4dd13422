//! Something was looked into.

use super::Deed;
use crate::case::Case;
use crate::id::{Commitment, EntryId};
use crate::rejection::Rejection;
use crate::role::Role;
use crate::state::{Due, Halt, OpenCase};
use crate::transaction::Transaction;

/// What came of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseOutcome {
    /// It was so, and something was done about it.
    Remedied,
    /// It was so, and nothing could be done.
    Noted,
    /// It was not so.
    Unfounded,
}

/// Closes a case. By staff, an operator or a regulator of the unit that has it,
/// who neither opened it nor is kin of who did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloseCase {
    /// The case.
    pub case: EntryId,
    /// What came of it.
    pub outcome: CaseOutcome,
    /// Commitment to the answer.
    pub answer: Option<Commitment>,
}

impl Deed for CloseCase {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let case: Case = tx.find(&self.case)?.ok_or(Rejection::CaseUnknown)?;
        tx.require_role(&[Role::Staff, Role::Operator, Role::Regulator], case.unit)?;
        tx.require_uninvolved(&case.parties)?;
        if case.closed {
            return Err(Rejection::CaseClosed.into());
        }
        if let Some(due) = case.due {
            tx.remove::<Due>(&(due, self.case));
        }
        tx.remove::<OpenCase>(&(case.unit, self.case));
        tx.put(
            &self.case,
            Case {
                due: None,
                closed: true,
                ..case
            },
        );
        Ok(())
    }
}
