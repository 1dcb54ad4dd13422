//! A reference ledger: the same rules written a second time, as naively as
//! possible, to hold the real ones against.
//!
//! It shares types of input with `ledger` (entries, acts, identifiers) and no
//! rule: no arithmetic, no check, no state. Signatures are none of its business,
//! except the proof of possession that an act carries.

mod care;
mod hours;
mod people;
mod recovery;

use std::collections::{HashMap, HashSet};

use ledger::account::AccountId;
use ledger::act::Act;
use ledger::entry::{Record, Seen};
use ledger::log::Hash;
use ledger::member::NeedCategory;
use ledger::role::Role;
use ledger::time::YearMonth;
use ledger::{EntryId, KeyId, MemberId, Rules, UnitId};

pub use recovery::Recovery;

/// Nothing, or the reason of the rejection.
pub type Verdict = Result<(), &'static str>;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Everything that the reference ledger knows.
#[derive(Clone, Default)]
pub struct Model {
    ledger: Option<String>,
    scheme: Option<UnitId>,
    rules: Option<Rules>,
    given_up: Vec<GivenUp>,
    units: HashMap<UnitId, (u8, Option<UnitId>)>,
    members: HashMap<MemberId, Person>,
    keys: HashMap<KeyId, Key>,
    roles: HashSet<(MemberId, UnitId, Role)>,
    /// The recoveries that are not finished, by their members.
    pub recoveries: HashMap<MemberId, Recovery>,
    /// Whose recovery was objected to from a distance.
    pub contested: HashMap<MemberId, Vec<MemberId>>,
    /// What is free on each account.
    pub available: HashMap<AccountId, i64>,
    /// What is held of each member.
    pub held: HashMap<MemberId, i64>,
    /// Every service.
    pub services: HashMap<EntryId, Service>,
    /// Every proposal.
    pub proposals: HashMap<EntryId, Proposal>,
    /// Everything that was moved.
    pub movements: HashMap<EntryId, Movement>,
}

/// A tree that was given up: the record that says so, its size and its root.
#[derive(Clone)]
struct GivenUp {
    record: u64,
    size: u64,
    root: Hash,
}

#[derive(Clone)]
struct Person {
    unit: UnitId,
    birth: YearMonth,
    need: NeedCategory,
}

#[derive(Clone)]
struct Key {
    member: MemberId,
    from: u64,
    until: u64,
}

/// A service.
#[derive(Clone)]
pub struct Service {
    /// Who is served.
    pub recipient: MemberId,
    /// Who comes or came.
    pub volunteer: Option<MemberId>,
    /// Planned start.
    pub start: i64,
    /// Planned minutes.
    pub planned: i64,
    /// Stated minutes.
    pub logged: i64,
    /// Stated start.
    pub logged_start: i64,
    /// The name of the stage.
    pub stage: &'static str,
    /// The unit that serves.
    pub unit: UnitId,
    /// Minutes held for it.
    pub held: i64,
    /// When it may be expired, if it is open or booked.
    pub due: i64,
    requested_by: MemberId,
    logged_by: Option<MemberId>,
    /// The entry that paid it.
    paid_by: Option<EntryId>,
}

/// A proposal.
#[derive(Clone)]
pub struct Proposal {
    /// How it ended, or `OPEN`.
    pub outcome: &'static str,
    /// Where it is decided.
    pub unit: UnitId,
    /// When it may be expired.
    pub due: i64,
    act: Act,
    proposer: MemberId,
    approver: Option<MemberId>,
    parties: Vec<MemberId>,
}

/// What an entry moved.
#[derive(Clone)]
pub struct Movement {
    unit: UnitId,
    changes: Vec<(AccountId, i64)>,
    signers: Vec<MemberId>,
    reversal: &'static str,
}

fn require(holds: bool, reason: &'static str) -> Verdict {
    if holds { Ok(()) } else { Err(reason) }
}

impl Model {
    /// Takes a record in, or says why not.
    pub fn apply(&mut self, record: &Record) -> Verdict {
        let entry = &record.entry;
        match (&self.ledger, &entry.act) {
            (None, Act::OpenLedger(_)) => {}
            (None, _) => return Err("LEDGER_NOT_OPEN"),
            (Some(ledger), _) if *ledger != entry.ledger => return Err("WRONG_LEDGER"),
            (Some(_), Act::OpenLedger(_)) => return Err("LEDGER_ALREADY_OPEN"),
            (Some(_), _) => {}
        }
        self.check_arrival(record)?;
        self.check_key(record)?;
        self.check_behalf(record)?;
        self.act(record)
    }

    fn act(&mut self, record: &Record) -> Verdict {
        match &record.entry.act {
            Act::OpenLedger(act) => self.open_ledger(record, act),
            Act::OpenUnit(act) => self.open_unit(record, act),
            Act::EnrolMember(act) => self.enrol_member(record, act),
            Act::AddKey(act) => self.add_key(record, act),
            Act::RevokeKey(act) => self.revoke_key(record, act),
            Act::Appoint(act) => self.appoint(record, act),
            Act::Dismiss(act) => self.dismiss(record, act),
            Act::RequestCare(act) => self.request_care(record, act),
            Act::AcceptCare(act) => self.accept_care(record, act),
            Act::CancelCare(act) => self.cancel_care(record, act),
            Act::LogService(act) => self.log_service(record, act),
            Act::ConfirmService(act) => self.confirm_service(record, act),
            Act::Give(act) => self.give(record, act),
            Act::Donate(act) => self.donate(record, act),
            Act::Approve(act) => self.approve(record, act),
            Act::Refuse(act) => self.refuse(record, act),
            Act::ReceiveMoney(act) => self.receive_money(record, act),
            Act::Expire(act) => self.expire(record, act),
            Act::Grant(act) => self.grant(record, act),
            Act::Reverse(act) => self.reverse(record, act),
            Act::RecoverKey(act) => self.recover_key(record, act),
            Act::ObjectRecovery(act) => self.object_recovery(record, act),
            Act::AdoptState(act) => self.adopt_state(record, act),
            // What came later: no history has it.
            _ => Err("NOT_MODELLED"),
        }
    }

