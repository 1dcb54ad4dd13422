//! The way in: one entry, or a stream of batches.

use std::sync::Arc;

use futures_util::{FutureExt, Stream, StreamExt, stream};
use ledger::Rejection;
use proto::v1;
use tokio::sync::oneshot;
use tonic::{Status, Streaming};

use super::error::{EdgeError, Failure, edge, refused, rejected, store};
use crate::admission::{self, Verdict};
use crate::context::Context;
use crate::queue::{Place, Queue};
use crate::sequencer::{Outcome, Recorded};

/// Most entries in one message of the stream.
const BATCH_MAX: usize = 1_000;
/// Messages of one stream that are taken together when they have arrived.
const TOGETHER: usize = 256;
/// Entries that are enough to be taken together.
const ENTRIES_TOGETHER: usize = 1_024;
/// Such groups of one stream whose signatures are checked at the same time.
const CHECKED_AT_ONCE: usize = 3;
/// Messages of one stream that wait for their commit at the same time.
const UNANSWERED: usize = 4_096;

/// Hands entries to the sequencer.
#[derive(Clone)]
pub struct Submitter {
    context: Context,
    queue: Queue,
}

impl Submitter {
    /// A submitter to a queue.
    pub fn new(context: Context, queue: Queue) -> Self {
        Self { context, queue }
    }
}

/// `SubmitEntry`: admits one entry, and answers when it is durable.
pub async fn entry(
    submitter: &Submitter,
    request: v1::SubmitEntryRequest,
) -> Result<v1::SubmitEntryResponse, Status> {
    let missing = || {
        rejected(&Rejection::FieldMissing {
            field: "signed_entry",
        })
    };
    let message = request.signed_entry.ok_or_else(missing)?;
    let answer = take_on(submitter, message).await?;
    let outcomes = answer.await.map_err(|_| edge(EdgeError::OutcomeUnknown))?;
    match outcomes.into_iter().next() {
        Some(Outcome::Recorded(recorded)) => answer_one(&submitter.context, recorded).await,
        Some(Outcome::Refused(rejection)) => Err(rejected(&rejection)),
        Some(Outcome::Withheld(behind)) => Err(edge(behind.as_ref().into())),
        Some(Outcome::NothingToAdopt) => Err(edge(EdgeError::NothingToAdopt)),
        None => Err(edge(EdgeError::OutcomeUnknown)),
    }
}

/// Admits an entry and hands it to the sequencer.
async fn take_on(
    submitter: &Submitter,
    message: v1::SignedEntry,
) -> Result<oneshot::Receiver<Vec<Outcome>>, Failure> {
    let place = submitter.queue.take_place()?;
    let admitted = admission::admit_one(&submitter.context, message).await?;
    Ok(submitter.queue.put(place, vec![admitted])?)
}

/// The receipt of a recorded entry, in parts: from the commit at hand, or from
/// the store if it was recorded before.
async fn answer_one(
    context: &Context,
    recorded: Recorded,
) -> Result<v1::SubmitEntryResponse, Status> {
    let Recorded {
        position,
        recorded,
        commit,
    } = recorded;
    let (checkpoint, path) = match commit {
        Some(commit) => (commit.checkpoint.clone(), commit.inclusion_proof(position)),
        None => super::ledger::first_proof(context, position).await?,
    };
    Ok(v1::SubmitEntryResponse {
        position: super::to_i64(position.get()),
        recorded_ms: recorded.get(),
        checkpoint,
        inclusion_path: path.iter().map(|hash| hash.as_bytes().to_vec()).collect(),
    })
}

/// One message of the stream, judged at admission.
struct Message {
    verdicts: Vec<Verdict>,
    place: Place,
}

/// `SubmitEntries`: answers each message, in order, when all of it is durable.
///
/// Messages that have arrived are admitted together, some groups at a time, so
/// that messages of one entry use all cores too. The queue takes them in order.
pub fn entries(
    submitter: &Submitter,
    messages: Streaming<v1::SubmitEntriesRequest>,
) -> impl Stream<Item = Result<v1::SubmitEntriesResponse, Status>> + Send + 'static {
    let (for_admission, for_queue, for_answer) = (
        submitter.clone(),
        submitter.clone(),
        Arc::new(submitter.context.clone()),
    );
    arrived_together(messages.take_until(submitter.context.asked_to_stop()))
        .map(move |group| admit_group(for_admission.clone(), group))
        .buffered(CHECKED_AT_ONCE)
        .flat_map(stream::iter)
        .map(move |message| enqueue(&for_queue, message))
        .map(move |queued| answer(Arc::clone(&for_answer), queued))
        .buffered(UNANSWERED)
}

