//! Batches that are empty or too large.

use anyhow::{Context, Result};
use ledger::act::Give;
use proto::v1;
use proto::v1::ledger_service_client::LedgerServiceClient;
use tonic::Code;

use crate::wire::Said;
use crate::world::{World, minutes};

on_both!(
    an_empty_batch_and_one_of_too_many_are_refused,
    a_batch_before_a_bad_one_is_recorded_and_answered,
);

fn message(world: &World, count: usize) -> Result<v1::SubmitEntriesRequest> {
    let gift = Give {
        recipient: world.member(1).id,
        minutes: minutes(1)?,
    };
    let entry = |_| world.street.pen.sign(world.member(0), gift.clone()).1;
    let entries = (0..count).map(entry);
    Ok(v1::SubmitEntriesRequest {
        signed_entries: entries.map(|it| proto::signed_entry_to(&it)).collect(),
    })
}

async fn an_empty_batch_and_one_of_too_many_are_refused(world: &mut World) -> Result<()> {
    let before = world.checkpoint().await?;
    let mut service = LedgerServiceClient::new(world.channel().await?);
    for (count, reason) in [(0, "BATCH_EMPTY"), (1_001, "BATCH_TOO_LARGE")] {
        let batches = tokio_stream::iter([message(world, count)?]);
        let mut answers = service.submit_entries(batches).await?.into_inner();
        let status = answers.message().await.err().context("it is answered")?;
        let said = Said::of(&status)?;
        assert_eq!(
            (said.code, said.reason.as_str()),
            (Code::InvalidArgument, reason)
        );
        if count > 0 {
            assert_eq!(said.datum("entries_max"), "1000");
        }
    }
    assert_eq!(world.checkpoint().await?, before);
    Ok(())
}

async fn a_batch_before_a_bad_one_is_recorded_and_answered(world: &mut World) -> Result<()> {
    let before = world.tree_size().await?;
    let mut service = LedgerServiceClient::new(world.channel().await?);
    let batches = tokio_stream::iter([message(world, 3)?, message(world, 0)?, message(world, 2)?]);
    let mut answers = service.submit_entries(batches).await?.into_inner();
    let first = answers.message().await?.context("an answer")?;
    assert_eq!(first.results.len(), 3);
    let said = Said::of(&answers.message().await.err().context("it is answered")?)?;
    assert_eq!(said.reason, "BATCH_EMPTY");
    // The stream is over; what came after the bad batch may or may not have
    // been taken in, as a whole.
    let after = world.tree_size().await?;
    assert!(
        [before + 3, before + 5].contains(&after),
        "{before} {after}"
    );
    Ok(())
}
