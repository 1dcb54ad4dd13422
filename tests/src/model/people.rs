//! The scheme and its people, a second time.

use ledger::act::{
    AddKey, AdoptState, Appoint, Dismiss, EnrolMember, OpenLedger, OpenUnit, RevokeKey,
};
use ledger::entry::{NewKey, Record};
use ledger::member::NeedCategory;
use ledger::role::Role;
use ledger::rules::RulesVersion;
use ledger::unit::UnitKind;
use ledger::{MemberId, Rules, UnitId};

use super::{GivenUp, Key, Model, Person, Verdict, require};

impl Model {
    pub(super) fn open_ledger(&mut self, record: &Record, act: &OpenLedger) -> Verdict {
        let (entry, from) = (&record.entry, record.position.get());
        // There is nobody whom the author of the first entry could act for.
        self.check_new_key(record, entry.author, &act.key)?;
        check_rules(&act.rules)?;
        require(act.rules.version == RulesVersion(1), "RULES_VERSION")?;
        self.ledger = Some(entry.ledger.clone());
        self.scheme = Some(act.unit);
        self.rules = Some(ledger::Rules::clone(&act.rules));
        self.units.insert(act.unit, (0, None));
        let person = Person {
            unit: act.unit,
            birth: act.birth_month,
            need: NeedCategory::None,
        };
        self.members.insert(entry.author, person);
        self.roles.insert((entry.author, act.unit, Role::Operator));
        self.register(entry.author, &act.key, from);
        Ok(())
    }

    pub(super) fn open_unit(&mut self, record: &Record, act: &OpenUnit) -> Verdict {
        self.require_unit(act.parent)?;
        require(!self.units.contains_key(&act.unit), "UNIT_EXISTS")?;
        let level = match act.kind {
            UnitKind::Scheme => 0,
            UnitKind::District => 1,
            UnitKind::Station => 2,
        };
        let (above, _) = self.units[&act.parent];
        require(level == above + 1, "UNIT_LEVEL")?;
        let roles = [Role::Operator, Role::Regulator];
        self.has_any_role(record.entry.author, &roles, act.parent)?;
        self.units.insert(act.unit, (level, Some(act.parent)));
        Ok(())
    }

    pub(super) fn enrol_member(&mut self, record: &Record, act: &EnrolMember) -> Verdict {
        self.require_unit(act.unit)?;
        require(!self.members.contains_key(&act.member), "MEMBER_EXISTS")?;
        let is_taken = self.members.keys().any(|id| code(*id) == code(act.member));
        require(!is_taken, "MEMBER_CODE_TAKEN")?;
        if let Some(key) = &act.key {
            self.check_new_key(record, act.member, key)?;
        }
        let roles = [Role::Staff, Role::Operator];
        self.has_any_role(record.entry.author, &roles, act.unit)?;
        let person = Person {
            unit: act.unit,
            birth: act.birth_month,
            need: act.need,
        };
        self.members.insert(act.member, person);
        if let Some(key) = &act.key {
            self.register(act.member, key, record.position.get() + 1);
        }
        Ok(())
    }

    pub(super) fn add_key(&mut self, record: &Record, act: &AddKey) -> Verdict {
        let author = record.entry.author;
        self.check_new_key(record, author, &act.key)?;
        require(self.keys_of(author).count() < 8, "TOO_MANY_KEYS")?;
        self.register(author, &act.key, record.position.get() + 1);
        Ok(())
    }

    pub(super) fn revoke_key(&mut self, record: &Record, act: &RevokeKey) -> Verdict {
        let author = record.entry.author;
        let mut own = self.keys_of(author);
        require(own.any(|id| id == act.key_id), "NOT_OWN_KEY")?;
        drop(own);
        if self.keys_of(author).count() == 1 {
            self.require_operator_but(author)?;
        }
        let key = self.keys.get_mut(&act.key_id);
        key.expect("it was found before").until = record.position.get() + 1;
        Ok(())
    }

