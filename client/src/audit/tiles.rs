//! Comparing the tiles above the leaves, beside the fold: each tile that the
//! records make is fetched and compared byte for byte.

use std::collections::HashMap;

use ledger::log::{Hash, Position, Tile, TileId, TilePath, TreeSize, root_from_tiles, root_tiles};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::fetch::{first_position, tile};
use super::source::Files;
use super::{AuditError, Fault};

/// How many questions may wait.
const WAITING_MAX: usize = 256;

/// Something that needs a look at stated tiles.
pub(super) enum Question {
    /// Is this tile stated as it was computed?
    Tile(TileId, Tile),
    /// Was this the root of the tree of so many records, as the author of the
    /// record has signed?
    Seen {
        position: Position,
        size: TreeSize,
        root: Hash,
    },
}

/// Starts the comparison. It ends when the sender is dropped, with the number
/// of tiles, or at the first fault.
pub(super) fn start<S: Files>(
    source: S,
    size: TreeSize,
) -> (mpsc::Sender<Question>, JoinHandle<Result<u64, AuditError>>) {
    let (sender, mut questions) = mpsc::channel(WAITING_MAX);
    let checker = tokio::spawn(async move {
        let mut tiles = 0;
        while let Some(question) = questions.recv().await {
            match question {
                Question::Tile(id, computed) => {
                    compare(&source, id, &computed).await?;
                    tiles += 1;
                }
                Question::Seen {
                    position,
                    size: seen,
                    root,
                } => {
                    if root_at(&source, seen, size).await? != Some(root) {
                        return Err(Fault::SeenOtherTree {
                            position,
                            size: seen,
                        }
                        .into());
                    }
                }
            }
        }
        Ok(tiles)
    });
    (sender, checker)
}

async fn compare<S: Files>(source: &S, id: TileId, computed: &Tile) -> Result<(), AuditError> {
    let path = TilePath::Hashes {
        tile: id,
        width: computed.width(),
    };
    let stated = tile(source, path).await?;
    if stated == computed.to_bytes() {
        return Ok(());
    }
    let stated = Tile::from_bytes(&stated).map_err(|cause| Fault::TileMalformed { path, cause })?;
    let pairs = computed.hashes().iter().zip(stated.hashes());
    let same = pairs
        .take_while(|(computed, stated)| computed == stated)
        .count();
    let records_each = 1_u64.unbounded_shl(8 * u32::from(id.level));
    let before = records_each.wrapping_mul(same as u64);
    let position = Position::new(first_position(path).get().wrapping_add(before));
    Err(Fault::TileDiffers { path, position }.into())
}

/// The root of an earlier tree, from the tiles of the present one.
pub(super) async fn root_at<S: Files>(
    source: &S,
    earlier: TreeSize,
    size: TreeSize,
) -> Result<Option<Hash>, AuditError> {
    let tiles = stated_tiles(source, root_tiles(earlier), size).await?;
    Ok(root_from_tiles(earlier, |id| tiles.get(&id)).ok())
}

/// Stated tiles, as wide as a tree makes them.
pub(crate) async fn stated_tiles<S: Files>(
    source: &S,
    ids: Vec<TileId>,
    size: TreeSize,
) -> Result<HashMap<TileId, Tile>, AuditError> {
    let mut tiles = HashMap::new();
    for id in ids {
        if let Some(width) = id.width_in(size) {
            let path = TilePath::Hashes { tile: id, width };
            let bytes = tile(source, path).await?;
            let stated = Tile::from_bytes(&bytes);
            tiles.insert(
                id,
                stated.map_err(|cause| Fault::TileMalformed { path, cause })?,
            );
        }
    }
    Ok(tiles)
}
