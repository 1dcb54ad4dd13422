//! One record at work: what it may read, what it has written so far.
//!
//! Writes go to an overlay. Only a record that passes everything hands the
//! overlay on as [`Effects`]; any other is dropped whole.

use std::collections::BTreeMap;

use crate::account::{Account, AccountId, Bucket, Posting, PostingRef};
use crate::act::Act;
use crate::adoption::Adoptions;
use crate::amount::Minutes;
use crate::effects::Effects;
use crate::entry::{Entry, OnBehalf, Record};
use crate::id::{EntryId, MemberId, UnitId};
use crate::key::PublicKey;
use crate::log::Position;
use crate::member::{Member, MemberKey, NeedCategory};
use crate::proposal::{Movement, Reversal};
use crate::rejection::Rejection;
use crate::role::{Appointment, Role};
use crate::rules::Rules;
use crate::scheme::Scheme;
use crate::state::{Halt, Key, Row, State, Table};
use crate::time::Millis;
use crate::unit::Unit;

/// A record being judged against a state.
pub(crate) struct Transaction<'s> {
    state: &'s State,
    record: &'s Record,
    rules: &'s Rules,
    writes: Vec<(Key, Option<Row>)>,
    postings: Vec<Posting>,
}

impl<'s> Transaction<'s> {
    /// Judges a record: the checks that every entry passes, in their order, and
    /// then those of its act.
    pub(crate) fn run(state: &'s State, record: &'s Record) -> Result<Effects, Halt> {
        let (rules, signer) = check_envelope(state, record)?;
        let mut tx = Self {
            state,
            record,
            rules,
            writes: Vec::new(),
            postings: Vec::new(),
        };
        let entry = &record.entry;
        entry
            .on_behalf_of
            .map_or(Ok(()), |behalf| tx.check_behalf(&behalf))?;
        entry.act.apply(&mut tx)?;
        Ok(tx.finish(signer))
    }

