//! Proxies, kin, blocked pairs, and people who leave.

use crate::act::{
    AcceptCare, Approve, Block, CloseMember, Delegate, EndDelegation, Give, LinkKin, UnlinkKin,
};
use crate::entry::{Attestation, OnBehalf};
use crate::id::{EntryId, MemberId};
use crate::rejection::Rejection;
use crate::rules::{GiveScope, Rules};
use crate::testing::*;
use crate::tie::{Relation, Scope};

const PROXY: MemberId = SECOND_VOLUNTEER;

fn link(member: MemberId, kin: MemberId, relation: Relation) -> LinkKin {
    LinkKin {
        member,
        kin,
        relation,
        papers: None,
    }
}

/// A street whose recipient has hours, and a proxy for some things.
fn street(scopes: &[Scope]) -> Street {
    let mut street = Street::open();
    street.granted(RECIPIENT, 600);
    let delegate = Delegate {
        proxy: PROXY,
        scopes: scopes.to_vec(),
        until: street.now.plus_days(30),
    };
    street.done(RECIPIENT, delegate);
    street
}

fn as_proxy(street: &mut Street, act: impl Into<crate::Act>) -> Result<EntryId, Rejection> {
    let mut record = street.record(PROXY, act);
    let (member, attestation) = (RECIPIENT, Attestation::Delegated);
    record.entry.on_behalf_of = Some(OnBehalf {
        member,
        attestation,
    });
    street.submit(record)?;
    Ok(street.newest())
}

#[test]
fn a_proxy_asks_and_confirms_for_the_member() {
    let mut street = street(&[Scope::Care, Scope::Confirm]);
    let request = request(street.now, 60);
    let service = as_proxy(&mut street, request).expect("within the scope");
    street.done(VOLUNTEER, AcceptCare { service });
    let log = log(service, street.now, 60);
    street.pass_minutes(60);
    street.done(VOLUNTEER, log);
    as_proxy(&mut street, confirm(service, 60)).expect("within the scope");
    assert_eq!(street.purse(RECIPIENT), (540, 0));
}

#[test]
fn a_proxy_does_what_was_delegated_and_nothing_else() {
    let mut street = street(&[Scope::Care]);
    let service = street.logged();
    let refused = as_proxy(&mut street, confirm(service, 60));
    assert_eq!(refused, Err(Rejection::NotDelegated));
    let refused = as_proxy(&mut street, CloseMember {});
    assert_eq!(refused, Err(Rejection::NotOnBehalf));
}

#[test]
fn a_proxy_never_confirms_a_visit_of_their_own() {
    let mut street = street(&[Scope::Confirm]);
    let service = street.requested();
    street.done(PROXY, AcceptCare { service });
    let log = log(service, street.now, 60);
    street.pass_minutes(60);
    street.done(PROXY, log);
    let refused = as_proxy(&mut street, confirm(service, 60));
    assert_eq!(refused, Err(Rejection::SamePerson));
}

#[test]
fn a_proxy_does_not_confirm_for_a_volunteer_who_is_kin() {
    let mut street = street(&[Scope::Confirm]);
    street.done(STAFF, link(PROXY, VOLUNTEER, Relation::Spouse));
    let service = street.logged();
    let refused = as_proxy(&mut street, confirm(service, 60));
    assert_eq!(refused, Err(Rejection::Involved));
}

#[test]
fn a_proxy_gives_nothing_to_themselves_or_their_kin() {
    let mut street = street(&[Scope::Hours]);
    street.done(STAFF, link(PROXY, VOLUNTEER, Relation::Spouse));
    for recipient in [PROXY, VOLUNTEER] {
        let minutes = minutes(60);
        let refused = as_proxy(&mut street, Give { recipient, minutes });
        assert_eq!(refused, Err(Rejection::Involved));
    }
    let (recipient, minutes) = (KEYLESS, minutes(60));
    as_proxy(&mut street, Give { recipient, minutes }).expect("to somebody else");
    assert_eq!(street.purse(KEYLESS), (60, 0));
}

#[test]
fn a_delegation_ends_with_its_time_and_when_either_side_says_so() {
    let act = request(OPENING.plus_days(40), 60);
    let mut expired = street(&[Scope::Care]);
    expired.pass_days(30);
    assert_eq!(
        as_proxy(&mut expired, act.clone()),
        Err(Rejection::NotDelegated)
    );
    for by in [RECIPIENT, PROXY] {
        let mut ended = street(&[Scope::Care]);
        let (member, proxy) = (RECIPIENT, PROXY);
        ended.done(by, EndDelegation { member, proxy });
        assert_eq!(
            as_proxy(&mut ended, act.clone()),
            Err(Rejection::NotDelegated)
        );
    }
}

#[test]
fn kin_decide_nothing_about_each_other() {
    let mut street = Street::open();
    street.done(STAFF, link(RECIPIENT, REGULATOR, Relation::Child));
    let proposal = street.done(FUND_ADMIN, grant(RECIPIENT, 60));
    let refused = street.act(REGULATOR, Approve { proposal });
    assert_eq!(refused, Err(Rejection::Involved));
    street.done(OPERATOR, Approve { proposal });
}

#[test]
fn kinship_is_taken_back_by_two_who_are_not_kin() {
    let mut street = Street::open();
    street.done(STAFF, link(RECIPIENT, VOLUNTEER, Relation::Child));
    let unlink = UnlinkKin {
        member: RECIPIENT,
        kin: VOLUNTEER,
        reason: None,
    };
    let proposal = street.done(STAFF, unlink);
    street.done(REGULATOR, Approve { proposal });
    street.done(SECOND_STAFF, link(VOLUNTEER, RECIPIENT, Relation::Other));
}

#[test]
fn hours_go_to_the_relatives_whom_the_rules_name() {
    let scopes = [
        (GiveScope::Spouse, [true, false, false, false]),
        (GiveScope::Lineal, [true, true, false, false]),
        (GiveScope::Kin, [true, true, true, false]),
        (GiveScope::Anyone, [true, true, true, true]),
    ];
    for (give_scope, expected) in scopes {
        let mut street = Street::under(Rules {
            give_scope,
            ..Rules::default()
        });
        street.granted(RECIPIENT, 600);
        street.done(STAFF, link(RECIPIENT, VOLUNTEER, Relation::Spouse));
        street.done(STAFF, link(RECIPIENT, DISABLED, Relation::Child));
        street.done(STAFF, link(RECIPIENT, KEYLESS, Relation::Sibling));
        let found = [VOLUNTEER, DISABLED, KEYLESS, TEENAGER].map(|recipient| {
            let minutes = minutes(15);
            street.act(RECIPIENT, Give { recipient, minutes }).is_ok()
        });
        assert_eq!(found, expected, "{give_scope:?}");
    }
}

#[test]
fn a_blocked_pair_does_not_meet_whoever_of_them_said_so() {
    for (by, other) in [(RECIPIENT, VOLUNTEER), (VOLUNTEER, RECIPIENT)] {
        let mut street = street(&[]);
        let service = street.requested();
        let blocked = true;
        street.done(by, Block { other, blocked });
        let refused = street.act(VOLUNTEER, AcceptCare { service });
        assert_eq!(refused, Err(Rejection::PairBlocked));
        let blocked = false;
        street.done(by, Block { other, blocked });
        street.done(VOLUNTEER, AcceptCare { service });
    }
}
