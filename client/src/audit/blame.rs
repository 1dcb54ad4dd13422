//! Telling what was altered when a record and its stated hash do not fit: of
//! the two, the one that leads to the signed root is the true one.

use ledger::log::{
    Checkpoint, Hash, Position, TileId, TilePath, Width, inclusion_proof, inclusion_tiles,
    verify_inclusion,
};

use super::source::Files;
use super::tiles::stated_tiles;
use super::{AuditError, Fault};

/// Replaces [`Fault::LeafDiffers`] by what is really at fault, where the other
/// tiles show it.
pub(super) async fn refine<S: Files>(
    source: &S,
    checkpoint: &Checkpoint,
    error: AuditError,
) -> AuditError {
    let AuditError::Fault(fault) = &error else {
        return error;
    };
    let Fault::LeafDiffers {
        position,
        computed,
        stated,
    } = **fault
    else {
        return error;
    };
    let Some(path) = path_to_root(source, checkpoint, position).await else {
        return error;
    };
    let leads_to_root = |leaf: Hash| {
        verify_inclusion(leaf, position, checkpoint.size(), &path, checkpoint.root()).is_ok()
    };
    if leads_to_root(stated) {
        return Fault::RecordAltered { position }.into();
    }
    if leads_to_root(computed) {
        let tile = TileId {
            level: 0,
            index: position.get() / 256,
        };
        let width = tile.width_in(checkpoint.size()).unwrap_or(Width::FULL);
        return Fault::TileAltered {
            path: TilePath::Hashes { tile, width },
            position,
        }
        .into();
    }
    error
}

async fn path_to_root<S: Files>(
    source: &S,
    checkpoint: &Checkpoint,
    position: Position,
) -> Option<Vec<Hash>> {
    let size = checkpoint.size();
    let tiles = stated_tiles(source, inclusion_tiles(position, size).ok()?, size)
        .await
        .ok()?;
    inclusion_proof(position, size, |id| tiles.get(&id)).ok()
}
