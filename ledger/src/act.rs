//! Acts: what an entry can do.
//!
//! One file each. A new act is a new file, one line below, and a message in
//! the protocol.

mod accept_care;
mod add_key;
mod adopt_state;
mod appoint;
mod approve;
mod cancel_care;
mod confirm_service;
mod dismiss;
mod donate;
mod enrol_member;
mod expire;
mod give;
mod grant;
mod keys;
mod log_service;
mod object_recovery;
mod open_ledger;
mod open_unit;
mod operators;
mod receive_money;
mod recover_key;
mod refuse;
mod request_care;
mod reverse;
mod revoke_key;

use serde::{Deserialize, Serialize};

pub use accept_care::AcceptCare;
pub use add_key::AddKey;
pub use adopt_state::AdoptState;
pub use appoint::Appoint;
pub use approve::Approve;
pub use cancel_care::{CancelCare, CancelReason};
pub use confirm_service::ConfirmService;
pub use dismiss::Dismiss;
pub use donate::Donate;
pub use enrol_member::EnrolMember;
pub use expire::Expire;
pub use give::Give;
pub use grant::{Grant, GrantSource};
pub use log_service::LogService;
pub use object_recovery::ObjectRecovery;
pub use open_ledger::OpenLedger;
pub use open_unit::OpenUnit;
pub use receive_money::ReceiveMoney;
pub use recover_key::RecoverKey;
pub use refuse::Refuse;
pub use request_care::RequestCare;
pub use reverse::Reverse;
pub use revoke_key::RevokeKey;

use crate::id::{EntryId, MemberId, UnitId};
use crate::proposal::{Outcome, Proposal};
use crate::rejection::Rejection;
use crate::role::Role;
use crate::state::{Due, Halt, OpenProposal};
use crate::transaction::Transaction;

/// What an act does to the state.
trait Deed {
    /// Who may do it for a member who is present or has said so.
    const ON_BEHALF: &'static [Role] = &[];

    /// Checks the act, in the order of [`Rejection`], and writes what it does.
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt>;
}

/// What an act does that a second person has to approve. Its [`Deed::apply`]
/// makes the proposal.
trait TwoPersonDeed: Deed {
    /// Who may decide, besides being uninvolved.
    const APPROVERS: &'static [Role];

    /// Takes effect on approval.
    fn carry_out(&self, tx: &mut Transaction<'_>, proposal: &NamedProposal) -> Result<(), Halt>;

    /// Undoes what proposing has reserved, when nobody approves.
    fn withdraw(&self, tx: &mut Transaction<'_>) -> Result<(), Halt>;
}

/// Declares the acts.
macro_rules! acts {
    (one person: $($one:ident),*; two persons: $($two:ident),*;) => {
        /// What an entry does.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Act {
            $(#[doc = concat!("See [`", stringify!($one), "`].")] $one($one),)*
            $(#[doc = concat!("See [`", stringify!($two), "`].")] $two($two),)*
        }

        impl Act {
            /// The name of the act, as errors and reads show it.
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$one(_) => stringify!($one),)*
                    $(Self::$two(_) => stringify!($two),)*
                }
            }

            /// Whether anybody may do it for a member.
            pub const fn is_done_on_behalf(&self) -> bool {
                !self.done_on_behalf_by().is_empty()
            }

            /// Who may do it for a member: any of these roles in the member's home
            /// unit.
            pub const fn done_on_behalf_by(&self) -> &'static [Role] {
                match self {
                    $(Self::$one(_) => <$one as Deed>::ON_BEHALF,)*
                    $(Self::$two(_) => <$two as Deed>::ON_BEHALF,)*
                }
            }

            pub(crate) fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
                match self {
                    $(Self::$one(act) => act.apply(tx),)*
                    $(Self::$two(act) => act.apply(tx),)*
                }
            }
        }

        $(impl From<$one> for Act {
            fn from(act: $one) -> Self {
                Self::$one(act)
            }
        })*
        $(impl From<$two> for Act {
            fn from(act: $two) -> Self {
                Self::$two(act)
            }
        })*

        /// An act that takes effect when a second person approves.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        pub enum TwoPersonAct {
            $(#[doc = concat!("See [`", stringify!($two), "`].")] $two($two),)*
        }

        impl TwoPersonAct {
            /// Who may decide, besides being uninvolved.
            pub const fn approvers(&self) -> &'static [Role] {
                match self { $(Self::$two(_) => <$two as TwoPersonDeed>::APPROVERS,)* }
            }

            fn carry_out(&self, tx: &mut Transaction<'_>, from: &NamedProposal) -> Result<(), Halt> {
                match self { $(Self::$two(act) => act.carry_out(tx, from),)* }
            }

            fn withdraw(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
                match self { $(Self::$two(act) => act.withdraw(tx),)* }
            }
        }
    };
}

acts! {
    one person: OpenLedger, OpenUnit, EnrolMember, AddKey, RevokeKey, Appoint, Dismiss,
        RequestCare, AcceptCare, CancelCare, LogService, ConfirmService,
        Give, Donate, Approve, Refuse, ReceiveMoney, Expire, ObjectRecovery, AdoptState;
    two persons: Grant, Reverse, RecoverKey;
}

/// A proposal, and the entry that names it.
struct NamedProposal {
    id: EntryId,
    proposal: Proposal,
}

impl NamedProposal {
    /// Makes the proposal of the running entry.
    fn open(tx: &mut Transaction<'_>, act: TwoPersonAct, unit: UnitId, mut parties: Vec<MemberId>) {
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
    fn find(tx: &Transaction<'_>, id: EntryId) -> Result<Self, Halt> {
        let proposal = tx.find(&id)?.ok_or(Rejection::ProposalUnknown)?;
        Ok(Self { id, proposal })
    }

    /// Refuses an author who may not decide: without the role, or involved.
    fn require_approver(&self, tx: &Transaction<'_>) -> Result<(), Halt> {
        tx.require_role(self.proposal.act.approvers(), self.proposal.unit)?;
        if self.proposal.parties.contains(&tx.author()) {
            return Err(Rejection::Involved.into());
        }
        Ok(())
    }

    /// Refuses a proposal that is decided or has expired.
    fn require_open(&self) -> Result<(), Rejection> {
        match self.proposal.outcome {
            Outcome::Open => Ok(()),
            closed => Err(Rejection::ProposalClosed {
                outcome: closed.name(),
            }),
        }
    }

    /// Ends the open proposal.
    fn close(&self, tx: &mut Transaction<'_>, outcome: Outcome) {
        let Self { id, proposal } = self;
        tx.remove::<OpenProposal>(&(proposal.unit, *id));
        tx.remove::<Due>(&(proposal.due, *id));
        self.decide(tx, outcome);
    }

    /// Writes how it ended.
    fn decide(&self, tx: &mut Transaction<'_>, outcome: Outcome) {
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

#[cfg(test)]
mod tests;
