//! Inclusion and consistency proofs, and receipts, out of stored tiles: one read
//! of the store for all the tiles of a proof.

use std::collections::HashMap;
use std::fmt;

use ledger::PublicKey;
use ledger::log::{
    Hash, Position, ProveError, Receipt, SignedNote, Tile, TileId, TreeSize, consistency_proof,
    consistency_tiles, inclusion_proof, inclusion_tiles,
};
use ledger::member::MemberKey;
use proto::v1;
use tonic::Status;

use super::{position, read_checkpoint};
use crate::api::error::{Failure, ReadError};
use crate::api::row::find;
use crate::api::to_i64;
use crate::context::Context;
use crate::store::StoreError;

type Tiles = HashMap<TileId, Tile>;

/// `GetInclusionProof`.
pub(super) async fn inclusion(
    context: &Context,
    request: v1::GetInclusionProofRequest,
) -> Result<v1::InclusionProof, Failure> {
    let newest = context.store.head().await?.size;
    let size = tree_size(request.tree_size, newest)?;
    let position = position(request.position, size)?;
    if !size.contains(position) {
        let tree_size = size.get();
        return Err(ReadError::PositionInvalid { tree_size }.into());
    }
    let leaf_tile = TileId {
        level: 0,
        index: position.get() / 256,
    };
    let mut ids = inclusion_tiles(position, size).map_err(corrupt)?;
    if !ids.contains(&leaf_tile) {
        ids.push(leaf_tile);
    }
    let tiles = load(context, &ids).await?;
    let hashes = inclusion_proof(position, size, |id| tiles.get(&id)).map_err(corrupt)?;
    let leaf_hash = leaf_hash(&tiles, leaf_tile, position)?;
    Ok(v1::InclusionProof {
        position: to_i64(position.get()),
        tree_size: to_i64(size.get()),
        leaf_hash: leaf_hash.as_bytes().to_vec(),
        hashes: bytes(&hashes),
    })
}

/// `GetConsistencyProof`.
pub(super) async fn consistency(
    context: &Context,
    request: v1::GetConsistencyProofRequest,
) -> Result<v1::ConsistencyProof, Failure> {
    let newest = context.store.head().await?.size;
    let new = tree_size(request.new_tree_size, newest)?;
    // Here zero is the empty tree, which every tree continues.
    let old = u64::try_from(request.old_tree_size).map(TreeSize::new).ok();
    let newest = newest.get();
    let old = old
        .filter(|old| *old <= new)
        .ok_or(ReadError::TreeSizeInvalid { newest })?;
    let tiles = load(context, &consistency_tiles(old, new).map_err(corrupt)?).await?;
    let hashes = consistency_proof(old, new, |id| tiles.get(&id)).map_err(corrupt)?;
    Ok(v1::ConsistencyProof {
        old_tree_size: to_i64(old.get()),
        new_tree_size: to_i64(new.get()),
        hashes: bytes(&hashes),
    })
}

/// `GetReceipt`: from the first published checkpoint that covers the record, which
/// witnesses have cosigned; until there is one, from the first of all. If that one
/// was published under a weaker policy, from the newest that meets this one.
pub(super) async fn receipt(
    context: &Context,
    name: String,
    position: Position,
    leaf: Vec<u8>,
) -> Result<v1::Receipt, Failure> {
    let public_key = author_key(context, position, &leaf).await?;
    let published = published_over(context, position).await?;
    let (checkpoint, path) = match published {
        Some(note) => under(context, position, &note).await?,
        None => first(context, position).await?,
    };
    let receipt = Receipt {
        extra: Some(proto::encode_extra(leaf, Some(&public_key))),
        position,
        path,
        checkpoint,
    };
    let tlog_proof = receipt.to_string().into_bytes();
    Ok(v1::Receipt { name, tlog_proof })
}

/// The published checkpoint for a record.
async fn published_over(
    context: &Context,
    position: Position,
) -> Result<Option<Vec<u8>>, StoreError> {
    let Some(first) = context.store.published_over(position).await? else {
        return Ok(None);
    };
    if context.is_enough(&first)? {
        return Ok(Some(first));
    }
    match context.store.newest_published().await? {
        Some(newest) if context.is_enough(&newest)? => Ok(Some(newest)),
        _ => Ok(Some(first)),
    }
}

