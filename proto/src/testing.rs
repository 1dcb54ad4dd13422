//! Examples for the tests of this crate: one entry of every act.

mod fund;
mod scheme;

pub(crate) use scheme::priced_rules;

use ledger::act::{
    AcceptCare, AddKey, AdoptState, Appoint, Approve, CancelCare, CancelReason, ConfirmService,
    Dismiss, Donate, EnrolMember, Expire, Give, Grant, GrantSource, LogService, ObjectRecovery,
    OpenLedger, OpenUnit, ReceiveMoney, RecoverKey, Refuse, RequestCare, Reverse, RevokeKey,
};
use ledger::budget::BudgetLine;
use ledger::entry::{Attestation, NewKey, OnBehalf, Seen};
use ledger::log::{Hash, TreeSize};
use ledger::member::NeedCategory;
use ledger::role::Role;
use ledger::service::ItemCode;
use ledger::unit::UnitKind;
use ledger::{
    Abandoned, Act, Commitment, Entry, EntryId, Fen, MemberId, Millis, Minutes, Rules, SecretKey,
    SignedEntry, UnitId, YearMonth,
};

/// 2026-01-01.
pub(crate) const NOW: Millis = Millis::new(1_767_225_600_000);
pub(crate) const AUTHOR: MemberId = MemberId::from_bytes([0x11; 16]);
pub(crate) const RECIPIENT: MemberId = MemberId::from_bytes([0x44; 16]);
pub(crate) const ELDER: MemberId = MemberId::from_bytes([0x55; 16]);
pub(crate) const UNIT: UnitId = UnitId::from_bytes([0x66; 16]);
pub(crate) const COMMITMENT: Commitment = Commitment::from_bytes([0x77; 32]);

pub(crate) fn id() -> EntryId {
    EntryId::new(NOW, [0x22; 10])
}

pub(crate) fn minutes(minutes: i64) -> Minutes {
    Minutes::parse(minutes).unwrap()
}

pub(crate) fn key() -> SecretKey {
    SecretKey::from_seed(&[7; 32])
}

/// An entry of the author for themselves, without a checkpoint.
pub(crate) fn entry(act: impl Into<Act>) -> Entry {
    Entry {
        ledger: "hours.example/ledger".to_owned(),
        id: id(),
        author: AUTHOR,
        on_behalf_of: None,
        seen: None,
        act: act.into(),
    }
}

pub(crate) fn sign(entry: &Entry) -> SignedEntry {
    SignedEntry::sign(crate::encode(entry), &key())
}

/// The entry of the golden bytes: all fields of the envelope are there.
pub(crate) fn golden_entry() -> Entry {
    let on_behalf_of = Some(OnBehalf {
        member: ELDER,
        attestation: Attestation::Kiosk,
    });
    let seen = Some(Seen {
        size: TreeSize::new(300),
        root: Hash::from_bytes([0x33; 32]),
    });
    Entry {
        on_behalf_of,
        seen,
        ..entry(request_care())
    }
}

pub(crate) fn request_care() -> RequestCare {
    RequestCare {
        unit: UNIT,
        item: ItemCode::parse("walk-30".to_owned()).unwrap(),
        start: NOW.plus_days(1),
        minutes: minutes(90),
        note: Some(COMMITMENT),
    }
}

pub(crate) fn give() -> Give {
    Give {
        recipient: RECIPIENT,
        minutes: minutes(60),
    }
}

pub(crate) fn grant() -> Grant {
    let source = GrantSource::Pool;
    Grant {
        unit: UNIT,
        recipient: RECIPIENT,
        minutes: minutes(600),
        source,
        reason: None,
    }
}

pub(crate) fn reverse() -> Reverse {
    Reverse {
        entry: id(),
        reason: Some(COMMITMENT),
    }
}

pub(crate) fn recover_key() -> RecoverKey {
    RecoverKey {
        member: RECIPIENT,
        key: Box::new(NewKey::prove(&key(), "hours.example/ledger", &RECIPIENT)),
        identity: Some(COMMITMENT),
    }
}

pub(crate) fn open_ledger() -> OpenLedger {
    OpenLedger {
        unit: UNIT,
        scheme_name: "金色时间银行".to_owned(),
        hour_name: "时间币".to_owned(),
        rules: Box::new(Rules::default()),
        key: NewKey::prove(&key(), "hours.example/ledger", &AUTHOR),
        birth_month: YearMonth::parse(1960, 5).unwrap(),
    }
}

pub(crate) fn enrol_member() -> EnrolMember {
    EnrolMember {
        member: RECIPIENT,
        unit: UNIT,
        birth_month: YearMonth::parse(1945, 12).unwrap(),
        need: NeedCategory::LivingAlone,
        key: Some(NewKey::prove(&key(), "hours.example/ledger", &RECIPIENT)),
        identity: Some(COMMITMENT),
    }
}

/// Every act, some twice: with and without what may be left out.
pub(crate) fn acts() -> Vec<Act> {
    let mut acts = of_people();
    acts.extend(of_care_and_hours());
    acts.extend(scheme::acts());
    acts.extend(fund::acts());
    acts
}

fn of_people() -> Vec<Act> {
    let key = NewKey::prove(&key(), "hours.example/ledger", &AUTHOR);
    vec![
        open_ledger().into(),
        open_unit().into(),
        enrol_member().into(),
        EnrolMember {
            need: NeedCategory::None,
            key: None,
            identity: None,
            ..enrol_member()
        }
        .into(),
        RevokeKey {
            key_id: key.public_key.id(),
        }
        .into(),
        AddKey { key }.into(),
        Appoint {
            member: RECIPIENT,
            unit: UNIT,
            role: Role::Auditor,
        }
        .into(),
        Dismiss {
            member: RECIPIENT,
            unit: UNIT,
            role: Role::FundAdmin,
        }
        .into(),
    ]
}

fn of_care_and_hours() -> Vec<Act> {
    let service = id();
    vec![
        request_care().into(),
        AcceptCare { service }.into(),
        CancelCare {
            service,
            reason: CancelReason::Other,
        }
        .into(),
        LogService {
            service,
            start: NOW,
            minutes: minutes(45),
            evidence: None,
        }
        .into(),
        ConfirmService {
            service,
            minutes: minutes(45),
        }
        .into(),
        give().into(),
        Donate {
            unit: UNIT,
            minutes: minutes(Minutes::MAX),
        }
        .into(),
        grant().into(),
        Approve { proposal: id() }.into(),
        Refuse {
            proposal: id(),
            reason: Some(COMMITMENT),
        }
        .into(),
        reverse().into(),
        receive_money().into(),
        Expire { target: id() }.into(),
        recover_key().into(),
        ObjectRecovery { recovery: id() }.into(),
        adopt_state().into(),
    ]
}

fn open_unit() -> OpenUnit {
    let display_name = "阳光站".to_owned();
    OpenUnit {
        unit: UNIT,
        parent: UnitId::from_bytes([0x67; 16]),
        display_name,
        kind: UnitKind::Station,
    }
}

fn adopt_state() -> AdoptState {
    let (size, root) = (TreeSize::new(300), Hash::from_bytes([0x33; 32]));
    AdoptState {
        abandoned: Abandoned { size, root },
        reason: Some(COMMITMENT),
    }
}

fn receive_money() -> ReceiveMoney {
    ReceiveMoney {
        unit: UNIT,
        fen: Fen::parse(Fen::MAX).unwrap(),
        line: Some(BudgetLine::Training),
        voucher: Some(COMMITMENT),
    }
}
