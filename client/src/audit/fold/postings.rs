//! The stated postings, read in lock-step with those that the records make.

use ledger::Posting;
use ledger::log::Position;
use proto::v1;
use tokio::sync::mpsc;

use super::super::source::SourceError;
use super::Stop;
use crate::audit::Fault;

/// The postings that are stated and not compared yet.
pub(super) struct Postings {
    chunks: mpsc::Receiver<Result<v1::PostingChunk, SourceError>>,
    chunk: std::vec::IntoIter<v1::Posting>,
}

impl Postings {
    pub(super) fn new(chunks: mpsc::Receiver<Result<v1::PostingChunk, SourceError>>) -> Self {
        Self {
            chunks,
            chunk: Vec::new().into_iter(),
        }
    }

    /// Compares the next stated postings with those of a record.
    pub(super) fn compare(&mut self, position: Position, computed: &[Posting]) -> Result<(), Stop> {
        for posting in computed {
            let at = posting.at;
            match self.next(position)? {
                Some(stated) if stated == *posting => {}
                Some(stated) if stated.at < at => {
                    return Err(Fault::PostingAdded { at: stated.at }.into());
                }
                Some(stated) if stated.at > at => return Err(Fault::PostingMissing { at }.into()),
                Some(_) => return Err(Fault::PostingDiffers { at }.into()),
                None => return Err(Fault::PostingMissing { at }.into()),
            }
        }
        Ok(())
    }

    /// Checks that no more are stated.
    pub(super) fn finish(&mut self, end: Position) -> Result<(), Stop> {
        match self.next(end)? {
            Some(Posting { at, .. }) => Err(Fault::PostingAdded { at }.into()),
            None => Ok(()),
        }
    }

    fn next(&mut self, position: Position) -> Result<Option<Posting>, Stop> {
        loop {
            if let Some(message) = self.chunk.next() {
                let posting = proto::view::posting_from(message);
                let malformed = |cause| Fault::PostingMalformed { position, cause };
                return Ok(Some(posting.map_err(malformed)?));
            }
            match self.chunks.blocking_recv() {
                Some(chunk) => self.chunk = chunk?.postings.into_iter(),
                None => return Ok(None),
            }
        }
    }
}
