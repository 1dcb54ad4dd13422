//! A ledger read from a running server.

use std::time::Duration;

use ledger::log::{Checkpoint, SignedNote, TilePath, TreeSize};
use proto::v1;
use tokio::sync::mpsc;
use tonic::Streaming;

use super::source::{Files, Source, SourceError};
use crate::client::Client;
use crate::clock;
use crate::error::ClientError;
use crate::log::wire_count;

/// How often a file is asked for before the audit gives up.
const ATTEMPTS_MAX: u32 = 5;
/// How often a published checkpoint is looked for that covers the state: while
/// that was read, the log may have outgrown what was published.
const LOOKS_MAX: u32 = 10;
const LOOK_EVERY: Duration = Duration::from_millis(300);
/// How many chunks are read ahead.
const AHEAD: usize = 8;

/// A ledger on a server, read with the auditor's own key.
#[derive(Clone)]
pub struct ServerSource(Client);

impl ServerSource {
    /// Reads through this client.
    pub fn new(client: Client) -> Self {
        Self(client)
    }

    async fn fetch(&self, path: &str) -> Result<Option<Vec<u8>>, SourceError> {
        let mut pause = Duration::from_millis(100);
        for _ in 1..ATTEMPTS_MAX {
            match self.fetch_once(path).await {
                Err(error) if error.is_worth_retrying() => clock::pause(pause).await,
                answer => return Ok(answer?),
            }
            pause *= 2;
        }
        Ok(self.fetch_once(path).await?)
    }

    async fn fetch_once(&self, path: &str) -> Result<Option<Vec<u8>>, ClientError> {
        let bearer = self.0.bearer();
        self.0
            .connection
            .fetch(&format!("/log/{path}"), bearer.as_deref())
            .await
    }

    /// What is published, if it covers so many records or soon does. What is no
    /// checkpoint is for the audit to name.
    async fn published(&self, least: TreeSize) -> Result<Option<Vec<u8>>, SourceError> {
        for _ in 0..LOOKS_MAX {
            let Some(bytes) = self.fetch("checkpoint").await? else {
                return Ok(None);
            };
            if size_of(&bytes).is_none_or(|size| size >= least) {
                return Ok(Some(bytes));
            }
            clock::pause(LOOK_EVERY).await;
        }
        Ok(None)
    }

    /// The newest checkpoint, published or not.
    async fn newest(&self) -> Result<Option<Vec<u8>>, SourceError> {
        let mut service = self.0.connection.ledger();
        let answer = service.get_checkpoint(v1::GetCheckpointRequest {});
        let note = self.0.call(answer).await?.signed_note;
        Ok((!note.is_empty()).then_some(note))
    }
}

impl Files for ServerSource {
    async fn file(&self, path: TilePath) -> Result<Option<Vec<u8>>, SourceError> {
        self.fetch(&path.to_string()).await
    }
}

impl Source for ServerSource {
    async fn checkpoint(&self, least: TreeSize) -> Result<Option<Vec<u8>>, SourceError> {
        let bytes = match self.published(least).await? {
            Some(bytes) => Some(bytes),
            None => self.newest().await?,
        };
        let note = bytes
            .as_deref()
            .and_then(|bytes| SignedNote::parse(bytes).ok());
        // It must be of the history that was seen before. One that the log has
        // not signed is for the audit to name.
        if let Some(note) = note
            && Checkpoint::verify(&note, self.0.log.key()).is_ok()
        {
            self.0.log.accept(&self.0.connection, note).await?;
        }
        Ok(bytes)
    }

    fn state(&self) -> mpsc::Receiver<Result<v1::StateChunk, SourceError>> {
        let client = self.0.clone();
        let (sender, receiver) = mpsc::channel(AHEAD);
        tokio::spawn(async move {
            let request = client.request(v1::StreamStateRequest {});
            let mut service = client.connection.ledger();
            let stream = client.call(service.stream_state(request)).await;
            forward(&client, stream, &sender).await;
        });
        receiver
    }

    fn postings(&self, size: TreeSize) -> mpsc::Receiver<Result<v1::PostingChunk, SourceError>> {
        let client = self.0.clone();
        let (sender, receiver) = mpsc::channel(AHEAD);
        tokio::spawn(async move {
            let end_position = wire_count(size.get());
            let request = v1::StreamPostingsRequest {
                start_position: 0,
                end_position,
            };
            let mut service = client.connection.ledger();
            let stream = client
                .call(service.stream_postings(client.request(request)))
                .await;
            forward(&client, stream, &sender).await;
        });
        receiver
    }
}

/// The size that a note states, if it is a checkpoint. Nobody may have signed it.
fn size_of(note: &[u8]) -> Option<TreeSize> {
    let note = SignedNote::parse(note).ok()?;
    let checkpoint: Checkpoint = note.unverified_text().parse().ok()?;
    Some(checkpoint.size())
}

/// Passes a stream's messages on until it ends or nobody listens.
async fn forward<T>(
    client: &Client,
    stream: Result<Streaming<T>, ClientError>,
    sender: &mpsc::Sender<Result<T, SourceError>>,
) {
    let mut stream = match stream {
        Ok(stream) => stream,
        Err(error) => {
            // Whoever does not listen any more has an error of its own.
            let _ = sender.send(Err(error.into())).await;
            return;
        }
    };
    loop {
        let message = match stream.message().await {
            Ok(Some(message)) => Ok(message),
            Ok(None) => return,
            Err(status) => Err(client.connection.failed(&status).into()),
        };
        let is_last = message.is_err();
        if sender.send(message).await.is_err() || is_last {
            return;
        }
    }
}
