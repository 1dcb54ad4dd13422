//! The ledger of a simulated city: records without signatures, judged one by one.

use std::collections::BTreeMap;

use ledger::act::{
    Act, Appoint, Approve, EnrolMember, OpenLedger, OpenUnit, ReceiveMoney, SetBudget,
};
use ledger::budget::BudgetLine;
use ledger::entry::{Attestation, Entry, NewKey, OnBehalf, Record};
use ledger::log::Position;
use ledger::member::NeedCategory;
use ledger::role::Role;
use ledger::state::Key;
use ledger::unit::UnitKind;
use ledger::{
    Account, AccountId, EntryId, Halt, KeyId, MemberId, Millis, Rules, SecretKey, State, UnitId,
    YearMonth,
};

const LEDGER: &str = "simulation.example/city";
/// 2026-01-01.
const BEGIN: Millis = Millis::new(1_767_225_600_000);
/// More than any simulation spends.
const BUDGET_FEN: i64 = 1_000_000_000_000_000;

/// The scheme's own unit.
pub(super) const SCHEME: UnitId = UnitId::from_bytes([1; 16]);
const DISTRICT: UnitId = UnitId::from_bytes([2; 16]);
/// The one station.
pub(super) const STATION: UnitId = UnitId::from_bytes([3; 16]);

const OPERATOR: MemberId = officer(1);
/// The regulator.
pub(super) const REGULATOR: MemberId = officer(2);
/// The staff of the station.
pub(super) const STAFF: [MemberId; 2] = [officer(3), officer(4)];
/// The fund's administrators.
pub(super) const FUND: [MemberId; 2] = [officer(5), officer(6)];

const fn officer(number: u8) -> MemberId {
    MemberId::from_bytes([number; 16])
}

/// The member of a number, whose short code no other has.
pub(super) fn member(number: u64) -> MemberId {
    let mut id = [0xff; 16];
    id[..8].copy_from_slice(
        &(number + 1)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .to_be_bytes(),
    );
    id[8..].copy_from_slice(&number.to_be_bytes());
    MemberId::from_bytes(id)
}

/// The state, the time and the number of records.
pub(super) struct Book {
    state: State,
    now: Millis,
    records: u64,
    keys: BTreeMap<MemberId, KeyId>,
}

impl Book {
    /// A ledger with everyone in office, and budgets that do not run out.
    pub(super) fn open(rules: &Rules) -> Self {
        let mut book = Self {
            state: State::genesis(),
            now: BEGIN,
            records: 0,
            keys: (1..=6)
                .map(officer)
                .map(|it| (it, key_of(it).public().id()))
                .collect(),
        };
        book.done(
            OPERATOR,
            None,
            OpenLedger {
                unit: SCHEME,
                scheme_name: "A city".to_owned(),
                hour_name: "hour".to_owned(),
                rules: Box::new(rules.clone()),
                key: new_key(OPERATOR),
                birth_month: YearMonth::parse(1980, 1).expect("a month"),
            },
        );
        for (unit, parent, kind) in [
            (DISTRICT, SCHEME, UnitKind::District),
            (STATION, DISTRICT, UnitKind::Station),
        ] {
            let display_name = "A unit".to_owned();
            let open = OpenUnit {
                unit,
                parent,
                display_name,
                kind,
            };
            book.done(OPERATOR, None, open);
        }
        for (member, unit, role) in [
            (REGULATOR, SCHEME, Role::Regulator),
            (STAFF[0], STATION, Role::Staff),
            (STAFF[1], STATION, Role::Staff),
            (FUND[0], SCHEME, Role::FundAdmin),
            (FUND[1], SCHEME, Role::FundAdmin),
        ] {
            let enrol = EnrolMember {
                member,
                unit: STATION,
                birth_month: YearMonth::parse(1980, 1).expect("a month"),
                need: NeedCategory::None,
                key: Some(new_key(member)),
                identity: None,
            };
            book.done(OPERATOR, None, enrol);
            book.done(OPERATOR, None, Appoint { member, unit, role });
        }
        let budget = SetBudget {
            unit: STATION,
            line: BudgetLine::Redemption,
            limit: BUDGET_FEN,
            reason: None,
        };
        book.by_two(FUND[0], REGULATOR, budget);
        book
    }

    pub(super) const fn now(&self) -> Millis {
        self.now
    }

    pub(super) const fn records(&self) -> u64 {
        self.records
    }

