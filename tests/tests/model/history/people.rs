//! Units, members, keys and roles in a history.

use ledger::act::{Act, AddKey, AdoptState, Appoint, Dismiss, OpenUnit, RevokeKey};
use ledger::log::{TreeSize, leaf_hash};
use ledger::role::Role;
use ledger::unit::UnitKind;
use ledger::{Abandoned, MemberId, Rules, UnitId};

use super::{History, NOWHERE};
use crate::street::{KEYLESS, KEYS, MEMBERS, PEOPLE, UNITS, enrolment, genesis};

impl History {
    /// Units, members, keys and roles.
    pub(super) fn people(&mut self) -> (MemberId, Act) {
        let (member, unit) = (self.member(), self.unit());
        let role = *self.random.one(&Role::ALL);
        let operator = *self.random.one(&[PEOPLE[0], PEOPLE[0], PEOPLE[1], member]);
        match self.random.below(10) {
            0 if self.random.percent(20) => (operator, self.adoption().into()),
            0 => (operator, self.new_unit().into()),
            1 | 2 => (operator, self.newcomer(unit)),
            3 => {
                let owner = if self.random.percent(80) {
                    member
                } else {
                    self.member()
                };
                let keys = KEYS.get(&owner).unwrap_or(&KEYS[&KEYLESS]);
                (
                    member,
                    AddKey {
                        key: self.random.one(keys).clone(),
                    }
                    .into(),
                )
            }
            4 => {
                let keys = KEYS.get(&member).unwrap_or(&KEYS[&PEOPLE[6]]);
                let key_id = self.random.one(keys).public_key.id();
                (self.member(), RevokeKey { key_id }.into())
            }
            5..8 => (
                operator,
                Appoint {
                    member,
                    unit: *self.random.one(&UNITS),
                    role,
                }
                .into(),
            ),
            8 if self.random.percent(10) => (operator, genesis(Rules::default()).into()),
            8 => {
                let (member, unit, role) = (PEOPLE[0], UNITS[0], Role::Operator);
                (operator, Dismiss { member, unit, role }.into())
            }
            _ => (
                operator,
                Dismiss {
                    member,
                    unit: *self.random.one(&UNITS),
                    role,
                }
                .into(),
            ),
        }
    }

    fn new_unit(&mut self) -> OpenUnit {
        let kinds = [
            UnitKind::Scheme,
            UnitKind::District,
            UnitKind::Station,
            UnitKind::Station,
        ];
        OpenUnit {
            unit: *self.random.one(&[UNITS[5], UNITS[5], UNITS[1]]),
            parent: *self.random.one(&[UNITS[0], UNITS[1], UNITS[3], NOWHERE]),
            display_name: "Lane 12".to_owned(),
            kind: *self.random.one(&kinds),
        }
    }

    /// An operator goes on from here, and gives up a tree that is larger, more
    /// or less.
    fn adoption(&mut self) -> AdoptState {
        let size = TreeSize::new(self.size + self.random.below(4));
        let root = leaf_hash(&size.get().to_be_bytes());
        AdoptState {
            abandoned: Abandoned { size, root },
            reason: None,
        }
    }

    fn newcomer(&mut self, unit: UnitId) -> Act {
        let mut member = *self.random.one(&PEOPLE[MEMBERS - 2..]);
        let mut act = enrolment(member, unit);
        match self.random.below(8) {
            0 => act.key = Some(self.random.one(&KEYS[&member]).clone()),
            1 => {
                let mut twin = *member.as_bytes();
                twin[15] ^= 1;
                member = MemberId::from_bytes(twin);
            }
            2..5 => act.key = None,
            _ => {}
        }
        act.member = member;
        act.into()
    }
}