    pub(crate) fn entry(&self) -> &'s Entry {
        &self.record.entry
    }

    /// The id of the entry: it names what the entry makes.
    pub(crate) fn id(&self) -> EntryId {
        self.record.entry.id
    }

    pub(crate) fn author(&self) -> MemberId {
        self.record.entry.author
    }

    /// The member whom the act concerns.
    pub(crate) fn subject(&self) -> MemberId {
        self.record.entry.subject()
    }

    pub(crate) fn position(&self) -> Position {
        self.record.position
    }

    /// The first position after this record.
    pub(crate) fn next_position(&self) -> Position {
        Position::new(self.record.position.get() + 1)
    }

    /// The server's time at this record.
    pub(crate) fn now(&self) -> Millis {
        self.record.recorded
    }

    /// The rules in force at this record.
    pub(crate) fn rules(&self) -> &'s Rules {
        self.rules
    }

    /// The row of an id as this record sees it.
    pub(crate) fn find<T: Table>(&self, id: &T::Id) -> Result<Option<T>, Halt> {
        let key = T::key(id);
        let written = self.writes.iter().find(|(written, _)| *written == key);
        let row = match written {
            Some((_, row)) => row.as_ref(),
            None => self.state.row(&key)?,
        };
        Ok(row.and_then(T::from_row).cloned())
    }

    /// Writes the row of an id.
    pub(crate) fn put<T: Table>(&mut self, id: &T::Id, row: T) {
        self.write(T::key(id), Some(row.into_row()));
    }

    /// Removes the row of an id.
    pub(crate) fn remove<T: Table>(&mut self, id: &T::Id) {
        self.write(T::key(id), None);
    }

    fn write(&mut self, key: Key, row: Option<Row>) {
        match self.writes.iter_mut().find(|(written, _)| *written == key) {
            Some((_, written)) => *written = row,
            None => self.writes.push((key, row)),
        }
    }

    /// A unit that an act names.
    pub(crate) fn unit(&self, id: &UnitId) -> Result<Unit, Halt> {
        Ok(self.find(id)?.ok_or(Rejection::UnitUnknown)?)
    }

    /// A member whom an act names.
    pub(crate) fn member(&self, id: &MemberId) -> Result<Member, Halt> {
        Ok(self.find(id)?.ok_or(Rejection::MemberUnknown)?)
    }

    /// Whether a member has a role in a unit or in one above it.
    pub(crate) fn has_role(
        &self,
        member: MemberId,
        role: Role,
        unit: UnitId,
    ) -> Result<bool, Halt> {
        let mut next = Some(unit);
        while let Some(unit) = next {
            if self.find::<Appointment>(&(member, unit, role))?.is_some() {
                return Ok(true);
            }
            next = self.unit(&unit)?.parent;
        }
        Ok(false)
    }

    /// Refuses an author who has none of these roles in a unit; the first is
    /// named.
    pub(crate) fn require_role(&self, roles: &[Role], unit: UnitId) -> Result<(), Halt> {
        for role in roles {
            if self.has_role(self.author(), *role, unit)? {
                return Ok(());
            }
        }
        Err(Rejection::RoleMissing { role: roles[0] }.into())
    }

    /// Refuses a member who may not be served: too young, without a need.
    pub(crate) fn require_eligible(&self, recipient: &Member) -> Result<(), Rejection> {
        let years_min = self.rules.recipient_age_years_min;
        let old_enough = recipient.birth_month.age_years(self.now()) >= years_min;
        if old_enough || recipient.need != NeedCategory::None {
            Ok(())
        } else {
            Err(Rejection::RecipientAge { years_min })
        }
    }

    /// How much a member's account may still take in.
    pub(crate) fn room(&self, member: MemberId) -> Result<i64, Halt> {
        let account = self
            .find::<Account>(&AccountId::Member(member))?
            .unwrap_or_default();
        Ok(self.rules.room(account.total()))
    }

    /// Refuses what would lift a member above the cap.
    pub(crate) fn require_room(&self, member: MemberId, minutes: Minutes) -> Result<(), Halt> {
        if minutes.amount() <= self.room(member)? {
            return Ok(());
        }
        let minutes_max = self.rules.balance_minutes_max;
        Err(Rejection::BalanceCap { minutes_max }.into())
    }

    /// Moves an amount above zero from one purse to another.
    pub(crate) fn transfer(&mut self, from: Purse, to: Purse, amount: i64) -> Result<(), Halt> {
        self.post(from, -amount)?;
        self.post(to, amount)
    }

    /// Adds one line. The caller sees to it that the lines sum to zero.
    pub(crate) fn post(&mut self, purse: Purse, amount: i64) -> Result<(), Halt> {
        let Purse(account, bucket) = purse;
        let mut row = self.find::<Account>(&account)?.unwrap_or_default();
        let before = *row.bucket(bucket);
        let balance = before
            .checked_add(amount)
            .ok_or(Rejection::BalanceOverflow)?;
        if amount < 0 {
            self.check_floor(account, before, balance)?;
        }
        let line = u16::try_from(self.postings.len()).expect("an entry has a handful of postings");
        let at = PostingRef {
            position: self.position(),
            line,
        };
        let previous = row.last.replace(at);
        *row.bucket(bucket) = balance;
        self.put(&account, row);
        self.postings.push(Posting {
            at,
            account,
            bucket,
            amount,
            balance,
            previous,
        });
        Ok(())
    }

    fn check_floor(&self, account: AccountId, before: i64, balance: i64) -> Result<(), Rejection> {
        let minutes_max = self.rules.issued_minutes_max;
        match account {
            AccountId::Issued(_) if balance < -minutes_max => {
                Err(Rejection::IssueBudget { minutes_max })
            }
            _ if account.is_source() || balance >= 0 => Ok(()),
            _ => Err(Rejection::InsufficientBalance { available: before }),
        }
    }

    /// Remembers what this record has posted, so that it can be reversed once.
    pub(crate) fn remember_movement(&mut self, id: EntryId, unit: UnitId, signers: Vec<MemberId>) {
        let mut changes = BTreeMap::<AccountId, i64>::new();
        for posting in &self.postings {
            *changes.entry(posting.account).or_default() += posting.amount;
        }
        let changes = changes
            .into_iter()
            .filter(|(_, amount)| *amount != 0)
            .collect();
        self.put(
            &id,
            Movement {
                unit,
                changes,
                signers,
                reversal: Reversal::None,
            },
        );
    }

    fn check_behalf(&self, behalf: &OnBehalf) -> Result<(), Halt> {
        if behalf.member == self.author() {
            return Err(Rejection::AttestationMismatch.into());
        }
        if !self.entry().act.is_done_on_behalf() {
            return Err(Rejection::NotOnBehalf.into());
        }
        let member = self
            .find::<Member>(&behalf.member)?
            .ok_or(Rejection::SubjectUnknown)?;
        for role in self.entry().act.done_on_behalf_by() {
            if self.has_role(self.author(), *role, member.unit)? {
                return Ok(());
            }
        }
        Err(Rejection::NotStaffOfMember.into())
    }

    /// Hands the overlay on, after asserting what must hold whatever the acts
    /// did: postings sum to zero in each measure, and no balance is below zero
    /// that may not be.
    fn finish(self, signer: PublicKey) -> Effects {
        let mut sums = BTreeMap::new();
        for posting in &self.postings {
            *sums.entry(posting.account.measure()).or_insert(0_i128) += i128::from(posting.amount);
        }
        assert!(
            sums.values().all(|sum| *sum == 0),
            "postings must sum to zero"
        );
        for (key, row) in &self.writes {
            if let (Key::Account(id), Some(Row::Account(account))) = (key, row) {
                let sound = account.held >= 0 && (account.available >= 0 || id.is_source());
                assert!(sound, "{id} must not be below zero");
            }
        }
        Effects {
            signer,
            writes: self.writes,
            postings: self.postings,
        }
    }
}

