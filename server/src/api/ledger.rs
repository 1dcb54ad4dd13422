//! `LedgerService`: the way in, the records and the proofs.

mod proof;
mod stream;

use ledger::log::{Checkpoint, Position, SignedNote, TreeSize, VerifierKey};
use ledger::scheme::Scheme;
use ledger::{EntryId, MemberId, Rules};
use proto::name::{ENTRIES, RECORDS};
use proto::v1;
use proto::v1::ledger_service_server::LedgerService;
use proto::view::{self, OpenScheme};
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status, Streaming};

pub(crate) use self::proof::first_proof;
pub(crate) use self::stream::{after, state_chunk};
use super::error::{EdgeError, Failure, ReadError};
use super::row::find;
use super::submit::{self, Submitter};
use super::{named, to_i64};
use crate::access::{self, Reading, Resource, authorization, identify, require};
use crate::context::Context;
use crate::store::StoreError;

/// The service.
pub struct Ledger {
    context: Context,
    submitter: Submitter,
}

impl Ledger {
    /// A service over a store and a way to the sequencer.
    pub fn new(context: Context, submitter: Submitter) -> Self {
        Self { context, submitter }
    }
}

#[tonic::async_trait]
impl LedgerService for Ledger {
    type SubmitEntriesStream = BoxStream<v1::SubmitEntriesResponse>;
    type StreamRecordsStream = BoxStream<v1::StoredRecord>;
    type StreamStateStream = BoxStream<v1::StateChunk>;
    type StreamPostingsStream = BoxStream<v1::PostingChunk>;

    async fn submit_entry(
        &self,
        request: Request<v1::SubmitEntryRequest>,
    ) -> Result<Response<v1::SubmitEntryResponse>, Status> {
        let answer = submit::entry(&self.submitter, request.into_inner()).await?;
        Ok(Response::new(answer))
    }

    async fn submit_entries(
        &self,
        request: Request<Streaming<v1::SubmitEntriesRequest>>,
    ) -> Result<Response<Self::SubmitEntriesStream>, Status> {
        let answers = submit::entries(&self.submitter, request.into_inner());
        Ok(Response::new(Box::pin(answers)))
    }

    async fn get_ledger(
        &self,
        _: Request<v1::GetLedgerRequest>,
    ) -> Result<Response<v1::Ledger>, Status> {
        Ok(Response::new(ledger(&self.context).await?))
    }

    async fn get_checkpoint(
        &self,
        _: Request<v1::GetCheckpointRequest>,
    ) -> Result<Response<v1::Checkpoint>, Status> {
        Ok(Response::new(newest(&self.context).await?))
    }

    async fn get_record(
        &self,
        request: Request<v1::GetRecordRequest>,
    ) -> Result<Response<v1::StoredRecord>, Status> {
        let reader = identify(&self.context, authorization(request.metadata())).await?;
        let name = request.into_inner().name;
        let position = named("name", RECORDS.parse(&name)).map_err(Failure::from)?;
        let (position, leaf) = read_leaf(&self.context, reader, Some(position)).await?;
        Ok(Response::new(view::stored_record(position, leaf)))
    }

    async fn stream_records(
        &self,
        request: Request<v1::StreamRecordsRequest>,
    ) -> Result<Response<Self::StreamRecordsStream>, Status> {
        let reading = Reading::of_scheme(Resource::Records);
        let reader = access::admit(&self.context, request.metadata(), &reading).await?;
        let request = request.into_inner();
        let records = stream::records(self.context.clone(), reader, request).await?;
        Ok(Response::new(records))
    }

    async fn get_inclusion_proof(
        &self,
        request: Request<v1::GetInclusionProofRequest>,
    ) -> Result<Response<v1::InclusionProof>, Status> {
        Ok(Response::new(
            proof::inclusion(&self.context, request.into_inner()).await?,
        ))
    }

    async fn get_consistency_proof(
        &self,
        request: Request<v1::GetConsistencyProofRequest>,
    ) -> Result<Response<v1::ConsistencyProof>, Status> {
        Ok(Response::new(
            proof::consistency(&self.context, request.into_inner()).await?,
        ))
    }

    async fn get_receipt(
        &self,
        request: Request<v1::GetReceiptRequest>,
    ) -> Result<Response<v1::Receipt>, Status> {
        let reader = identify(&self.context, authorization(request.metadata())).await?;
        let name = request.into_inner().name;
        let entry = named("name", ENTRIES.parse(&name)).map_err(Failure::from)?;
        let position = position_of(&self.context, entry)
            .await
            .map_err(Failure::from)?;
        let (position, leaf) = read_leaf(&self.context, reader, position).await?;
        Ok(Response::new(
            proof::receipt(&self.context, name, position, leaf).await?,
        ))
    }

