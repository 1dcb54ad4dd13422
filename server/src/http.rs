//! The log over HTTP: C2SP tlog-tiles, sections Checkpoints, Merkle Tree and Log
//! entries, below the prefix `/log`. HTTP/1.1 and HTTP/2 on the one port.
//!
//! Checkpoint and hash tiles are public. Bundles hold what members signed, so
//! that they ask for the token of a reader of all records, unless the operator
//! publishes them. Tiles and bundles never change: caches may keep them for
//! ever, and this server keeps those that were asked for last (`cache`).

mod answer;
mod cache;
mod encoding;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use axum::routing::get;
use ledger::log::{Position, TileId, TilePath, Width, encode_bundle};
use tonic::Status;

use self::answer::{Kind, missing, refused};
use self::cache::{Cache, Served};
use self::encoding::{Encoding, gzip};
use crate::access::{Reading, Resource, identify, require};
use crate::api::error::Failure;
use crate::context::Context;
use crate::store::StoreError;

/// What the handlers share.
#[derive(Clone)]
struct Log(Arc<Shared>);

struct Shared {
    context: Context,
    bundles_public: bool,
    cache: Cache,
}

/// The routes below `/log`.
pub fn routes(context: Context, bundles_public: bool) -> Router {
    let shared = Shared {
        context,
        bundles_public,
        cache: Cache::default(),
    };
    Router::new()
        .route("/log/checkpoint", get(checkpoint))
        .route("/log/tile/{*path}", get(tile))
        .with_state(Log(Arc::new(shared)))
}

/// What is said where nothing is: to a call that there is no such method, and to
/// anyone else that there is no such page.
pub async fn nothing(headers: HeaderMap) -> Response {
    let is_call = |kind: &[u8]| kind.starts_with(b"application/grpc");
    let kind = headers.get(CONTENT_TYPE);
    if kind.is_some_and(|kind| is_call(kind.as_bytes())) {
        Status::unimplemented("").into_http()
    } else {
        missing()
    }
}

async fn checkpoint(State(Log(log)): State<Log>, headers: HeaderMap) -> Response {
    match log.checkpoint().await {
        Ok(Some(note)) => {
            let note = Served::new(note.into(), Encoding::Identity);
            Kind::Checkpoint.found(&headers, note)
        }
        Ok(None) => missing(),
        Err(error) => refused(error.into()),
    }
}

async fn tile(State(Log(log)): State<Log>, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().strip_prefix("/log/").unwrap_or_default();
    let answer = match path.parse() {
        Ok(path @ TilePath::Hashes { .. }) => log.hashes(&headers, path).await,
        Ok(path @ TilePath::Entries { .. }) => log.entries(&headers, path).await,
        Err(_) => Ok(None),
    };
    match answer {
        Ok(Some(response)) => response,
        Ok(None) => missing(),
        Err(failure) => refused(failure),
    }
}

impl Shared {
    /// The newest published checkpoint, where a quorum of witnesses publishes, if
    /// it was this quorum and not an earlier policy. Elsewhere the newest of all, with all its signatures: a published note is
    /// the log's own and something more.
    async fn checkpoint(&self) -> Result<Option<Vec<u8>>, StoreError> {
        let store = &self.context.store;
        let published = store.newest_published().await?;
        if self.context.policy.asks_for_witnesses() {
            let Some(published) = published else {
                return Ok(None);
            };
            let is_enough = self.context.is_enough(&published)?;
            return Ok(is_enough.then_some(published));
        }
        let Some(newest) = store.newest_checkpoint().await? else {
            return Ok(None);
        };
        let published = published.filter(|note| note.starts_with(&newest));
        Ok(Some(published.unwrap_or(newest)))
    }

    /// A tile as wide as it was asked for, if it has been so wide.
    async fn hashes(
        &self,
        headers: &HeaderMap,
        path: TilePath,
    ) -> Result<Option<Response>, Failure> {
        let read = || self.read(path);
        let served = self.cached(path, Encoding::Identity, read).await?;
        Ok(served.map(|served| Kind::Tile.found(headers, served)))
    }

    /// A bundle as wide as it was asked for, for a reader who may have it.
    async fn entries(
        &self,
        headers: &HeaderMap,
        path: TilePath,
    ) -> Result<Option<Response>, Failure> {
        let encoding = Encoding::accepted(headers.get(ACCEPT_ENCODING));
        let pack = async || {
            let bundle = self.read(path).await?;
            Ok(match encoding {
                Encoding::Identity => bundle,
                Encoding::Gzip => bundle.map(|bundle| gzip(&bundle).into()),
            })
        };
        if self.bundles_public {
            let served = self.cached(path, encoding, pack).await?;
            return Ok(served.map(|served| Kind::PublicBundle.found(headers, served)));
        }
        let authorization = headers.get(AUTHORIZATION);
        let authorization = authorization.and_then(|value| value.to_str().ok());
        let reader = identify(&self.context, authorization).await?;
        require(
            &self.context,
            reader,
            &Reading::of_scheme(Resource::Records),
        )
        .await?;
        let served = pack().await?.map(|bundle| Served::new(bundle, encoding));
        Ok(served.map(|served| Kind::PrivateBundle.found(headers, served)))
    }

    /// What was served before, or what is read now.
    async fn cached(
        &self,
        path: TilePath,
        encoding: Encoding,
        read: impl AsyncFnOnce() -> Result<Option<Bytes>, StoreError>,
    ) -> Result<Option<Served>, StoreError> {
        if let Some(served) = self.cache.find(path, encoding) {
            return Ok(Some(served));
        }
        let Some(bytes) = read().await? else {
            return Ok(None);
        };
        let served = Served::new(bytes, encoding);
        self.cache.keep(path, served.clone());
        Ok(Some(served))
    }

    /// A tile or a bundle out of the database. Beyond 2^63 it has no numbers.
    async fn read(&self, path: TilePath) -> Result<Option<Bytes>, StoreError> {
        match path {
            TilePath::Hashes { tile, .. } if i64::try_from(tile.index).is_err() => Ok(None),
            TilePath::Hashes { tile, width } => self.read_tile(tile, width).await,
            TilePath::Entries { index, width } => {
                let from = index.checked_mul(256);
                match from.filter(|from| i64::try_from(*from).is_ok()) {
                    Some(from) => self.read_bundle(Position::new(from), width).await,
                    None => Ok(None),
                }
            }
        }
    }

    async fn read_tile(&self, id: TileId, width: Width) -> Result<Option<Bytes>, StoreError> {
        let tiles = self.context.store.tiles(&[id]).await?;
        let tile = tiles.first().and_then(|(_, tile)| tile.prefix(width));
        Ok(tile.map(|tile| tile.to_bytes().into()))
    }

    async fn read_bundle(&self, from: Position, width: Width) -> Result<Option<Bytes>, StoreError> {
        let leaves = self.context.store.leaves(from, width.get().into()).await?;
        if leaves.len() < usize::from(width.get()) {
            return Ok(None);
        }
        let bundle = encode_bundle(&leaves)
            .map_err(|error| StoreError::Corrupt(format!("a bundle cannot be made: {error}")))?;
        Ok(Some(bundle.into()))
    }
}