    pub(super) fn appoint(&mut self, record: &Record, act: &Appoint) -> Verdict {
        self.require_unit(act.unit)?;
        self.person(act.member, "MEMBER_UNKNOWN")?;
        let appointment = (act.member, act.unit, act.role);
        require(!self.roles.contains(&appointment), "APPOINTMENT_EXISTS")?;
        self.may_appoint(record.entry.author, act.unit, act.role)?;
        require(act.member != record.entry.author, "OWN_APPOINTMENT")?;
        let mut others = self.roles.iter().filter(|role| role.0 == act.member);
        let is_audit = |role: Role| role == Role::Auditor;
        let fits = others.all(|role| is_audit(role.2) == is_audit(act.role));
        require(fits, "ROLES_INCOMPATIBLE")?;
        self.roles.insert(appointment);
        Ok(())
    }

    /// Regulators are given and taken by regulators, once the scheme has one.
    fn may_appoint(&self, author: MemberId, unit: UnitId, role: Role) -> Verdict {
        let scheme = self.scheme.expect("an open ledger has a scheme");
        let mut roles = self.roles.iter();
        let is_watched = roles.any(|it| (it.1, it.2) == (scheme, Role::Regulator));
        if role == Role::Regulator && is_watched {
            self.has_any_role(author, &[Role::Regulator], unit)
        } else {
            self.has_any_role(author, &[Role::Operator, Role::Regulator], unit)
        }
    }

    pub(super) fn dismiss(&mut self, record: &Record, act: &Dismiss) -> Verdict {
        self.require_unit(act.unit)?;
        self.person(act.member, "MEMBER_UNKNOWN")?;
        let appointment = (act.member, act.unit, act.role);
        require(self.roles.contains(&appointment), "APPOINTMENT_UNKNOWN")?;
        if act.member != record.entry.author {
            self.may_appoint(record.entry.author, act.unit, act.role)?;
        }
        if Some(act.unit) == self.scheme && act.role == Role::Operator {
            self.require_operator_but(act.member)?;
        }
        self.roles.remove(&appointment);
        Ok(())
    }

    pub(super) fn adopt_state(&mut self, record: &Record, act: &AdoptState) -> Verdict {
        let scheme = self.scheme.expect("an open ledger has a scheme");
        self.has_any_role(record.entry.author, &[Role::Operator], scheme)?;
        let (position, size) = (record.position.get(), act.abandoned.size.get());
        require(size > position, "NOTHING_LOST")?;
        self.given_up.push(GivenUp {
            record: position,
            size,
            root: act.abandoned.root,
        });
        Ok(())
    }

    pub(super) fn check_new_key(&self, record: &Record, member: MemberId, key: &NewKey) -> Verdict {
        let id = key.public_key.id();
        require(!self.keys.contains_key(&id), "KEY_EXISTS")?;
        let proof = key.check(&record.entry.ledger, &member);
        require(proof.is_ok(), "POSSESSION_NOT_PROVEN")
    }

    fn register(&mut self, member: MemberId, key: &NewKey, from: u64) {
        let until = u64::MAX;
        let key_id = key.public_key.id();
        self.keys.insert(
            key_id,
            Key {
                member,
                from,
                until,
            },
        );
    }
}

/// The ten digits by which people know a member.
fn code(member: MemberId) -> u128 {
    let number = u128::from_be_bytes(*member.as_bytes()) >> 64;
    number % 10_000_000_000
}

fn check_rules(rules: &Rules) -> Verdict {
    let fits = rules.version.0 >= 1
        && i32::try_from(rules.version.0).is_ok()
        && (1..=60).contains(&rules.quantum_minutes)
        && rules.volunteer_age_years_min <= 120
        && rules.recipient_age_years_min <= 120
        && (1..=1440).contains(&rules.session_minutes_min)
        && (rules.session_minutes_min..=1440).contains(&rules.session_minutes_max)
        && (0..=60_000_000_000).contains(&rules.balance_minutes_max)
        && (0..=60_000_000_000).contains(&rules.issued_minutes_max)
        && (1..=720).contains(&rules.request_open_hours)
        && (1..=365).contains(&rules.late_entry_days_max)
        && (1..=365).contains(&rules.proposal_open_days)
        && (1..=365).contains(&rules.entry_age_days_max)
        && (1..=60).contains(&rules.clock_ahead_minutes_max)
        && (1..=90).contains(&rules.recovery_delay_days);
    require(fits, "RULE_OUT_OF_RANGE")
}
