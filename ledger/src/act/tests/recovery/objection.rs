//! Objections to a recovery, and what a thief can do with them.

use super::{finish, id_of, recover, ring, signed_with, waiting};
use crate::act::{AddKey, Appoint, Approve, ObjectRecovery, Refuse};
use crate::entry::{Attestation, OnBehalf, Record};
use crate::id::{EntryId, MemberId};
use crate::proposal::{Outcome, Proposal};
use crate::rejection::Rejection;
use crate::role::Role;
use crate::testing::*;

const fn object(recovery: EntryId) -> ObjectRecovery {
    ObjectRecovery { recovery }
}

pub(super) fn outcome(street: &Street, id: EntryId) -> Outcome {
    let proposal: &Proposal = street.state.find(&id).unwrap().unwrap();
    proposal.outcome
}

/// An objection by telephone, which staff sign.
fn by_telephone(street: &mut Street, member: MemberId, recovery: EntryId) -> Record {
    let mut record = street.record(SECOND_STAFF, object(recovery));
    let attestation = Attestation::Attested;
    record.entry.on_behalf_of = Some(OnBehalf {
        member,
        attestation,
    });
    record
}

#[test]
fn any_key_of_the_member_ends_a_recovery_before_or_after_its_approval() {
    for is_approved in [false, true] {
        let mut street = Street::open();
        let key = new_key(200, VOLUNTEER);
        street.done(VOLUNTEER, AddKey { key });
        let proposal = street.done(STAFF, recover(VOLUNTEER, 201));
        if is_approved {
            street.done(SECOND_STAFF, Approve { proposal });
        }
        let mut record = street.record(VOLUNTEER, object(proposal));
        record.key_id = id_of(200, VOLUNTEER);
        street.submit(record).expect("a valid key objects");
        assert_eq!(outcome(&street, proposal), Outcome::Objected(VOLUNTEER));
        street.pass_days(40);
        let outcome = "OBJECTED";
        let closed = Err(Rejection::ProposalClosed { outcome });
        assert_eq!(street.act(STAFF, finish(proposal)), closed);
        assert_eq!(street.act(SECOND_STAFF, Approve { proposal }), closed);
        assert_eq!(street.act(VOLUNTEER, object(proposal)), closed);
        // The key is free again.
        street.done(STAFF, recover(VOLUNTEER, 201));
    }
}

#[test]
fn nobody_objects_for_another_but_uninvolved_staff() {
    let mut street = Street::open();
    let recovery = waiting(&mut street, VOLUNTEER, 201);
    let not_own = Err(Rejection::NotOwnRecovery);
    assert_eq!(street.act(SECOND_VOLUNTEER, object(recovery)), not_own);
    let for_other = street.act_for(SECOND_STAFF, RECIPIENT, object(recovery));
    assert_eq!(for_other, not_own);
    for involved in [STAFF, SECOND_STAFF] {
        let refused = street.act_for(involved, VOLUNTEER, object(recovery));
        assert_eq!(refused, Err(Rejection::Involved));
    }
    let (member, unit, role) = (FUND_ADMIN, STATION, Role::Staff);
    street.done(OPERATOR, Appoint { member, unit, role });
    street.done_for(FUND_ADMIN, VOLUNTEER, object(recovery));
    assert_eq!(outcome(&street, recovery), Outcome::Objected(FUND_ADMIN));
    assert!(
        ring(&street, VOLUNTEER).contested.is_empty(),
        "she was there"
    );
}

#[test]
fn a_station_where_all_are_involved_has_its_operator_and_its_regulator() {
    for by in [OPERATOR, REGULATOR] {
        let mut street = Street::open();
        let recovery = waiting(&mut street, VOLUNTEER, 201);
        let outsider = street.act_for(FUND_ADMIN, VOLUNTEER, object(recovery));
        assert_eq!(outsider, Err(Rejection::NotStaffOfMember));
        street.done_for(by, VOLUNTEER, object(recovery));
        assert_eq!(outcome(&street, recovery), Outcome::Objected(by));
    }
}

