//! A street in memory: what the tests of the rules share.
//!
//! A [`Street`] is a scheme with a few people who act one at a time at a time
//! of day that the test sets. Nothing is signed or serialised. After every act
//! it checks what must hold whatever the act was: see [`books`], [`lists`],
//! [`rings`] and [`Street::submit`].

mod books;
mod fund;
mod lists;
mod people;
mod rings;

use std::collections::BTreeMap;
use std::sync::LazyLock;

pub(crate) use fund::*;
pub(crate) use people::*;

use self::books::Books;
use crate::account::{Account, AccountId};
use crate::act::{
    AcceptCare, Act, Appoint, Approve, ConfirmService, Grant, GrantSource, LogService, OpenLedger,
    OpenUnit, RequestCare,
};
use crate::amount::Minutes;
use crate::effects::Effects;
use crate::entry::{Attestation, Entry, NewKey, OnBehalf, Record};
use crate::id::{EntryId, MemberId};
use crate::log::Position;
use crate::rejection::Rejection;
use crate::rules::{Issuance, Rules};
use crate::service::{ItemCode, Service};
use crate::state::{Halt, Key, Row, State};
use crate::time::{Millis, YearMonth};
use crate::unit::UnitKind;

/// The origin of every street.
pub(crate) const LEDGER: &str = "street.example/ledger";
/// When a street opens: 2026-03-02, 08:00 UTC.
pub(crate) const OPENING: Millis = Millis::new(1_772_438_400_000);

/// A scheme in memory.
#[derive(Clone)]
pub(crate) struct Street {
    pub(crate) state: State,
    pub(crate) now: Millis,
    pub(crate) history: Vec<Record>,
    serial: u64,
    books: Books,
}

/// So many minutes.
pub(crate) fn minutes(minutes: i64) -> Minutes {
    Minutes::parse(minutes).expect("a test names a possible amount")
}

/// An id that nothing has.
pub(crate) fn nothing() -> EntryId {
    EntryId::new(OPENING, [0xee; 10])
}

/// The genesis under some rules.
pub(crate) fn genesis(rules: Rules) -> OpenLedger {
    OpenLedger {
        unit: SCHEME,
        scheme_name: "A street".to_owned(),
        hour_name: "hour".to_owned(),
        rules: Box::new(rules),
        key: NewKey::prove(&key_of(OPERATOR), LEDGER, &OPERATOR),
        birth_month: YearMonth::parse(1970, 1).expect("a month"),
    }
}

impl Street {
    /// A street before its genesis.
    pub(crate) fn empty() -> Self {
        Self {
            state: State::genesis(),
            now: OPENING,
            history: Vec::new(),
            serial: 0,
            books: Books::default(),
        }
    }

    /// A street with everyone of [`people`], under the default rules.
    pub(crate) fn open() -> Self {
        static STREET: LazyLock<Street> = LazyLock::new(|| Street::under(Rules::default()));
        STREET.clone()
    }

    /// A street on which the units issue the hours of a confirmed visit.
    pub(crate) fn minting() -> Self {
        Self::under(Rules {
            issuance: Issuance::Mint,
            ..Rules::default()
        })
    }

    /// A street with everyone of [`people`].
    pub(crate) fn under(rules: Rules) -> Self {
        let mut street = Self::empty();
        street.done(OPERATOR, genesis(rules));
        for (unit, parent, kind) in [
            (DISTRICT, SCHEME, UnitKind::District),
            (STATION, DISTRICT, UnitKind::Station),
            (OTHER_DISTRICT, SCHEME, UnitKind::District),
            (OTHER_STATION, OTHER_DISTRICT, UnitKind::Station),
        ] {
            let display_name = "A unit".to_owned();
            street.done(
                OPERATOR,
                OpenUnit {
                    unit,
                    parent,
                    display_name,
                    kind,
                },
            );
        }
        for member in EVERYONE {
            street.done(OPERATOR, enrolment(member));
        }
        for (member, unit, role) in APPOINTMENTS {
            street.done(OPERATOR, Appoint { member, unit, role });
        }
        street
    }

