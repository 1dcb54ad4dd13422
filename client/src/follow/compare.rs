//! Comparing two checkpoints of one log by the tiles of the larger tree: whatever a server says of
//! consistency is not asked for.

use std::collections::HashMap;

use ledger::log::evidence::{Claim, LateRecord, OtherBeginning};
use ledger::log::{
    Hash, Position, Tile, TileId, TreeSize, VerifierKey, consistency_proof, consistency_tiles,
    inclusion_proof, inclusion_tiles, root_from_tiles, root_tiles, verify_consistency,
};

use super::times::Cosigned;
use crate::audit::tiles::stated_tiles;
use crate::audit::{AuditError, Fault, Files};
use crate::evidence;
use crate::log::Signed;

/// How another checkpoint goes with the newest one of the log.
pub(crate) enum Compared {
    /// It is the same tree, or the beginning of it.
    Agrees,
    /// It is larger, so that the log's tiles do not tell.
    Larger,
    /// The log has signed two histories.
    Forked(Box<ledger::log::Evidence>),
}

/// Compares, in whichever order the two were seen: `other` was first.
pub(crate) async fn compare<F: Files>(
    files: &F,
    log: &VerifierKey,
    other: &Signed,
    newest: &Signed,
) -> Result<Compared, AuditError> {
    let (old, new) = (&other.checkpoint, &newest.checkpoint);
    if old.size() > new.size() {
        return Ok(Compared::Larger);
    }
    let beginning = if old.size() == new.size() {
        (old.root() != new.root()).then_some(None)
    } else {
        let beginning = beginning(files, old.size(), newest).await?;
        (old.root() != beginning.root).then_some(Some(beginning))
    };
    Ok(match beginning {
        None => Compared::Agrees,
        Some(beginning) => {
            let claim = Claim::Fork(beginning);
            let evidence = evidence::of(log, &other.note, &newest.note, claim);
            Compared::Forked(Box::new(evidence))
        }
    })
}

/// How a tree begins, with the proof: true of the root that the log has signed, whoever made the
/// tiles.
async fn beginning<F: Files>(
    files: &F,
    old: TreeSize,
    newest: &Signed,
) -> Result<OtherBeginning, AuditError> {
    let (size, root) = (newest.checkpoint.size(), newest.checkpoint.root());
    let contradict = || AuditError::from(Fault::TilesContradict { size });
    let mut ids = consistency_tiles(old, size).map_err(|_| contradict())?;
    ids.extend(root_tiles(old));
    let tiles = tiles(files, ids, size).await?;
    let old_root = root_from_tiles(old, |id| tiles.get(&id)).map_err(|_| contradict())?;
    let path = consistency_proof(old, size, |id| tiles.get(&id)).map_err(|_| contradict())?;
    verify_consistency(old, old_root, size, root, &path).map_err(|_| contradict())?;
    Ok(OtherBeginning {
        root: old_root,
        path,
    })
}

/// The evidence that a record is late.
pub(super) async fn late<F: Files>(
    files: &F,
    log: &VerifierKey,
    cosigned: &Cosigned,
    (position, leaf): (Position, Vec<u8>),
    newest: &Signed,
) -> Result<ledger::log::Evidence, AuditError> {
    let claim = Claim::Late(Box::new(LateRecord {
        cosigner: cosigned.key.clone(),
        position,
        path: inclusion(files, position, newest.checkpoint.size()).await?,
        leaf,
    }));
    Ok(evidence::of(log, &cosigned.note, &newest.note, claim))
}

async fn inclusion<F: Files>(
    files: &F,
    position: Position,
    size: TreeSize,
) -> Result<Vec<Hash>, AuditError> {
    let contradict = || AuditError::from(Fault::TilesContradict { size });
    let ids = inclusion_tiles(position, size).map_err(|_| contradict())?;
    let tiles = tiles(files, ids, size).await?;
    inclusion_proof(position, size, |id| tiles.get(&id)).map_err(|_| contradict())
}

async fn tiles<F: Files>(
    files: &F,
    mut ids: Vec<TileId>,
    size: TreeSize,
) -> Result<HashMap<TileId, Tile>, AuditError> {
    ids.sort_unstable();
    ids.dedup();
    stated_tiles(files, ids, size).await
}
