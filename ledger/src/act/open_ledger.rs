//! The genesis: names the ledger, sets the first rules and the first operator.

use super::enrol_member::add_member;
use super::{Deed, keys};
use crate::entry::NewKey;
use crate::id::UnitId;
use crate::key::{KeyId, PublicKey};
use crate::member::{Member, NeedCategory};
use crate::rejection::Rejection;
use crate::role::{Appointment, Role};
use crate::rules::{Rules, RulesVersion};
use crate::scheme::Scheme;
use crate::state::Halt;
use crate::time::YearMonth;
use crate::transaction::Transaction;
use crate::unit::{Unit, UnitKind};

/// Opens the ledger. The first record, and only the first; signed by the key
/// that it registers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenLedger {
    /// The scheme's own unit.
    pub unit: UnitId,
    /// The scheme as people call it.
    pub scheme_name: String,
    /// What one hour is called.
    pub hour_name: String,
    /// The first rules; boxed, for they would make room for themselves in every act.
    pub rules: Box<Rules>,
    /// The key of the author.
    pub key: NewKey,
    /// The author's month of birth.
    pub birth_month: YearMonth,
}

impl Deed for OpenLedger {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let (unit, author, since) = (self.unit, tx.author(), tx.position());
        tx.put(
            &(),
            Scheme {
                ledger: tx.entry().ledger.clone(),
                unit,
                scheme_name: self.scheme_name.clone(),
                hour_name: self.hour_name.clone(),
                rules: self.rules.version,
                upcoming: None,
                operators: 1,
                regulators: 0,
            },
        );
        tx.put(&self.rules.version, Rules::clone(&self.rules));
        let display_name = self.scheme_name.clone();
        tx.put(&unit, Unit::new(UnitKind::Scheme, None, display_name));
        let member = Member {
            duties: 1,
            ..Member::new(unit, self.birth_month, NeedCategory::None)
        };
        add_member(tx, author, member)?;
        keys::add(tx, author, &self.key, since)?;
        tx.put(&(author, unit, Role::Operator), Appointment { since });
        self.check_rules()
    }
}

impl OpenLedger {
    /// The key that must have signed: the one that the genesis registers.
    pub(crate) fn signer(&self, key_id: KeyId) -> Result<PublicKey, Rejection> {
        if self.key.public_key.id() == key_id {
            Ok(self.key.public_key)
        } else {
            Err(Rejection::KeyUnknown)
        }
    }

    fn check_rules(&self) -> Result<(), Halt> {
        self.rules.check()?;
        if self.rules.version != RulesVersion(1) {
            return Err(Rejection::RulesVersionWrong { expected: 1 }.into());
        }
        Ok(())
    }
}
