//! Recovery of keys: who may, how long it waits, and what it ends.

mod objection;
mod operators;

use crate::act::{AddKey, Approve, Donate, Expire, RecoverKey, Refuse, RevokeKey};
use crate::entry::Record;
use crate::id::{EntryId, MemberId};
use crate::key::KeyId;
use crate::member::{KeyRing, MemberKey};
use crate::proposal::Outcome;
use crate::rejection::Rejection;
use crate::role::Role;
use crate::rules::Rules;
use crate::state::{Key, Row};
use crate::testing::*;
use crate::time::Millis;

fn recover(member: MemberId, seed: u8) -> RecoverKey {
    RecoverKey {
        member,
        key: Box::new(new_key(seed, member)),
        identity: None,
    }
}

const fn finish(target: EntryId) -> Expire {
    Expire { target }
}

fn id_of(seed: u8, member: MemberId) -> KeyId {
    new_key(seed, member).public_key.id()
}

/// A recovery that waits, for a member of the station.
fn waiting(street: &mut Street, member: MemberId, seed: u8) -> EntryId {
    let proposal = street.done(STAFF, recover(member, seed));
    street.done(SECOND_STAFF, Approve { proposal });
    proposal
}

/// A recovery that is finished.
fn finished(street: &mut Street, member: MemberId, seed: u8) -> EntryId {
    let recovery = waiting(street, member, seed);
    street.pass_days(7);
    street.done(TEENAGER, finish(recovery));
    recovery
}

/// Something small by a member, signed with a key.
fn signed_with(street: &mut Street, member: MemberId, key_id: KeyId) -> Record {
    let (unit, minutes) = (STATION, minutes(1));
    let mut record = street.record(member, Donate { unit, minutes });
    record.key_id = key_id;
    record
}

fn ring(street: &Street, member: MemberId) -> KeyRing {
    let ring: Option<&KeyRing> = street.state.find(&member).unwrap();
    ring.cloned().unwrap_or_default()
}

#[test]
fn a_recovered_key_signs_from_the_next_record_on_and_the_old_ones_end() {
    let mut street = Street::open();
    street.granted(VOLUNTEER, 60);
    let key = new_key(200, VOLUNTEER);
    street.done(VOLUNTEER, AddKey { key });
    let recovery = waiting(&mut street, VOLUNTEER, 201);
    street.pass_days(7);
    let old = key_of(VOLUNTEER).public().id();
    let late = signed_with(&mut street, VOLUNTEER, old);
    street.done(TEENAGER, finish(recovery));
    for ended in [old, id_of(200, VOLUNTEER)] {
        let record = signed_with(&mut street, VOLUNTEER, ended);
        assert_eq!(street.submit(record), Err(Rejection::KeyNotValid));
    }
    // Signed before, and submitted after.
    let late = Record {
        position: street.next_position(),
        ..late
    };
    assert_eq!(street.submit(late), Err(Rejection::KeyNotValid));
    let record = signed_with(&mut street, VOLUNTEER, id_of(201, VOLUNTEER));
    assert!(street.submit(record).is_ok());
    let expected = KeyRing {
        keys: vec![id_of(201, VOLUNTEER)],
        ..KeyRing::default()
    };
    assert_eq!(ring(&street, VOLUNTEER), expected);
}

#[test]
fn nothing_changes_until_a_recovery_is_finished() {
    let mut street = Street::open();
    street.granted(VOLUNTEER, 60);
    let recovery = waiting(&mut street, VOLUNTEER, 201);
    let new = signed_with(&mut street, VOLUNTEER, id_of(201, VOLUNTEER));
    assert_eq!(street.submit(new), Err(Rejection::KeyNotValid));
    let due = street.now.plus_days(7);
    street.now = Millis::new(due.get() - 1);
    let refused = street.act(STAFF, finish(recovery));
    assert_eq!(refused, Err(Rejection::NotDue { due_ms: due.get() }));
    let old = signed_with(&mut street, VOLUNTEER, key_of(VOLUNTEER).public().id());
    assert!(street.submit(old).is_ok());
    street.now = due;
    street.done(STAFF, finish(recovery));
    let outcome = "APPROVED";
    let again = street.act(STAFF, finish(recovery));
    assert_eq!(again, Err(Rejection::ProposalClosed { outcome }));
}

#[test]
fn the_rules_say_how_long_a_recovery_waits() {
    let mut street = Street::under(Rules {
        recovery_delay_days: 20,
        ..Rules::default()
    });
    let recovery = waiting(&mut street, VOLUNTEER, 201);
    let due_ms = street.now.plus_days(20).get();
    assert_eq!(
        street.act(STAFF, finish(recovery)),
        Err(Rejection::NotDue { due_ms })
    );
}

