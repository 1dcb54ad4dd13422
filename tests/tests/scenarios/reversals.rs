//! Mistakes, which are undone by a linked entry of two people, once.

use anyhow::Result;
use ledger::act::{Approve, Donate, Give, Refuse, Reverse};
use ledger::{AccountId, EntryId};
use timebank_tests::pen::Person;

use crate::world::{World, minutes};

on_both!(
    what_was_given_comes_back_by_one_reversal_and_no_second,
    a_payment_is_reversed_to_the_exact_balances_of_before,
    a_donation_and_a_grant_are_reversed_too,
    a_reversal_moves_nothing_until_it_is_approved,
    a_reversal_that_was_refused_may_be_proposed_again,
    hours_that_are_spent_cannot_be_taken_back,
    nobody_reverses_what_they_have_signed_or_gain_by,
    only_what_has_moved_hours_is_reversed,
);

// Behaviours 19 and 20.
async fn what_was_given_comes_back_by_one_reversal_and_no_second(world: &mut World) -> Result<()> {
    let (giver, receiver) = (world.member(0), world.member(1));
    let gift = world.does(giver, give(receiver, 60)?).await?;
    let approval = reversed(world, gift).await?;
    assert_eq!(world.purse(giver).await?, (600, 0));
    assert_eq!(world.purse(receiver).await?, (600, 0));
    let account = AccountId::Member(giver.id);
    let statement = world.client_of(giver).statement(account, 2).await?;
    // Both are there to be seen: the gift, and what undid it.
    let lines: Vec<_> = statement
        .iter()
        .map(|line| (line.entry, line.act.as_str(), line.amount))
        .collect();
    assert_eq!(lines, [(approval, "Approve", 60), (gift, "Give", -60)]);
    let root = &world.street.root;
    world
        .refuses(root, reverse(gift), "ALREADY_REVERSED")
        .await?;
    Ok(())
}

// Behaviour 45.
async fn a_payment_is_reversed_to_the_exact_balances_of_before(world: &mut World) -> Result<()> {
    let (recipient, volunteer) = (world.member(0), world.member(1));
    let (_, payment) = world.paid(recipient, volunteer, 90).await?;
    assert_eq!(world.purse(volunteer).await?, (690, 0));
    reversed(world, payment).await?;
    assert_eq!(world.purse(recipient).await?, (600, 0));
    assert_eq!(world.purse(volunteer).await?, (600, 0));
    Ok(())
}

async fn a_donation_and_a_grant_are_reversed_too(world: &mut World) -> Result<()> {
    let member = world.member(0);
    let unit = world.street.stations[0];
    let minutes = minutes(60)?;
    let donation = world.does(member, Donate { unit, minutes }).await?;
    reversed(world, donation).await?;
    assert_eq!(world.purse_of(AccountId::Pool(unit)).await?, (0, 0));
    let [proposal, approval] = world.street.grant(0, minutes);
    world.records(&proposal).await?;
    world.records(&approval).await?;
    assert_eq!(world.purse(member).await?, (660, 0));
    // A grant is named by its proposal.
    reversed(world, proto::decode(&proposal.bytes)?.id).await?;
    assert_eq!(world.purse(member).await?, (600, 0));
    Ok(())
}

// Behaviours 13 and 18.
async fn a_reversal_moves_nothing_until_it_is_approved(world: &mut World) -> Result<()> {
    let (giver, receiver) = (world.member(0), world.member(1));
    let gift = world.does(giver, give(receiver, 60)?).await?;
    let root = &world.street.root;
    let proposal = world.does(root, reverse(gift)).await?;
    assert_eq!(world.purse(giver).await?, (540, 0));
    for person in [root, &world.street.staff[0]] {
        world
            .refuses(person, reverse(gift), "REVERSAL_PROPOSED")
            .await?;
    }
    world
        .refuses(root, Approve { proposal }, "INVOLVED")
        .await?;
    world
        .does(&world.street.regulator, Approve { proposal })
        .await?;
    assert_eq!(world.purse(giver).await?, (600, 0));
    Ok(())
}

