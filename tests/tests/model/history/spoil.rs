//! What is wrong with some of the records of a history.

use ledger::entry::{Attestation, OnBehalf, Record, Seen};
use ledger::log::{Hash, TreeSize};
use ledger::{EntryId, Millis};

use super::History;
use crate::street::{KEYLESS, KEYS, PEOPLE};

impl History {
    /// Who has no key acts at the counter, and sometimes others do.
    pub(super) fn sign_for_others(&mut self, record: &mut Record) {
        let author = record.entry.author;
        let chance = match author {
            KEYLESS => 90,
            _ if !record.entry.act.done_on_behalf_by().is_empty() => 10,
            _ => 1,
        };
        if self.random.percent(chance) {
            let staff = match self.random.below(10) {
                0 => self.member(),
                1..6 => PEOPLE[3],
                _ => PEOPLE[4],
            };
            let attestation = Attestation::Kiosk;
            record.entry.on_behalf_of = Some(OnBehalf {
                member: author,
                attestation,
            });
            record.entry.author = staff;
            record.key_id = self.key_of(staff);
        }
    }

    /// Makes one thing wrong, or at least different.
    pub(super) fn spoil(&mut self, record: &mut Record) {
        let entry = &mut record.entry;
        match self.random.below(10) {
            0 => "other.example".clone_into(&mut entry.ledger),
            1 => entry.id = EntryId::new(self.now.plus_minutes(11), [1; 10]),
            2 => entry.id = EntryId::new(Millis::new(self.now.get() - 31 * 86_400_000), [1; 10]),
            3 => {
                let (mut size, mut root) = (self.size, Hash::EMPTY_ROOT);
                if let Some(lost) = self.given_up.last()
                    && self.random.percent(50)
                {
                    (size, root) = (lost.size.get() - 1, lost.root);
                }
                let size = TreeSize::new(size + self.random.below(3));
                entry.seen = Some(Seen { size, root });
            }
            4 | 5 => {
                let owner = self.random.one(&PEOPLE);
                record.key_id = self.random.one(&KEYS[owner]).public_key.id();
            }
            6 => {
                let keys = KEYS.get(&entry.author).unwrap_or(&KEYS[&KEYLESS]);
                record.key_id = self.random.one(keys).public_key.id();
            }
            7 => {
                let attestation = Attestation::Attested;
                let member = self.member();
                record.entry.on_behalf_of = Some(OnBehalf {
                    member,
                    attestation,
                });
            }
            _ => entry.author = self.member(),
        }
    }
}
