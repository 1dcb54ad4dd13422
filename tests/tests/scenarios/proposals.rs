//! Grants, which one person proposes and another one decides.

use anyhow::Result;
use client::read::{ProposalState, ProposedAct};
use ledger::EntryId;
use ledger::act::{Appoint, Approve, Grant, GrantSource, Refuse};
use ledger::role::Role;
use timebank_tests::pen::Person;

use crate::wire::reason_of;
use crate::world::{World, minutes, stranger};

on_both!(
    a_grant_moves_nothing_until_another_person_approves_it,
    a_refused_grant_moves_nothing_and_stays_refused,
    an_approved_grant_is_not_decided_again,
    nobody_decides_where_they_are_involved,
    only_those_in_office_propose_and_decide,
    a_grant_waits_in_the_list_of_its_unit_until_it_is_decided,
    a_grant_to_a_stranger_is_refused,
);

// Behaviours 13, 18 and 44.
async fn a_grant_moves_nothing_until_another_person_approves_it(world: &mut World) -> Result<()> {
    let ([proposer, approver], recipient) = (&world.street.fund, world.member(0));
    let before = world.audit().await?;
    let proposal = proposed(world, proposer, recipient).await?;
    let waiting = world.audit().await?;
    assert_eq!(waiting.members, before.members);
    assert_eq!(waiting.issued_minutes, before.issued_minutes);
    assert_eq!(waiting.postings, before.postings);
    world.does(approver, Approve { proposal }).await?;
    assert_eq!(world.purse(recipient).await?, (700, 0));
    let info = world.client_of(proposer).proposal(proposal).await?;
    assert_eq!(info.state, ProposalState::Approved);
    assert_eq!(info.decider, Some(approver.id));
    Ok(())
}

// Behaviours 18 and 20: what was refused is kept, and says so.
async fn a_refused_grant_moves_nothing_and_stays_refused(world: &mut World) -> Result<()> {
    let ([proposer, approver], recipient) = (&world.street.fund, world.member(0));
    let proposal = proposed(world, proposer, recipient).await?;
    world.does(approver, refuse(proposal)).await?;
    for person in [approver, &world.street.root, &world.street.regulator] {
        let said = world
            .refuses(person, Approve { proposal }, "PROPOSAL_CLOSED")
            .await?;
        assert_eq!(said.datum("outcome"), "REFUSED");
    }
    assert_eq!(world.purse(recipient).await?, (600, 0));
    let info = world.client_of(approver).proposal(proposal).await?;
    assert_eq!(info.state, ProposalState::Refused);
    // Whoever proposed it may take it back.
    let proposal = proposed(world, proposer, recipient).await?;
    world.does(proposer, refuse(proposal)).await?;
    world
        .refuses(approver, Approve { proposal }, "PROPOSAL_CLOSED")
        .await?;
    Ok(())
}

// Behaviour 19.
async fn an_approved_grant_is_not_decided_again(world: &mut World) -> Result<()> {
    let ([proposer, approver], recipient) = (&world.street.fund, world.member(0));
    let proposal = proposed(world, proposer, recipient).await?;
    world.does(approver, Approve { proposal }).await?;
    for person in [approver, &world.street.root, &world.street.regulator] {
        let said = world
            .refuses(person, Approve { proposal }, "PROPOSAL_CLOSED")
            .await?;
        assert_eq!(said.datum("outcome"), "APPROVED");
        world
            .refuses(person, refuse(proposal), "PROPOSAL_CLOSED")
            .await?;
    }
    assert_eq!(world.purse(recipient).await?, (700, 0));
    Ok(())
}

