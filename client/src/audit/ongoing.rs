//! An audit that goes on as the log grows: hashes, root, signatures, rules, and what members had
//! seen, folded onto the records before.
//!
//! What a server states beside its log, postings and state rows, is compared by the whole audit
//! alone.

use ledger::Millis;
use ledger::log::{Checkpoint, Hash, Position, Tile, Tree, TreeSize, leaf_hash};
use ledger::replay::Replay;

use super::blame;
use super::fetch::{self, Piece};
use super::fold::bundle;
use super::seen::RecentTrees;
use super::signatures::{Checker, Pending};
use super::source::Files;
use super::tiles::root_at;
use super::{Adopted, AuditError, Fault, adopted};

/// Everything that the records so far have made. Its memory is that of the state.
pub struct Ongoing {
    tree: Tree,
    recent: RecentTrees,
    replay: Replay,
    adoptions: Vec<Adopted>,
}

impl Ongoing {
    /// Before the first record of an origin.
    pub fn new(origin: &str) -> Self {
        Self {
            tree: Tree::new(),
            recent: RecentTrees::default(),
            replay: Replay::new(origin),
            adoptions: Vec::new(),
        }
    }

    /// The number of records so far.
    pub fn size(&self) -> TreeSize {
        self.tree.size()
    }

    /// Takes in the records up to a checkpoint that the log has signed. `each` is shown every one
    /// with its time, before it is known that all is well.
    ///
    /// # Errors
    /// [`AuditError`]; what was taken in is gone with it.
    ///
    /// # Panics
    /// As [`ledger::State::apply`].
    pub async fn extend<F: Files>(
        mut self,
        files: F,
        checkpoint: &Checkpoint,
        mut each: impl FnMut(Position, Millis, &[u8]),
    ) -> Result<Self, AuditError> {
        let mut pieces = fetch::pieces(files.clone(), self.size(), checkpoint.size());
        while let Some(piece) = pieces.recv().await {
            let taken = self.piece(&files, &piece?, checkpoint, &mut each).await;
            if let Err(error) = taken {
                return Err(blame::refine(&files, checkpoint, error).await);
            }
        }
        let (computed, stated) = (self.tree.root(), checkpoint.root());
        if computed == stated {
            Ok(self)
        } else {
            Err(Fault::RootDiffers { computed, stated }.into())
        }
    }

    /// Takes in what is new in a piece.
    async fn piece<F: Files>(
        &mut self,
        files: &F,
        piece: &Piece,
        checkpoint: &Checkpoint,
        each: &mut impl FnMut(Position, Millis, &[u8]),
    ) -> Result<(), AuditError> {
        let (records, broken) = bundle::split(piece);
        if let Some(fault) = broken {
            return Err(fault.into());
        }
        let leaves: Vec<Hash> = records.iter().map(|record| leaf_hash(record)).collect();
        compare(piece, &leaves)?;
        let old = usize::try_from(self.size().get() - piece.start().get()).unwrap_or(usize::MAX);
        let new = leaves.get(old..).unwrap_or_default().to_vec();
        self.recent.extend(&new);
        let mut pending = Vec::with_capacity(new.len());
        for (position, leaf) in (piece.start().get()..).zip(&records).skip(old) {
            let position = Position::new(position);
            let (signature, recorded) = self
                .record(files, position, leaf, checkpoint.size())
                .await?;
            pending.push(signature);
            each(position, recorded, leaf);
        }
        self.tree.extend(new);
        match Checker::Each.first_bad(&pending) {
            Some(position) => Err(Fault::SignatureInvalid { position }.into()),
            None => Ok(()),
        }
    }

    async fn record<F: Files>(
        &mut self,
        files: &F,
        position: Position,
        leaf: &[u8],
        size: TreeSize,
    ) -> Result<(Pending, Millis), AuditError> {
        let (signed, record) = proto::decode_leaf(position, leaf)
            .map_err(|cause| Fault::RecordMalformed { position, cause })?;
        let effects = self
            .replay
            .push(&record)
            .map_err(|cause| Fault::RuleBroken { position, cause })?;
        adopted::note(&mut self.adoptions, &record);
        if let Some(seen) = record.entry.seen {
            let recent = self.recent.root(seen.size);
            let signed = record.entry.id.signed();
            let is_earlier = recent == Some(seen.root)
                || adopted::was_given_up(&mut self.adoptions, &seen, signed)
                || recent.is_none() && root_at(files, seen.size, size).await? == Some(seen.root);
            if !is_earlier {
                let size = seen.size;
                return Err(Fault::SeenOtherTree { position, size }.into());
            }
        }
        let pending = Pending {
            position,
            signed,
            signer: effects.signer,
        };
        Ok((pending, record.recorded))
    }
}

/// The records must have the hashes that their tile states.
fn compare(piece: &Piece, leaves: &[Hash]) -> Result<(), Fault> {
    let path = piece.tile_path();
    let stated = Tile::from_bytes(&piece.tile);
    let stated = stated.map_err(|cause| Fault::TileMalformed { path, cause })?;
    let pairs = leaves.iter().zip(stated.hashes());
    for (position, (computed, stated)) in (piece.start().get()..).zip(pairs) {
        if computed != stated {
            let (position, computed, stated) = (Position::new(position), *computed, *stated);
            return Err(Fault::LeafDiffers {
                position,
                computed,
                stated,
            });
        }
    }
    Ok(())
}
