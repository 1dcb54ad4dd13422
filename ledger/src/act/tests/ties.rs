//! Proxies, kin, blocked pairs, and people who leave.

use crate::account::AccountId;
use crate::act::{
    AcceptCare, Approve, Block, CloseMember, Delegate, EndDelegation, Give, LinkKin, MergeMembers,
    NameBeneficiary, RecordDeath, SettleEstate, UnlinkKin,
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

/// A street whose recipient has died and left ten hours.
fn after_a_death(rules: Rules) -> Street {
    let mut street = Street::under(rules);
    street.granted(RECIPIENT, 600);
    street.done(STAFF, link(RECIPIENT, VOLUNTEER, Relation::Child));
    let beneficiary = Some(KEYLESS);
    street.done(RECIPIENT, NameBeneficiary { beneficiary });
    let (member, papers) = (RECIPIENT, None);
    let proposal = street.done(STAFF, RecordDeath { member, papers });
    street.done(SECOND_STAFF, Approve { proposal });
    street
}

fn settle(street: &mut Street, heir: Option<MemberId>) -> Result<(), Rejection> {
    let (member, papers) = (RECIPIENT, None);
    let act = SettleEstate {
        member,
        heir,
        papers,
    };
    street.act(STAFF, act)?;
    let proposal = street.newest();
    street.done(REGULATOR, Approve { proposal });
    Ok(())
}

#[test]
fn what_a_member_leaves_goes_to_the_beneficiary_or_to_kin() {
    for heir in [KEYLESS, VOLUNTEER] {
        let mut street = after_a_death(Rules::default());
        settle(&mut street, Some(heir)).expect("an heir");
        assert_eq!(street.purse(heir), (600, 0));
        assert_eq!(street.purse(RECIPIENT), (0, 0));
    }
    let mut street = after_a_death(Rules::default());
    assert_eq!(settle(&mut street, Some(PROXY)), Err(Rejection::NotHeir));
}

#[test]
fn what_no_heir_claims_goes_to_the_pool_in_the_end() {
    let mut street = after_a_death(Rules::default());
    let due_ms = street.now.plus_days(180).get();
    assert_eq!(settle(&mut street, None), Err(Rejection::NotDue { due_ms }));
    street.pass_days(180);
    settle(&mut street, None).expect("nobody came");
    assert_eq!(street.balance(AccountId::Pool(STATION)), 600);
}

#[test]
fn an_heir_takes_what_fits_and_the_pool_the_rest() {
    let mut street = after_a_death(Rules {
        balance_minutes_max: 700,
        ..Rules::default()
    });
    street.granted(KEYLESS, 200);
    settle(&mut street, Some(KEYLESS)).expect("an heir");
    assert_eq!(street.purse(KEYLESS), (700, 0));
    assert_eq!(street.balance(AccountId::Pool(STATION)), 100);
}

#[test]
fn nothing_is_done_for_the_dead_but_to_cancel_what_is_booked() {
    let mut street = Street::open();
    street.granted(RECIPIENT, 600);
    let service = street.booked();
    let (member, papers) = (RECIPIENT, None);
    let proposal = street.done(STAFF, RecordDeath { member, papers });
    street.done(SECOND_STAFF, Approve { proposal });
    let request = request(street.now, 60);
    let refused = street.act_for(STAFF, RECIPIENT, request);
    assert_eq!(refused, Err(Rejection::SubjectGone { standing: "DEAD" }));
    assert_eq!(
        street.act(RECIPIENT, CloseMember {}),
        Err(Rejection::KeyNotValid)
    );
    let reason = crate::act::CancelReason::Other;
    street.done_for(STAFF, RECIPIENT, crate::act::CancelCare { service, reason });
    assert_eq!(street.purse(RECIPIENT), (600, 0));
}

#[test]
fn one_person_who_was_enrolled_twice_is_one_member_with_all_hours() {
    let mut street = Street::open();
    street.granted(RECIPIENT, 600);
    street.granted(KEYLESS, 30);
    let merge = MergeMembers {
        member: KEYLESS,
        into: RECIPIENT,
        papers: None,
    };
    let proposal = street.done(OPERATOR, merge);
    street.done(REGULATOR, Approve { proposal });
    assert_eq!(street.purse(RECIPIENT), (630, 0));
    let refused = street.act(FUND_ADMIN, grant(KEYLESS, 60));
    assert_eq!(refused, Err(Rejection::MemberGone { standing: "MERGED" }));
}