    async fn stream_state(
        &self,
        request: Request<v1::StreamStateRequest>,
    ) -> Result<Response<Self::StreamStateStream>, Status> {
        let reading = Reading::of_scheme(Resource::Books);
        access::admit(&self.context, request.metadata(), &reading).await?;
        Ok(Response::new(stream::state(&self.context)))
    }

    async fn stream_postings(
        &self,
        request: Request<v1::StreamPostingsRequest>,
    ) -> Result<Response<Self::StreamPostingsStream>, Status> {
        let reading = Reading::of_scheme(Resource::Books);
        access::admit(&self.context, request.metadata(), &reading).await?;
        let postings = stream::postings(self.context.clone(), request.into_inner()).await?;
        Ok(Response::new(postings))
    }
}

async fn ledger(context: &Context) -> Result<v1::Ledger, Failure> {
    let key: Result<VerifierKey, _> = context.verifier_key.parse();
    let key = key.map_err(|error| {
        EdgeError::internal(&format!(
            "the verifier key of this server cannot be read: {error}"
        ))
    })?;
    let Some(scheme) = find::<Scheme>(&*context.store, &()).await? else {
        return Ok(view::ledger(&key, None));
    };
    let now = context.clock.now();
    let rules = find::<Rules>(&*context.store, &scheme.rules_at(now)).await?;
    let rules = rules.ok_or_else(|| missing("the rules in force"))?;
    let next = scheme.upcoming.filter(|upcoming| now < upcoming.from);
    let upcoming = match next {
        Some(next) => find::<Rules>(&*context.store, &next.rules).await?,
        None => None,
    };
    let upcoming = next.zip(upcoming.as_ref());
    let open = OpenScheme {
        scheme: &scheme,
        rules: &rules,
        upcoming: upcoming.map(|(next, rules)| (next.from, rules)),
    };
    Ok(view::ledger(&key, Some(open)))
}

async fn newest(context: &Context) -> Result<v1::Checkpoint, Failure> {
    let Some(signed_note) = context.store.newest_checkpoint().await? else {
        return Ok(v1::Checkpoint::default());
    };
    let (_, checkpoint) = read_checkpoint(&signed_note)?;
    let tree_size = to_i64(checkpoint.size().get());
    Ok(v1::Checkpoint {
        signed_note,
        tree_size,
    })
}

/// Reads a stored checkpoint, which this server has signed itself.
pub(crate) fn read_checkpoint(note: &[u8]) -> Result<(SignedNote, Checkpoint), StoreError> {
    let corrupt = |error: &dyn std::fmt::Display| {
        StoreError::Corrupt(format!("a checkpoint cannot be read: {error}"))
    };
    let note = SignedNote::parse(note).map_err(|error| corrupt(&error))?;
    let checkpoint = note
        .unverified_text()
        .parse()
        .map_err(|error| corrupt(&error))?;
    Ok((note, checkpoint))
}

async fn position_of(context: &Context, id: EntryId) -> Result<Option<Position>, StoreError> {
    let found = context.store.positions(&[id]).await?;
    Ok(found.first().map(|(_, position)| *position))
}

/// The leaf at a position, for a reader who may have it.
async fn read_leaf(
    context: &Context,
    reader: MemberId,
    position: Option<Position>,
) -> Result<(Position, Vec<u8>), Failure> {
    // Beyond 2^63 the store has no numbers.
    let position = position.filter(|position| i64::try_from(position.get()).is_ok());
    let found = match position {
        Some(position) => context.store.leaves_at(&[position]).await?,
        None => Vec::new(),
    };
    let Some((position, leaf)) = found.into_iter().next() else {
        return Err(access::nothing(context, reader, Resource::Record).await);
    };
    let (_, record) = proto::decode_leaf(position, &leaf).map_err(|error| {
        StoreError::Corrupt(format!("the record {position} cannot be read: {error}"))
    })?;
    let parties = [record.entry.author, record.entry.subject()];
    let reading = Reading::of_scheme(Resource::Record).with_parties(parties);
    require(context, reader, &reading).await?;
    Ok((position, leaf))
}

fn missing(what: &str) -> StoreError {
    StoreError::Corrupt(format!("{what} are missing"))
}

/// A position that a call names.
fn position(position: i64, newest: TreeSize) -> Result<Position, ReadError> {
    let tree_size = newest.get();
    let position = u64::try_from(position).map_err(|_| ReadError::PositionInvalid { tree_size })?;
    Ok(Position::new(position))
}
