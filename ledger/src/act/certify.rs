//! What a volunteer has been trained or examined for.

use super::Deed;
use crate::certificate::{Certificate, CertificateName};
use crate::id::{Commitment, MemberId};
use crate::role::Role;
use crate::service::ItemCode;
use crate::state::Halt;
use crate::time::Millis;
use crate::transaction::Transaction;

/// Certifies a member for something until some day; a second time, in place of
/// the first, so that a day that is past takes it back. By staff or an operator
/// of the member's home unit who is not kin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certify {
    /// Who.
    pub member: MemberId,
    /// For what: the code of a certificate.
    pub certificate: ItemCode,
    /// Until when.
    pub until: Millis,
    /// Commitment to the papers that were seen.
    pub papers: Option<Commitment>,
}

impl Deed for Certify {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let member = tx.present_member(&self.member)?;
        tx.require_role(&[Role::Staff, Role::Operator], member.unit)?;
        tx.require_uninvolved(&[self.member])?;
        let name = CertificateName::of(&self.certificate);
        tx.put(&(self.member, name), Certificate { until: self.until });
        Ok(())
    }
}