/// Groups of messages that have arrived, each of one at least.
fn arrived_together(
    messages: impl Stream<Item = Result<v1::SubmitEntriesRequest, Status>> + Send,
) -> impl Stream<Item = Vec<Result<v1::SubmitEntriesRequest, Status>>> + Send {
    let messages = Box::pin(messages.fuse());
    stream::unfold(messages, async |mut messages| {
        let mut group = vec![messages.next().await?];
        let entries = |message: &Result<v1::SubmitEntriesRequest, _>| {
            message.as_ref().map_or(0, |it| it.signed_entries.len())
        };
        let mut sum = entries(&group[0]);
        while sum < ENTRIES_TOGETHER && group.len() < TOGETHER {
            let Some(Some(message)) = messages.next().now_or_never() else {
                break;
            };
            sum += entries(&message);
            group.push(message);
        }
        Some((group, messages))
    })
}

/// Admits the entries of some messages together.
async fn admit_group(
    submitter: Submitter,
    group: Vec<Result<v1::SubmitEntriesRequest, Status>>,
) -> Vec<Result<Message, Status>> {
    let mut sizes = Vec::with_capacity(group.len());
    let mut entries = Vec::new();
    for message in group {
        let size = message.and_then(|message| match message.signed_entries.len() {
            0 => Err(edge(EdgeError::BatchEmpty)),
            size @ 1..=BATCH_MAX => {
                entries.extend(message.signed_entries);
                Ok(size)
            }
            _ => Err(edge(EdgeError::BatchTooLarge {
                entries_max: BATCH_MAX,
            })),
        });
        sizes.push(size);
    }
    let mut place = submitter.queue.wait_for_place(entries.len()).await;
    let verdicts = match admission::admit_many(&submitter.context, entries).await {
        Ok(verdicts) => verdicts,
        Err(error) => return vec![Err(store(error))],
    };
    let mut verdicts = verdicts.into_iter();
    let mut message = |size| Message {
        verdicts: verdicts.by_ref().take(size).collect(),
        place: place.split(size),
    };
    sizes
        .into_iter()
        .map(|size| size.map(&mut message))
        .collect()
}

/// What a message waits for: its refusals at admission, and the sequencer.
struct Queued {
    refusals: Vec<Option<Rejection>>,
    answer: oneshot::Receiver<Vec<Outcome>>,
}

fn enqueue(submitter: &Submitter, message: Result<Message, Status>) -> Result<Queued, Status> {
    let Message { verdicts, place } = message?;
    let mut entries = Vec::with_capacity(verdicts.len());
    let mut refusals = Vec::with_capacity(verdicts.len());
    for verdict in verdicts {
        refusals.push(match verdict {
            Ok(admitted) => {
                entries.push(admitted);
                None
            }
            Err(rejection) => Some(rejection),
        });
    }
    let answer = submitter.queue.put(place, entries).map_err(edge)?;
    Ok(Queued { refusals, answer })
}

async fn answer(
    context: Arc<Context>,
    queued: Result<Queued, Status>,
) -> Result<v1::SubmitEntriesResponse, Status> {
    let Queued { refusals, answer } = queued?;
    let outcomes = answer.await.map_err(|_| edge(EdgeError::OutcomeUnknown))?;
    // If the one entry that a database takes in while it is behind stands in this
    // message, its neighbours are refused each for itself.
    let is_any_recorded = outcomes
        .iter()
        .any(|outcome| matches!(outcome, Outcome::Recorded(_)));
    let mut outcomes = outcomes.into_iter();
    let (mut results, mut checkpoint, mut repeated) =
        (Vec::with_capacity(refusals.len()), None, false);
    for refusal in refusals {
        let outcome = match refusal {
            Some(rejection) => Outcome::Refused(rejection),
            None => outcomes
                .next()
                .ok_or_else(|| edge(EdgeError::OutcomeUnknown))?,
        };
        results.push(v1::EntryResult {
            outcome: Some(match outcome {
                Outcome::Refused(rejection) => {
                    v1::entry_result::Outcome::Refused(refused(&rejection))
                }
                Outcome::Withheld(behind) if is_any_recorded => {
                    let behind = EdgeError::from(behind.as_ref());
                    v1::entry_result::Outcome::Refused(refused(&behind))
                }
                Outcome::Withheld(behind) => return Err(edge(behind.as_ref().into())),
                Outcome::NothingToAdopt => {
                    v1::entry_result::Outcome::Refused(refused(&EdgeError::NothingToAdopt))
                }
                Outcome::Recorded(Recorded {
                    position,
                    recorded,
                    commit,
                }) => {
                    match commit {
                        Some(commit) => checkpoint = Some(commit.checkpoint.clone()),
                        None => repeated = true,
                    }
                    v1::entry_result::Outcome::Recorded(v1::Recorded {
                        position: super::to_i64(position.get()),
                        recorded_ms: recorded.get(),
                    })
                }
            }),
        });
    }
    if checkpoint.is_none() && repeated {
        checkpoint = context.store.newest_checkpoint().await.map_err(store)?;
    }
    Ok(v1::SubmitEntriesResponse {
        results,
        checkpoint: checkpoint.unwrap_or_default(),
    })
}
