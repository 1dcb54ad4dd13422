//! What one person proposes and another approves.

use crate::act::{Appoint, Approve, Dismiss, Refuse};
use crate::id::EntryId;
use crate::rejection::Rejection;
use crate::role::Role;
use crate::testing::*;

const fn refuse(proposal: EntryId) -> Refuse {
    let reason = None;
    Refuse { proposal, reason }
}

/// A street with a grant for the recipient by the fund administrator.
fn street() -> (Street, EntryId) {
    let mut street = Street::open();
    let proposal = street.done(FUND_ADMIN, grant(RECIPIENT, 60));
    (street, proposal)
}

#[test]
fn a_grant_moves_nothing_until_it_is_approved() {
    let (mut street, proposal) = street();
    assert_eq!(street.purse(RECIPIENT), (0, 0));
    street.done(REGULATOR, Approve { proposal });
    assert_eq!(street.purse(RECIPIENT), (60, 0));
}

#[test]
fn a_grant_is_approved_once() {
    let (mut street, proposal) = street();
    street.done(REGULATOR, Approve { proposal });
    let outcome = "APPROVED";
    let closed = Err(Rejection::ProposalClosed { outcome });
    assert_eq!(street.act(OPERATOR, Approve { proposal }), closed);
    assert_eq!(street.act(FUND_ADMIN, refuse(proposal)), closed);
    assert_eq!(street.purse(RECIPIENT), (60, 0));
}

#[test]
fn nobody_approves_their_own_proposal() {
    let (mut street, proposal) = street();
    let refused = street.act(FUND_ADMIN, Approve { proposal });
    assert_eq!(refused, Err(Rejection::Involved));
    let proposal = street.done(OPERATOR, grant(RECIPIENT, 60));
    let refused = street.act(OPERATOR, Approve { proposal });
    assert_eq!(refused, Err(Rejection::Involved));
    street.done(FUND_ADMIN, Approve { proposal });
}

#[test]
fn nobody_proposes_or_approves_a_grant_to_themselves() {
    let (mut street, _) = street();
    let (member, unit, role) = (RECIPIENT, STATION, Role::FundAdmin);
    street.done(OPERATOR, Appoint { member, unit, role });
    let refused = street.act(RECIPIENT, grant(RECIPIENT, 60));
    assert_eq!(refused, Err(Rejection::Involved));
    let proposal = street.done(OPERATOR, grant(RECIPIENT, 60));
    let refused = street.act(RECIPIENT, Approve { proposal });
    assert_eq!(refused, Err(Rejection::Involved));
    let refused = street.act(RECIPIENT, refuse(proposal));
    assert_eq!(refused, Err(Rejection::Involved));
}

#[test]
fn grants_are_proposed_by_fund_administrators_and_operators() {
    let (mut street, _) = street();
    let role = Role::FundAdmin;
    for by in [STAFF, REGULATOR, AUDITOR, VOLUNTEER] {
        let refused = street.act(by, grant(RECIPIENT, 60));
        assert_eq!(refused, Err(Rejection::RoleMissing { role }));
    }
}

#[test]
fn grants_are_decided_by_those_who_have_the_role_in_the_unit() {
    let (mut street, proposal) = street();
    let role = Role::FundAdmin;
    let denied = Err(Rejection::RoleMissing { role });
    for by in [STAFF, AUDITOR, RECIPIENT] {
        assert_eq!(street.act(by, Approve { proposal }), denied);
        assert_eq!(street.act(by, refuse(proposal)), denied);
    }
    let (member, unit) = (VOLUNTEER, OTHER_DISTRICT);
    street.done(OPERATOR, Appoint { member, unit, role });
    assert_eq!(street.act(VOLUNTEER, Approve { proposal }), denied);
}

#[test]
fn a_role_that_ended_decides_nothing() {
    let (mut street, proposal) = street();
    let (member, unit, role) = (REGULATOR, SCHEME, Role::Regulator);
    street.done(REGULATOR, Dismiss { member, unit, role });
    let role = Role::FundAdmin;
    let refused = street.act(REGULATOR, Approve { proposal });
    assert_eq!(refused, Err(Rejection::RoleMissing { role }));
}

#[test]
fn a_proposal_is_refused_by_an_approver_or_withdrawn_by_its_proposer() {
    for by in [OPERATOR, REGULATOR, FUND_ADMIN] {
        let (mut street, proposal) = street();
        street.done(by, refuse(proposal));
        let outcome = "REFUSED";
        let refused = street.act(REGULATOR, Approve { proposal });
        assert_eq!(refused, Err(Rejection::ProposalClosed { outcome }));
        assert_eq!(street.purse(RECIPIENT), (0, 0));
    }
}

#[test]
fn a_proposal_that_does_not_exist_is_not_decided() {
    let (mut street, _) = street();
    let proposal = nothing();
    let unknown = Err(Rejection::ProposalUnknown);
    assert_eq!(street.act(REGULATOR, Approve { proposal }), unknown);
    assert_eq!(street.act(REGULATOR, refuse(proposal)), unknown);
}
