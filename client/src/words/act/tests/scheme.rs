//! The acts on rules, people, visits, money and oversight.

use ledger::act::{
    AdoptRules, Agree, AssessNeed, Block, CaseOutcome, Certify, ChangeUnit, CloseCase, CloseMember,
    Dedicate, Delegate, DisputeService, EndDelegation, ExpireHours, Freeze, GiveOpinion,
    GrantSource, ImportHours, LinkKin, MergeMembers, MoveMember, NameBeneficiary, OpenCase,
    Opinion, PayMoney, PublishValuation, PurchaseCare, Rate, RecordDeath, RecordEvent,
    RecordSample, Reinstate, ReportNoShow, RuleOnDispute, Ruling, SetBudget, SetOptions,
    SettleClearing, SettleEstate, StartVisit, Suspend, TakeBack, Unfreeze, UnitChange, UnlinkKin,
    UpdateProfile,
};
use ledger::budget::BudgetLine;
use ledger::case::CaseKind;
use ledger::event::{Attendance, Roster};
use ledger::log::{Hash, TreeSize};
use ledger::member::NeedCategory;
use ledger::options::UnitOptions;
use ledger::rules::RulesVersion;
use ledger::service::ItemCode;
use ledger::tie::{Relation, Scope};
use ledger::{Act, Commitment, Fen, MemberId, Rules, UnitId};

use super::{NOW, OTHER, UNIT, id, minutes};

const SECOND_UNIT: UnitId = UnitId::from_bytes([5; 16]);
const THIRD: MemberId = MemberId::from_bytes([9; 16]);
const COMMITMENT: Commitment = Commitment::from_bytes([0x77; 32]);
const REASON: Option<Commitment> = None;

/// Every one of these acts.
pub(super) fn acts() -> Vec<Act> {
    [
        of_the_scheme(),
        of_ties(),
        of_standing(),
        of_visits(),
        of_the_fund(),
        of_oversight(),
    ]
    .concat()
}

fn code(code: &str) -> ItemCode {
    ItemCode::parse(code.to_owned()).unwrap()
}

fn fen(fen: i64) -> Fen {
    Fen::parse(fen).unwrap()
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

fn of_the_fund() -> Vec<Act> {
    let (unit, line) = (UNIT, BudgetLine::Training);
    vec![
        TakeBack { entry: id() }.into(),
        ExpireHours { member: OTHER }.into(),
        ImportHours {
            member: OTHER,
            minutes: minutes(600),
            scan: COMMITMENT,
        }
        .into(),
        PayMoney {
            unit,
            line,
            fen: fen(12_345),
            voucher: REASON,
        }
        .into(),
        PurchaseCare {
            service: id(),
            fen: fen(8_000),
            voucher: None,
        }
        .into(),
        SetBudget {
            unit,
            line,
            limit: 1_000_000_000_000_000,
            reason: REASON,
        }
        .into(),
        RecordEvent {
            unit,
            item: ItemCode::parse("company".to_owned()).unwrap(),
            start: NOW,
            roster: roster(),
            source: GrantSource::Issue,
            evidence: REASON,
        }
        .into(),
        SetOptions {
            unit,
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
            unit,
            options: UnitOptions::NONE,
            from: NOW,
            reason: None,
        }
        .into(),
        PublishValuation {
            unit,
            liability_fen: 1_610_000_000,
            reserve_fen: 1_000_000_000,
            document: REASON,
        }
        .into(),
    ]
}

fn roster() -> Roster {
    let attended = |volunteer, spent| Attendance {
        volunteer,
        minutes: minutes(spent),
    };
    let mut list = vec![attended(OTHER, 90), attended(THIRD, 60)];
    list.sort_by_key(|it| it.volunteer);
    Roster::new(list).unwrap()
}

fn of_oversight() -> Vec<Act> {
    let (unit, size) = (UNIT, TreeSize::new(300));
    let root = Hash::from_bytes([0x33; 32]);
    vec![
        OpenCase {
            unit,
            kind: CaseKind::Incident,
            report: REASON,
        }
        .into(),
        CloseCase {
            case: id(),
            outcome: CaseOutcome::Remedied,
            answer: REASON,
        }
        .into(),
        GiveOpinion {
            unit,
            size,
            root,
            opinion: Opinion::Qualified,
            report: REASON,
        }
        .into(),
        RecordSample {
            unit,
            size,
            root,
            drawn: 20,
            confirmed: 18,
            denied: 1,
            protocol: REASON,
        }
        .into(),
    ]
}
