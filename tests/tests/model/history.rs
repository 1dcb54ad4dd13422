//! A history under way: what may come next.
//!
//! Four acts of five follow on what there is: a booked visit is logged by its
//! volunteer, a proposal is approved by someone with a role. Then chance spoils
//! some of them: another author, another amount, a clock that is off.

mod people;
mod recovery;
mod spoil;

use ledger::act::{
    AcceptCare, Act, Approve, CancelCare, CancelReason, ConfirmService, Donate, Expire, Give,
    Grant, GrantSource, LogService, ReceiveMoney, Refuse, RequestCare, Reverse, RevokeKey,
};
use ledger::amount::{Fen, Minutes};
use ledger::entry::{Attestation, Entry, OnBehalf, Record};
use ledger::log::Position;
use ledger::rules::RulesVersion;
use ledger::service::ItemCode;
use ledger::{Abandoned, EntryId, KeyId, MemberId, Millis, Rules, State, UnitId};
use timebank_tests::model::{Model, Service};

use super::random::Random;
use super::street::{KEYLESS, KEYS, LEDGER, MEMBERS, PEOPLE, UNITS, genesis};

/// How many kinds of acts there are.
pub(crate) const ACTS: usize = 23;

const NOWHERE: UnitId = UnitId::from_bytes([77; 16]);
const STRANGER: MemberId = MemberId::from_bytes([99; 16]);
const OPENING: Millis = Millis::new(1_772_438_400_000);

/// A ledger, its reference, and what was done so far.
#[derive(Clone)]
pub(crate) struct History {
    pub(crate) state: State,
    pub(crate) model: Model,
    pub(crate) random: Random,
    now: Millis,
    size: u64,
    serial: u64,
    services: Vec<EntryId>,
    proposals: Vec<EntryId>,
    movements: Vec<EntryId>,
    recoveries: Vec<EntryId>,
    given_up: Vec<Abandoned>,
}

impl History {
    /// Before the genesis.
    pub(crate) fn empty() -> Self {
        Self {
            state: State::genesis(),
            model: Model::default(),
            random: Random::new(0),
            now: OPENING,
            size: 0,
            serial: 0,
            services: Vec::new(),
            proposals: Vec::new(),
            movements: Vec::new(),
            recoveries: Vec::new(),
            given_up: Vec::new(),
        }
    }

    /// The same beginning, with another chance.
    pub(crate) fn fork(&self, seed: u64) -> Self {
        let random = Random::new(seed);
        Self {
            random,
            ..self.clone()
        }
    }

    /// A sound record of an act.
    pub(crate) fn record(&mut self, author: MemberId, act: Act) -> Record {
        self.serial += 1;
        let mut random = [0; 10];
        random[2..].copy_from_slice(&self.serial.to_be_bytes());
        let entry = Entry {
            ledger: LEDGER.to_owned(),
            id: EntryId::new(self.now, random),
            author,
            on_behalf_of: None,
            seen: None,
            act,
        };
        Record {
            position: Position::new(self.size),
            recorded: self.now,
            key_id: self.key_of(author),
            entry,
        }
    }

    /// The oldest key of a person that is valid; if there is none, the first.
    pub(crate) fn key_of(&self, author: MemberId) -> KeyId {
        let keys = KEYS.get(&author).unwrap_or(&KEYS[&PEOPLE[0]]);
        let mut ids = keys.iter().map(|key| key.public_key.id());
        let valid: Vec<KeyId> = self.model.keys_of(author).collect();
        let first = keys[0].public_key.id();
        ids.find(|id| valid.contains(id)).unwrap_or(first)
    }

    /// Notes what was recorded, so that later acts can name it.
    pub(crate) fn recorded(&mut self, record: Option<&Record>) {
        let Some(record) = record else { return };
        self.size += 1;
        let id = record.entry.id;
        match &record.entry.act {
            Act::RequestCare(_) => self.services.push(id),
            Act::Grant(_) => {
                self.proposals.push(id);
                self.movements.push(id);
            }
            Act::Reverse(_) => self.proposals.push(id),
            Act::RecoverKey(_) => {
                self.proposals.push(id);
                self.recoveries.push(id);
            }
            Act::AdoptState(act) => self.given_up.push(act.abandoned),
            Act::ConfirmService(_) | Act::Give(_) | Act::Donate(_) => self.movements.push(id),
            _ => {}
        }
    }

