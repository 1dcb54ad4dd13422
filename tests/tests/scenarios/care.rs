//! Visits from the request to the payment.

use anyhow::Result;
use client::read::ServiceStage;
use ledger::act::{AcceptCare, CancelCare, CancelReason, ConfirmService};
use ledger::{AccountId, Bucket, EntryId};

use crate::world::{World, minutes};

on_both!(
    booked_hours_are_shown_apart_from_those_that_are_free,
    a_withdrawn_request_restores_the_exact_balance_of_before,
    a_visit_moves_nothing_until_the_recipient_confirms_it,
    a_visit_is_paid_as_it_was_stated_and_the_rest_is_free_again,
    a_visit_goes_through_its_stages_in_order,
    only_its_parties_act_on_a_visit,
    a_visit_that_is_handed_back_waits_for_another_volunteer,
    a_request_is_refused_where_it_cannot_be_paid_or_is_out_of_the_rules,
);

// Behaviour 44.
async fn booked_hours_are_shown_apart_from_those_that_are_free(world: &mut World) -> Result<()> {
    let recipient = world.member(0);
    let service = world.requested(recipient, 90).await?;
    assert_eq!(world.purse(recipient).await?, (510, 90));
    let account = AccountId::Member(recipient.id);
    let statement = world.client_of(recipient).statement(account, 2).await?;
    let halves = statement
        .iter()
        .map(|line| (line.bucket, line.amount, line.balance))
        .collect::<Vec<_>>();
    assert_eq!(
        halves,
        [(Bucket::Held, 90, 90), (Bucket::Available, -90, 510)]
    );
    assert!(statement.iter().all(|line| line.entry == service));
    // What is held cannot be spent.
    world.requested(recipient, 240).await?;
    world.requested(recipient, 240).await?;
    assert_eq!(world.purse(recipient).await?, (30, 570));
    let said = world
        .refuses(recipient, world.request(60)?, "INSUFFICIENT_BALANCE")
        .await?;
    assert_eq!(said.datum("available"), "30");
    Ok(())
}

// Behaviour 45.
async fn a_withdrawn_request_restores_the_exact_balance_of_before(world: &mut World) -> Result<()> {
    let (recipient, volunteer) = (world.member(0), world.member(1));
    let cancel = |service| CancelCare {
        service,
        reason: CancelReason::NotNeeded,
    };
    let open = world.requested(recipient, 90).await?;
    let booked = world.booked(recipient, volunteer, 60).await?;
    for service in [open, booked] {
        world.does(recipient, cancel(service)).await?;
        let stage = world.client_of(recipient).service(service).await?.stage;
        assert_eq!(stage, ServiceStage::Cancelled);
        world
            .refuses(recipient, cancel(service), "SERVICE_STAGE")
            .await?;
    }
    assert_eq!(world.purse(recipient).await?, (600, 0));
    assert_eq!(world.purse(volunteer).await?, (600, 0));
    let client = world.client_of(volunteer);
    assert!(client.open_services(volunteer.id).await?.is_empty());
    Ok(())
}

// Behaviours 13 and 18.
async fn a_visit_moves_nothing_until_the_recipient_confirms_it(world: &mut World) -> Result<()> {
    let (recipient, volunteer) = (world.member(0), world.member(1));
    let service = world.logged(recipient, volunteer, 60).await?;
    assert_eq!(world.purse(recipient).await?, (540, 60));
    assert_eq!(world.purse(volunteer).await?, (600, 0));
    world.does(recipient, confirm(service, 60)?).await?;
    assert_eq!(world.purse(recipient).await?, (540, 0));
    assert_eq!(world.purse(volunteer).await?, (660, 0));
    Ok(())
}

async fn a_visit_is_paid_as_it_was_stated_and_the_rest_is_free_again(
    world: &mut World,
) -> Result<()> {
    let (recipient, volunteer) = (world.member(0), world.member(1));
    let service = world.booked(recipient, volunteer, 90).await?;
    world
        .refuses(volunteer, world.log(service, 105)?, "MORE_THAN_BOOKED")
        .await?;
    world
        .refuses(volunteer, world.log(service, 59)?, "NOT_A_MULTIPLE")
        .await?;
    let mut early = world.log(service, 60)?;
    early.start = world.now();
    world.refuses(volunteer, early, "VISIT_NOT_OVER").await?;
    world.does(volunteer, world.log(service, 60)?).await?;
    let said = world
        .refuses(recipient, confirm(service, 90)?, "MINUTES_DIFFER")
        .await?;
    assert_eq!(said.datum("logged"), "60");
    world.does(recipient, confirm(service, 60)?).await?;
    assert_eq!(world.purse(recipient).await?, (540, 0));
    assert_eq!(world.purse(volunteer).await?, (660, 0));
    Ok(())
}

