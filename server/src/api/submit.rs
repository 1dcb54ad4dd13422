//! The way in: one entry, or a stream of batches.

use std::sync::Arc;

use futures_util::{Stream, StreamExt, stream};
use ledger::Rejection;
use proto::v1;
use tokio::sync::{mpsc, oneshot};
use tonic::{Status, Streaming};

use super::error::{EdgeError, edge, refused, rejected, store};
use crate::admission::{self, Verdict};
use crate::context::Context;
use crate::sequencer::{Outcome, Recorded, Submission};

/// Most entries in one message of the stream.
const BATCH_MAX: usize = 1_000;
/// Messages of one stream that are taken together when they have arrived.
const TOGETHER: usize = 256;
/// Such groups of one stream whose signatures are checked at the same time.
const CHECKED_AT_ONCE: usize = 3;
/// Messages of one stream that wait for their commit at the same time.
const UNANSWERED: usize = 4_096;

/// Hands entries to the sequencer.
#[derive(Clone)]
pub struct Submitter {
    context: Context,
    queue: mpsc::Sender<Submission>,
}

impl Submitter {
    /// A submitter to a queue.
    pub fn new(context: Context, queue: mpsc::Sender<Submission>) -> Self {
        Self { context, queue }
    }
}

/// `SubmitEntry`: admits one entry, and answers when it is durable.
pub async fn entry(
    submitter: &Submitter,
    request: v1::SubmitEntryRequest,
) -> Result<v1::SubmitEntryResponse, Status> {
    let Context { keys, origin, .. } = &submitter.context;
    let missing = || {
        rejected(&Rejection::FieldMissing {
            field: "signed_entry",
        })
    };
    let message = request.signed_entry.ok_or_else(missing)?;
    let verdict = admission::admit_one(keys, origin, message)
        .await
        .map_err(store)?;
    let admitted = verdict.map_err(|rejection| rejected(&rejection))?;
    let (reply, answer) = oneshot::channel();
    let submission = Submission {
        entries: vec![admitted],
        reply,
    };
    submitter
        .queue
        .try_send(submission)
        .map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(_) => edge(EdgeError::QueueFull),
            mpsc::error::TrySendError::Closed(_) => edge(EdgeError::ShuttingDown),
        })?;
    let outcomes = answer.await.map_err(|_| edge(EdgeError::OutcomeUnknown))?;
    match outcomes.into_iter().next() {
        Some(Outcome::Recorded(recorded)) => answer_one(&submitter.context, recorded).await,
        Some(Outcome::Refused(rejection)) => Err(rejected(&rejection)),
        Some(Outcome::Withheld(behind)) => Err(edge(behind.as_ref().into())),
        Some(Outcome::NothingToAdopt) => Err(edge(EdgeError::NothingToAdopt)),
        None => Err(edge(EdgeError::OutcomeUnknown)),
    }
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
    messages
        .take_until(submitter.context.asked_to_stop())
        .ready_chunks(TOGETHER)
        .map(move |group| admit_group(for_admission.clone(), group))
        .buffered(CHECKED_AT_ONCE)
        .flat_map(stream::iter)
        .then(move |message| enqueue(for_queue.clone(), message))
        .map(move |queued| answer(Arc::clone(&for_answer), queued))
        .buffered(UNANSWERED)
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
    let Context { keys, origin, .. } = &submitter.context;
    let verdicts = match admission::admit_many(keys, origin, entries).await {
        Ok(verdicts) => verdicts,
        Err(error) => return vec![Err(store(error))],
    };
    let mut verdicts = verdicts.into_iter();
    let mut message = |size| Message {
        verdicts: verdicts.by_ref().take(size).collect(),
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

async fn enqueue(submitter: Submitter, message: Result<Message, Status>) -> Result<Queued, Status> {
    let verdicts = message?.verdicts;
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
    let (reply, answer) = oneshot::channel();
    let submission = Submission { entries, reply };
    submitter
        .queue
        .send(submission)
        .await
        .map_err(|_| edge(EdgeError::ShuttingDown))?;
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
