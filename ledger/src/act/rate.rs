//! How it was.

use super::Deed;
use crate::id::{Commitment, EntryId};
use crate::rejection::Rejection;
use crate::role::Role;
use crate::service::{Service, Stage};
use crate::state::Halt;
use crate::tie::Scope;
use crate::transaction::Transaction;

/// Says how a visit was, once for each side. By the recipient, a proxy or the
/// volunteer, or by staff on behalf of either. It never becomes hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// The service.
    pub service: EntryId,
    /// From 1, bad, to 5, very good.
    pub stars: u8,
    /// Commitment to a remark.
    pub remark: Option<Commitment>,
}

impl Deed for Rate {
    const ON_BEHALF: &'static [Role] = &[Role::Staff];
    const SCOPE: Option<Scope> = Some(Scope::Confirm);

    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let mut service: Service = tx.find(&self.service)?.ok_or(Rejection::ServiceUnknown)?;
        let (by, volunteer) = (tx.subject(), service.stage.volunteer());
        let recipient = service.recipient;
        if recipient != by && volunteer != Some(by) {
            return Err(Rejection::NotAParty.into());
        }
        if !matches!(service.stage, Stage::Settled(_)) {
            return Err(service.stage.refused().into());
        }
        let rated = if recipient == by {
            &mut service.rated_by_recipient
        } else {
            &mut service.rated_by_volunteer
        };
        if *rated {
            return Err(Rejection::AlreadyRated.into());
        }
        *rated = true;
        tx.put(&self.service, service);
        Ok(())
    }
}
