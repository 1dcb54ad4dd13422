//! Time that runs out, on a server whose clock the test moves.

use anyhow::Result;
use client::read::{ProposalState, ServiceStage};
use ledger::EntryId;
use ledger::act::{
    AcceptCare, Approve, CancelCare, CancelReason, ConfirmService, Expire, Give, Reverse,
};

use crate::world::{Setting, World, minutes};

on_both!(
    in on_a_clock;
    an_unanswered_request_is_closed_by_anyone_and_its_hold_released,
    a_booking_without_a_visit_is_closed_when_its_time_has_run_out,
    a_stated_visit_waits_for_its_confirmation_for_ever,
    a_proposal_that_nobody_decides_expires,
    an_entry_is_recorded_only_while_it_is_young,
    the_time_of_records_never_goes_back,
    what_is_due_is_listed_by_number,
);

fn on_a_clock() -> Setting {
    Setting {
        has_clock: true,
        ..Setting::default()
    }
}

// Behaviour 23.
async fn an_unanswered_request_is_closed_by_anyone_and_its_hold_released(
    world: &mut World,
) -> Result<()> {
    let (recipient, anyone) = (world.member(0), world.member(3));
    let service = world.requested(recipient, 60).await?;
    let expire = Expire { target: service };
    world.refuses(anyone, expire.clone(), "NOT_DUE").await?;
    world.pass_hours(25);
    world
        .refuses(world.member(1), AcceptCare { service }, "OVERDUE")
        .await?;
    world.does(anyone, expire.clone()).await?;
    assert_eq!(world.purse(recipient).await?, (600, 0));
    assert_eq!(stage(world, service).await?, ServiceStage::Expired);
    world.refuses(anyone, expire, "SERVICE_STAGE").await?;
    Ok(())
}

// Behaviours 23 and 45.
async fn a_booking_without_a_visit_is_closed_when_its_time_has_run_out(
    world: &mut World,
) -> Result<()> {
    let (recipient, volunteer) = (world.member(0), world.member(1));
    let service = world.booked(recipient, volunteer, 60).await?;
    let log = world.log(service, 60)?;
    world.pass_hours(6 * 24);
    let expire = Expire { target: service };
    world.refuses(volunteer, expire.clone(), "NOT_DUE").await?;
    world.pass_hours(2 * 24);
    world.refuses(volunteer, log, "TOO_LATE").await?;
    world.does(volunteer, expire).await?;
    assert_eq!(world.purse(recipient).await?, (600, 0));
    assert_eq!(world.purse(volunteer).await?, (600, 0));
    Ok(())
}

async fn a_stated_visit_waits_for_its_confirmation_for_ever(world: &mut World) -> Result<()> {
    let (recipient, volunteer) = (world.member(0), world.member(1));
    let service = world.logged(recipient, volunteer, 60).await?;
    world.pass_hours(60 * 24);
    let expire = Expire { target: service };
    world.refuses(recipient, expire, "SERVICE_STAGE").await?;
    let cancel = CancelCare {
        service,
        reason: CancelReason::Other,
    };
    world.refuses(recipient, cancel, "SERVICE_STAGE").await?;
    let minutes = minutes(60)?;
    world
        .does(recipient, ConfirmService { service, minutes })
        .await?;
    assert_eq!(world.purse(volunteer).await?, (660, 0));
    Ok(())
}

// Behaviour 23.
async fn a_proposal_that_nobody_decides_expires(world: &mut World) -> Result<()> {
    let (giver, root) = (world.member(0), &world.street.root);
    let gift = world
        .does(
            giver,
            Give {
                recipient: world.member(1).id,
                minutes: minutes(60)?,
            },
        )
        .await?;
    let reverse = Reverse {
        entry: gift,
        reason: None,
    };
    let proposal = world.does(root, reverse.clone()).await?;
    let expire = Expire { target: proposal };
    world.refuses(giver, expire.clone(), "NOT_DUE").await?;
    world.pass_hours(30 * 24 + 1);
    let regulator = &world.street.regulator;
    world
        .refuses(regulator, Approve { proposal }, "OVERDUE")
        .await?;
    world.does(giver, expire).await?;
    let info = world.client_of(root).proposal(proposal).await?;
    assert_eq!(info.state, ProposalState::Expired);
    assert_eq!(world.purse(giver).await?, (540, 0));
    // It may be proposed anew.
    let proposal = world.does(root, reverse).await?;
    world.does(regulator, Approve { proposal }).await?;
    assert_eq!(world.purse(giver).await?, (600, 0));
    Ok(())
}

async fn an_entry_is_recorded_only_while_it_is_young(world: &mut World) -> Result<()> {
    let gift = Give {
        recipient: world.member(1).id,
        minutes: minutes(1)?,
    };
    let pen = &world.street.pen;
    let (_, first) = pen.sign(world.member(0), gift.clone());
    let (_, second) = pen.sign(world.member(0), gift);
    world.pass_hours(29 * 24);
    let recorded = world.records(&first).await?;
    world.pass_hours(2 * 24);
    let said = world.refuses_signed(&second, "SIGNED_TOO_LONG_AGO").await?;
    assert_eq!(said.datum("days_max"), "30");
    // What is recorded stays answered, however old.
    assert_eq!(world.records(&first).await?.position, recorded.position);
    Ok(())
}

async fn the_time_of_records_never_goes_back(world: &mut World) -> Result<()> {
    let gift = Give {
        recipient: world.member(1).id,
        minutes: minutes(1)?,
    };
    let pen = &world.street.pen;
    world.pass_hours(5);
    let (_, first) = pen.sign(world.member(0), gift.clone());
    let first = world.records(&first).await?;
    world.pass_hours(-5);
    let (_, second) = pen.sign(world.member(0), gift);
    let second = world.records(&second).await?;
    assert_eq!(second.recorded, first.recorded);
    Ok(())
}

async fn what_is_due_is_listed_by_number(world: &mut World) -> Result<()> {
    let reader = world.client_of(world.member(3));
    let first = world.requested(world.member(0), 60).await?;
    world.pass_hours(1);
    let second = world.requested(world.member(1), 60).await?;
    assert!(reader.due().await?.is_empty());
    world.pass_hours(24);
    let due: Vec<EntryId> = reader.due().await?.iter().map(|due| due.target).collect();
    assert_eq!(due, [first, second]);
    for target in due {
        world.does(world.member(3), Expire { target }).await?;
    }
    assert!(reader.due().await?.is_empty());
    Ok(())
}

async fn stage(world: &World, service: EntryId) -> Result<ServiceStage> {
    let auditor = world.client_of(&world.street.auditor);
    Ok(auditor.service(service).await?.stage)
}
