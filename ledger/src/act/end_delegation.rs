//! Ending the work of a proxy.

use super::Deed;
use crate::id::MemberId;
use crate::rejection::Rejection;
use crate::role::Role;
use crate::state::Halt;
use crate::tie::Delegation;
use crate::transaction::Transaction;

/// Ends a delegation before its time. By the member, by staff on their behalf,
/// or by the proxy, who names the member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndDelegation {
    /// The member who is represented.
    pub member: MemberId,
    /// The proxy.
    pub proxy: MemberId,
}

impl Deed for EndDelegation {
    const ON_BEHALF: &'static [Role] = &[Role::Staff];

    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let id = (self.member, self.proxy);
        if tx.find::<Delegation>(&id)?.is_none() {
            return Err(Rejection::DelegationUnknown.into());
        }
        if ![self.member, self.proxy].contains(&tx.subject()) {
            return Err(Rejection::NotAParty.into());
        }
        tx.remove::<Delegation>(&id);
        Ok(())
    }
}
