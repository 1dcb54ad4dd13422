//! Changing the rules, with notice and never backwards.

use serde::{Deserialize, Serialize};

use super::{Deed, NamedProposal, TwoPersonAct, TwoPersonDeed};
use crate::id::Commitment;
use crate::rejection::Rejection;
use crate::role::Role;
use crate::rules::{Rules, RulesVersion};
use crate::scheme::{Scheme, Upcoming};
use crate::state::Halt;
use crate::time::Millis;
use crate::transaction::Transaction;

/// Proposes rules that take effect at a time to come. By an operator of the
/// scheme; approved by a regulator of it. What was recorded before is judged by
/// the rules of its time, for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdoptRules {
    /// The whole of the new rules, with the next version; boxed, for they would
    /// make room for themselves in every proposal.
    pub rules: Box<Rules>,
    /// The first moment at which they are in force.
    pub from: Millis,
    /// Commitment to the reason.
    pub reason: Option<Commitment>,
}

impl Deed for AdoptRules {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        self.rules.check()?;
        let scheme = tx.scheme()?;
        self.check_version(tx, &scheme)?;
        tx.require_role(&[Role::Operator], scheme.unit)?;
        check_pending(tx, &scheme)?;
        self.check_notice(tx)?;
        let act = TwoPersonAct::AdoptRules(self.clone());
        NamedProposal::open(tx, act, scheme.unit, Vec::new());
        Ok(())
    }
}

impl TwoPersonDeed for AdoptRules {
    const APPROVERS: &'static [Role] = &[Role::Regulator];

    fn carry_out(&self, tx: &mut Transaction<'_>, _: &NamedProposal) -> Result<(), Halt> {
        let mut scheme = tx.scheme()?;
        self.check_version(tx, &scheme)?;
        check_pending(tx, &scheme)?;
        self.check_notice(tx)?;
        tx.put(&self.rules.version, Rules::clone(&self.rules));
        scheme.rules = scheme.rules_at(tx.now());
        scheme.upcoming = Some(Upcoming {
            rules: self.rules.version,
            from: self.from,
        });
        tx.put(&(), scheme);
        Ok(())
    }
}

impl AdoptRules {
    fn check_version(&self, tx: &Transaction<'_>, scheme: &Scheme) -> Result<(), Rejection> {
        let newest = scheme.upcoming.map_or(scheme.rules, |it| it.rules);
        let expected = newest.max(tx.rules().version).0 + 1;
        if self.rules.version == RulesVersion(expected) {
            Ok(())
        } else {
            Err(Rejection::RulesVersionWrong { expected })
        }
    }

    fn check_notice(&self, tx: &Transaction<'_>) -> Result<(), Rejection> {
        let days_min = tx.rules().rule_change_notice_days;
        if self.from < tx.now().plus_days(days_min) {
            return Err(Rejection::NoticeTooShort { days_min });
        }
        Ok(())
    }
}

/// Refuses rules on top of others that nobody has lived under yet.
fn check_pending(tx: &Transaction<'_>, scheme: &Scheme) -> Result<(), Rejection> {
    match scheme.upcoming {
        Some(upcoming) if tx.now() < upcoming.from => Err(Rejection::RulesPending {
            from_ms: upcoming.from.get(),
        }),
        _ => Ok(()),
    }
}