#[test]
fn who_signed_a_contested_recovery_does_not_approve_the_next() {
    let mut street = Street::open();
    let first = street.done(STAFF, recover(VOLUNTEER, 201));
    street.done(REGULATOR, Approve { proposal: first });
    street.done(VOLUNTEER, object(first));
    for (proposer, involved) in [(SECOND_STAFF, REGULATOR), (STAFF, REGULATOR)] {
        let proposal = street.done(proposer, recover(VOLUNTEER, 201));
        let refused = street.act(involved, Approve { proposal });
        assert_eq!(refused, Err(Rejection::Involved));
        let reason = None;
        street.done(OPERATOR, Refuse { proposal, reason });
    }
    // Nor who proposed it, with a role of the whole scheme.
    let (member, unit, role) = (STAFF, SCHEME, Role::Staff);
    street.done(OPERATOR, Appoint { member, unit, role });
    let proposal = street.done(SECOND_STAFF, recover(VOLUNTEER, 201));
    let refused = street.act(STAFF, Approve { proposal });
    assert_eq!(refused, Err(Rejection::Involved));
    street.done(OPERATOR, Approve { proposal });
}

#[test]
fn only_a_recovery_is_objected_to() {
    let mut street = Street::open();
    let proposal = street.done(FUND_ADMIN, grant(VOLUNTEER, 60));
    for none in [nothing(), proposal] {
        let refused = street.act(VOLUNTEER, object(none));
        assert_eq!(refused, Err(Rejection::RecoveryUnknown));
    }
}

#[test]
fn a_thief_who_objects_with_the_stolen_phone_does_not_lock_the_owner_out() {
    let mut street = Street::open();
    let first = waiting(&mut street, VOLUNTEER, 201);
    street.done(VOLUNTEER, object(first));
    // Now the station alone cannot decide, nor the thief object.
    let proposal = street.done(STAFF, recover(VOLUNTEER, 201));
    let role = Role::Staff;
    let refused = street.act(SECOND_STAFF, Approve { proposal });
    assert_eq!(refused, Err(Rejection::RoleMissing { role }));
    let used = Err(Rejection::ObjectionUsed);
    assert_eq!(street.act(VOLUNTEER, object(proposal)), used);
    street.done(REGULATOR, Approve { proposal });
    assert_eq!(street.act(VOLUNTEER, object(proposal)), used);
    let call = by_telephone(&mut street, VOLUNTEER, proposal);
    assert_eq!(street.submit(call), used);
    street.pass_days(7);
    street.done(STAFF, finish(proposal));
    let record = signed_with(&mut street, VOLUNTEER, key_of(VOLUNTEER).public().id());
    assert_eq!(street.submit(record), Err(Rejection::KeyNotValid));
    assert!(
        ring(&street, VOLUNTEER).contested.is_empty(),
        "that is over"
    );
}

#[test]
fn an_owner_at_the_counter_can_always_object() {
    let mut street = Street::open();
    let first = waiting(&mut street, VOLUNTEER, 201);
    street.done(VOLUNTEER, object(first));
    for _ in 0..2 {
        let proposal = street.done(STAFF, recover(VOLUNTEER, 201));
        street.done(REGULATOR, Approve { proposal });
        street.done_for(SECOND_STAFF, VOLUNTEER, object(proposal));
        assert_eq!(outcome(&street, proposal), Outcome::Objected(SECOND_STAFF));
    }
}

#[test]
fn a_telephone_call_objects_once() {
    let mut street = Street::open();
    let proposal = street.done(STAFF, recover(KEYLESS, 201));
    let call = by_telephone(&mut street, KEYLESS, proposal);
    street.submit(call).expect("the first call counts");
    let proposal = street.done(STAFF, recover(KEYLESS, 201));
    let call = by_telephone(&mut street, KEYLESS, proposal);
    assert_eq!(street.submit(call), Err(Rejection::ObjectionUsed));
}

#[test]
fn a_recovery_ends_the_keys_that_a_thief_has_added() {
    let mut street = Street::open();
    street.granted(VOLUNTEER, 60);
    let recovery = waiting(&mut street, VOLUNTEER, 201);
    for seed in 210..217 {
        let key = new_key(seed, VOLUNTEER);
        street.done(VOLUNTEER, AddKey { key });
    }
    let key = new_key(217, VOLUNTEER);
    assert_eq!(
        street.act(VOLUNTEER, AddKey { key }),
        Err(Rejection::TooManyKeys { keys_max: 8 })
    );
    street.pass_days(7);
    street.done(STAFF, finish(recovery));
    for seed in 210..217 {
        let record = signed_with(&mut street, VOLUNTEER, id_of(seed, VOLUNTEER));
        assert_eq!(street.submit(record), Err(Rejection::KeyNotValid));
    }
}
