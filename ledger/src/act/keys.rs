//! What acts do with the keys of a member: those that give the first, add
//! another, end one or recover them all.

use crate::entry::NewKey;
use crate::id::MemberId;
use crate::key::KeyId;
use crate::log::Position;
use crate::member::{KEYS_MAX, KeyRing, MemberKey};
use crate::rejection::Rejection;
use crate::state::Halt;
use crate::transaction::Transaction;

/// The keys of a member; none for one who never had any.
pub(super) fn ring(tx: &Transaction<'_>, member: MemberId) -> Result<KeyRing, Halt> {
    Ok(tx.find(&member)?.unwrap_or_default())
}

/// Refuses a key that is registered, or that its owner has not proven to hold.
pub(super) fn check_new(tx: &Transaction<'_>, member: MemberId, key: &NewKey) -> Result<(), Halt> {
    if tx.find::<MemberKey>(&key.public_key.id())?.is_some() {
        return Err(Rejection::KeyExists.into());
    }
    Ok(key.check(&tx.entry().ledger, &member)?)
}

/// Adds a new key to those of a member.
pub(super) fn add(
    tx: &mut Transaction<'_>,
    member: MemberId,
    key: &NewKey,
    from: Position,
) -> Result<(), Halt> {
    check_new(tx, member, key)?;
    let mut ring = ring(tx, member)?;
    if ring.keys.len() >= KEYS_MAX {
        let keys_max = u32::try_from(KEYS_MAX).expect("a handful");
        return Err(Rejection::TooManyKeys { keys_max }.into());
    }
    ring.keys.push(key.public_key.id());
    tx.put(&member, ring);
    register(tx, member, key, from, None);
    Ok(())
}

/// Writes the row of a key.
pub(super) fn register(
    tx: &mut Transaction<'_>,
    member: MemberId,
    key: &NewKey,
    from: Position,
    until: Option<Position>,
) {
    let public_key = key.public_key;
    tx.put(
        &public_key.id(),
        MemberKey {
            member,
            public_key,
            from,
            until,
        },
    );
}

/// Ends all keys of a member, and a recovery that is under way.
pub(super) fn end_all(tx: &mut Transaction<'_>, member: MemberId) -> Result<(), Halt> {
    let ring = ring(tx, member)?;
    for key in &ring.keys {
        end(tx, *key)?;
    }
    let keys = Vec::new();
    tx.put(&member, KeyRing { keys, ..ring });
    Ok(())
}

/// Ends a valid key: this record is the last that it may sign.
pub(super) fn end(tx: &mut Transaction<'_>, id: KeyId) -> Result<(), Halt> {
    let key: MemberKey = tx.find(&id)?.expect("a key of a member is registered");
    let until = Some(tx.next_position());
    tx.put(&id, MemberKey { until, ..key });
    Ok(())
}