    fn check_arrival(&self, record: &Record) -> Verdict {
        let rules = match &record.entry.act {
            Act::OpenLedger(genesis) => &genesis.rules,
            _ => self.rules(),
        };
        let (signed, now) = (record.entry.id.signed().get(), record.recorded.get());
        let ahead = i64::from(rules.clock_ahead_minutes_max) * MINUTE;
        require(signed - now <= ahead, "SIGNED_IN_THE_FUTURE")?;
        let age = i64::from(rules.entry_age_days_max) * DAY;
        require(now - signed <= age, "SIGNED_TOO_LONG_AGO")?;
        let is_past = |seen: Seen| seen.size.get() <= record.position.get();
        let is_lost = |seen: Seen| {
            let (size, root) = (seen.size.get(), seen.root);
            self.given_up.iter().any(|lost| {
                let is_within = lost.record < size && size < lost.size;
                is_within || (size, root) == (lost.size, lost.root)
            })
        };
        let seen = record.entry.seen;
        let may_be = seen.is_none_or(|seen| is_past(seen) || is_lost(seen));
        require(may_be, "SEEN_AHEAD")
    }

    fn check_key(&self, record: &Record) -> Verdict {
        if let Act::OpenLedger(genesis) = &record.entry.act {
            let registered = genesis.key.public_key.id();
            return require(record.key_id == registered, "KEY_UNKNOWN");
        }
        let key = self.keys.get(&record.key_id).ok_or("KEY_UNKNOWN")?;
        require(key.member == record.entry.author, "KEY_OF_ANOTHER")?;
        let valid = key.from..key.until;
        require(valid.contains(&record.position.get()), "KEY_NOT_VALID")
    }

    fn check_behalf(&self, record: &Record) -> Verdict {
        let entry = &record.entry;
        let Some(behalf) = entry.on_behalf_of else {
            return Ok(());
        };
        require(behalf.member != entry.author, "ATTESTATION_MISMATCH")?;
        let may_be = matches!(
            entry.act,
            Act::RequestCare(_)
                | Act::AcceptCare(_)
                | Act::CancelCare(_)
                | Act::LogService(_)
                | Act::ConfirmService(_)
                | Act::ObjectRecovery(_)
        );
        require(may_be, "NOT_ON_BEHALF")?;
        let subject = self.members.get(&behalf.member).ok_or("SUBJECT_UNKNOWN")?;
        let mut roles = vec![Role::Staff];
        if matches!(entry.act, Act::ObjectRecovery(_)) {
            roles.extend([Role::Operator, Role::Regulator]);
        }
        let mut roles = roles.into_iter();
        let is_staff = roles.any(|role| self.has_role(entry.author, role, subject.unit));
        require(is_staff, "NOT_STAFF_OF_MEMBER")
    }

    fn rules(&self) -> &Rules {
        self.rules.as_ref().expect("an open ledger has rules")
    }

    fn has_role(&self, member: MemberId, role: Role, unit: UnitId) -> bool {
        let (_, parent) = self.units[&unit];
        self.roles.contains(&(member, unit, role))
            || parent.is_some_and(|parent| self.has_role(member, role, parent))
    }

    fn has_any_role(&self, member: MemberId, roles: &[Role], unit: UnitId) -> Verdict {
        let has = roles.iter().any(|role| self.has_role(member, *role, unit));
        require(has, "ROLE_MISSING")
    }

    fn require_unit(&self, unit: UnitId) -> Verdict {
        require(self.units.contains_key(&unit), "UNIT_UNKNOWN")
    }

    fn person(&self, member: MemberId, reason: &'static str) -> Result<&Person, &'static str> {
        self.members.get(&member).ok_or(reason)
    }

    /// Free on an account.
    pub fn available(&self, account: AccountId) -> i64 {
        self.available.get(&account).copied().unwrap_or(0)
    }

    /// What a member has, free and held.
    pub fn total(&self, member: MemberId) -> i64 {
        self.available(AccountId::Member(member)) + self.held.get(&member).copied().unwrap_or(0)
    }

    fn add(&mut self, account: AccountId, amount: i64) {
        *self.available.entry(account).or_insert(0) += amount;
    }

    fn hold(&mut self, member: MemberId, amount: i64) {
        *self.held.entry(member).or_insert(0) += amount;
    }

    /// How much more a member may have under the cap.
    fn room(&self, member: MemberId) -> i64 {
        match self.rules().balance_minutes_max {
            0 => i64::MAX,
            cap => (cap - self.total(member)).max(0),
        }
    }

    fn require_served(&self, person: &Person, now: i64) -> Verdict {
        let old = age(person.birth, now) >= i64::from(self.rules().recipient_age_years_min);
        require(old || person.need != NeedCategory::None, "RECIPIENT_AGE")
    }
}

/// Full years since a month, counting days one year and one month at a time.
fn age(birth: YearMonth, now: i64) -> i64 {
    let is_leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let (mut year, mut month, mut days) = (1970, 0, now / DAY);
    while days >= 365 + i64::from(is_leap(year)) {
        days -= 365 + i64::from(is_leap(year));
        year += 1;
    }
    let february = 28 + i64::from(is_leap(year));
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    let born = i64::from(birth.year()) * 12 + i64::from(birth.month()) - 1;
    ((year * 12 + month - born) / 12).max(0)
}
