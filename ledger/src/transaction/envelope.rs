//! What every entry must be, whatever it does.

use crate::act::Act;
use crate::adoption::Adoptions;
use crate::entry::Record;
use crate::key::PublicKey;
use crate::log::Position;
use crate::member::MemberKey;
use crate::rejection::Rejection;
use crate::rules::Rules;
use crate::scheme::Scheme;
use crate::state::{Halt, State};

/// The checks that every entry passes whatever it does. Returns the rules in
/// force and the key that must have signed.
pub(super) fn check<'s>(
    state: &'s State,
    record: &'s Record,
) -> Result<(&'s Rules, PublicKey), Halt> {
    match (state.find::<Scheme>(&())?, &record.entry.act) {
        (None, Act::OpenLedger(genesis)) if record.position == Position::ZERO => {
            check_arrival(state, &genesis.rules, record)?;
            Ok((&genesis.rules, genesis.signer(record.key_id)?))
        }
        (None, _) => Err(Rejection::LedgerNotOpen.into()),
        (Some(scheme), _) if record.entry.ledger != scheme.ledger => {
            Err(Rejection::WrongLedger.into())
        }
        (Some(_), Act::OpenLedger(_)) => Err(Rejection::LedgerAlreadyOpen.into()),
        (Some(scheme), _) => {
            let rules = state
                .find::<Rules>(&scheme.rules_at(record.recorded))?
                .expect("the rules in force exist");
            check_arrival(state, rules, record)?;
            Ok((rules, registered_signer(state, record)?))
        }
    }
}

/// Refuses an entry whose signer's clock or log is ahead, or that is old. A
/// log that was given up may be ahead: what was lost can be sent again.
fn check_arrival(state: &State, rules: &Rules, record: &Record) -> Result<(), Halt> {
    rules.check_clock(record.entry.id.signed(), record.recorded)?;
    if let Some(seen) = record.entry.seen
        && seen.size.contains(record.position)
    {
        let given_up = state.find::<Adoptions>(&())?;
        if given_up.is_none_or(|all| all.covering(seen.size, Some(seen.root)).is_none()) {
            return Err(Rejection::SeenAhead.into());
        }
    }
    Ok(())
}

/// The author's registered key that the entry names.
fn registered_signer(state: &State, record: &Record) -> Result<PublicKey, Halt> {
    let key = state
        .find::<MemberKey>(&record.key_id)?
        .ok_or(Rejection::KeyUnknown)?;
    if key.member != record.entry.author {
        return Err(Rejection::KeyOfAnother.into());
    }
    if !key.is_valid_at(record.position) {
        return Err(Rejection::KeyNotValid.into());
    }
    Ok(key.public_key)
}
