//! One record at work: what it may read, what it has written so far.
//!
//! Writes go to an overlay. Only a record that passes everything hands the
//! overlay on as [`Effects`]; any other is dropped whole.

mod clearing;
mod envelope;
mod lots;
mod people;
mod visits;

use std::collections::BTreeMap;

use crate::account::{Account, AccountId, Bucket, Posting, PostingRef};
use crate::amount::Minutes;
use crate::budget::{Budget, BudgetLine};
use crate::effects::Effects;
use crate::entry::{Entry, Record};
use crate::id::{EntryId, MemberId, UnitId};
use crate::key::PublicKey;
use crate::log::Position;
use crate::lot::LotSource;
use crate::member::Member;
use crate::rejection::Rejection;
use crate::rules::Rules;
use crate::state::{Halt, Key, Row, State, Table};
use crate::time::Millis;
use crate::unit::Unit;

pub(crate) use lots::Origin;

/// A record being judged against a state.
pub(crate) struct Transaction<'s> {
    state: &'s State,
    record: &'s Record,
    rules: &'s Rules,
    writes: Vec<(Key, Option<Row>)>,
    postings: Vec<Posting>,
    /// How many postings have been carried over into lots.
    carried: usize,
    origin: Origin,
}

impl<'s> Transaction<'s> {
    /// Judges a record: the checks that every entry passes, in their order, and
    /// then those of its act.
    pub(crate) fn run(state: &'s State, record: &'s Record) -> Result<Effects, Halt> {
        Self::run_under(state, record, None)
    }

    /// The same as if other rules were in force.
    pub(crate) fn run_under(
        state: &'s State,
        record: &'s Record,
        rules: Option<&'s Rules>,
    ) -> Result<Effects, Halt> {
        let (in_force, signer) = envelope::check(state, record)?;
        let rules = rules.unwrap_or(in_force);
        let mut tx = Self {
            state,
            record,
            rules,
            writes: Vec::new(),
            postings: Vec::new(),
            carried: 0,
            origin: Origin::New(LotSource::Given),
        };
        let entry = &record.entry;
        entry
            .on_behalf_of
            .map_or(Ok(()), |behalf| tx.check_behalf(&behalf))?;
        entry.act.apply(&mut tx)?;
        tx.carry_over()?;
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
        Ok(self.look(id)?.cloned())
    }

    /// The same, to be read only.
    pub(crate) fn look<T: Table>(&self, id: &T::Id) -> Result<Option<&T>, Halt> {
        let key = T::key(id);
        let written = self.writes.iter().find(|(written, _)| *written == key);
        let row = match written {
            Some((_, row)) => row.as_ref(),
            None => self.state.row(&key)?,
        };
        Ok(row.and_then(T::from_row))
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
    pub(crate) fn unit(&self, id: &UnitId) -> Result<&Unit, Halt> {
        Ok(self.look(id)?.ok_or(Rejection::UnitUnknown)?)
    }

    /// A member whom an act names.
    pub(crate) fn member(&self, id: &MemberId) -> Result<Member, Halt> {
        Ok(self.find(id)?.ok_or(Rejection::MemberUnknown)?)
    }

    /// How much a member's account may still take in; that of whoever receives
    /// what is meant for the member.
    pub(crate) fn room(&self, member: MemberId) -> Result<i64, Halt> {
        let account = match self.receiver(member)? {
            member @ AccountId::Member(_) => self.find::<Account>(&member)?,
            _ => None,
        };
        Ok(self.rules.room(account.unwrap_or_default().total()))
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

    /// Adds one line. The caller sees to it that the lines sum to zero. What is
    /// meant for a member who is gone goes to whoever receives it instead.
    pub(crate) fn post(&mut self, purse: Purse, amount: i64) -> Result<(), Halt> {
        let Purse(account, bucket) = match purse {
            Purse(AccountId::Member(member), bucket) if amount > 0 => {
                Purse(self.receiver(member)?, bucket)
            }
            purse => purse,
        };
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

    fn check_floor(&self, account: AccountId, before: i64, balance: i64) -> Result<(), Halt> {
        if let AccountId::Issued(unit) = account {
            let budget: Option<Budget> = self.find(&(unit, BudgetLine::Hours))?;
            let limit = budget.map_or(i64::MAX, |budget| budget.limit);
            let minutes_max = self.rules.issued_minutes_max.min(limit);
            return if balance < -minutes_max {
                Err(Rejection::IssueBudget { minutes_max }.into())
            } else {
                Ok(())
            };
        }
        match account {
            _ if account.is_signed() || balance >= 0 => Ok(()),
            _ => Err(Rejection::InsufficientBalance { available: before }.into()),
        }
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
                let sound = account.held >= 0 && (account.available >= 0 || id.is_signed());
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
