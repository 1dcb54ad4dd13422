//! What postings do to the lots of members.

use std::collections::{BTreeMap, VecDeque};

use super::Transaction;
use crate::account::{Account, AccountId};
use crate::id::{EntryId, MemberId, UnitId};
use crate::lot::{Expiry, Lot, LotSource, Lots};
use crate::proposal::{Gift, Movement, Reversal};
use crate::state::{Halt, Key};

/// Where the hours come from that a record brings to members.
#[derive(Debug, Clone)]
pub(crate) enum Origin {
    /// They come into being now.
    New(LotSource),
    /// They are those that other members lose in the same record, and last as
    /// long.
    Passed,
    /// They are these, put back.
    Restored(Vec<(MemberId, Vec<Lot>)>),
}

impl Transaction<'_> {
    /// Says where the hours come from that this record brings to members.
    pub(crate) fn set_origin(&mut self, origin: Origin) {
        self.origin = origin;
    }

    /// Carries the postings that are new over into lots: first what members
    /// lose, in spending order, then what they gain. What was taken, by member.
    pub(crate) fn carry_over(&mut self) -> Result<Vec<(MemberId, Vec<Lot>)>, Halt> {
        let mut changes = BTreeMap::<MemberId, i64>::new();
        for posting in &self.postings[self.carried..] {
            if let AccountId::Member(member) = posting.account {
                *changes.entry(member).or_default() += posting.amount;
            }
        }
        self.carried = self.postings.len();
        let mut taken = Vec::new();
        for (member, change) in changes.iter().filter(|(_, change)| **change < 0) {
            let mut lots: Lots = self.find(member)?.unwrap_or_default();
            taken.push((*member, lots.take(-change)));
            self.put_lots(*member, lots)?;
        }
        let passed = taken.iter().flat_map(|(_, lots)| lots.iter().copied());
        let mut passed: VecDeque<Lot> = passed.collect();
        for (member, change) in changes.iter().filter(|(_, change)| **change > 0) {
            let mut lots: Lots = self.find(member)?.unwrap_or_default();
            for lot in self.gained(*member, *change, &mut passed) {
                lots.add(lot);
            }
            self.put_lots(*member, lots)?;
        }
        Ok(taken)
    }

    /// The lots of so many minutes that a member gains.
    fn gained(&self, member: MemberId, minutes: i64, passed: &mut VecDeque<Lot>) -> Vec<Lot> {
        let mut source = LotSource::Given;
        let mut known: Vec<Lot> = match &self.origin {
            Origin::New(new) => {
                source = *new;
                Vec::new()
            }
            Origin::Passed => take_front(passed, minutes),
            Origin::Restored(all) => {
                let lots = all.iter().filter(|(whose, _)| *whose == member);
                let lots = lots.flat_map(|(_, lots)| lots.iter().copied());
                take_front(&mut lots.collect(), minutes)
            }
        };
        if matches!(self.origin, Origin::Passed) {
            for lot in &mut known {
                lot.source = LotSource::Given;
            }
        }
        let rest = minutes - known.iter().map(|lot| lot.minutes).sum::<i64>();
        if rest > 0 {
            known.push(self.new_lot(source, rest));
        }
        known
    }

    fn new_lot(&self, source: LotSource, minutes: i64) -> Lot {
        let rules = self.rules();
        let months = match source {
            LotSource::Granted => rules.grant_expire_months,
            LotSource::Earned | LotSource::Imported => rules.hours_expire_months,
            LotSource::Given => 0,
        };
        let month = self.now().month();
        Lot {
            expires: match months {
                0 => Expiry::Never,
                months => month
                    .plus_months(months + 1)
                    .map_or(Expiry::Never, Expiry::On),
            },
            year: month.year(),
            source,
            rules: rules.version,
            minutes,
        }
    }

    /// Writes the lots of a member, which are what the member has.
    fn put_lots(&mut self, member: MemberId, lots: Lots) -> Result<(), Halt> {
        let account: Option<Account> = self.find(&AccountId::Member(member))?;
        let total = account.map_or(0, |account| account.total());
        if lots.total() != total {
            return Err(Halt::Torn(Key::Lots(member)));
        }
        if lots.total() == 0 {
            self.remove::<Lots>(&member);
        } else {
            self.put(&member, lots);
        }
        Ok(())
    }

    /// Remembers what this record has posted, so that it can be reversed once.
    pub(crate) fn remember_movement(
        &mut self,
        id: EntryId,
        unit: UnitId,
        signers: Vec<MemberId>,
    ) -> Result<(), Halt> {
        self.remember(id, (unit, None), signers, None)
    }

    /// The same for the payment of a visit.
    pub(crate) fn remember_payment(
        &mut self,
        service: EntryId,
        unit: UnitId,
        signers: Vec<MemberId>,
    ) -> Result<(), Halt> {
        self.remember(self.id(), (unit, Some(service)), signers, None)
    }

    /// The same for what the giver may take back.
    pub(crate) fn remember_gift(
        &mut self,
        unit: UnitId,
        signers: Vec<MemberId>,
        giver: MemberId,
    ) -> Result<(), Halt> {
        let until = self.now().plus_hours(self.rules().take_back_hours);
        self.remember(
            self.id(),
            (unit, None),
            signers,
            Some(Gift { giver, until }),
        )
    }

    fn remember(
        &mut self,
        id: EntryId,
        (unit, service): (UnitId, Option<EntryId>),
        signers: Vec<MemberId>,
        gift: Option<Gift>,
    ) -> Result<(), Halt> {
        let mut changes = BTreeMap::<AccountId, i64>::new();
        for posting in &self.postings {
            *changes.entry(posting.account).or_default() += posting.amount;
        }
        let changes = changes
            .into_iter()
            .filter(|(_, amount)| *amount != 0)
            .collect();
        let movement = Movement {
            unit,
            changes,
            signers,
            reversal: Reversal::None,
            gift,
            taken: self.carry_over()?,
            service,
        };
        self.put(&id, movement);
        Ok(())
    }

    /// Moves back what a movement has moved, into the lots that it was taken
    /// from.
    pub(crate) fn move_back(&mut self, movement: &Movement) -> Result<(), Halt> {
        self.set_origin(Origin::Restored(movement.taken.clone()));
        for (account, amount) in &movement.changes {
            self.post(super::Purse::available(*account), -amount)?;
        }
        Ok(())
    }
}

/// Takes so many minutes from the front; less if there are fewer.
fn take_front(lots: &mut VecDeque<Lot>, minutes: i64) -> Vec<Lot> {
    let (mut left, mut taken) = (minutes, Vec::new());
    while left > 0
        && let Some(lot) = lots.pop_front()
    {
        let part = left.min(lot.minutes);
        taken.push(Lot {
            minutes: part,
            ..lot
        });
        left -= part;
        if lot.minutes > part {
            lots.push_front(Lot {
                minutes: lot.minutes - part,
                ..lot
            });
        }
    }
    taken
}
