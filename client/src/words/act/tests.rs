//! Every act in both languages, beside a golden file.

mod fund;
mod scheme;

use ledger::Abandoned;
use ledger::MemberId;
use ledger::act::{
    AcceptCare, AddKey, AdoptState, Appoint, Approve, CancelCare, CancelReason, ConfirmService,
    Dismiss, Donate, EnrolMember, Expire, Give, Grant, GrantSource, LogService, ObjectRecovery,
    OpenLedger, OpenUnit, ReceiveMoney, RecoverKey, Refuse, RequestCare, Reverse, RevokeKey,
};
use ledger::entry::NewKey;
use ledger::log::{Hash, TreeSize};
use ledger::member::NeedCategory;
use ledger::role::Role;
use ledger::service::ItemCode;
use ledger::unit::UnitKind;
use ledger::{EntryId, Fen, Millis, Minutes, Rules, SecretKey, UnitId, YearMonth};

use super::*;

const NOW: Millis = Millis::new(1_772_438_400_000);
const AUTHOR: MemberId = MemberId::from_bytes([7; 16]);
const OTHER: MemberId = MemberId::from_bytes([8; 16]);
const UNIT: UnitId = UnitId::from_bytes([6; 16]);

fn id() -> EntryId {
    EntryId::new(NOW, [3; 10])
}

fn minutes(minutes: i64) -> Minutes {
    Minutes::parse(minutes).unwrap()
}

fn new_key() -> NewKey {
    NewKey::prove(&SecretKey::from_seed(&[9; 32]), "a.example", &AUTHOR)
}

fn acts() -> Vec<Act> {
    let mut acts = of_scheme_and_people();
    acts.extend(of_care());
    acts.extend(of_hours_and_decisions());
    acts.extend(scheme::acts());
    acts.extend(fund::acts());
    acts
}

fn of_scheme_and_people() -> Vec<Act> {
    let month = YearMonth::parse(1960, 5).unwrap();
    let (member, unit) = (OTHER, UNIT);
    let open = OpenLedger {
        unit,
        scheme_name: "金色".to_owned(),
        hour_name: "时间币".to_owned(),
        rules: Box::new(Rules::default()),
        key: new_key(),
        birth_month: month,
    };
    let open_unit = OpenUnit {
        unit,
        parent: UNIT,
        display_name: "下街".to_owned(),
        kind: UnitKind::Station,
    };
    let enrol = EnrolMember {
        member,
        unit,
        birth_month: month,
        need: NeedCategory::None,
        key: None,
        identity: None,
    };
    let adopt = AdoptState {
        abandoned: Abandoned {
            size: TreeSize::new(70_000),
            root: Hash::EMPTY_ROOT,
        },
        reason: None,
    };
    let recover = RecoverKey {
        member,
        key: Box::new(new_key()),
        identity: None,
    };
    let role = Role::Staff;
    let key_id = new_key().public_key.id();
    vec![
        open.into(),
        open_unit.into(),
        enrol.into(),
        AddKey { key: new_key() }.into(),
        RevokeKey { key_id }.into(),
        recover.into(),
        ObjectRecovery { recovery: id() }.into(),
        Appoint { member, unit, role }.into(),
        Dismiss { member, unit, role }.into(),
        adopt.into(),
    ]
}

fn of_care() -> Vec<Act> {
    let (service, start) = (id(), NOW);
    let request = RequestCare {
        unit: UNIT,
        item: ItemCode::parse("walk-30".to_owned()).unwrap(),
        start,
        minutes: minutes(90),
        note: None,
    };
    let reason = CancelReason::Illness;
    let log = LogService {
        service,
        start,
        minutes: minutes(45),
        evidence: None,
    };
    let confirm = ConfirmService {
        service,
        minutes: minutes(60),
    };
    vec![
        request.into(),
        AcceptCare { service }.into(),
        CancelCare { service, reason }.into(),
        log.into(),
        confirm.into(),
    ]
}

fn of_hours_and_decisions() -> Vec<Act> {
    let (recipient, unit, minutes) = (OTHER, UNIT, minutes(30));
    let (proposal, reason) = (id(), None);
    let grant = Grant {
        unit,
        recipient,
        minutes,
        source: GrantSource::Pool,
        reason,
    };
    let money = ReceiveMoney {
        unit,
        line: None,
        fen: Fen::parse(120_050).unwrap(),
        voucher: None,
    };
    vec![
        Give { recipient, minutes }.into(),
        Donate { unit, minutes }.into(),
        grant.into(),
        Reverse {
            entry: id(),
            reason,
        }
        .into(),
        Approve { proposal }.into(),
        Refuse { proposal, reason }.into(),
        money.into(),
        Expire { target: id() }.into(),
    ]
}

/// An entry of the author for themselves.
fn entry(act: Act) -> Entry {
    Entry {
        ledger: "a.example".to_owned(),
        id: id(),
        author: AUTHOR,
        on_behalf_of: None,
        seen: None,
        act,
    }
}

/// In the golden file ID, KEY, UNIT and OTHER stand for what they name.
#[test]
fn every_act_is_told_in_both_languages_with_its_capacity() {
    let names = [
        (id().to_string(), "ID"),
        (new_key().public_key.id().to_string(), "KEY"),
        (UNIT.to_string(), "UNIT"),
        (member(OTHER), "OTHER"),
    ];
    let tell = |act: Act| {
        let Text { chinese, english } = phrase(&act, &Zone::utc());
        let (name, _) = capacity(&entry(act));
        format!("{name} | {chinese} | {english}\n")
    };
    let mut told: String = acts().into_iter().map(tell).collect();
    for (is, name) in &names {
        told = told.replace(is, name);
    }
    assert_eq!(told, include_str!("golden.txt"));
}

#[test]
fn who_lays_an_office_down_does_so_for_themselves() {
    let dismiss = Dismiss {
        member: AUTHOR,
        unit: UNIT,
        role: Role::Auditor,
    };
    assert_eq!(capacity(&entry(dismiss.into())).0, "office_holder");
}
