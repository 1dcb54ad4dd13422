//! The server as its operator sees it: health, reflection, and a good end.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use client::ClientError;
use ledger::act::Give;
use proto::v1;
use proto::v1::ledger_service_client::LedgerServiceClient;
use timebank_tests::bank::ORIGIN;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse};
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;

use crate::wire::{bearer, with_authorization};
use crate::world::{World, minutes};

on_both!(
    health_says_that_it_serves,
    reflection_lists_the_services,
    an_unknown_method_and_an_unknown_page_are_told_apart,
    the_ledger_says_who_it_is_to_anyone,
    a_server_ends_while_streams_are_open,
    a_server_that_ends_answers_what_it_has_taken_in,
);

async fn health_says_that_it_serves(world: &mut World) -> Result<()> {
    let mut health = HealthClient::new(world.channel().await?);
    for service in ["", "timebank.v1.LedgerService"] {
        let service = service.to_owned();
        let answer = health.check(HealthCheckRequest { service }).await?;
        let HealthCheckResponse { status } = answer.into_inner();
        assert_eq!(status, i32::from(ServingStatus::Serving));
    }
    Ok(())
}

async fn reflection_lists_the_services(world: &mut World) -> Result<()> {
    let mut reflection = ServerReflectionClient::new(world.channel().await?);
    let request = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let answers = reflection.server_reflection_info(tokio_stream::iter([request]));
    let answer = answers.await?.into_inner().next().await;
    let answer = answer.context("an answer")??.message_response;
    let Some(MessageResponse::ListServicesResponse(listed)) = answer else {
        anyhow::bail!("not a list of services: {answer:?}");
    };
    let names: BTreeSet<String> = listed.service.into_iter().map(|it| it.name).collect();
    for service in ["Ledger", "Account", "Care", "Fund"] {
        let name = format!("timebank.v1.{service}Service");
        assert!(names.contains(&name), "{name} in {names:?}");
    }
    Ok(())
}

async fn an_unknown_method_and_an_unknown_page_are_told_apart(world: &mut World) -> Result<()> {
    let page = crate::log_files::get(world, "/index.html", None).await?;
    assert_eq!(page.code, 404);
    let mut grpc = tonic::client::Grpc::new(world.channel().await?);
    grpc.ready().await?;
    let path = "/timebank.v1.LedgerService/Rewrite".parse()?;
    let codec = tonic_prost::ProstCodec::<v1::GetLedgerRequest, v1::Ledger>::default();
    let answer = grpc.unary(tonic::Request::new(v1::GetLedgerRequest {}), path, codec);
    let status = answer.await.err().context("it is answered")?;
    assert_eq!(status.code(), tonic::Code::Unimplemented);
    Ok(())
}

async fn the_ledger_says_who_it_is_to_anyone(world: &mut World) -> Result<()> {
    let ledger = world.client().ledger().await?;
    assert_eq!(ledger.origin, ORIGIN);
    assert_eq!(ledger.log_key, world.verifier_key());
    assert!(ledger.open);
    assert_eq!(ledger.scheme_name, "Street time bank");
    assert_eq!(ledger.unit, Some(world.street.scheme));
    assert_eq!(ledger.rules, Some(world.street.rules.clone()));
    Ok(())
}

/// Ends the server, long before it would cut open calls off.
async fn ends_at_once(world: &mut World) -> Result<()> {
    timeout(Duration::from_mins(1), world.end()).await?
}

async fn a_server_ends_while_streams_are_open(world: &mut World) -> Result<()> {
    world.plan.flags = vec!["--grace-seconds=600".to_owned()];
    world.restart().await?;
    let mut service = LedgerServiceClient::new(world.channel().await?);
    let request = v1::StreamRecordsRequest {
        start_position: 0,
        follow: true,
    };
    let request = with_authorization(request, &bearer(&world.street.auditor, ORIGIN))?;
    let mut followed = service.stream_records(request).await?.into_inner();
    followed.message().await?.context("the first record")?;
    // A stream of entries on which nothing comes any more.
    let (batches, waiting) = mpsc::channel(1);
    let answers = service.submit_entries(ReceiverStream::new(waiting)).await?;
    let mut answers = answers.into_inner();
    let (_, signed) = world.street.pen.sign(world.member(0), gift(world)?);
    let signed_entries = vec![proto::signed_entry_to(&signed)];
    batches
        .send(v1::SubmitEntriesRequest { signed_entries })
        .await?;
    answers.message().await?.context("an answer")?;
    ends_at_once(world).await?;
    // Both streams are over, and neither has lost what it had said before.
    while let Ok(Some(_)) = followed.message().await {}
    assert!(!matches!(answers.message().await, Ok(Some(_))));
    world.begin().await?;
    assert_eq!(world.purse(world.member(0)).await?, (599, 0));
    Ok(())
}

async fn a_server_that_ends_answers_what_it_has_taken_in(world: &mut World) -> Result<()> {
    let mut sending = JoinSet::new();
    let (one_is_answered, mut first) = mpsc::channel(300);
    for _ in 0..300 {
        let (_, signed) = world.street.pen.sign(world.member(0), gift(world)?);
        let (client, told) = (world.client().clone(), one_is_answered.clone());
        sending.spawn(async move {
            let answer = client.submit_signed(&signed).await;
            // Whoever waits for the first needs no other.
            let _ = told.try_send(());
            (signed, answer)
        });
    }
    first.recv().await.context("an answer")?;
    world.end().await?;
    let (mut recorded, mut unanswered) = (Vec::new(), Vec::new());
    while let Some(sent) = sending.join_next().await {
        match sent? {
            (signed, Ok(answer)) => recorded.push((signed, answer)),
            (signed, Err(ClientError::NoConnection { .. })) => unanswered.push(signed),
            (_, Err(other)) => return Err(other.into()),
        }
    }
    ensure!(!recorded.is_empty(), "one was answered");
    world.begin().await?;
    for (signed, answer) in recorded {
        let again = world.records(&signed).await?;
        assert_eq!(again.position, answer.position);
        assert_eq!(again.receipt, answer.receipt);
    }
    // What got no answer is sent again, and never booked twice.
    for signed in unanswered {
        world.records(&signed).await?;
    }
    assert_eq!(world.purse(world.member(0)).await?, (300, 0));
    Ok(())
}

fn gift(world: &World) -> Result<Give> {
    Ok(Give {
        recipient: world.member(1).id,
        minutes: minutes(1)?,
    })
}
