//! Members who leave, die or turn out to be one person, and what becomes of
//! their hours.

use crate::account::AccountId;
use crate::act::{
    Approve, CancelCare, CancelReason, CloseMember, DisputeService, LinkKin, MergeMembers,
    NameBeneficiary, RecordDeath, SettleEstate,
};
use crate::id::MemberId;
use crate::rejection::Rejection;
use crate::rules::Rules;
use crate::testing::*;
use crate::tie::Relation;

/// A street whose recipient has died and left ten hours.
fn after_a_death(rules: Rules) -> Street {
    let mut street = Street::under(rules);
    street.granted(RECIPIENT, 600);
    let link = LinkKin {
        member: RECIPIENT,
        kin: VOLUNTEER,
        relation: Relation::Child,
        papers: None,
    };
    street.done(STAFF, link);
    let beneficiary = Some(KEYLESS);
    street.done(RECIPIENT, NameBeneficiary { beneficiary });
    record_death(&mut street, RECIPIENT);
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
    street.act(REGULATOR, Approve { proposal })?;
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
    assert_eq!(
        settle(&mut street, Some(SECOND_VOLUNTEER)),
        Err(Rejection::NotHeir)
    );
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
fn nothing_is_done_for_the_dead_but_to_end_what_they_began() {
    let mut street = Street::open();
    street.granted(RECIPIENT, 600);
    let service = street.booked();
    record_death(&mut street, RECIPIENT);
    let request = request(street.now, 60);
    let refused = street.act_for(STAFF, RECIPIENT, request);
    assert_eq!(refused, Err(Rejection::SubjectGone { standing: "DEAD" }));
    assert_eq!(
        street.act(RECIPIENT, CloseMember {}),
        Err(Rejection::KeyNotValid)
    );
    let reason = CancelReason::Other;
    street.done_for(STAFF, RECIPIENT, CancelCare { service, reason });
    assert_eq!(street.purse(RECIPIENT), (600, 0));
}

/// Two of the staff record that a member has died.
fn record_death(street: &mut Street, member: MemberId) {
    let papers = None;
    let proposal = street.done(STAFF, RecordDeath { member, papers });
    street.done(SECOND_STAFF, Approve { proposal });
}

#[test]
fn a_visit_before_a_death_is_paid() {
    let mut street = Street::open();
    street.granted(RECIPIENT, 600);
    let service = street.logged();
    record_death(&mut street, RECIPIENT);
    street.pass_days(180);
    settle(&mut street, None).expect_err("an hour is still held");
    street.done_for(SECOND_STAFF, RECIPIENT, confirm(service, 60));
    assert_eq!(street.purse(VOLUNTEER), (60, 0));
    settle(&mut street, None).expect("nobody came");
    assert_eq!(street.balance(AccountId::Pool(STATION)), 540);
}

#[test]
fn staff_disputes_a_visit_that_the_dead_never_had() {
    let mut street = Street::open();
    street.granted(RECIPIENT, 600);
    let service = street.logged();
    record_death(&mut street, RECIPIENT);
    let reason = None;
    let dispute = DisputeService { service, reason };
    street.done_for(STAFF, RECIPIENT, dispute);
}

#[test]
fn what_a_volunteer_has_earned_who_has_left_goes_to_the_pool() {
    let mut street = Street::open();
    street.granted(RECIPIENT, 600);
    let service = street.logged();
    street.done(VOLUNTEER, CloseMember {});
    street.done(RECIPIENT, confirm(service, 60));
    assert_eq!(street.purse(VOLUNTEER), (0, 0));
    assert_eq!(street.balance(AccountId::Pool(STATION)), 60);
}

#[test]
fn what_a_volunteer_has_earned_follows_a_merger() {
    let mut street = Street::open();
    street.granted(RECIPIENT, 600);
    let service = street.logged();
    let (member, into, papers) = (VOLUNTEER, SECOND_VOLUNTEER, None);
    let merge = MergeMembers {
        member,
        into,
        papers,
    };
    let proposal = street.done(OPERATOR, merge);
    street.done(REGULATOR, Approve { proposal });
    street.done(RECIPIENT, confirm(service, 60));
    assert_eq!(street.purse(VOLUNTEER), (0, 0));
    assert_eq!(street.purse(SECOND_VOLUNTEER), (60, 0));
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
