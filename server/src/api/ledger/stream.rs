//! Long answers: records, state and postings, a page of the store at a time.
//!
//! A slow reader holds up its own task and nothing else: the channel between
//! them is short, and no transaction stays open over records and postings.

use std::time::Duration;

use ledger::account::PostingRef;
use ledger::log::{Position, TreeSize};
use ledger::{MemberId, Posting};
use proto::{v1, view};
use tokio::sync::{mpsc, watch};
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use tonic::codegen::BoxStream;

use super::position;
use crate::access::{Reading, Resource, require};
use crate::api::error::{Failure, store};
use crate::api::to_i64;
use crate::context::Context;
use crate::store::StateChunk;

/// Leaves that are read at once.
const LEAVES: u32 = 512;
/// Records that wait to be sent.
const RECORDS_WAITING: usize = 64;
/// Postings that are read at once, and sent in one message.
const POSTINGS: u32 = 1_000;
/// How often a follower looks for records of another server process.
const POLL: Duration = Duration::from_secs(1);
/// After how many minutes a follower's rights are looked at again.
const RIGHTS_MINUTES: u32 = 1;

/// Answers of a stream that wait for their reader.
type Sender<T> = mpsc::Sender<Result<T, Status>>;

/// `StreamRecords`, for a reader who may.
pub(super) async fn records(
    context: Context,
    reader: MemberId,
    request: v1::StreamRecordsRequest,
) -> Result<BoxStream<v1::StoredRecord>, Failure> {
    let newest = context.store.head().await?.size;
    let from = position(request.start_position, newest)?;
    let (sender, receiver) = mpsc::channel(RECORDS_WAITING);
    tokio::spawn(async move {
        let sent = if request.follow {
            follow_records(&context, reader, from, &sender).await
        } else {
            send_records(&context, from, &sender).await.map(|_| ())
        };
        end(sent, &sender).await;
    });
    Ok(Box::pin(ReceiverStream::new(receiver)))
}

/// Sends what is there and then what comes, as long as the reader may have it.
async fn follow_records(
    context: &Context,
    reader: MemberId,
    mut from: Position,
    sender: &Sender<v1::StoredRecord>,
) -> Result<(), Failure> {
    let mut size = context.size.clone();
    let mut checked = context.clock.now();
    loop {
        from = send_records(context, from, sender).await?;
        tokio::select! {
            () = sender.closed() => return Ok(()),
            () = context.asked_to_stop() => return Ok(()),
            () = growth(&mut size) => {}
        }
        if context.clock.now() > checked.plus_minutes(RIGHTS_MINUTES) {
            require(context, reader, &Reading::of_scheme(Resource::Records)).await?;
            checked = context.clock.now();
        }
    }
}

/// Waits until the log has grown, or may have grown by another server.
async fn growth(size: &mut watch::Receiver<TreeSize>) {
    let told = async {
        if size.changed().await.is_err() {
            // This process appends no more; others may.
            std::future::pending::<()>().await;
        }
    };
    // Told or not, it is time to look.
    let _ = tokio::time::timeout(POLL, told).await;
}

/// Sends the records from a position on, and says where the next will be.
async fn send_records(
    context: &Context,
    mut from: Position,
    sender: &Sender<v1::StoredRecord>,
) -> Result<Position, Failure> {
    loop {
        let leaves = context.store.leaves(from, LEAVES).await?;
        if leaves.is_empty() {
            return Ok(from);
        }
        for leaf in leaves {
            if sender
                .send(Ok(view::stored_record(from, leaf)))
                .await
                .is_err()
            {
                return Ok(from);
            }
            from = Position::new(from.get().saturating_add(1));
        }
    }
}

/// `StreamState`.
pub(super) fn state(context: &Context) -> BoxStream<v1::StateChunk> {
    let chunks = ReceiverStream::new(context.store.stream_state());
    Box::pin(chunks.map(|chunk| chunk.map(state_chunk).map_err(store)))
}

/// State rows as a message.
pub(crate) fn state_chunk(chunk: StateChunk) -> v1::StateChunk {
    let StateChunk { size, rows } = chunk;
    let rows = rows
        .into_iter()
        .map(|(key, value)| v1::StateRow { key, value });
    v1::StateChunk {
        tree_size: to_i64(size.get()),
        rows: rows.collect(),
    }
}

/// `StreamPostings`.
pub(super) async fn postings(
    context: Context,
    request: v1::StreamPostingsRequest,
) -> Result<BoxStream<v1::PostingChunk>, Failure> {
    let newest = context.store.head().await?.size;
    let from = position(request.start_position, newest)?;
    let before = match position(request.end_position, newest)? {
        Position::ZERO => newest.next_position(),
        end => end.min(newest.next_position()),
    };
    let (sender, receiver) = mpsc::channel(2);
    tokio::spawn(async move {
        let sent = send_postings(&context, from, before, &sender).await;
        end(sent, &sender).await;
    });
    Ok(Box::pin(ReceiverStream::new(receiver)))
}

async fn send_postings(
    context: &Context,
    from: Position,
    before: Position,
    sender: &Sender<v1::PostingChunk>,
) -> Result<(), Failure> {
    let mut next = PostingRef {
        position: from,
        line: 0,
    };
    loop {
        let postings = context.store.postings(next, before, POSTINGS).await?;
        let Some(last) = postings.last() else {
            return Ok(());
        };
        next = after(last);
        let postings = postings.iter().map(view::posting).collect();
        if sender
            .send(Ok(v1::PostingChunk { postings }))
            .await
            .is_err()
        {
            return Ok(());
        }
    }
}

/// The first place after a posting.
pub(crate) fn after(posting: &Posting) -> PostingRef {
    let PostingRef { position, line } = posting.at;
    match line.checked_add(1) {
        Some(line) => PostingRef { position, line },
        None => PostingRef {
            position: Position::new(position.get().saturating_add(1)),
            line: 0,
        },
    }
}

/// Tells a reader who is still there why the stream ends early.
async fn end<T>(sent: Result<(), Failure>, sender: &Sender<T>) {
    if let Err(failure) = sent {
        // A reader that has gone needs no answer.
        let _ = sender.send(Err(failure.into())).await;
    }
}