    /// What happens next, sensible or not.
    pub(crate) fn next(&mut self) -> Record {
        self.pass_time();
        let (author, act) = match self.random.below(100) {
            _ if self.size == 0 => self.beginning(),
            0..45 => self.care(),
            45..60 => self.hours(),
            60..75 => self.decision(),
            75..82 => self.reversal(),
            82..86 => self.expiry(),
            86..92 => self.recovery(),
            _ => self.people(),
        };
        let mut record = self.record(author, act);
        self.sign_for_others(&mut record);
        if self.random.percent(8) {
            self.spoil(&mut record);
        }
        record
    }

    /// What one person might do next without anyone else: for themselves, or
    /// at the counter for whom chance had meant.
    pub(crate) fn next_alone(&mut self, author: MemberId) -> Record {
        let meant = self.next().entry;
        let member = meant.subject();
        let is_for_another = !meant.act.done_on_behalf_by().is_empty() && member != author;
        let attestation = Attestation::Kiosk;
        let mut record = self.record(author, meant.act);
        record.entry.on_behalf_of = is_for_another.then_some(OnBehalf {
            member,
            attestation,
        });
        record
    }

    fn pass_time(&mut self) {
        let minutes = match self.random.below(100) {
            0..55 => self.random.below(30),
            55..85 => self.random.below(180),
            85..97 => self.random.below(60 * 24 * 2),
            97..99 => self.random.below(60 * 24 * 9),
            _ => self.random.below(60 * 24 * 40),
        };
        self.now = self
            .now
            .plus_minutes(u32::try_from(minutes).expect("a few weeks"));
    }

    fn member(&mut self) -> MemberId {
        match self.random.below(40) {
            0 => STRANGER,
            1 => *self.random.one(&PEOPLE),
            _ => *self.random.one(&PEOPLE[..MEMBERS]),
        }
    }

    fn unit(&mut self) -> UnitId {
        match self.random.below(30) {
            0 => NOWHERE,
            1..5 => *self.random.one(&UNITS),
            _ => UNITS[2],
        }
    }

    fn minutes(&mut self) -> Minutes {
        const SOME: [i64; 10] = [1, 15, 20, 30, 45, 60, 60, 90, 240, 255];
        Minutes::parse(*self.random.one(&SOME)).expect("a possible amount")
    }

    fn id_of(&mut self, of: fn(&Self) -> &Vec<EntryId>) -> EntryId {
        let known = of(self).clone();
        if self.random.percent(2) {
            return EntryId::new(OPENING, [0xee; 10]);
        }
        let recent = known.len().saturating_sub(4);
        let known = if self.random.percent(70) {
            &known[recent..]
        } else {
            &known
        };
        *self
            .random
            .any(known)
            .unwrap_or(&EntryId::new(OPENING, [0xee; 10]))
    }

    /// The genesis, more or less, or what cannot come before it.
    fn beginning(&mut self) -> (MemberId, Act) {
        let mut act = genesis(Rules::default());
        match self.random.below(6) {
            0 => act.rules.quantum_minutes = 61,
            1 => act.rules.version = RulesVersion(2),
            2 => act.key = KEYS[&PEOPLE[0]][3].clone(),
            3 => {
                return (
                    PEOPLE[0],
                    Act::RevokeKey(RevokeKey {
                        key_id: act.key.public_key.id(),
                    }),
                );
            }
            _ => {}
        }
        (PEOPLE[0], act.into())
    }

    /// A request, or what comes next in one of the services.
    fn care(&mut self) -> (MemberId, Act) {
        let service = self.id_of(|history| &history.services);
        let known = self.model.services.get(&service).cloned();
        match known {
            Some(known) if self.random.percent(80) => self.next_of(service, &known),
            _ if self.random.percent(15) => self.any_of(service),
            _ => self.request(),
        }
    }

    fn request(&mut self) -> (MemberId, Act) {
        let late = 60_000 * i64::try_from(self.random.below(60 * 24 * 10)).expect("a few days");
        let start = match self.random.below(10) {
            0 => Millis::new(self.now.get() - late),
            1 => self.now.plus_hours(30),
            _ => self.now,
        };
        let author = if self.random.percent(70) {
            *self.random.one(&[PEOPLE[6], PEOPLE[7], KEYLESS])
        } else {
            self.member()
        };
        let request = RequestCare {
            unit: self.unit(),
            item: ItemCode::parse("company".to_owned()).expect("a code"),
            start,
            minutes: self.minutes(),
            note: None,
        };
        (author, request.into())
    }

