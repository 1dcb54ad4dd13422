//! Acts: what an entry can do.
//!
//! One file each. A new act is a new file, one line below, and a message in
//! the protocol.

mod accept_care;
mod add_key;
mod adopt_rules;
mod adopt_state;
mod agree;
mod appoint;
mod approve;
mod assess_need;
mod block;
mod budgets;
mod calendars;
mod cancel_care;
mod certify;
mod change_unit;
mod close_case;
mod close_member;
mod confirm_service;
mod dedicate;
mod delegate;
mod dismiss;
mod dispute_service;
mod donate;
mod end_delegation;
mod enrol_member;
mod expire;
mod expire_hours;
mod freeze;
mod give;
mod give_opinion;
mod grant;
mod import_hours;
mod keys;
mod link_kin;
mod log_service;
mod merge_members;
mod move_member;
mod name_beneficiary;
mod named_proposal;
mod object_recovery;
mod open_case;
mod open_ledger;
mod open_unit;
mod operators;
mod pay_money;
mod publish_valuation;
mod purchase_care;
mod rate;
mod receive_money;
mod record_death;
mod record_event;
mod record_sample;
mod recover_key;
mod refuse;
mod reinstate;
mod report_no_show;
mod request_care;
mod reverse;
mod revoke_key;
mod rule_on_dispute;
mod set_budget;
mod set_options;
mod settle_clearing;
mod settle_estate;
mod start_visit;
mod suspend;
mod take_back;
mod unfreeze;
mod unlink_kin;
mod update_profile;
mod volunteers;

use serde::{Deserialize, Serialize};

pub use accept_care::AcceptCare;
pub use add_key::AddKey;
pub use adopt_rules::AdoptRules;
pub use adopt_state::AdoptState;
pub use agree::Agree;
pub use appoint::Appoint;
pub use approve::Approve;
pub use assess_need::AssessNeed;
pub use block::Block;
pub use cancel_care::{CancelCare, CancelReason};
pub use certify::Certify;
pub use change_unit::{ChangeUnit, UnitChange};
pub use close_case::{CaseOutcome, CloseCase};
pub use close_member::CloseMember;
pub use confirm_service::ConfirmService;
pub use dedicate::Dedicate;
pub use delegate::Delegate;
pub use dismiss::Dismiss;
pub use dispute_service::DisputeService;
pub use donate::Donate;
pub use end_delegation::EndDelegation;
pub use enrol_member::EnrolMember;
pub use expire::Expire;
pub use expire_hours::ExpireHours;
pub use freeze::Freeze;
pub use give::Give;
pub use give_opinion::{GiveOpinion, Opinion};
pub use grant::{Grant, GrantSource};
pub use import_hours::ImportHours;
pub use link_kin::LinkKin;
pub use log_service::LogService;
pub use merge_members::MergeMembers;
pub use move_member::MoveMember;
pub use name_beneficiary::NameBeneficiary;
pub use object_recovery::ObjectRecovery;
pub use open_case::OpenCase;
pub use open_ledger::OpenLedger;
pub use open_unit::OpenUnit;
pub use pay_money::PayMoney;
pub use publish_valuation::PublishValuation;
pub use purchase_care::PurchaseCare;
pub use rate::Rate;
pub use receive_money::ReceiveMoney;
pub use record_death::RecordDeath;
pub use record_event::RecordEvent;
pub use record_sample::RecordSample;
pub use recover_key::RecoverKey;
pub use refuse::Refuse;
pub use reinstate::Reinstate;
pub use report_no_show::ReportNoShow;
pub use request_care::RequestCare;
pub use reverse::Reverse;
pub use revoke_key::RevokeKey;
pub use rule_on_dispute::{RuleOnDispute, Ruling};
pub use set_budget::SetBudget;
pub use set_options::SetOptions;
pub use settle_clearing::SettleClearing;
pub use settle_estate::SettleEstate;
pub use start_visit::StartVisit;
pub use suspend::Suspend;
pub use take_back::TakeBack;
pub use unfreeze::Unfreeze;
pub use unlink_kin::UnlinkKin;
pub use update_profile::UpdateProfile;

use named_proposal::NamedProposal;

use crate::role::Role;
use crate::state::Halt;
use crate::tie::Scope;
use crate::transaction::Transaction;

/// What an act does to the state.
trait Deed {
    /// Who may do it for a member who is present or has said so.
    const ON_BEHALF: &'static [Role] = &[];
    /// What a proxy must be named for to do it for a member; nobody can be for
    /// what has none.
    const SCOPE: Option<Scope> = None;
    /// Whether staff may do it for a member who has died or left: it ends what
    /// the member began.
    const FOR_THE_GONE: bool = false;

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
    fn withdraw(&self, _tx: &mut Transaction<'_>) -> Result<(), Halt> {
        Ok(())
    }
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

            /// What a proxy must be named for to do it for a member.
            pub const fn scope(&self) -> Option<Scope> {
                match self {
                    $(Self::$one(_) => <$one as Deed>::SCOPE,)*
                    $(Self::$two(_) => <$two as Deed>::SCOPE,)*
                }
            }

            /// Whether staff may do it for a member who has died or left.
            pub(crate) const fn is_for_the_gone(&self) -> bool {
                match self {
                    $(Self::$one(_) => <$one as Deed>::FOR_THE_GONE,)*
                    $(Self::$two(_) => <$two as Deed>::FOR_THE_GONE,)*
                }
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
        Give, Donate, Approve, Refuse, ReceiveMoney, Expire, ObjectRecovery, AdoptState,
        ChangeUnit, AssessNeed, MoveMember, Delegate, EndDelegation, LinkKin, NameBeneficiary,
        Block, Certify, Agree, Suspend, Reinstate, Freeze, Unfreeze, CloseMember,
        StartVisit, DisputeService, RuleOnDispute, ReportNoShow, Rate,
        TakeBack, ExpireHours, PublishValuation, OpenCase, CloseCase, GiveOpinion, RecordSample,
        UpdateProfile, Dedicate;
    two persons: Grant, Reverse, RecoverKey, AdoptRules, MergeMembers, UnlinkKin, RecordDeath,
        SettleEstate, ImportHours, PayMoney, PurchaseCare, SetBudget, SettleClearing,
        RecordEvent, SetOptions;
}

#[cfg(test)]
mod tests;
