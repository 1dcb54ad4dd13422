//! The fold: records in order, each hashed, read, judged and compared, while
//! the signatures of the chunk before are verified on all cores.

use ledger::log::{Checkpoint, Hash, Position, Tile, Tree, leaf_hash};
use ledger::replay::Replay;
use proto::v1;
use tokio::sync::mpsc;

use self::postings::Postings;
use super::fetch::Piece;
use super::seen::RecentTrees;
use super::signatures::{Checker, Pending};
use super::source::SourceError;
use super::stated::{StatedState, conserved_accounts};
use super::tiles::Question;
use super::{AuditError, AuditReport, Fault, Progress, Reading, adopted};

pub(super) mod bundle;
mod postings;

/// How many pieces of 256 records make a chunk.
const CHUNK_PIECES: usize = 64;

/// Why the fold did not come to the end.
pub(super) enum Stop {
    /// It has found a fault, or its input has failed.
    Because(AuditError),
    /// The comparison of tiles has ended before it; that one knows why.
    CheckerEnded,
}

impl<E: Into<AuditError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Because(error.into())
    }
}

/// Everything that the records so far have made.
pub(super) struct Fold<R> {
    reading: R,
    checkpoint: Checkpoint,
    stated: StatedState,
    postings: Postings,
    tiles: mpsc::Sender<Question>,
    tree: Tree,
    recent: RecentTrees,
    replay: Replay,
    report: AuditReport,
}

impl<R: Reading> Fold<R> {
    pub(super) fn new(
        reading: R,
        report: AuditReport,
        checkpoint: Checkpoint,
        stated: StatedState,
        postings: mpsc::Receiver<Result<v1::PostingChunk, SourceError>>,
        tiles: mpsc::Sender<Question>,
    ) -> Self {
        Self {
            reading,
            postings: Postings::new(postings),
            tiles,
            tree: Tree::new(),
            recent: RecentTrees::default(),
            replay: Replay::new(checkpoint.origin().as_str()),
            report,
            checkpoint,
            stated,
        }
    }

    /// Folds all pieces. Blocks: for a thread of its own.
    pub(super) fn run(
        mut self,
        checker: &Checker,
        mut pieces: mpsc::Receiver<Result<Piece, AuditError>>,
        progress: &impl Fn(Progress),
    ) -> Result<(AuditReport, R), Stop> {
        let mut pending = Vec::new();
        loop {
            let chunk = next_chunk(&mut pieces);
            let is_last = chunk.is_empty();
            let first_bad = || checker.first_bad(&pending);
            let (bad, (next, folded)) = rayon::join(first_bad, || self.chunk(chunk));
            if let Some(position) = bad {
                return Err(Fault::SignatureInvalid { position }.into());
            }
            pending = next;
            if let Err(stop) = folded {
                // What was folded before it may have a fault that comes first.
                return Err(match checker.first_bad(&pending) {
                    Some(position) => Fault::SignatureInvalid { position }.into(),
                    None => stop,
                });
            }
            let (done, total) = (self.tree.size().get(), self.checkpoint.size().get());
            progress(Progress { done, total });
            if is_last {
                return self.finish();
            }
        }
    }

    /// Folds a chunk; the signatures up to its first fault.
    fn chunk(&mut self, chunk: Vec<Result<Piece, AuditError>>) -> (Vec<Pending>, Result<(), Stop>) {
        let mut pending = Vec::with_capacity(chunk.len() * 256);
        for piece in chunk {
            let folded = match piece {
                Ok(piece) => self.piece(&piece, &mut pending),
                Err(error) => Err(error.into()),
            };
            if folded.is_err() {
                return (pending, folded);
            }
        }
        (pending, Ok(()))
    }

