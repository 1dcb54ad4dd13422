//! The acts on rules, people, visits, money and oversight.

use ledger::act::{
    AdoptRules, Agree, AssessNeed, Block, Certify, ChangeUnit, CloseMember, Dedicate, Delegate,
    DisputeService, EndDelegation, Freeze, LinkKin, MergeMembers, MoveMember, NameBeneficiary,
    Rate, RecordDeath, Reinstate, ReportNoShow, RuleOnDispute, Ruling, SetOptions, SettleClearing,
    SettleEstate, StartVisit, Suspend, Unfreeze, UnitChange, UnlinkKin, UpdateProfile,
};
use ledger::member::NeedCategory;
use ledger::options::UnitOptions;
use ledger::rules::RulesVersion;
use ledger::service::ItemCode;
use ledger::tie::{Relation, Scope};
use ledger::{Act, Commitment, MemberId, Rules, UnitId};

use super::{NOW, OTHER, UNIT, id, minutes};

const SECOND_UNIT: UnitId = UnitId::from_bytes([5; 16]);
pub(super) const THIRD: MemberId = MemberId::from_bytes([9; 16]);
pub(super) const COMMITMENT: Commitment = Commitment::from_bytes([0x77; 32]);
pub(super) const REASON: Option<Commitment> = None;

/// Every one of these acts.
pub(super) fn acts() -> Vec<Act> {
    [of_the_scheme(), of_ties(), of_standing(), of_visits()].concat()
}

pub(super) fn code(code: &str) -> ItemCode {
    ItemCode::parse(code.to_owned()).unwrap()
}

fn of_the_scheme() -> Vec<Act> {
    vec![
        AdoptRules {
            rules: Box::new(Rules {
                version: RulesVersion(2),
                ..Rules::default()
            }),
            from: NOW.plus_days(30),
            reason: REASON,
        }
        .into(),
        ChangeUnit {
            unit: UNIT,
            change: UnitChange::Close,
            successor: Some(SECOND_UNIT),
            reason: None,
        }
        .into(),
        SettleClearing {
            unit: UNIT,
            other: SECOND_UNIT,
            minutes: -600,
            statement: REASON,
        }
        .into(),
        SetOptions {
            unit: UNIT,
            options: UnitOptions {
                session_minutes_max: 90,
                daily_minutes_max: 120,
                weekly_minutes_max: 600,
                lead_time_hours: 48,
                late_entry_days_max: 3,
                check_in_required: true,
                training_required: true,
                insurance_required: true,
                agreement_required: true,
            },
            from: NOW,
            reason: REASON,
        }
        .into(),
        SetOptions {
            unit: UNIT,
            options: UnitOptions::NONE,
            from: NOW,
            reason: None,
        }
        .into(),
    ]
}

fn of_ties() -> Vec<Act> {
    let (member, kin) = (OTHER, THIRD);
    vec![
        AssessNeed {
            member,
            need: NeedCategory::Disabled,
            assessment: REASON,
        }
        .into(),
        UpdateProfile {
            member,
            profile: Commitment::from_bytes([0x77; 32]),
        }
        .into(),
        Dedicate { dedicated: true }.into(),
        MoveMember { unit: UNIT }.into(),
        MergeMembers {
            member,
            into: THIRD,
            papers: REASON,
        }
        .into(),
        Delegate {
            proxy: OTHER,
            scopes: vec![Scope::Care, Scope::Hours],
            until: NOW.plus_days(365),
        }
        .into(),
        EndDelegation {
            member,
            proxy: THIRD,
        }
        .into(),
        LinkKin {
            member,
            kin,
            relation: Relation::Child,
            papers: REASON,
        }
        .into(),
        UnlinkKin {
            member,
            kin,
            reason: None,
        }
        .into(),
        NameBeneficiary {
            beneficiary: Some(THIRD),
        }
        .into(),
        NameBeneficiary { beneficiary: None }.into(),
        Block {
            other: THIRD,
            blocked: true,
        }
        .into(),
    ]
}

fn of_standing() -> Vec<Act> {
    let (member, reason, until) = (OTHER, REASON, NOW.plus_days(30));
    vec![
        Certify {
            member,
            certificate: code("bathing"),
            until,
            papers: reason,
        }
        .into(),
        Agree {
            agreement: COMMITMENT,
        }
        .into(),
        Suspend {
            member,
            until,
            reason,
        }
        .into(),
        Reinstate { member, reason }.into(),
        Freeze {
            member,
            until,
            reason,
        }
        .into(),
        Unfreeze { member, reason }.into(),
        RecordDeath {
            member,
            papers: reason,
        }
        .into(),
        SettleEstate {
            member,
            heir: Some(THIRD),
            papers: reason,
        }
        .into(),
        CloseMember {}.into(),
    ]
}

fn of_visits() -> Vec<Act> {
    let (service, reason) = (id(), REASON);
    let rule = |ruling| RuleOnDispute {
        service,
        ruling,
        reason,
    };
    vec![
        StartVisit {
            service,
            evidence: REASON,
        }
        .into(),
        DisputeService { service, reason }.into(),
        rule(Ruling::Corrected(minutes(45))).into(),
        rule(Ruling::Void).into(),
        rule(Ruling::Stands).into(),
        ReportNoShow { service }.into(),
        Rate {
            service,
            stars: 5,
            remark: None,
        }
        .into(),
    ]
}