/// The key that signed a record: keys are never forgotten.
async fn author_key(
    context: &Context,
    position: Position,
    leaf: &[u8],
) -> Result<PublicKey, Failure> {
    let corrupt = |what: &dyn fmt::Display| StoreError::Corrupt(format!("{what} at {position}"));
    let (signed, _) = proto::decode_leaf(position, leaf).map_err(|error| corrupt(&error))?;
    let key = find::<MemberKey>(&*context.store, &signed.key_id).await?;
    let key = key.ok_or_else(|| corrupt(&"the key of the record is missing"))?;
    Ok(key.public_key)
}

/// The first checkpoint that covers a record, as a signed note, and the proof
/// that it does.
pub(crate) async fn first_proof(
    context: &Context,
    position: Position,
) -> Result<(Vec<u8>, Vec<Hash>), Status> {
    let (note, path) = first(context, position).await?;
    Ok((note.as_bytes().to_vec(), path))
}

async fn first(context: &Context, position: Position) -> Result<(SignedNote, Vec<Hash>), Failure> {
    let note = context
        .store
        .checkpoint_over(position)
        .await?
        .ok_or_else(|| {
            StoreError::Corrupt(format!("no checkpoint covers the record {position}"))
        })?;
    under(context, position, &note).await
}

/// A note, and the proof that it covers a record.
async fn under(
    context: &Context,
    position: Position,
    note: &[u8],
) -> Result<(SignedNote, Vec<Hash>), Failure> {
    let (note, checkpoint) = read_checkpoint(note)?;
    let size = checkpoint.size();
    let tiles = load(context, &inclusion_tiles(position, size).map_err(corrupt)?).await?;
    let path = inclusion_proof(position, size, |id| tiles.get(&id)).map_err(corrupt)?;
    Ok((note, path))
}

/// The size that a call names; zero is the newest.
fn tree_size(asked: i64, newest: TreeSize) -> Result<TreeSize, ReadError> {
    match u64::try_from(asked).map(TreeSize::new) {
        Ok(TreeSize::ZERO) => Ok(newest),
        Ok(size) if size <= newest => Ok(size),
        _ => Err(ReadError::TreeSizeInvalid {
            newest: newest.get(),
        }),
    }
}

async fn load(context: &Context, ids: &[TileId]) -> Result<Tiles, StoreError> {
    if ids.is_empty() {
        return Ok(Tiles::new());
    }
    Ok(context.store.tiles(ids).await?.into_iter().collect())
}

fn leaf_hash(tiles: &Tiles, id: TileId, position: Position) -> Result<Hash, StoreError> {
    let within = usize::try_from(position.get() % 256).unwrap_or_default();
    let hash = tiles.get(&id).and_then(|tile| tile.hashes().get(within));
    hash.copied().ok_or_else(|| {
        StoreError::Corrupt(format!("no tile has the hash of the record {position}"))
    })
}

fn bytes(hashes: &[Hash]) -> Vec<Vec<u8>> {
    hashes.iter().map(|hash| hash.as_bytes().to_vec()).collect()
}

/// Sizes and positions were checked, so that only the tiles can be at fault.
fn corrupt(error: ProveError) -> StoreError {
    StoreError::Corrupt(format!("a proof cannot be made: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_is_the_newest_tree_and_larger_ones_do_not_exist() {
        let newest = TreeSize::new(7);
        assert_eq!(tree_size(0, newest), Ok(newest));
        assert_eq!(tree_size(7, newest), Ok(newest));
        assert_eq!(tree_size(1, newest), Ok(TreeSize::new(1)));
        for asked in [8, -1, i64::MIN, i64::MAX] {
            assert_eq!(
                tree_size(asked, newest),
                Err(ReadError::TreeSizeInvalid { newest: 7 })
            );
        }
        assert_eq!(tree_size(0, TreeSize::ZERO), Ok(TreeSize::ZERO));
    }
}