    fn piece(&mut self, piece: &Piece, pending: &mut Vec<Pending>) -> Result<(), Stop> {
        let path = piece.tile_path();
        let stated = Tile::from_bytes(&piece.tile);
        let stated = stated.map_err(|cause| Fault::TileMalformed { path, cause })?;
        let (records, broken) = bundle::split(piece);
        let leaves: Vec<Hash> = records.iter().map(|record| leaf_hash(record)).collect();
        let same = leaves
            .iter()
            .zip(stated.hashes())
            .take_while(|(a, b)| a == b)
            .count();
        self.recent.extend(&leaves);
        for (position, record) in (piece.start().get()..).zip(&records[..same]) {
            self.record(Position::new(position), record, pending)?;
        }
        if let (Some(computed), Some(stated)) = (leaves.get(same), stated.hashes().get(same)) {
            let position = Position::new(piece.start().get() + same as u64);
            let (computed, stated) = (*computed, *stated);
            return Err(Fault::LeafDiffers {
                position,
                computed,
                stated,
            }
            .into());
        }
        if let Some(fault) = broken {
            return Err(fault.into());
        }
        if stated.width() != piece.width {
            let position = Position::new(piece.start().get() + same as u64);
            return Err(Fault::TileAltered { path, position }.into());
        }
        self.report.tiles += 1;
        for (id, tile) in self.tree.extend(leaves) {
            if id.level > 0 && tile.is_full() {
                self.ask(Question::Tile(id, tile))?;
            }
        }
        Ok(())
    }

    fn record(
        &mut self,
        position: Position,
        leaf: &[u8],
        pending: &mut Vec<Pending>,
    ) -> Result<(), Stop> {
        if position.get() == self.stated.size().get() {
            self.compare_state()?;
        }
        let (signed, record) = proto::decode_leaf(position, leaf)
            .map_err(|cause| Fault::RecordMalformed { position, cause })?;
        self.reading.before(&record, self.replay.state());
        let effects = self
            .replay
            .push(&record)
            .map_err(|cause| Fault::RuleBroken { position, cause })?;
        pending.push(Pending {
            position,
            signed,
            signer: effects.signer,
        });
        adopted::note(&mut self.report.adoptions, &record);
        if let Some(seen) = record.entry.seen {
            self.report.seen_checkpoints += 1;
            let signed = record.entry.id.signed();
            match self.recent.root(seen.size) {
                Some(root) if root == seen.root => {}
                _ if adopted::was_given_up(&mut self.report.adoptions, &seen, signed) => {}
                Some(_) => {
                    return Err(Fault::SeenOtherTree {
                        position,
                        size: seen.size,
                    }
                    .into());
                }
                None => {
                    let (size, root) = (seen.size, seen.root);
                    self.ask(Question::Seen {
                        position,
                        size,
                        root,
                    })?;
                }
            }
        }
        self.report.postings += effects.postings.len() as u64;
        self.postings.compare(position, &effects.postings)?;
        self.reading.read(&record, &effects, self.replay.state());
        Ok(())
    }

    fn finish(mut self) -> Result<(AuditReport, R), Stop> {
        for (id, tile) in self.tree.edge() {
            if id.level > 0 {
                self.ask(Question::Tile(id, tile))?;
            }
        }
        let (computed, stated) = (self.tree.root(), self.checkpoint.root());
        if computed != stated {
            return Err(Fault::RootDiffers { computed, stated }.into());
        }
        self.postings.finish(self.replay.size().next_position())?;
        if self.stated.size() == self.replay.size() {
            self.compare_state()?;
        }
        for (id, account) in conserved_accounts(self.replay.state())? {
            self.report.add(id, account);
        }
        self.reading.end(self.replay.state());
        Ok((self.report, self.reading))
    }

    fn compare_state(&mut self) -> Result<(), Fault> {
        self.report.state_rows = self.stated.compare(self.replay.state())?;
        conserved_accounts(self.replay.state()).map(|_| ())
    }

    fn ask(&self, question: Question) -> Result<(), Stop> {
        self.tiles
            .blocking_send(question)
            .map_err(|_| Stop::CheckerEnded)
    }
}

/// The next pieces, or what there is left of them.
fn next_chunk(
    pieces: &mut mpsc::Receiver<Result<Piece, AuditError>>,
) -> Vec<Result<Piece, AuditError>> {
    let mut chunk = Vec::with_capacity(CHUNK_PIECES);
    while chunk.len() < CHUNK_PIECES
        && let Some(piece) = pieces.blocking_recv()
    {
        chunk.push(piece);
    }
    chunk
}
