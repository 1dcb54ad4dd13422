//! Recoveries of keys in a history.

use ledger::MemberId;
use ledger::act::{Act, Approve, Expire, ObjectRecovery, RecoverKey};

use super::History;
use crate::street::{KEYS, PEOPLE};

impl History {
    /// A recovery, or what comes next in one.
    pub(super) fn recovery(&mut self) -> (MemberId, Act) {
        let under_way: Vec<_> = self.model.recoveries.iter().collect();
        let newest = under_way.iter().max_by_key(|(_, it)| it.id);
        let Some((member, recovery)) = newest.map(|(member, it)| (**member, **it)) else {
            return self.new_recovery();
        };
        let (id, target) = (recovery.id, recovery.id);
        let is_approved = recovery.due.is_some();
        match self.random.below(10) {
            0 => self.recovery_of(member),
            1 => (self.member(), self.objection().into()),
            2 | 3 => (member, ObjectRecovery { recovery: id }.into()),
            4..8 if is_approved => (self.member(), Expire { target }.into()),
            _ => {
                let author = *self.random.one(&PEOPLE[..5]);
                (author, Approve { proposal: id }.into())
            }
        }
    }

    fn new_recovery(&mut self) -> (MemberId, Act) {
        let contested = self.model.contested.keys().min().copied();
        let member = match (self.random.below(4), contested) {
            (0, _) => self.member(),
            (_, Some(member)) => member,
            (_, None) => *self.random.one(&PEOPLE[6..10]),
        };
        self.recovery_of(member)
    }

    fn recovery_of(&mut self, member: MemberId) -> (MemberId, Act) {
        let keys = KEYS.get(&member).unwrap_or(&KEYS[&PEOPLE[6]]);
        let act = RecoverKey {
            member,
            key: Box::new(self.random.one(keys).clone()),
            identity: None,
        };
        let author = match self.random.below(5) {
            0 => self.member(),
            _ => *self.random.one(&[PEOPLE[0], PEOPLE[3], PEOPLE[4]]),
        };
        (author, act.into())
    }

    /// An objection to any recovery, or to another proposal.
    fn objection(&mut self) -> ObjectRecovery {
        let recovery = match self.random.below(3) {
            0 => self.id_of(|history| &history.proposals),
            _ => self.id_of(|history| &history.recoveries),
        };
        ObjectRecovery { recovery }
    }
}