// Behaviour 20.
async fn a_reversal_that_was_refused_may_be_proposed_again(world: &mut World) -> Result<()> {
    let (giver, receiver) = (world.member(0), world.member(1));
    let gift = world.does(giver, give(receiver, 60)?).await?;
    let (staff, regulator) = (&world.street.staff[0], &world.street.regulator);
    let proposal = world.does(staff, reverse(gift)).await?;
    let reason = None;
    world.does(regulator, Refuse { proposal, reason }).await?;
    assert_eq!(world.purse(giver).await?, (540, 0));
    world
        .refuses(regulator, Approve { proposal }, "PROPOSAL_CLOSED")
        .await?;
    reversed(world, gift).await?;
    assert_eq!(world.purse(giver).await?, (600, 0));
    Ok(())
}

// Behaviour 15.
async fn hours_that_are_spent_cannot_be_taken_back(world: &mut World) -> Result<()> {
    let (giver, receiver, third) = (world.member(0), world.member(1), world.member(2));
    let gift = world.does(giver, give(receiver, 60)?).await?;
    world.does(receiver, give(third, 601)?).await?;
    let root = &world.street.root;
    let proposal = world.does(root, reverse(gift)).await?;
    let regulator = &world.street.regulator;
    let (_, approval) = world.street.pen.sign(regulator, Approve { proposal });
    world
        .refuses_signed(&approval, "INSUFFICIENT_BALANCE")
        .await?;
    assert_eq!(world.purse(giver).await?, (540, 0));
    world.does(third, give(receiver, 1)?).await?;
    world.records(&approval).await?;
    assert_eq!(world.purse(giver).await?, (600, 0));
    assert_eq!(world.purse(receiver).await?, (0, 0));
    Ok(())
}

// Behaviours 16 and 40.
async fn nobody_reverses_what_they_have_signed_or_gain_by(world: &mut World) -> Result<()> {
    let (root, receiver) = (&world.street.root, world.member(1));
    // The operator approves a grant; later it is to be undone.
    let [granted, _] = world.street.grant(1, minutes(60)?);
    world.records(&granted).await?;
    let grant = proto::decode(&granted.bytes)?.id;
    let approval = Approve { proposal: grant };
    world.does(root, approval).await?;
    let staff = &world.street.staff[1];
    let proposal = world.does(staff, reverse(grant)).await?;
    world
        .refuses(root, Approve { proposal }, "INVOLVED")
        .await?;
    world
        .refuses(receiver, Approve { proposal }, "ROLE_MISSING")
        .await?;
    world
        .refuses(receiver, reverse(grant), "ROLE_MISSING")
        .await?;
    world
        .does(&world.street.regulator, Approve { proposal })
        .await?;
    assert_eq!(world.purse(receiver).await?, (600, 0));
    Ok(())
}

async fn only_what_has_moved_hours_is_reversed(world: &mut World) -> Result<()> {
    let service = world.requested(world.member(0), 60).await?;
    let nothing = EntryId::new(world.now(), [9; 10]);
    for entry in [service, nothing] {
        world
            .refuses(&world.street.root, reverse(entry), "MOVEMENT_UNKNOWN")
            .await?;
    }
    Ok(())
}

/// The operator proposes to undo it, the regulator approves.
async fn reversed(world: &World, entry: EntryId) -> Result<EntryId> {
    let proposal = world.does(&world.street.root, reverse(entry)).await?;
    world
        .does(&world.street.regulator, Approve { proposal })
        .await
}

fn reverse(entry: EntryId) -> Reverse {
    let reason = None;
    Reverse { entry, reason }
}

fn give(receiver: &Person, count: i64) -> Result<Give> {
    Ok(Give {
        recipient: receiver.id,
        minutes: minutes(count)?,
    })
}
