//! What the server states beside the records: state and postings, in the form in
//! which it streams them to an auditor, each message behind its length.

use ledger::account::PostingRef;
use ledger::log::{Position, TreeSize};
use prost::Message;
use proto::{v1, view};

use super::ExportError;
use super::folder::{Folder, Unfinished};
use crate::api::ledger::{after, state_chunk};
use crate::store::Store;

const STATE: &str = "timebank/state";
const POSTINGS: &str = "timebank/postings";
/// Postings that are read at once.
const POSTINGS_AT_ONCE: u32 = 1_000;

/// The state as it was read, not at its place yet.
pub(super) struct Books {
    size: TreeSize,
    state: Unfinished,
    folder: Folder,
}

impl Books {
    /// Writes the state beside its place.
    pub(super) async fn save_state(
        store: &dyn Store,
        folder: &Folder,
    ) -> Result<Self, ExportError> {
        let mut state = folder.begin(STATE)?;
        let mut size = TreeSize::ZERO;
        let mut chunks = store.stream_state();
        while let Some(chunk) = chunks.recv().await {
            let chunk = chunk?;
            size = chunk.size;
            state.append(&state_chunk(chunk).encode_length_delimited_to_vec())?;
        }
        if size == TreeSize::ZERO {
            return Err(ExportError::Empty);
        }
        let folder = folder.clone();
        Ok(Self {
            size,
            state,
            folder,
        })
    }

    /// The tree size at which the state holds.
    pub(super) const fn size(&self) -> TreeSize {
        self.size
    }

    /// Writes the postings of so many records, and puts both at their places.
    pub(super) async fn finish(self, store: &dyn Store, size: TreeSize) -> Result<(), ExportError> {
        let mut file = self.folder.begin(POSTINGS)?;
        let mut next = PostingRef {
            position: Position::ZERO,
            line: 0,
        };
        loop {
            let end = size.next_position();
            let postings = store.postings(next, end, POSTINGS_AT_ONCE).await?;
            let Some(last) = postings.last() else {
                break;
            };
            next = after(last);
            let postings = postings.iter().map(view::posting).collect();
            let chunk = v1::PostingChunk { postings };
            file.append(&chunk.encode_length_delimited_to_vec())?;
        }
        self.state.finish()?;
        file.finish()
    }
}

/// Removes what a server has stated about an older tree.
pub(super) fn remove(folder: &Folder) -> Result<(), ExportError> {
    folder.remove_all(STATE)?;
    folder.remove_all(POSTINGS)
}