    /// A record of an act, at the next position and the present time.
    pub(crate) fn record(&mut self, by: MemberId, act: impl Into<Act>) -> Record {
        self.serial += 1;
        let mut random = [0; 10];
        random[2..].copy_from_slice(&self.serial.to_be_bytes());
        let entry = Entry {
            ledger: LEDGER.to_owned(),
            id: EntryId::new(self.now, random),
            author: by,
            on_behalf_of: None,
            seen: None,
            act: act.into(),
        };
        Record {
            position: self.next_position(),
            recorded: self.now,
            key_id: key_of(by).public().id(),
            entry,
        }
    }

    /// Records an act of a member for themselves.
    pub(crate) fn act(&mut self, by: MemberId, act: impl Into<Act>) -> Result<Effects, Rejection> {
        let record = self.record(by, act);
        self.submit(record)
    }

    /// Records an act at the counter for another.
    pub(crate) fn act_for(
        &mut self,
        by: MemberId,
        member: MemberId,
        act: impl Into<Act>,
    ) -> Result<Effects, Rejection> {
        let mut record = self.record(by, act);
        let attestation = Attestation::Kiosk;
        record.entry.on_behalf_of = Some(OnBehalf {
            member,
            attestation,
        });
        self.submit(record)
    }

    /// Records what must be possible; the id of the entry.
    pub(crate) fn done(&mut self, by: MemberId, act: impl Into<Act>) -> EntryId {
        self.act(by, act).expect("this act is allowed");
        self.newest()
    }

    /// Records what must be possible for another; the id of the entry.
    pub(crate) fn done_for(
        &mut self,
        by: MemberId,
        member: MemberId,
        act: impl Into<Act>,
    ) -> EntryId {
        self.act_for(by, member, act).expect("this act is allowed");
        self.newest()
    }

    /// Applies a record, and checks that
    /// - a state that loads rows on demand comes to the same effects,
    /// - a refusal changes no byte of the state,
    /// - every written key and row is read back from its bytes,
    /// - books and lists are in order.
    pub(crate) fn submit(&mut self, record: Record) -> Result<Effects, Rejection> {
        let before = self.bytes();
        let expected = self.judge_on_demand(&record);
        match self.state.judge(&record) {
            Err(Halt::Rejected(rejection)) => {
                assert_eq!(expected, Err(rejection));
                let refused = self.state.apply(&record);
                assert_eq!(refused, Err(Halt::Rejected(rejection)));
                assert_eq!(self.bytes(), before, "a refusal must change nothing");
                Err(rejection)
            }
            Err(Halt::Missing(key) | Halt::Torn(key)) => {
                unreachable!("a complete state misses nothing and is whole: {key:?}")
            }
            Ok(effects) => {
                assert_eq!(expected.as_ref(), Ok(&effects));
                let applied = self.state.apply(&record);
                assert_eq!(applied.map(|it| it.postings), Ok(effects.postings.clone()));
                check_bytes(&effects);
                self.enter(record, &effects);
                self.books.check(&self.state);
                lists::check(&self.state);
                rings::check(&self.state);
                Ok(effects)
            }
        }
    }

    /// Applies a record that must be possible, without the checks of
    /// [`Street::submit`]: for long histories.
    pub(crate) fn hurry(&mut self, record: Record) {
        let effects = self.state.apply(&record).expect("this act is allowed");
        self.enter(record, &effects);
    }

    fn enter(&mut self, record: Record, effects: &Effects) {
        self.books.enter(record.position, &effects.postings);
        self.history.push(record);
    }

    /// What a state would say that loads each row when it is asked for.
    pub(crate) fn judge_on_demand(&self, record: &Record) -> Result<Effects, Rejection> {
        let mut partial = State::unknown();
        loop {
            match partial.judge(record) {
                Ok(effects) => return Ok(effects),
                Err(Halt::Rejected(rejection)) => return Err(rejection),
                Err(Halt::Torn(key)) => unreachable!("all rows are of one state: {key:?}"),
                Err(Halt::Missing(key)) => {
                    assert!(partial.row(&key).is_err(), "{key:?} was loaded already");
                    let row = self.state.row(&key).expect("a complete state");
                    partial.load(key, row.cloned());
                }
            }
        }
    }

    /// The state as a store keeps it.
    pub(crate) fn bytes(&self) -> BTreeMap<Vec<u8>, Vec<u8>> {
        let rows = self.state.rows();
        rows.map(|(key, row)| (key.encode(), row.encode()))
            .collect()
    }

