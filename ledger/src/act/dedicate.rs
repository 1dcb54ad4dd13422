//! Serving without earning.

use serde::{Deserialize, Serialize};

use super::Deed;
use crate::member::Member;
use crate::role::Role;
use crate::state::Halt;
use crate::transaction::Transaction;

/// From now on the hours of the member's visits go to the pool of the unit that
/// serves, or to the member again. By the member, or by staff on their behalf. So
/// serve people who want to earn nothing, and groups and companies, which have
/// nobody to redeem for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dedicate {
    /// Whether they go to the pool.
    pub dedicated: bool,
}

impl Deed for Dedicate {
    const ON_BEHALF: &'static [Role] = &[Role::Staff];

    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let (id, dedicated) = (tx.subject(), self.dedicated);
        let member = tx.member(&id)?;
        tx.put(
            &id,
            Member {
                dedicated,
                ..member
            },
        );
        Ok(())
    }
}
