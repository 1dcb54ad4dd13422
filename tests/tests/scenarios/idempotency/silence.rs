//! A line on which the server hears everything and the client nothing.

use anyhow::{Context, Result, bail};
use ledger::SignedEntry;
use proto::v1::ledger_service_client::LedgerServiceClient;
use proto::v1::{StoredRecord, StreamRecordsRequest, SubmitEntryRequest};
use timebank_tests::bank::ORIGIN;
use tokio::io::copy;
use tokio::net::{TcpListener, TcpStream};
use tonic::transport::Endpoint;

use crate::wire::{bearer, with_authorization};
use crate::world::World;

/// Submits an entry whose answer never arrives, and returns once it is
/// recorded, as the auditor sees on another line.
pub(super) async fn submit_and_hear_nothing(
    world: &World,
    signed: &SignedEntry,
) -> Result<StoredRecord> {
    let mut service = LedgerServiceClient::new(world.channel().await?);
    let request = StreamRecordsRequest {
        start_position: i64::try_from(world.tree_size().await?)?,
        follow: true,
    };
    let request = with_authorization(request, &bearer(&world.street.auditor, ORIGIN))?;
    let mut followed = service.stream_records(request).await?.into_inner();
    let line = TcpListener::bind("127.0.0.1:0").await?;
    let address = line.local_addr()?;
    let server = world.url().trim_start_matches("http://").to_owned();
    let line = tokio::spawn(async move { one_way(&line, &server).await });
    let signed_entry = Some(proto::signed_entry_to(signed));
    let channel = Endpoint::from_shared(format!("http://{address}"))?;
    let mut mute = LedgerServiceClient::new(channel.connect().await?);
    let call = mute.submit_entry(SubmitEntryRequest { signed_entry });
    // Dropping the call here is what the client does that has lost patience.
    let recorded = tokio::select! {
        answer = call => bail!("the answer has arrived: {answer:?}"),
        recorded = followed.message() => recorded?.context("the stream goes on")?,
    };
    line.abort();
    Ok(recorded)
}

/// Carries bytes to the server and keeps what it says.
async fn one_way(line: &TcpListener, server: &str) -> Result<()> {
    let (client, _) = line.accept().await?;
    let server = TcpStream::connect(server).await?;
    let (mut from_client, _to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let mut nowhere = tokio::io::sink();
    tokio::try_join!(
        copy(&mut from_client, &mut to_server),
        copy(&mut from_server, &mut nowhere)
    )?;
    Ok(())
}
