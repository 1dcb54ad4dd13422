//! Something has to be looked into.

use super::Deed;
use crate::case::{Case, CaseKind};
use crate::id::{Commitment, UnitId};
use crate::role::Role;
use crate::state::{Due, Halt, OpenCase as OpenCaseRow};
use crate::tie::Scope;
use crate::transaction::Transaction;

/// Opens a case: an incident, a complaint, an appeal or an auditor's finding. By
/// any member, by a proxy, or by staff on behalf; a finding by an auditor. It has
/// a clock: a case that nobody closes in time may be taken to the unit above.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenCase {
    /// The unit that has to look into it.
    pub unit: UnitId,
    /// What it is about.
    pub kind: CaseKind,
    /// Commitment to the account of it.
    pub report: Option<Commitment>,
}

impl Deed for OpenCase {
    const ON_BEHALF: &'static [Role] = &[Role::Staff];
    const SCOPE: Option<Scope> = Some(Scope::Care);

    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let parent = tx.unit(&self.unit)?.parent;
        if self.kind == CaseKind::Finding {
            tx.require_role(&[Role::Auditor], self.unit)?;
        }
        let id = tx.id();
        let due = parent.map(|_| tx.now().plus_days(tx.rules().case_days));
        let mut parties = vec![tx.subject(), tx.author()];
        parties.dedup();
        if let Some(due) = due {
            tx.put(&(due, id), Due);
        }
        tx.put(&(self.unit, id), OpenCaseRow);
        tx.put(
            &id,
            Case {
                kind: self.kind,
                unit: self.unit,
                parties,
                due,
                closed: false,
            },
        );
        Ok(())
    }
}

/// Takes a case to the unit above, from where it has a clock again.
pub(super) fn escalate(
    tx: &mut Transaction<'_>,
    id: crate::id::EntryId,
    case: Case,
) -> Result<(), Halt> {
    let parent = tx.unit(&case.unit)?.parent;
    let parent = parent.expect("only a case below another unit is ever due");
    let due = tx.unit(&parent)?.parent;
    let due = due.map(|_| tx.now().plus_days(tx.rules().case_days));
    if let Some(before) = case.due {
        tx.remove::<Due>(&(before, id));
    }
    if let Some(due) = due {
        tx.put(&(due, id), Due);
    }
    tx.remove::<OpenCaseRow>(&(case.unit, id));
    tx.put(&(parent, id), OpenCaseRow);
    tx.put(
        &id,
        Case {
            unit: parent,
            due,
            ..case
        },
    );
    Ok(())
}