// Behaviours 16 and 18.
async fn nobody_decides_where_they_are_involved(world: &mut World) -> Result<()> {
    let ([proposer, approver], recipient) = (&world.street.fund, world.member(0));
    let unit = world.street.scheme;
    let role = Role::FundAdmin;
    let appoint = Appoint {
        member: recipient.id,
        unit,
        role,
    };
    world.does(&world.street.root, appoint).await?;
    world
        .refuses(recipient, grant(world, recipient.id)?, "INVOLVED")
        .await?;
    let proposal = proposed(world, proposer, recipient).await?;
    for involved in [proposer, recipient] {
        world
            .refuses(involved, Approve { proposal }, "INVOLVED")
            .await?;
    }
    world
        .refuses(recipient, refuse(proposal), "INVOLVED")
        .await?;
    assert_eq!(world.purse(recipient).await?, (600, 0));
    world.does(approver, Approve { proposal }).await?;
    Ok(())
}

// Behaviours 25 and 39.
async fn only_those_in_office_propose_and_decide(world: &mut World) -> Result<()> {
    let (recipient, street) = (world.member(0), &world.street);
    for person in [
        world.member(1),
        &street.staff[0],
        &street.auditor,
        &street.regulator,
    ] {
        world
            .refuses(person, grant(world, recipient.id)?, "ROLE_MISSING")
            .await?;
    }
    let proposal = proposed(world, &street.fund[0], recipient).await?;
    for person in [world.member(1), &street.staff[0], &street.auditor] {
        let said = world
            .refuses(person, Approve { proposal }, "ROLE_MISSING")
            .await?;
        assert_eq!(said.datum("role"), "FundAdmin");
        world
            .refuses(person, refuse(proposal), "ROLE_MISSING")
            .await?;
    }
    let nothing = EntryId::new(world.now(), [9; 10]);
    let approve = Approve { proposal: nothing };
    world
        .refuses(&street.fund[1], approve, "PROPOSAL_UNKNOWN")
        .await?;
    world.does(&street.regulator, Approve { proposal }).await?;
    assert_eq!(world.purse(recipient).await?, (700, 0));
    Ok(())
}

// Behaviours 42 and 43.
async fn a_grant_waits_in_the_list_of_its_unit_until_it_is_decided(
    world: &mut World,
) -> Result<()> {
    let ([proposer, approver], recipient) = (&world.street.fund, world.member(0));
    let [unit, other] = world.street.stations;
    let proposal = proposed(world, proposer, recipient).await?;
    let waiting = world.client_of(approver).proposals(unit).await?;
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].proposal, proposal);
    assert_eq!(waiting[0].proposer, proposer.id);
    let expected = ProposedAct::Grant {
        recipient: recipient.id,
        minutes: 100,
        from_pool: false,
    };
    assert_eq!(waiting[0].act, expected);
    assert!(world.client_of(approver).proposals(other).await?.is_empty());
    // Who gains by it may see it, a third member may not.
    world.client_of(recipient).proposal(proposal).await?;
    let third = world.client_of(world.member(1)).proposal(proposal).await;
    assert_eq!(reason_of(third), "NOT_ALLOWED");
    world.does(approver, Approve { proposal }).await?;
    assert!(world.client_of(approver).proposals(unit).await?.is_empty());
    Ok(())
}

// Behaviours 14 and 41.
async fn a_grant_to_a_stranger_is_refused(world: &mut World) -> Result<()> {
    let proposer = &world.street.fund[0];
    world
        .refuses(proposer, grant(world, stranger())?, "MEMBER_UNKNOWN")
        .await?;
    let mut nowhere = grant(world, world.member(0).id)?;
    nowhere.unit = ledger::UnitId::from_bytes([0x77; 16]);
    world.refuses(proposer, nowhere, "UNIT_UNKNOWN").await?;
    Ok(())
}

async fn proposed(world: &World, proposer: &Person, recipient: &Person) -> Result<EntryId> {
    world.does(proposer, grant(world, recipient.id)?).await
}

fn grant(world: &World, recipient: ledger::MemberId) -> Result<Grant> {
    Ok(Grant {
        unit: world.street.stations[0],
        recipient,
        minutes: minutes(100)?,
        source: GrantSource::Issue,
        reason: None,
    })
}

fn refuse(proposal: EntryId) -> Refuse {
    let reason = None;
    Refuse { proposal, reason }
}
