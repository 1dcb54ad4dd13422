//! The way back for a member whose keys are lost or stolen, and the way to a
//! first key for one who never had any.
//!
//! ```text
//! proposed ──approve──▶ waits ──expire, once due──▶ finished
//!    │                    │
//!    └─refuse, expire,    └─object─▶ ended without effect
//!      object─▶ ended
//! ```
//!
//! Until it is finished no key changes. A thief has the member's key and can
//! object like the member, so an objection that was not made in person counts
//! once: the next recovery is decided in the scheme's own unit, and only
//! someone who stands at the counter can object to it. Who proposed or approved
//! the one before does not approve the next: it takes one person more.

use serde::{Deserialize, Serialize};

use super::{Deed, NamedProposal, TwoPersonAct, TwoPersonDeed, keys, operators};
use crate::entry::NewKey;
use crate::id::{Commitment, EntryId, MemberId};
use crate::member::{KeyRing, MemberKey, Recovery};
use crate::rejection::Rejection;
use crate::role::Role;
use crate::scheme::Scheme;
use crate::state::{Due, Halt};
use crate::time::Millis;
use crate::transaction::Transaction;

/// Proposes a new key that is to replace all keys of a member. By staff or an
/// operator of the member's home unit, never for themselves; approved by
/// another, or by a regulator, there or, after an objection, in the scheme's
/// own unit. It waits from then on for as long as the rules say, and is
/// finished by [`Expire`](super::Expire).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoverKey {
    /// Whose keys.
    pub member: MemberId,
    /// The new key; boxed, for it would make room for itself in every state row.
    pub key: Box<NewKey>,
    /// Commitment to the papers that were seen.
    pub identity: Option<Commitment>,
}

impl Deed for RecoverKey {
    fn apply(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let member = tx.member(&self.member)?;
        keys::check_new(tx, self.member, &self.key)?;
        tx.require_role(&[Role::Staff, Role::Operator], member.unit)?;
        if self.member == tx.author() {
            return Err(Rejection::Involved.into());
        }
        let ring = keys::ring(tx, self.member)?;
        if ring.recovery.is_some() {
            return Err(Rejection::RecoveryPending.into());
        }
        let mut parties = vec![self.member];
        parties.extend(&ring.contested);
        let unit = if ring.contested.is_empty() {
            member.unit
        } else {
            tx.find::<Scheme>(&())?.expect("the ledger is open").unit
        };
        // Taken, but valid nowhere until the recovery is finished.
        let nowhere = tx.next_position();
        keys::register(tx, self.member, &self.key, nowhere, Some(nowhere));
        self.wait(tx, ring, tx.id(), None);
        let act = TwoPersonAct::RecoverKey(self.clone());
        NamedProposal::open(tx, act, unit, parties);
        Ok(())
    }
}

impl TwoPersonDeed for RecoverKey {
    const APPROVERS: &'static [Role] = &[Role::Staff, Role::Operator, Role::Regulator];

    fn carry_out(&self, tx: &mut Transaction<'_>, from: &NamedProposal) -> Result<(), Halt> {
        let due = tx.now().plus_days(tx.rules().recovery_delay_days);
        let ring = keys::ring(tx, self.member)?;
        self.wait(tx, ring, from.id, Some(due));
        tx.put(&(due, from.id), Due);
        Ok(())
    }

    fn withdraw(&self, tx: &mut Transaction<'_>) -> Result<(), Halt> {
        let ring = keys::ring(tx, self.member)?;
        let recovery = None;
        tx.put(&self.member, KeyRing { recovery, ..ring });
        tx.remove::<MemberKey>(&self.key.public_key.id());
        Ok(())
    }
}

impl RecoverKey {
    fn wait(&self, tx: &mut Transaction<'_>, ring: KeyRing, id: EntryId, due: Option<Millis>) {
        let key_id = self.key.public_key.id();
        let recovery = Some(Recovery { id, key_id, due });
        tx.put(&self.member, KeyRing { recovery, ..ring });
    }

    /// From when this recovery may be finished, if it is approved and waits.
    pub(super) fn due(&self, tx: &Transaction<'_>, id: EntryId) -> Result<Option<Millis>, Halt> {
        let recovery = keys::ring(tx, self.member)?.recovery;
        Ok(recovery.filter(|it| it.id == id).and_then(|it| it.due))
    }

    /// Ends all keys of the member; the new one is valid from the next record
    /// on.
    pub(super) fn finish(
        &self,
        tx: &mut Transaction<'_>,
        id: EntryId,
        due: Millis,
    ) -> Result<(), Halt> {
        let ring = keys::ring(tx, self.member)?;
        for key in &ring.keys {
            keys::end(tx, *key)?;
        }
        keys::register(tx, self.member, &self.key, tx.next_position(), None);
        tx.put(
            &self.member,
            KeyRing {
                keys: vec![self.key.public_key.id()],
                recovery: None,
                contested: Vec::new(),
            },
        );
        tx.remove::<Due>(&(due, id));
        if ring.keys.is_empty() {
            operators::count_keys(tx, self.member, 1)?;
        }
        Ok(())
    }
}
