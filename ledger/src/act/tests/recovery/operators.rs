//! The scheme keeps an operator who has a key.

use super::{finished, id_of};
use crate::act::{AddKey, Appoint, Dismiss, RevokeKey};
use crate::rejection::Rejection;
use crate::role::Role;
use crate::testing::*;

#[test]
fn the_last_operator_keeps_a_key() {
    let mut street = Street::open();
    let key_id = key_of(OPERATOR).public().id();
    let last = Err(Rejection::LastOperator);
    assert_eq!(street.act(OPERATOR, RevokeKey { key_id }), last);
    // An operator without a key is none that counts.
    let (member, unit, role) = (KEYLESS, SCHEME, Role::Operator);
    street.done(OPERATOR, Appoint { member, unit, role });
    assert_eq!(street.act(OPERATOR, RevokeKey { key_id }), last);
    let member = OPERATOR;
    let resign = Dismiss { member, unit, role };
    assert_eq!(street.act(OPERATOR, resign), last);
    finished(&mut street, KEYLESS, 201);
    street.done(OPERATOR, RevokeKey { key_id });
    let mut record = street.record(
        KEYLESS,
        RevokeKey {
            key_id: id_of(201, KEYLESS),
        },
    );
    record.key_id = id_of(201, KEYLESS);
    assert_eq!(street.submit(record), last);
}

#[test]
fn an_operator_without_a_key_is_dismissed_and_counts_for_nothing() {
    let mut street = Street::open();
    let (member, unit, role) = (KEYLESS, SCHEME, Role::Operator);
    street.done(OPERATOR, Appoint { member, unit, role });
    street.done(OPERATOR, Dismiss { member, unit, role });
    let (member, key) = (STAFF, new_key(201, OPERATOR));
    street.done(OPERATOR, Appoint { member, unit, role });
    let key_id = key_of(STAFF).public().id();
    street.done(STAFF, RevokeKey { key_id });
    street.done(OPERATOR, AddKey { key });
    street.done(OPERATOR, Dismiss { member, unit, role });
}