    pub(super) const fn pass_days(&mut self, days: u32) {
        self.now = self.now.plus_days(days);
    }

    /// The month of birth of somebody of an age.
    pub(super) fn born(&self, age: u64, months: u64) -> YearMonth {
        let today = self.now.month();
        let years = i32::try_from(age).unwrap_or(0);
        let month = i32::try_from(months).unwrap_or(0) + 1;
        YearMonth::parse(i32::from(today.year()) - years, month).expect("a month")
    }

    /// Records an act, if the rules allow it; the id of the entry.
    pub(super) fn tried(
        &mut self,
        by: MemberId,
        behalf: Option<MemberId>,
        act: impl Into<Act>,
    ) -> Option<EntryId> {
        let mut random = [0; 10];
        random[2..].copy_from_slice(&self.records.to_be_bytes());
        self.now = self.now.plus_millisecond();
        let id = EntryId::new(self.now, random);
        let attestation = Attestation::Kiosk;
        let record = Record {
            position: Position::new(self.records),
            recorded: self.now,
            key_id: self.keys[&by],
            entry: Entry {
                ledger: LEDGER.to_owned(),
                id,
                author: by,
                on_behalf_of: behalf.map(|member| OnBehalf {
                    member,
                    attestation,
                }),
                seen: None,
                act: act.into(),
            },
        };
        match self.state.apply(&record) {
            Ok(_) => {
                self.records += 1;
                Some(id)
            }
            Err(Halt::Rejected(_)) => None,
            Err(other) => unreachable!("a complete state: {other}"),
        }
    }

    /// Records an act that the rules allow.
    pub(super) fn done(
        &mut self,
        by: MemberId,
        behalf: Option<MemberId>,
        act: impl Into<Act>,
    ) -> EntryId {
        let act = act.into();
        let name = act.name();
        self.tried(by, behalf, act)
            .unwrap_or_else(|| unreachable!("{name} is allowed"))
    }

    /// Records what takes two, if the rules allow it.
    pub(super) fn try_by_two(
        &mut self,
        first: MemberId,
        second: MemberId,
        act: impl Into<Act>,
    ) -> bool {
        let Some(proposal) = self.tried(first, None, act) else {
            return false;
        };
        let approved = self.tried(second, None, Approve { proposal }).is_some();
        if !approved {
            let reason = None;
            self.done(first, None, ledger::act::Refuse { proposal, reason });
        }
        let forgotten = [
            (Key::Proposal(proposal), None),
            (Key::Movement(proposal), None),
        ];
        self.state.commit(forgotten.to_vec());
        approved
    }

    /// Records what takes two and the rules allow.
    pub(super) fn by_two(&mut self, first: MemberId, second: MemberId, act: impl Into<Act>) {
        assert!(self.try_by_two(first, second, act), "it is allowed");
    }

    pub(super) fn receive(&mut self, receive: ReceiveMoney) {
        self.done(FUND[0], None, receive);
    }

    /// Forgets a service that is closed, and what it moved: no rule asks again.
    pub(super) fn forget(&mut self, service: EntryId) {
        let row: Option<&ledger::service::Service> = self.state.find(&service).ok().flatten();
        let settlement = row.and_then(|row| row.settlement);
        let movement = settlement.map(|it| (Key::Movement(it.movement), None));
        let forgotten = std::iter::once((Key::Service(service), None)).chain(movement);
        self.state.commit(forgotten.collect());
    }

    fn account(&self, id: AccountId) -> Account {
        let account: Option<&Account> = self.state.find(&id).ok().flatten();
        account.cloned().unwrap_or_default()
    }

    pub(super) fn available(&self, member: MemberId) -> i64 {
        self.account(AccountId::Member(member)).available
    }

    pub(super) fn held(&self, member: MemberId) -> i64 {
        self.account(AccountId::Member(member)).held
    }

    pub(super) fn total(&self, member: MemberId) -> i64 {
        self.account(AccountId::Member(member)).total()
    }

    pub(super) fn balance(&self, id: AccountId) -> i64 {
        self.account(id).available
    }
}

/// The same key for the same officer, every time: nothing is signed with it.
fn key_of(member: MemberId) -> SecretKey {
    SecretKey::from_seed(&[member.as_bytes()[0]; 32])
}

fn new_key(member: MemberId) -> NewKey {
    NewKey::prove(&key_of(member), LEDGER, &member)
}