/// The checks that every entry passes whatever it does. Returns the rules in
/// force and the key that must have signed.
fn check_envelope<'s>(
    state: &'s State,
    record: &'s Record,
) -> Result<(&'s Rules, PublicKey), Halt> {
    match (state.find::<Scheme>(&())?, &record.entry.act) {
        (None, Act::OpenLedger(genesis)) if record.position == Position::ZERO => {
            check_arrival(state, &genesis.rules, record)?;
            Ok((&genesis.rules, genesis.signer(record.key_id)?))
        }
        (None, _) => Err(Rejection::LedgerNotOpen.into()),
        (Some(scheme), _) if record.entry.ledger != scheme.ledger => {
            Err(Rejection::WrongLedger.into())
        }
        (Some(_), Act::OpenLedger(_)) => Err(Rejection::LedgerAlreadyOpen.into()),
        (Some(scheme), _) => {
            let rules = state
                .find::<Rules>(&scheme.rules)?
                .expect("the rules in force exist");
            check_arrival(state, rules, record)?;
            Ok((rules, registered_signer(state, record)?))
        }
    }
}

/// Refuses an entry whose signer's clock or log is ahead, or that is old. A
/// log that was given up may be ahead: what was lost can be sent again.
fn check_arrival(state: &State, rules: &Rules, record: &Record) -> Result<(), Halt> {
    rules.check_clock(record.entry.id.signed(), record.recorded)?;
    if let Some(seen) = record.entry.seen
        && seen.size.contains(record.position)
    {
        let given_up = state.find::<Adoptions>(&())?;
        if given_up.is_none_or(|all| all.covering(seen.size, Some(seen.root)).is_none()) {
            return Err(Rejection::SeenAhead.into());
        }
    }
    Ok(())
}

/// The author's registered key that the entry names.
fn registered_signer(state: &State, record: &Record) -> Result<PublicKey, Halt> {
    let key = state
        .find::<MemberKey>(&record.key_id)?
        .ok_or(Rejection::KeyUnknown)?;
    if key.member != record.entry.author {
        return Err(Rejection::KeyOfAnother.into());
    }
    if !key.is_valid_at(record.position) {
        return Err(Rejection::KeyNotValid.into());
    }
    Ok(key.public_key)
}

/// One half of an account.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Purse(AccountId, Bucket);

impl Purse {
    /// What is free to use on an account.
    pub(crate) const fn available(account: AccountId) -> Self {
        Self(account, Bucket::Available)
    }

    /// What a member is free to use.
    pub(crate) const fn of(member: MemberId) -> Self {
        Self::available(AccountId::Member(member))
    }

    /// What is reserved for a member's booked services.
    pub(crate) const fn held(member: MemberId) -> Self {
        Self(AccountId::Member(member), Bucket::Held)
    }
}
