//! The one act of an entry.

use ledger::Rejection;
use ledger::act::{
    AcceptCare, Act, AddKey, AdoptRules, AdoptState, Agree, Appoint, Approve, AssessNeed, Block,
    CancelCare, Certify, ChangeUnit, CloseCase, CloseMember, ConfirmService, Dedicate, Delegate,
    Dismiss, DisputeService, Donate, EndDelegation, EnrolMember, Expire, ExpireHours, Freeze, Give,
    GiveOpinion, Grant, ImportHours, LinkKin, LogService, MergeMembers, MoveMember,
    NameBeneficiary, ObjectRecovery, OpenCase, OpenLedger, OpenUnit, PayMoney, PublishValuation,
    PurchaseCare, Rate, ReceiveMoney, RecordDeath, RecordEvent, RecordSample, RecoverKey, Refuse,
    Reinstate, ReportNoShow, RequestCare, Reverse, RevokeKey, RuleOnDispute, SetBudget, SetOptions,
    SettleClearing, SettleEstate, StartVisit, Suspend, TakeBack, Unfreeze, UnlinkKin,
    UpdateProfile,
};

use crate::v1;

/// Pairs the acts of the core with those of the protocol, name by name. One
/// that either side does not know stops the build.
macro_rules! acts {
    ($($act:ident),* $(,)?) => {
        impl TryFrom<v1::entry::Act> for Act {
            type Error = Rejection;

            fn try_from(act: v1::entry::Act) -> Result<Self, Rejection> {
                match act {
                    $(v1::entry::Act::$act(message) => $act::try_from(message).map(Self::$act),)*
                }
            }
        }

        impl From<&Act> for v1::entry::Act {
            fn from(act: &Act) -> Self {
                match act {
                    $(Act::$act(act) => Self::$act(act.into()),)*
                }
            }
        }
    };
}

acts! {
    OpenLedger,
    OpenUnit,
    EnrolMember,
    AddKey,
    RevokeKey,
    Appoint,
    Dismiss,
    RequestCare,
    AcceptCare,
    CancelCare,
    LogService,
    ConfirmService,
    Give,
    Donate,
    Grant,
    Approve,
    Refuse,
    Reverse,
    ReceiveMoney,
    Expire,
    RecoverKey,
    ObjectRecovery,
    AdoptState,
    AdoptRules,
    ChangeUnit,
    SettleClearing,
    AssessNeed,
    UpdateProfile,
    Dedicate,
    MoveMember,
    MergeMembers,
    Delegate,
    EndDelegation,
    LinkKin,
    UnlinkKin,
    NameBeneficiary,
    Block,
    Certify,
    Agree,
    Suspend,
    Reinstate,
    Freeze,
    Unfreeze,
    RecordDeath,
    SettleEstate,
    CloseMember,
    StartVisit,
    DisputeService,
    RuleOnDispute,
    ReportNoShow,
    Rate,
    TakeBack,
    ExpireHours,
    ImportHours,
    PayMoney,
    PurchaseCare,
    SetBudget,
    PublishValuation,
    OpenCase,
    CloseCase,
    GiveOpinion,
    RecordSample,
    RecordEvent,
    SetOptions,
}
