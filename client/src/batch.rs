//! Submitting many signed entries over one stream: for stations that come back
//! on line, imports and load.
//!
//! Batches are answered in order, so several may be under way. A checkpoint
//! covers each answer; the inclusion of a single entry is proven on demand.

use std::collections::VecDeque;

use ledger::log::{Checkpoint, Position, Receipt, SignedNote, leaf_hash};
use ledger::{Millis, SignedEntry};
use proto::v1;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Streaming;

use crate::client::Client;
use crate::error::{ClientError, Refusal, Unverified};
use crate::log::{count_of, hashes, wire_count};

/// How many batches may wait to be sent.
const WAITING_MAX: usize = 16;

/// What became of one entry of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is in the log.
    Recorded {
        /// Where it is.
        position: Position,
        /// When the server took it in.
        recorded: Millis,
    },
    /// It is not, and nothing has changed.
    Refused(Refusal),
}

/// The answer to one batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchAnswer {
    /// One for each entry, in the order of the batch.
    pub outcomes: Vec<Outcome>,
    /// A verified checkpoint that covers all that was recorded, with its note;
    /// `None` if nothing was.
    pub checkpoint: Option<(Checkpoint, SignedNote)>,
}

/// A stream of batches and their answers.
pub struct BatchStream {
    client: Client,
    requests: mpsc::Sender<v1::SubmitEntriesRequest>,
    answers: Streaming<v1::SubmitEntriesResponse>,
    /// The lengths of the batches that are not answered.
    unanswered: VecDeque<usize>,
}

impl Client {
    /// Opens a stream for batches.
    ///
    /// # Errors
    /// [`ClientError::NoConnection`], [`ClientError::Refused`].
    pub async fn batches(&self) -> Result<BatchStream, ClientError> {
        let (requests, receiver) = mpsc::channel(WAITING_MAX);
        let mut service = self.connection.ledger();
        let call = service.submit_entries(ReceiverStream::new(receiver));
        let answers = self.call(call).await?;
        Ok(BatchStream {
            client: self.clone(),
            requests,
            answers,
            unanswered: VecDeque::new(),
        })
    }

    /// Submits one batch of 1 to 1000 entries and waits for its answer.
    ///
    /// # Errors
    /// [`ClientError`]. After [`ClientError::NoConnection`] the same batch may
    /// be submitted again: nothing is recorded twice.
    pub async fn submit_batch(&self, batch: &[SignedEntry]) -> Result<BatchAnswer, ClientError> {
        let mut stream = self.batches().await?;
        stream.send(batch).await?;
        stream.next().await
    }

    /// Fetches and verifies the receipt of an entry that a batch recorded,
    /// under the checkpoint of its answer.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn prove(
        &self,
        signed: &SignedEntry,
        position: Position,
        recorded: Millis,
        (checkpoint, note): &(Checkpoint, SignedNote),
    ) -> Result<Receipt, ClientError> {
        let request = v1::GetInclusionProofRequest {
            position: wire_count(position.get()),
            tree_size: wire_count(checkpoint.size().get()),
        };
        let mut service = self.connection.ledger();
        let proof = self.call(service.get_inclusion_proof(request)).await?;
        let leaf = proto::encode_leaf(signed, recorded);
        let (hash, path) = (leaf_hash(&leaf), hashes(&proof.hashes)?);
        let receipt = Receipt {
            extra: Some(self.extra(leaf, signed)),
            position,
            path,
            checkpoint: note.clone(),
        };
        receipt
            .verify(hash, self.log.key())
            .map_err(Unverified::from)?;
        Ok(receipt)
    }
}

impl BatchStream {
    /// Sends a batch of 1 to 1000 entries. Waits if many are under way.
    ///
    /// # Errors
    /// [`ClientError::NoConnection`] if the stream has ended.
    pub async fn send(&mut self, batch: &[SignedEntry]) -> Result<(), ClientError> {
        let signed_entries = batch.iter().map(proto::signed_entry_to).collect();
        let sent = self
            .requests
            .send(v1::SubmitEntriesRequest { signed_entries })
            .await;
        sent.map_err(|_| self.client.connection.lost("the stream has ended"))?;
        self.unanswered.push_back(batch.len());
        Ok(())
    }

    /// How many batches are not answered yet.
    pub fn unanswered(&self) -> usize {
        self.unanswered.len()
    }

    /// The answer to the first batch that has none yet.
    ///
    /// # Errors
    /// [`ClientError`]; [`ClientError::NoConnection`] also if the server ends
    /// the stream before its answers.
    pub async fn next(&mut self) -> Result<BatchAnswer, ClientError> {
        let connection = &self.client.connection;
        let answer = match self.answers.message().await {
            Ok(Some(answer)) => answer,
            Ok(None) => return Err(connection.lost("the stream has ended")),
            Err(status) => return Err(connection.failed(&status)),
        };
        if self.unanswered.pop_front() != Some(answer.results.len()) {
            return Err(ClientError::Answer(
                "a batch has one result for each entry".to_owned(),
            ));
        }
        self.client.verify_batch(answer).await
    }
}

impl Client {
    async fn verify_batch(
        &self,
        answer: v1::SubmitEntriesResponse,
    ) -> Result<BatchAnswer, ClientError> {
        let v1::SubmitEntriesResponse {
            results,
            checkpoint,
        } = answer;
        let outcomes = results
            .into_iter()
            .map(outcome)
            .collect::<Result<Vec<_>, _>>()?;
        let positions = outcomes.iter().filter_map(Outcome::position);
        let Some(newest) = positions.max() else {
            return Ok(BatchAnswer {
                outcomes,
                checkpoint: None,
            });
        };
        let note = SignedNote::parse(&checkpoint).map_err(Unverified::from)?;
        let checkpoint = self.log.accept(&self.connection, note.clone()).await?;
        if !checkpoint.size().contains(newest) {
            let (position, size) = (newest, checkpoint.size());
            return Err(Unverified::NotCovered { position, size }.into());
        }
        Ok(BatchAnswer {
            outcomes,
            checkpoint: Some((checkpoint, note)),
        })
    }
}

impl Outcome {
    /// Where it was recorded, if it was.
    pub const fn position(&self) -> Option<Position> {
        match self {
            Self::Recorded { position, .. } => Some(*position),
            Self::Refused(_) => None,
        }
    }
}

fn outcome(result: v1::EntryResult) -> Result<Outcome, ClientError> {
    match result.outcome {
        Some(v1::entry_result::Outcome::Recorded(v1::Recorded {
            position,
            recorded_ms,
        })) => {
            let position = Position::new(count_of(position)?);
            Ok(Outcome::Recorded {
                position,
                recorded: Millis::new(recorded_ms),
            })
        }
        Some(v1::entry_result::Outcome::Refused(refused)) => {
            Ok(Outcome::Refused(Refusal::from_result(refused)))
        }
        None => Err(ClientError::Answer(
            "a result is neither recorded nor refused".to_owned(),
        )),
    }
}