    /// Where the next record goes.
    pub(crate) fn next_position(&self) -> Position {
        Position::new(self.history.len() as u64)
    }

    /// The id of the newest entry.
    pub(crate) fn newest(&self) -> EntryId {
        self.history.last().expect("a record").entry.id
    }

    /// The ids of the entries with such an act.
    pub(crate) fn ids_of(&self, is_such: impl Fn(&Act) -> bool) -> Vec<EntryId> {
        let entries = self.history.iter().map(|record| &record.entry);
        let such = entries.filter(|entry| is_such(&entry.act));
        such.map(|entry| entry.id).collect()
    }

    /// Lets time pass.
    pub(crate) fn pass_minutes(&mut self, minutes: u32) {
        self.now = self.now.plus_minutes(minutes);
    }

    /// Lets days pass.
    pub(crate) fn pass_days(&mut self, days: u32) {
        self.now = self.now.plus_days(days);
    }

    /// What a member has, available and held.
    pub(crate) fn purse(&self, member: MemberId) -> (i64, i64) {
        let account = self.account(AccountId::Member(member));
        (account.available, account.held)
    }

    /// What is on an account.
    pub(crate) fn balance(&self, account: AccountId) -> i64 {
        self.account(account).total()
    }

    fn account(&self, account: AccountId) -> Account {
        let account = self.state.find(&account).expect("a complete state");
        account.cloned().unwrap_or_default()
    }

    /// The name of the stage of a service.
    pub(crate) fn stage(&self, service: EntryId) -> &'static str {
        let service: Option<&Service> = self.state.find(&service).expect("a complete state");
        service.expect("the service exists").stage.name()
    }

    /// Has the fund administrator grant a member hours, and the regulator
    /// approve it; the id of the grant.
    pub(crate) fn granted(&mut self, recipient: MemberId, amount: i64) -> EntryId {
        let proposal = self.done(FUND_ADMIN, grant(recipient, amount));
        self.done(REGULATOR, Approve { proposal });
        proposal
    }

    /// A request of an hour by the recipient, starting now.
    pub(crate) fn requested(&mut self) -> EntryId {
        let request = request(self.now, 60);
        self.done(RECIPIENT, request)
    }

    /// A request that the volunteer has accepted.
    pub(crate) fn booked(&mut self) -> EntryId {
        let service = self.requested();
        self.done(VOLUNTEER, AcceptCare { service });
        service
    }

    /// A booking that took an hour and is logged.
    pub(crate) fn logged(&mut self) -> EntryId {
        let service = self.booked();
        let log = log(service, self.now, 60);
        self.pass_minutes(60);
        self.done(VOLUNTEER, log);
        service
    }

    /// A visit that the recipient has confirmed; service and confirmation.
    pub(crate) fn confirmed(&mut self) -> (EntryId, EntryId) {
        let service = self.logged();
        (service, self.done(RECIPIENT, confirm(service, 60)))
    }
}

/// A grant of newly issued hours by the station.
pub(crate) fn grant(recipient: MemberId, amount: i64) -> Grant {
    Grant {
        unit: STATION,
        recipient,
        minutes: minutes(amount),
        source: GrantSource::Issue,
        reason: None,
    }
}

/// A request to the station.
pub(crate) fn request(start: Millis, planned: i64) -> RequestCare {
    RequestCare {
        unit: STATION,
        item: ItemCode::parse("company".to_owned()).expect("a code"),
        start,
        minutes: minutes(planned),
        note: None,
    }
}

/// A statement of a visit.
pub(crate) fn log(service: EntryId, start: Millis, spent: i64) -> LogService {
    LogService {
        service,
        start,
        minutes: minutes(spent),
        evidence: None,
    }
}

/// A confirmation of a visit.
pub(crate) fn confirm(service: EntryId, spent: i64) -> ConfirmService {
    ConfirmService {
        service,
        minutes: minutes(spent),
    }
}

fn check_bytes(effects: &Effects) {
    for (key, row) in &effects.writes {
        assert_eq!(Key::decode(&key.encode()), Ok(*key));
        if let Some(row) = row {
            assert_eq!(Row::decode(key, &row.encode()).as_ref(), Ok(row));
        }
    }
}