// Behaviour 19.
async fn a_visit_goes_through_its_stages_in_order(world: &mut World) -> Result<()> {
    let (recipient, volunteer) = (world.member(0), world.member(1));
    let service = world.requested(recipient, 60).await?;
    let stage = |stage: &'static str| move |said: &str| assert_eq!(said, stage);
    let said = world
        .refuses(recipient, confirm(service, 60)?, "SERVICE_STAGE")
        .await?;
    stage("OPEN")(said.datum("stage"));
    world.does(volunteer, AcceptCare { service }).await?;
    let said = world
        .refuses(world.member(2), AcceptCare { service }, "SERVICE_STAGE")
        .await?;
    stage("BOOKED")(said.datum("stage"));
    world.does(volunteer, world.log(service, 60)?).await?;
    let said = world
        .refuses(volunteer, world.log(service, 60)?, "SERVICE_STAGE")
        .await?;
    stage("LOGGED")(said.datum("stage"));
    world.does(recipient, confirm(service, 60)?).await?;
    let said = world
        .refuses(recipient, confirm(service, 60)?, "SERVICE_STAGE")
        .await?;
    stage("SETTLED")(said.datum("stage"));
    let info = world.client_of(recipient).service(service).await?;
    assert_eq!(info.stage, ServiceStage::Settled);
    assert_eq!((info.held_minutes, info.logged_minutes), (0, Some(60)));
    assert_eq!(world.purse(volunteer).await?, (660, 0));
    Ok(())
}

// Behaviour 16.
async fn only_its_parties_act_on_a_visit(world: &mut World) -> Result<()> {
    let (recipient, volunteer, third) = (world.member(0), world.member(1), world.member(2));
    let service = world.requested(recipient, 60).await?;
    let cancel = CancelCare {
        service,
        reason: CancelReason::Other,
    };
    world
        .refuses(recipient, AcceptCare { service }, "OWN_SERVICE")
        .await?;
    world.refuses(third, cancel.clone(), "NOT_A_PARTY").await?;
    world.does(volunteer, AcceptCare { service }).await?;
    world.refuses(third, cancel, "NOT_A_PARTY").await?;
    world
        .refuses(third, world.log(service, 60)?, "NOT_A_PARTY")
        .await?;
    world.does(volunteer, world.log(service, 60)?).await?;
    for person in [volunteer, third, &world.street.staff[0], &world.street.root] {
        world
            .refuses(person, confirm(service, 60)?, "NOT_A_PARTY")
            .await?;
    }
    let nothing = EntryId::new(world.now(), [9; 10]);
    world
        .refuses(recipient, confirm(nothing, 60)?, "SERVICE_UNKNOWN")
        .await?;
    Ok(())
}

async fn a_visit_that_is_handed_back_waits_for_another_volunteer(world: &mut World) -> Result<()> {
    let (recipient, first, second) = (world.member(0), world.member(1), world.member(2));
    let service = world.booked(recipient, first, 60).await?;
    let unit = world.street.stations[0];
    let waiting = || async { world.client_of(second).open_requests(unit).await };
    assert!(waiting().await?.is_empty());
    let cancel = CancelCare {
        service,
        reason: CancelReason::Illness,
    };
    world.does(first, cancel).await?;
    let open = waiting().await?;
    assert_eq!((open.len(), open[0].service), (1, service));
    assert_eq!(open[0].volunteer, None);
    // The hours stay held: they are promised to whoever comes.
    assert_eq!(world.purse(recipient).await?, (540, 60));
    world.does(second, AcceptCare { service }).await?;
    assert!(waiting().await?.is_empty());
    world
        .refuses(first, world.log(service, 60)?, "NOT_A_PARTY")
        .await?;
    world.does(second, world.log(service, 60)?).await?;
    world.does(recipient, confirm(service, 60)?).await?;
    assert_eq!(world.purse(first).await?, (600, 0));
    assert_eq!(world.purse(second).await?, (660, 0));
    Ok(())
}

// Behaviours 15 and 41.
async fn a_request_is_refused_where_it_cannot_be_paid_or_is_out_of_the_rules(
    world: &mut World,
) -> Result<()> {
    let recipient = world.member(0);
    for (length, reason) in [
        (15, "SESSION_LENGTH"),
        (255, "SESSION_LENGTH"),
        (50, "NOT_A_MULTIPLE"),
    ] {
        world
            .refuses(recipient, world.request(length)?, reason)
            .await?;
    }
    let mut late = world.request(60)?;
    late.start = ledger::Millis::new(world.now().get() - 8 * 24 * 3_600_000);
    world.refuses(recipient, late, "TOO_LATE").await?;
    for _ in 0..2 {
        world.requested(recipient, 240).await?;
    }
    world
        .refuses(recipient, world.request(135)?, "INSUFFICIENT_BALANCE")
        .await?;
    world.requested(recipient, 120).await?;
    assert_eq!(world.purse(recipient).await?, (0, 600));
    Ok(())
}

fn confirm(service: EntryId, count: i64) -> Result<ConfirmService> {
    let minutes = minutes(count)?;
    Ok(ConfirmService { service, minutes })
}
