//! A proposal at work: made, found, decided.

use super::TwoPersonAct;
use crate::id::{EntryId, MemberId, UnitId};
use crate::proposal::{Outcome, Proposal};
use crate::rejection::Rejection;
use crate::state::{Due, Halt, OpenProposal};
use crate::transaction::Transaction;

/// A proposal, and the entry that names it.
pub(super) struct NamedProposal {
    pub(super) id: EntryId,
    pub(super) proposal: Proposal,
}

impl NamedProposal {
    /// Makes the proposal of the running entry.
    pub(super) fn open(
        tx: &mut Transaction<'_>,
        act: TwoPersonAct,
        unit: UnitId,
        mut parties: Vec<MemberId>,
    ) {
        parties.push(tx.author());
        parties.sort_unstable();
        parties.dedup();
        let (id, due) = (tx.id(), tx.now().plus_days(tx.rules().proposal_open_days));
        let proposer = tx.author();
        let outcome = Outcome::Open;
        tx.put(
            &id,
            Proposal {
                act,
                proposer,
                parties,
                unit,
                due,
                outcome,
            },
        );
        tx.put(&(unit, id), OpenProposal);
        tx.put(&(due, id), Due);
    }

    /// The proposal of an id, decided or not.
    pub(super) fn find(tx: &Transaction<'_>, id: EntryId) -> Result<Self, Halt> {
        let proposal = tx.find(&id)?.ok_or(Rejection::ProposalUnknown)?;
        Ok(Self { id, proposal })
    }

    /// Refuses an author who may not decide: without the role, or involved, or
    /// kin of someone who is.
    pub(super) fn require_approver(&self, tx: &Transaction<'_>) -> Result<(), Halt> {
        tx.require_role(self.proposal.act.approvers(), self.proposal.unit)?;
        tx.require_uninvolved(&self.proposal.parties)
    }

    /// Refuses a proposal that is decided or has expired.
    pub(super) fn require_open(&self) -> Result<(), Rejection> {
        match self.proposal.outcome {
            Outcome::Open => Ok(()),
            closed => Err(Rejection::ProposalClosed {
                outcome: closed.name(),
            }),
        }
    }

    /// Ends the open proposal.
    pub(super) fn close(&self, tx: &mut Transaction<'_>, outcome: Outcome) {
        let Self { id, proposal } = self;
        tx.remove::<OpenProposal>(&(proposal.unit, *id));
        tx.remove::<Due>(&(proposal.due, *id));
        self.decide(tx, outcome);
    }

    /// Writes how it ended.
    pub(super) fn decide(&self, tx: &mut Transaction<'_>, outcome: Outcome) {
        let proposal = self.proposal.clone();
        tx.put(
            &self.id,
            Proposal {
                outcome,
                ..proposal
            },
        );
    }
}
