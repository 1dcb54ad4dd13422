//! Fetching bundles and the tiles of their hashes, some ahead of the fold.

use std::collections::VecDeque;

use ledger::log::{Position, TileId, TilePath, TreeSize, Width};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::source::{Files, SourceError};
use super::{AuditError, Fault};

/// How many pieces are asked for at once.
const UNDER_WAY_MAX: usize = 8;
/// How many pieces wait to be folded.
const WAITING_MAX: usize = 32;
/// Bytes of a hash.
const HASH_BYTES: usize = 32;

/// Up to 256 records, and the hashes that are stated of them.
pub(super) struct Piece {
    /// The position of its first record, divided by 256.
    pub(super) index: u64,
    /// How many records it has.
    pub(super) width: Width,
    /// The bundle. It may be longer than the piece: see `is_longer`.
    pub(super) bundle: Vec<u8>,
    /// Whether the bundle may go on beyond the piece, because the log has grown
    /// and keeps no shorter one.
    pub(super) is_longer: bool,
    /// The concatenated hashes.
    pub(super) tile: Vec<u8>,
}

impl Piece {
    /// The position of its first record.
    pub(super) const fn start(&self) -> Position {
        Position::new(self.index * 256)
    }

    /// The path of its tile of hashes.
    pub(super) const fn tile_path(&self) -> TilePath {
        TilePath::Hashes {
            tile: TileId {
                level: 0,
                index: self.index,
            },
            width: self.width,
        }
    }
}

/// All pieces of a log from the one on that holds the record behind `done`, in order. The first
/// error is the last answer.
pub(super) fn pieces<S: Files>(
    source: S,
    done: TreeSize,
    size: TreeSize,
) -> mpsc::Receiver<Result<Piece, AuditError>> {
    let (sender, receiver) = mpsc::channel(WAITING_MAX);
    tokio::spawn(async move {
        let mut next = (done.get() / 256..).map_while(|index| {
            TileId { level: 0, index }
                .width_in(size)
                .map(|width| (index, width))
        });
        let mut under_way: VecDeque<JoinHandle<_>> = VecDeque::new();
        loop {
            while under_way.len() < UNDER_WAY_MAX
                && let Some((index, width)) = next.next()
            {
                under_way.push_back(tokio::spawn(piece(source.clone(), index, width)));
            }
            let Some(first) = under_way.pop_front() else {
                return;
            };
            let Ok(piece) = first.await else { return };
            let is_last = piece.is_err();
            if sender.send(piece).await.is_err() || is_last {
                return;
            }
        }
    });
    receiver
}

async fn piece<S: Files>(source: S, index: u64, width: Width) -> Result<Piece, AuditError> {
    let path = TilePath::Entries { index, width };
    let (bundle, is_longer) = file(&source, path).await?;
    let tile_path = TilePath::Hashes {
        tile: TileId { level: 0, index },
        width,
    };
    let tile = tile(&source, tile_path).await?;
    Ok(Piece {
        index,
        width,
        bundle,
        is_longer,
        tile,
    })
}

/// The bytes of a tile of hashes, exactly as wide as asked for unless the
/// source gives something else under this very path.
pub(super) async fn tile<S: Files>(source: &S, path: TilePath) -> Result<Vec<u8>, AuditError> {
    let (mut tile, is_longer) = file(source, path).await?;
    if is_longer {
        tile.truncate(usize::from(width_of(path).get()) * HASH_BYTES);
    }
    Ok(tile)
}

/// A file; or, where a partial one is gone because it was filled since, the
/// full one, as C2SP tlog-tiles asks of clients.
pub(crate) async fn file<S: Files>(
    source: &S,
    path: TilePath,
) -> Result<(Vec<u8>, bool), AuditError> {
    if let Some(bytes) = source.file(path).await? {
        return Ok((bytes, false));
    }
    let full = match path {
        TilePath::Hashes { tile, .. } => TilePath::Hashes {
            tile,
            width: Width::FULL,
        },
        TilePath::Entries { index, .. } => TilePath::Entries {
            index,
            width: Width::FULL,
        },
    };
    let bytes: Result<_, SourceError> = match full {
        same if same == path => Ok(None),
        full => source.file(full).await,
    };
    let missing = Fault::Missing {
        path,
        position: first_position(path),
    };
    Ok((bytes?.ok_or(missing)?, true))
}

/// The first record that a tile or bundle is about.
pub(super) fn first_position(path: TilePath) -> Position {
    let (level, index) = match path {
        TilePath::Hashes { tile, .. } => (tile.level, tile.index),
        TilePath::Entries { index, .. } => (0, index),
    };
    Position::new(index.unbounded_shl(8 * (u32::from(level) + 1)))
}

const fn width_of(path: TilePath) -> Width {
    match path {
        TilePath::Hashes { width, .. } | TilePath::Entries { width, .. } => width,
    }
}
