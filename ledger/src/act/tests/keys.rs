//! Keys: cheap, per device, and valid between two positions.

use crate::act::{AddKey, RevokeKey};
use crate::entry::{NewKey, Record};
use crate::key::KeyId;
use crate::member::MemberKey;
use crate::rejection::Rejection;
use crate::testing::*;

fn phone() -> NewKey {
    new_key(200, VOLUNTEER)
}

/// Something small that the volunteer does, signed with a key.
fn signed_with(street: &mut Street, key_id: KeyId) -> Record {
    let mut record = street.record(
        VOLUNTEER,
        AddKey {
            key: new_key(201, VOLUNTEER),
        },
    );
    record.key_id = key_id;
    record
}

#[test]
fn a_further_key_signs_from_the_next_record_on() {
    let mut street = Street::open();
    let mut at_once = signed_with(&mut street, phone().public_key.id());
    at_once.entry.act = AddKey { key: phone() }.into();
    assert_eq!(street.submit(at_once), Err(Rejection::KeyUnknown));
    street.done(VOLUNTEER, AddKey { key: phone() });
    let record = signed_with(&mut street, phone().public_key.id());
    assert!(street.submit(record).is_ok());
}

#[test]
fn a_key_is_not_valid_before_its_position() {
    let mut street = Street::open();
    let position = street.next_position();
    street.done(VOLUNTEER, AddKey { key: phone() });
    let mut record = signed_with(&mut street, phone().public_key.id());
    record.position = position;
    assert_eq!(street.submit(record), Err(Rejection::KeyNotValid));
}

#[test]
fn a_key_is_registered_once_whoever_has_it() {
    let mut street = Street::open();
    street.done(VOLUNTEER, AddKey { key: phone() });
    assert_eq!(
        street.act(VOLUNTEER, AddKey { key: phone() }),
        Err(Rejection::KeyExists)
    );
    let key = new_key(200, STAFF);
    assert_eq!(street.act(STAFF, AddKey { key }), Err(Rejection::KeyExists));
}

#[test]
fn the_key_of_another_is_not_added_without_their_proof() {
    let refused = Street::open().act(STAFF, AddKey { key: phone() });
    assert_eq!(refused, Err(Rejection::PossessionNotProven));
}

#[test]
fn a_revoked_key_signs_its_revocation_and_nothing_after() {
    let mut street = Street::open();
    let key_id = key_of(VOLUNTEER).public().id();
    let position = street.next_position();
    street.done(VOLUNTEER, RevokeKey { key_id });
    let key: &MemberKey = street.state.find(&key_id).unwrap().unwrap();
    assert!(key.is_valid_at(position));
    assert!(!key.is_valid_at(street.next_position()));
    let record = signed_with(&mut street, key_id);
    assert_eq!(street.submit(record), Err(Rejection::KeyNotValid));
}

#[test]
fn a_revoked_key_never_comes_back() {
    let mut street = Street::open();
    street.done(VOLUNTEER, AddKey { key: phone() });
    let key_id = phone().public_key.id();
    street.done(VOLUNTEER, RevokeKey { key_id });
    assert_eq!(
        street.act(VOLUNTEER, AddKey { key: phone() }),
        Err(Rejection::KeyExists)
    );
    assert_eq!(
        street.act(VOLUNTEER, RevokeKey { key_id }),
        Err(Rejection::NotOwnKey)
    );
}

#[test]
fn nobody_revokes_the_key_of_another_or_one_that_is_none() {
    let mut street = Street::open();
    for key_id in [key_of(RECIPIENT).public().id(), phone().public_key.id()] {
        assert_eq!(
            street.act(STAFF, RevokeKey { key_id }),
            Err(Rejection::NotOwnKey)
        );
    }
}
