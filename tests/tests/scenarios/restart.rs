//! What a server remembers: after a restart, and after its database was put
//! back to an older state.

mod adoption;
mod backup;

use std::sync::Arc;

use anyhow::{Context, Result};
use client::{ClientError, Memory};
use ledger::AccountId;
use ledger::act::Give;
use prost::Message;
use proto::v1;
use proto::v1::ledger_service_client::LedgerServiceClient;
use timebank_tests::bank::ORIGIN;
use tonic::Code;

use crate::wire::{Said, bearer, with_authorization};
use crate::world::{World, minutes};

on_both!(
    a_server_that_starts_again_gives_the_same_answers,
    a_server_that_starts_again_goes_on_where_it_ended,
    a_server_on_an_older_database_serves_reads_only_and_says_why,
    a_server_on_another_history_serves_reads_only,
);

async fn live(world: &World) -> Result<()> {
    let (recipient, volunteer) = (world.member(0), world.member(1));
    world.paid(recipient, volunteer, 60).await?;
    world.booked(recipient, volunteer, 30).await?;
    world.requested(recipient, 90).await?;
    let [proposal, _] = world.street.grant(0, minutes(60)?);
    world.records(&proposal).await?;
    Ok(())
}

/// All that the server states, to the byte.
async fn stated(world: &World) -> Result<Vec<Vec<u8>>> {
    let token = bearer(&world.street.auditor, ORIGIN);
    let mut service = LedgerServiceClient::new(world.channel().await?);
    let mut all = vec![world.checkpoint().await?];
    let request = with_authorization(v1::StreamStateRequest {}, &token)?;
    let mut rows = service.stream_state(request).await?.into_inner();
    while let Some(chunk) = rows.message().await? {
        all.push(chunk.encode_to_vec());
    }
    let request = with_authorization(v1::StreamPostingsRequest::default(), &token)?;
    let mut postings = service.stream_postings(request).await?.into_inner();
    while let Some(chunk) = postings.message().await? {
        all.push(chunk.encode_to_vec());
    }
    let auditor = world.client_of(&world.street.auditor);
    let account = AccountId::Member(world.member(0).id);
    all.push(format!("{:?}", auditor.statement(account, 100).await?).into());
    all.push(format!("{:?}", auditor.accounts().await?).into());
    all.push(format!("{:?}", auditor.fund().await?).into());
    Ok(all)
}

async fn a_server_that_starts_again_gives_the_same_answers(world: &mut World) -> Result<()> {
    live(world).await?;
    let (before, audited) = (stated(world).await?, world.audit().await?);
    let key = world.verifier_key().to_owned();
    for _ in 0..2 {
        world.restart().await?;
        assert_eq!(world.verifier_key(), key);
        assert_eq!(stated(world).await?, before);
        assert_eq!(world.audit().await?.root, audited.root);
    }
    Ok(())
}

async fn a_server_that_starts_again_goes_on_where_it_ended(world: &mut World) -> Result<()> {
    live(world).await?;
    let size = world.tree_size().await?;
    world.restart().await?;
    // The state is read anew: limits hold as before.
    world
        .refuses(world.member(0), gift(world, 481)?, "INSUFFICIENT_BALANCE")
        .await?;
    // The client remembers the log of before and asks for the proof.
    world.does(world.member(0), gift(world, 1)?).await?;
    assert_eq!(world.tree_size().await?, size + 1);
    world.restart().await?;
    assert_eq!(world.tree_size().await?, size + 1);
    Ok(())
}

// Behaviour 37.
async fn a_server_on_an_older_database_serves_reads_only_and_says_why(
    world: &mut World,
) -> Result<()> {
    world.end().await?;
    let backup = backup::take(world).await?;
    world.begin().await?;
    let older = world.tree_size().await?;
    let (_, lost) = world.street.pen.sign(world.member(0), gift(world, 60)?);
    world.records(&lost).await?;
    world.end().await?;
    backup::put_back(world, backup)?;
    let memory = world.forget();
    let why = world.begin().await?.context("it takes entries in")?;
    assert!(why.contains("older backup"), "{why}");
    assert!(why.contains(&older.to_string()), "{why}");
    assert!(why.contains(&(older + 1).to_string()), "{why}");
    finds_out(world, &memory).await?;
    for _ in 0..2 {
        let said = Said::of(&world.submit(&lost).await?.err().context("recorded")?)?;
        assert_eq!(
            (said.code, said.reason.as_str()),
            (Code::Unavailable, "READ_ONLY")
        );
    }
    let mut service = LedgerServiceClient::new(world.channel().await?);
    let signed_entries = vec![proto::signed_entry_to(&lost)];
    let batches = tokio_stream::iter([v1::SubmitEntriesRequest { signed_entries }]);
    let streamed = match service.submit_entries(batches).await {
        Ok(answers) => answers.into_inner().message().await.map(|_| ()),
        Err(status) => Err(status),
    };
    let said = Said::of(&streamed.err().context("recorded")?)?;
    assert_eq!(said.reason, "READ_ONLY");
    // Reads go on, and what is there is whole.
    assert_eq!(world.purse(world.member(0)).await?, (600, 0));
    assert_eq!(world.audit().await?.tree_size.get(), older);
    // It stays so until a person has decided.
    world.end().await?;
    assert!(world.begin().await?.is_some());
    Ok(())
}

async fn a_server_on_another_history_serves_reads_only(world: &mut World) -> Result<()> {
    world.end().await?;
    let backup = backup::take(world).await?;
    let guard = std::fs::read(world.plan.data.join("guard"))?;
    world.begin().await?;
    world.does(world.member(0), gift(world, 60)?).await?;
    world.end().await?;
    let newest_guard = std::fs::read(world.plan.data.join("guard"))?;
    // Someone puts back the database and the guard, and lets the log grow
    // another way, further than before.
    backup::put_back(world, backup)?;
    let memory = world.forget();
    std::fs::write(world.plan.data.join("guard"), guard)?;
    world.begin().await?;
    for count in 1..=3 {
        let (_, signed) = world.street.pen.sign(world.member(0), gift(world, count)?);
        world.submit(&signed).await??;
    }
    world.end().await?;
    std::fs::write(world.plan.data.join("guard"), newest_guard)?;
    let why = world.begin().await?.context("it takes entries in")?;
    assert!(why.contains("differs"), "{why}");
    finds_out(world, &memory).await
}

/// A client that has seen what was signed before finds out by itself.
async fn finds_out(world: &World, memory: &Arc<Memory>) -> Result<()> {
    let found = match world.connect(memory).await {
        Ok(client) => client.checkpoint().await.map(|_| ()).map_err(Into::into),
        Err(error) => Err(error),
    };
    let error = found.err().context("it believes the server")?;
    let error = error.downcast::<ClientError>()?;
    assert_eq!(error.reason(), "LOG_FORKED");
    Ok(())
}

fn gift(world: &World, count: i64) -> Result<Give> {
    Ok(Give {
        recipient: world.member(1).id,
        minutes: minutes(count)?,
    })
}
