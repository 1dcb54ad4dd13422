//! Examples of the acts on rules, people, visits, money and oversight.

use ledger::act::{
    AdoptRules, Agree, AssessNeed, Block, Certify, ChangeUnit, CloseMember, Dedicate, Delegate,
    DisputeService, EndDelegation, Freeze, LinkKin, MergeMembers, MoveMember, NameBeneficiary,
    Rate, RecordDeath, Reinstate, ReportNoShow, RuleOnDispute, Ruling, SetOptions, SettleClearing,
    SettleEstate, StartVisit, Suspend, Unfreeze, UnitChange, UnlinkKin, UpdateProfile,
};
use ledger::member::NeedCategory;
use ledger::options::UnitOptions;
use ledger::rules::{Catalogue, Item, RulesVersion};
use ledger::service::ItemCode;
use ledger::tie::{Relation, Scope};
use ledger::{Act, Rules, UnitId};

use super::{COMMITMENT, ELDER, NOW, RECIPIENT, UNIT, id, minutes};

const OTHER: UnitId = UnitId::from_bytes([0x67; 16]);
pub(super) const REASON: Option<ledger::Commitment> = Some(COMMITMENT);

/// Every one of these acts.
pub(super) fn acts() -> Vec<Act> {
    [of_the_scheme(), of_ties(), of_standing(), of_visits()].concat()
}

fn code(code: &str) -> ItemCode {
    ItemCode::parse(code.to_owned()).unwrap()
}

/// The default rules as a second version with two prices.
pub(crate) fn priced_rules() -> Rules {
    let item = |name, price, certificate| Item {
        code: code(name),
        price,
        certificate,
    };
    Rules {
        version: RulesVersion(2),
        catalogue: Catalogue(vec![
            item("chat", 15, None),
            item("bath", 60, Some(code("bathing"))),
        ]),
        ..Rules::default()
    }
}

fn of_the_scheme() -> Vec<Act> {
    vec![
        AdoptRules {
            rules: Box::new(priced_rules()),
            from: NOW.plus_days(30),
            reason: REASON,
        }
        .into(),
        ChangeUnit {
            unit: UNIT,
            change: UnitChange::Close,
            successor: Some(OTHER),
            reason: None,
        }
        .into(),
        SettleClearing {
            unit: UNIT,
            other: OTHER,
            minutes: -600,
            statement: REASON,
        }
        .into(),
        SetOptions {
            unit: UNIT,
            options: UnitOptions {
                daily_minutes_max: 120,
                insurance_required: true,
                ..UnitOptions::NONE
            },
            from: NOW,
            reason: REASON,
        }
        .into(),
    ]
}

fn of_ties() -> Vec<Act> {
    let (member, kin) = (RECIPIENT, ELDER);
    vec![
        AssessNeed {
            member,
            need: NeedCategory::Disabled,
            assessment: REASON,
        }
        .into(),
        UpdateProfile {
            member,
            profile: COMMITMENT,
        }
        .into(),
        Dedicate { dedicated: true }.into(),
        MoveMember { unit: UNIT }.into(),
        MergeMembers {
            member,
            into: ELDER,
            papers: REASON,
        }
        .into(),
        Delegate {
            proxy: RECIPIENT,
            scopes: vec![Scope::Care, Scope::Hours],
            until: NOW.plus_days(365),
        }
        .into(),
        EndDelegation {
            member,
            proxy: ELDER,
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
            beneficiary: Some(ELDER),
        }
        .into(),
        NameBeneficiary { beneficiary: None }.into(),
        Block {
            other: ELDER,
            blocked: true,
        }
        .into(),
    ]
}

fn of_standing() -> Vec<Act> {
    let (member, reason, until) = (RECIPIENT, REASON, NOW.plus_days(30));
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
            heir: Some(ELDER),
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