    /// What may well come next in a service.
    fn next_of(&mut self, service: EntryId, known: &Service) -> (MemberId, Act) {
        let reason = CancelReason::Time;
        let volunteer = known.volunteer.unwrap_or(STRANGER);
        let minutes = |minutes: i64| Minutes::parse(minutes).expect("a possible amount");
        match (known.stage, self.random.below(10)) {
            ("OPEN" | "BOOKED", 0) => (known.recipient, CancelCare { service, reason }.into()),
            ("OPEN", _) => (self.member(), AcceptCare { service }.into()),
            ("BOOKED", 1) => (volunteer, CancelCare { service, reason }.into()),
            ("BOOKED", chance) => {
                let spent = if chance < 4 {
                    self.minutes()
                } else {
                    minutes(known.planned)
                };
                let start = match chance {
                    4 => Millis::new(known.start),
                    _ => Millis::new(self.now.get() - 60_000 * i64::from(spent.get())),
                };
                let evidence = None;
                (
                    volunteer,
                    LogService {
                        service,
                        start,
                        minutes: spent,
                        evidence,
                    }
                    .into(),
                )
            }
            ("LOGGED", chance) => {
                let confirmed = if chance == 0 {
                    self.minutes()
                } else {
                    minutes(known.logged)
                };
                (
                    known.recipient,
                    ConfirmService {
                        service,
                        minutes: confirmed,
                    }
                    .into(),
                )
            }
            _ => self.any_of(service),
        }
    }

    /// Any act by anyone on a service.
    fn any_of(&mut self, service: EntryId) -> (MemberId, Act) {
        let (minutes, reason, evidence) = (self.minutes(), CancelReason::Other, None);
        let start = self.now;
        let act = match self.random.below(4) {
            0 => AcceptCare { service }.into(),
            1 => CancelCare { service, reason }.into(),
            2 => LogService {
                service,
                start,
                minutes,
                evidence,
            }
            .into(),
            _ => ConfirmService { service, minutes }.into(),
        };
        (self.member(), act)
    }

    fn hours(&mut self) -> (MemberId, Act) {
        let (author, minutes) = (self.member(), self.minutes());
        let act = match self.random.below(10) {
            0..4 => Give {
                recipient: self.member(),
                minutes,
            }
            .into(),
            4..7 => Donate {
                unit: self.unit(),
                minutes,
            }
            .into(),
            _ => {
                let fen = Fen::parse(i64::from(minutes.get())).expect("a possible amount");
                let act = ReceiveMoney {
                    unit: self.unit(),
                    line: None,
                    fen,
                    voucher: None,
                };
                return (*self.random.one(&[PEOPLE[2], author]), act.into());
            }
        };
        (author, act)
    }

    /// A grant, or the decision on a proposal.
    fn decision(&mut self) -> (MemberId, Act) {
        let author = match self.random.below(4) {
            0 => self.member(),
            _ => *self.random.one(&PEOPLE[..3]),
        };
        let (proposal, reason) = (self.id_of(|history| &history.proposals), None);
        let act = match self.random.below(10) {
            0..4 => Grant {
                unit: self.unit(),
                recipient: self.member(),
                minutes: self.minutes(),
                source: *self.random.one(&[GrantSource::Issue, GrantSource::Pool]),
                reason,
            }
            .into(),
            4..9 => Approve { proposal }.into(),
            _ => Refuse { proposal, reason }.into(),
        };
        (author, act)
    }

    fn reversal(&mut self) -> (MemberId, Act) {
        let author = match self.random.below(4) {
            0 => self.member(),
            _ => *self.random.one(&[PEOPLE[0], PEOPLE[3], PEOPLE[4]]),
        };
        let (entry, reason) = (self.id_of(|history| &history.movements), None);
        (author, Reverse { entry, reason }.into())
    }

    fn expiry(&mut self) -> (MemberId, Act) {
        let target = match self.random.below(4) {
            0 => self.id_of(|history| &history.proposals),
            _ => self.id_of(|history| &history.services),
        };
        (self.member(), Expire { target }.into())
    }
}
