//! Saving a whole ledger into a folder that audits offline, without its server.
//! The layout is described in docs/export.md.
//!
//! It can be started again where it was cut off: full tiles and bundles never
//! change. The checkpoint is written last, so a folder that has one is whole.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use ledger::log::{Checkpoint, SignedNote, TilePath, TreeSize, VerifierKey, Width, tiles};
use prost::Message;
use proto::v1;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::audit::{AuditError, Fault, Files, Progress, Source, SourceError, fetch};
use crate::audit::{CHECKPOINT_FILE, POSTINGS_FILE, STATE_FILE};
use crate::files;

/// How many files are asked for at once.
const UNDER_WAY_MAX: usize = 8;

/// Saves a ledger: stated state, tiles, bundles, stated postings, checkpoint.
/// Nothing is verified but the checkpoint's signature; that is for the audit.
///
/// # Errors
/// [`AuditError`].
pub async fn save<S: Source>(
    source: &S,
    log_key: &VerifierKey,
    folder: &Path,
    progress: impl Fn(Progress),
) -> Result<TreeSize, AuditError> {
    let checkpoint_path = folder.join(CHECKPOINT_FILE);
    match fs::remove_file(&checkpoint_path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(io_error(&checkpoint_path)(error).into());
        }
        _ => {}
    }
    let mut least = TreeSize::ZERO;
    let chunk_size = |chunk: &v1::StateChunk| {
        least = u64::try_from(chunk.tree_size).map_or(least, TreeSize::new);
    };
    write_messages(&folder.join(STATE_FILE), source.state(), chunk_size).await?;
    let note = source.checkpoint(least).await?.ok_or(Fault::NoCheckpoint)?;
    let signed = SignedNote::parse(&note).map_err(|error| Fault::Checkpoint(error.into()))?;
    let size = Checkpoint::verify(&signed, log_key)
        .map_err(Fault::Checkpoint)?
        .size();
    save_tiles(source, size, folder, progress).await?;
    write_messages(&folder.join(POSTINGS_FILE), source.postings(size), |_| {}).await?;
    write_file(&checkpoint_path, &note)?;
    Ok(size)
}

async fn save_tiles<S: Source>(
    source: &S,
    size: TreeSize,
    folder: &Path,
    progress: impl Fn(Progress),
) -> Result<(), AuditError> {
    let (mut under_way, mut done) = (JoinSet::new(), 0);
    for (tile, width) in tiles(size) {
        let hashes = TilePath::Hashes { tile, width };
        let entries = (tile.level == 0).then_some(TilePath::Entries {
            index: tile.index,
            width,
        });
        for path in std::iter::once(hashes).chain(entries) {
            while under_way.len() >= UNDER_WAY_MAX {
                done += finished(under_way.join_next().await)?;
                progress(Progress {
                    done,
                    total: size.get(),
                });
            }
            under_way.spawn(save_file(
                source.clone(),
                path,
                folder.join(path.to_string()),
            ));
        }
    }
    while let Some(saved) = under_way.join_next().await {
        done += finished(Some(saved))?;
        progress(Progress {
            done,
            total: size.get(),
        });
    }
    Ok(())
}

/// The number of records that a finished file has brought.
fn finished(
    saved: Option<Result<Result<u64, AuditError>, tokio::task::JoinError>>,
) -> Result<u64, AuditError> {
    match saved {
        None => Ok(0),
        Some(Ok(saved)) => saved,
        Some(Err(failed)) => std::panic::resume_unwind(failed.into_panic()),
    }
}

async fn save_file<S: Files>(source: S, path: TilePath, file: PathBuf) -> Result<u64, AuditError> {
    let (is_full, records) = match path {
        TilePath::Hashes { width, .. } => (width == Width::FULL, 0),
        TilePath::Entries { width, .. } => (width == Width::FULL, u64::from(width.get())),
    };
    if is_full && file.exists() {
        return Ok(records);
    }
    let (bytes, is_longer) = fetch::file(&source, path).await?;
    // A partial file that the source has no more is saved as the full one is.
    let file = if is_longer { full_path(&file) } else { file };
    write_file(&file, &bytes)?;
    Ok(records)
}

/// `tile/0/001.p/7` without its width.
fn full_path(partial: &Path) -> PathBuf {
    let text = partial.to_string_lossy();
    match text.rsplit_once(".p/") {
        Some((full, _)) => PathBuf::from(full),
        None => partial.to_owned(),
    }
}

async fn write_messages<M: Message>(
    path: &Path,
    mut messages: mpsc::Receiver<Result<M, SourceError>>,
    mut seen: impl FnMut(&M),
) -> Result<(), SourceError> {
    make_folder_of(path)?;
    let beside = path.with_added_extension("tmp");
    let failed = io_error(&beside);
    let mut file = BufWriter::new(File::create(&beside).map_err(&failed)?);
    while let Some(message) = messages.recv().await {
        let message = message?;
        seen(&message);
        file.write_all(&message.encode_length_delimited_to_vec())
            .map_err(&failed)?;
    }
    let file = file
        .into_inner()
        .map_err(|error| failed(error.into_error()))?;
    file.sync_all().map_err(&failed)?;
    fs::rename(&beside, path).map_err(io_error(path))
}

fn write_file(path: &Path, bytes: &[u8]) -> Result<(), SourceError> {
    make_folder_of(path)?;
    files::replace(path, bytes).map_err(io_error(path))
}

fn make_folder_of(path: &Path) -> Result<(), SourceError> {
    path.parent()
        .map_or(Ok(()), fs::create_dir_all)
        .map_err(io_error(path))
}

fn io_error(path: &Path) -> impl Fn(io::Error) -> SourceError {
    let path = path.to_owned();
    move |source| SourceError::Io {
        path: path.clone(),
        source,
    }
}
