//! Taking back that two members are kin.

use serde::{Deserialize, Serialize};

use super::{Deed, NamedProposal, TwoPersonAct, TwoPersonDeed};
use crate::id::{Commitment, MemberId};
use crate::rejection::Rejection;
use crate::role::Role;
use crate::state::Halt;
use crate::tie::Kin;
use crate::transaction::Transaction;

/// Proposes that two members are not kin. By staff or an operator of the home
/// unit of the first; approved by an operator or regulator: who is kin may not
/// decide, so no single person ends that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnlinkKin {
    /// A member.
    pub member: MemberId,
    /// The other.
    pub kin: MemberId,
    /// Commitment to the reason.
    pub reason: Option<Commitment>,
}

impl Deed for UnlinkKin {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let unit = tx.member(&self.member)?.unit;
        self.check(tx)?;
        tx.require_role(&[Role::Staff, Role::Operator], unit)?;
        if [self.member, self.kin].contains(&tx.author()) {
            return Err(Rejection::Involved.into());
        }
        let act = TwoPersonAct::UnlinkKin(self.clone());
        NamedProposal::open(tx, act, unit, vec![self.member, self.kin]);
        Ok(())
    }
}

impl TwoPersonDeed for UnlinkKin {
    const APPROVERS: &'static [Role] = &[Role::Operator, Role::Regulator];

    fn carry_out(&self, tx: &mut Transaction<'_>, _: &NamedProposal) -> Result<(), Halt> {
        self.check(tx)?;
        tx.remove::<Kin>(&(self.member, self.kin));
        tx.remove::<Kin>(&(self.kin, self.member));
        tx.count_kin(self.member, false)?;
        tx.count_kin(self.kin, false)?;
        Ok(())
    }
}

impl UnlinkKin {
    fn check(&self, tx: &Transaction<'_>) -> Result<(), Halt> {
        match tx.kin(self.member, self.kin)? {
            Some(_) => Ok(()),
            None => Err(Rejection::KinUnknown.into()),
        }
    }
}
