//! Recovery of keys, a second time.

use ledger::act::{Act, Expire, ObjectRecovery, RecoverKey};
use ledger::entry::{Attestation, Record};
use ledger::role::Role;
use ledger::{EntryId, KeyId, MemberId};

use super::{DAY, Key, Model, Verdict, require};

/// A recovery that is not finished.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Recovery {
    /// The entry that proposed it.
    pub id: EntryId,
    /// The new key.
    pub key: KeyId,
    /// When it may be finished; none before its approval.
    pub due: Option<i64>,
}

impl Model {
    pub(super) fn recover_key(&mut self, record: &Record, act: &RecoverKey) -> Verdict {
        let author = record.entry.author;
        let home = self.person(act.member, "MEMBER_UNKNOWN")?.unit;
        self.check_new_key(record, act.member, &act.key)?;
        self.has_any_role(author, &[Role::Staff, Role::Operator], home)?;
        require(act.member != author, "INVOLVED")?;
        let is_free = !self.recoveries.contains_key(&act.member);
        require(is_free, "RECOVERY_PENDING")?;
        let key = act.key.public_key.id();
        let (member, from, until) = (act.member, 0, 0);
        let nowhere = Key {
            member,
            from,
            until,
        };
        self.keys.insert(key, nowhere);
        let (id, due) = (record.entry.id, None);
        self.recoveries
            .insert(act.member, Recovery { id, key, due });
        let scheme = self.scheme.expect("an open ledger has a scheme");
        let contested = self.contested.get(&act.member);
        let decided_in = contested.map_or(home, |_| scheme);
        let mut involved = vec![author, act.member];
        involved.extend(contested.into_iter().flatten());
        self.propose(record, decided_in, involved);
        Ok(())
    }

    pub(super) fn carry_out_recovery(&mut self, record: &Record, act: &RecoverKey) {
        let days = i64::from(self.rules().recovery_delay_days);
        let recovery = self.recoveries.get_mut(&act.member);
        let recovery = recovery.expect("a recovery under way");
        recovery.due = Some(record.recorded.get() + days * DAY);
    }

    pub(super) fn give_up_recovery(&mut self, act: &RecoverKey) {
        self.recoveries.remove(&act.member);
        self.keys.remove(&act.key.public_key.id());
    }

    pub(super) fn object_recovery(&mut self, record: &Record, act: &ObjectRecovery) -> Verdict {
        let entry = &record.entry;
        let proposal = self
            .proposals
            .get(&act.recovery)
            .ok_or("RECOVERY_UNKNOWN")?;
        let Act::RecoverKey(recover) = proposal.act.clone() else {
            return Err("RECOVERY_UNKNOWN");
        };
        let subject = entry.on_behalf_of.map_or(entry.author, |it| it.member);
        require(subject == recover.member, "NOT_OWN_RECOVERY")?;
        let has_decided = proposal.approver == Some(entry.author);
        let is_involved = proposal.proposer == entry.author || has_decided;
        require(!is_involved, "INVOLVED")?;
        let under_way = self.recoveries.get(&subject);
        let is_under_way = under_way.is_some_and(|it| it.id == act.recovery);
        require(is_under_way, "PROPOSAL_CLOSED")?;
        let attestation = entry.on_behalf_of.map(|it| it.attestation);
        if attestation != Some(Attestation::Kiosk) {
            require(!self.contested.contains_key(&subject), "OBJECTION_USED")?;
            let signers = proposal.approver.into_iter().chain([proposal.proposer]);
            self.contested.insert(subject, signers.collect());
        }
        self.end(act.recovery, "OBJECTED");
        Ok(())
    }

    /// Finishes the recovery that an entry names; nothing if it names none.
    pub(super) fn finish_recovery(&mut self, record: &Record, act: &Expire) -> Option<Verdict> {
        let mut all = self.recoveries.iter();
        let (member, recovery) = all.find(|(_, it)| it.id == act.target)?;
        let (member, recovery, due) = (*member, *recovery, recovery.due?);
        if record.recorded.get() < due {
            return Some(Err("NOT_DUE"));
        }
        let next = record.position.get() + 1;
        for key in self.keys.values_mut() {
            if key.member == member && key.until == u64::MAX {
                key.until = next;
            }
        }
        let (from, until) = (next, u64::MAX);
        let valid = Key {
            member,
            from,
            until,
        };
        self.keys.insert(recovery.key, valid);
        self.recoveries.remove(&member);
        self.contested.remove(&member);
        Some(Ok(()))
    }

    /// The keys of a member that have not ended.
    pub fn keys_of(&self, member: MemberId) -> impl Iterator<Item = KeyId> {
        let valid = self.keys.iter();
        let valid = valid.filter(move |(_, key)| key.member == member && key.until == u64::MAX);
        valid.map(|(id, _)| *id)
    }

    /// Refuses what would leave the scheme without an operator who has a key.
    pub(super) fn require_operator_but(&self, member: MemberId) -> Verdict {
        let scheme = self.scheme.expect("an open ledger has a scheme");
        let mut operators = self
            .roles
            .iter()
            .filter(|role| role.1 == scheme && role.2 == Role::Operator && role.0 != member);
        let is_another = operators.any(|role| self.keys_of(role.0).next().is_some());
        let counts = self.roles.contains(&(member, scheme, Role::Operator))
            && self.keys_of(member).next().is_some();
        require(is_another || !counts, "LAST_OPERATOR")
    }
}
