//! Acts on members: need, home, ties, standing.

use ledger::Rejection;
use ledger::act::{
    Agree, AssessNeed, Block, Certify, CloseMember, Dedicate, Delegate, EndDelegation, Freeze,
    LinkKin, MergeMembers, MoveMember, NameBeneficiary, RecordDeath, Reinstate, SettleEstate,
    Suspend, Unfreeze, UnlinkKin, UpdateProfile,
};

use super::field;
use super::part::{Part, messages};
use crate::v1;

messages! {
    AssessNeed "assess_need" { member as member, need as need, assessment as assessment_commitment }
    UpdateProfile "update_profile" { member as member, profile as profile_commitment }
    Dedicate "dedicate" { dedicated as dedicated }
    MoveMember "move_member" { unit as unit }
    MergeMembers "merge_members" { member as member, into as into, papers as papers_commitment }
    Delegate "delegate" { proxy as proxy, scopes as scopes, until as until_ms }
    EndDelegation "end_delegation" { member as member, proxy as proxy }
    LinkKin "link_kin" { member as member, kin as kin, relation as relation, papers as papers_commitment }
    UnlinkKin "unlink_kin" { member as member, kin as kin, reason as reason_commitment }
    NameBeneficiary "name_beneficiary" { beneficiary as beneficiary }
    Block "block" { other as other, blocked as blocked }
    Certify "certify" { member as member, certificate as certificate, until as until_ms, papers as papers_commitment }
    Agree "agree" { agreement as agreement_commitment }
    Suspend "suspend" { member as member, until as until_ms, reason as reason_commitment }
    Reinstate "reinstate" { member as member, reason as reason_commitment }
    Freeze "freeze" { member as member, until as until_ms, reason as reason_commitment }
    Unfreeze "unfreeze" { member as member, reason as reason_commitment }
    RecordDeath "record_death" { member as member, papers as papers_commitment }
    SettleEstate "settle_estate" { member as member, heir as heir, papers as papers_commitment }
    CloseMember "close_member" {}
}
