//! Talking to a server as a caller without the client's memory, so that what
//! the server answers is seen as it is.

use std::sync::Arc;

use anyhow::{Context, Result, bail, ensure};
use client::audit::ServerSource;
use client::{Address, AuditError, AuditReport, Client, Connection, Identity, Memory};
use ledger::SignedEntry;
use ledger::log::{Checkpoint, Hash, SignedNote, VerifierKey, verify_consistency};
use proto::v1;
use proto::v1::ledger_service_client::LedgerServiceClient;
use timebank_tests::pen::Person;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Status};

pub(crate) type Service = LedgerServiceClient<Channel>;

/// A connection to the service.
pub(crate) async fn service(url: &str) -> Result<Service> {
    let endpoint = Endpoint::from_shared(url.to_owned())?.tcp_nodelay(true);
    Ok(LedgerServiceClient::new(endpoint.connect().await?))
}

/// Submits one entry.
pub(crate) async fn submit_one(
    service: &mut Service,
    signed: &SignedEntry,
) -> Result<v1::SubmitEntryResponse, Status> {
    let signed_entry = Some(proto::signed_entry_to(signed));
    let request = v1::SubmitEntryRequest { signed_entry };
    Ok(service.submit_entry(request).await?.into_inner())
}

/// Submits entries over one stream; each must be recorded.
pub(crate) async fn submit(url: &str, entries: &[SignedEntry]) -> Result<Vec<v1::Recorded>> {
    let messages: Vec<_> = entries.chunks(500).map(message).collect();
    let mut service = service(url).await?;
    let answers = service.submit_entries(tokio_stream::iter(messages)).await?;
    let (mut answers, mut recorded) = (answers.into_inner(), Vec::new());
    while let Some(answer) = answers.message().await? {
        recorded.extend(all_recorded(answer)?);
    }
    ensure!(recorded.len() == entries.len(), "not all were answered");
    Ok(recorded)
}

/// A message of the stream.
pub(crate) fn message(entries: &[SignedEntry]) -> v1::SubmitEntriesRequest {
    v1::SubmitEntriesRequest {
        signed_entries: entries.iter().map(proto::signed_entry_to).collect(),
    }
}

/// The places of the entries of a batch, none of which may be refused.
pub(crate) fn all_recorded(answer: v1::SubmitEntriesResponse) -> Result<Vec<v1::Recorded>> {
    let places = answer
        .results
        .into_iter()
        .map(|result| match result.outcome {
            Some(v1::entry_result::Outcome::Recorded(recorded)) => Ok(recorded),
            other => bail!("not recorded: {other:?}"),
        });
    places.collect()
}

/// Whether a call failed because there was no server to answer it, or none any
/// more.
pub(crate) fn is_lost(status: &Status) -> bool {
    use std::error::Error as _;
    // Only a status that was made on this side has a source.
    status.source().is_some() || status.code() == Code::Unavailable
}

/// A client of the server, with nothing remembered.
pub(crate) async fn client(url: &str) -> Result<Client> {
    let connection = Connection::open(&Address::new(url)).await?;
    Ok(Client::connect(connection, Arc::new(Memory::volatile()), None).await?)
}

/// A client with a person's key.
pub(crate) async fn client_of(url: &str, person: &Person) -> Result<Client> {
    let identity = Identity {
        member: person.id,
        key: person.key.clone(),
    };
    Ok(client(url).await?.acting_as(identity))
}

/// Audits the whole ledger over the network.
pub(crate) async fn audit(url: &str, auditor: &Person) -> Result<AuditReport> {
    Ok(try_audit(client_of(url, auditor).await?).await?)
}

/// Audits the whole ledger over the network, and hands on what is found.
pub(crate) async fn try_audit(auditor: Client) -> Result<AuditReport, AuditError> {
    let log_key = auditor.log().key().clone();
    client::audit(ServerSource::new(auditor), &log_key, |_| {}).await
}

/// The newest checkpoint, verified.
pub(crate) async fn newest(service: &mut Service, key: &VerifierKey) -> Result<Checkpoint> {
    let request = v1::GetCheckpointRequest {};
    let answer = service.get_checkpoint(request).await?.into_inner();
    verified(&answer.signed_note, key)
}

/// A checkpoint that the log has signed.
pub(crate) fn verified(note: &[u8], key: &VerifierKey) -> Result<Checkpoint> {
    let note = SignedNote::parse(note)?;
    Ok(Checkpoint::verify(&note, key)?)
}

/// Checks that the tree of one checkpoint is the beginning of the other's.
pub(crate) async fn check_extends(
    service: &mut Service,
    old: &Checkpoint,
    new: &Checkpoint,
) -> Result<()> {
    let request = v1::GetConsistencyProofRequest {
        old_tree_size: i64::try_from(old.size().get())?,
        new_tree_size: i64::try_from(new.size().get())?,
    };
    let proof = service.get_consistency_proof(request).await?.into_inner();
    let hashes: Vec<Hash> = proof
        .hashes
        .iter()
        .map(|hash| Ok(Hash::from_bytes(hash.as_slice().try_into()?)))
        .collect::<Result<_>>()?;
    verify_consistency(old.size(), old.root(), new.size(), new.root(), &hashes)
        .with_context(|| format!("the log forked after {} records", old.size()))
}
