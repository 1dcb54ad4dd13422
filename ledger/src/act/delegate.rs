//! Naming a proxy.

use super::Deed;
use crate::id::MemberId;
use crate::rejection::Rejection;
use crate::role::Role;
use crate::state::Halt;
use crate::tie::{Delegation, Scope};
use crate::time::Millis;
use crate::transaction::Transaction;

/// Names a proxy for some things until some day; a second time, in place of the
/// first. By the member, or by staff on their behalf, who do not name
/// themselves or their kin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delegate {
    /// Who is to act for the member.
    pub proxy: MemberId,
    /// For what; in order, none twice.
    pub scopes: Vec<Scope>,
    /// Until when.
    pub until: Millis,
}

impl Deed for Delegate {
    const ON_BEHALF: &'static [Role] = &[Role::Staff];

    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let (member, proxy) = (tx.subject(), self.proxy);
        tx.present_member(&proxy)?;
        if member != tx.author() {
            tx.require_uninvolved(&[proxy])?;
        }
        if proxy == member {
            return Err(Rejection::SelfTransfer.into());
        }
        tx.require_period(self.until, tx.rules().delegation_days_max)?;
        tx.put(
            &(member, proxy),
            Delegation {
                scopes: self.scopes.clone(),
                until: self.until,
            },
        );
        Ok(())
    }
}