/// The proposal and the recovery may be due at the very same moment.
#[test]
fn a_recovery_stays_listed_when_it_is_due_with_its_proposal() {
    let mut street = Street::open();
    let proposal = street.done(STAFF, recover(VOLUNTEER, 201));
    let due = street.now.plus_days(30);
    street.pass_days(23);
    street.done(SECOND_STAFF, Approve { proposal });
    let listed: Vec<&Key> = street
        .state
        .rows()
        .filter_map(|(key, row)| matches!(row, Row::Due(_)).then_some(key))
        .collect();
    assert_eq!(listed, [&Key::Due(due, proposal)]);
}

#[test]
fn two_different_people_of_the_station_recover_a_key() {
    let mut street = Street::open();
    let role = Role::Staff;
    for by in [
        VOLUNTEER,
        SECOND_VOLUNTEER,
        OTHER_STAFF,
        FUND_ADMIN,
        AUDITOR,
        REGULATOR,
    ] {
        let refused = street.act(by, recover(VOLUNTEER, 201));
        assert_eq!(refused, Err(Rejection::RoleMissing { role }));
    }
    let proposal = street.done(STAFF, recover(VOLUNTEER, 201));
    for by in [OTHER_STAFF, FUND_ADMIN, AUDITOR, VOLUNTEER] {
        let refused = street.act(by, Approve { proposal });
        assert_eq!(refused, Err(Rejection::RoleMissing { role }));
    }
    let refused = street.act(STAFF, Approve { proposal });
    assert_eq!(refused, Err(Rejection::Involved));
    street.done(REGULATOR, Approve { proposal });
}

#[test]
fn staff_recover_no_key_of_their_own() {
    let mut street = Street::open();
    let refused = street.act(STAFF, recover(STAFF, 201));
    assert_eq!(refused, Err(Rejection::Involved));
    let proposal = street.done(SECOND_STAFF, recover(STAFF, 201));
    let refused = street.act(STAFF, Approve { proposal });
    assert_eq!(refused, Err(Rejection::Involved));
    street.done(OPERATOR, Approve { proposal });
}

#[test]
fn one_recovery_of_a_member_is_under_way_at_a_time() {
    let mut street = Street::open();
    let proposal = street.done(STAFF, recover(VOLUNTEER, 201));
    let pending = Err(Rejection::RecoveryPending);
    assert_eq!(street.act(SECOND_STAFF, recover(VOLUNTEER, 202)), pending);
    street.done(SECOND_STAFF, Approve { proposal });
    assert_eq!(street.act(SECOND_STAFF, recover(VOLUNTEER, 202)), pending);
    let exists = Err(Rejection::KeyExists);
    assert_eq!(street.act(STAFF, recover(VOLUNTEER, 201)), exists);
    street.done(STAFF, recover(SECOND_VOLUNTEER, 202));
}

#[test]
fn a_recovery_that_nobody_approves_leaves_no_trace_in_the_keys() {
    let before = ring(&Street::open(), VOLUNTEER);
    let reason = None;
    for ends in [STAFF, SECOND_STAFF] {
        let mut street = Street::open();
        let proposal = street.done(STAFF, recover(VOLUNTEER, 201));
        street.done(ends, Refuse { proposal, reason });
        assert_eq!(ring(&street, VOLUNTEER), before);
        street.done(STAFF, recover(VOLUNTEER, 201));
    }
    let mut street = Street::open();
    let proposal = street.done(STAFF, recover(VOLUNTEER, 201));
    street.pass_days(30);
    street.done(TEENAGER, finish(proposal));
    assert_eq!(objection::outcome(&street, proposal), Outcome::Expired);
    assert_eq!(ring(&street, VOLUNTEER), before);
}

#[test]
fn a_member_who_never_had_a_key_gets_a_first_one() {
    let mut street = Street::open();
    street.granted(KEYLESS, 60);
    finished(&mut street, KEYLESS, 201);
    let record = signed_with(&mut street, KEYLESS, id_of(201, KEYLESS));
    assert!(street.submit(record).is_ok());
}

#[test]
fn a_key_that_waits_is_taken_and_not_to_be_revoked() {
    let mut street = Street::open();
    waiting(&mut street, VOLUNTEER, 201);
    let key = new_key(201, VOLUNTEER);
    let exists = street.act(VOLUNTEER, AddKey { key });
    assert_eq!(exists, Err(Rejection::KeyExists));
    let key_id = id_of(201, VOLUNTEER);
    let refused = street.act(VOLUNTEER, RevokeKey { key_id });
    assert_eq!(refused, Err(Rejection::NotOwnKey));
    let key: &MemberKey = street.state.find(&key_id).unwrap().unwrap();
    assert!(key.is_waiting());
}

#[test]
fn the_key_of_a_recovery_is_proven_for_its_member() {
    let mut street = Street::open();
    let key = Box::new(new_key(201, STRANGER));
    let recover = RecoverKey {
        key,
        ..recover(VOLUNTEER, 201)
    };
    let refused = street.act(STAFF, recover);
    assert_eq!(refused, Err(Rejection::PossessionNotProven));
}
