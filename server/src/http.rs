//! The log over HTTP: C2SP tlog-tiles, sections Checkpoints, Merkle Tree and Log
//! entries, below the prefix `/log`.
//!
//! Checkpoint and hash tiles are public. Bundles hold what members signed, so
//! that they ask for the token of a reader of all records, unless the operator
//! publishes them. Tiles and bundles never change and may be cached for ever.

use std::fmt::Write;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use ledger::log::{Position, TileId, TilePath, Width, encode_bundle};
use tonic::{Code, Status};

use crate::access::{Reading, Resource, identify, require};
use crate::api::error::Failure;
use crate::context::Context;
use crate::store::StoreError;

const PLAIN: &str = "text/plain; charset=utf-8";
const BYTES: &str = "application/octet-stream";
/// A checkpoint is new for a second.
const BRIEFLY: &str = "public, max-age=1";
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// What one reader may have, a cache between must not give to another.
const FOR_EVER_ALONE: &str = "private, max-age=31536000, immutable";
const NEVER: &str = "no-store";

/// What the handlers share.
#[derive(Clone)]
struct Log {
    context: Context,
    bundles_public: bool,
}

/// The routes below `/log`.
pub fn routes(context: Context, bundles_public: bool) -> Router {
    Router::new()
        .route("/log/checkpoint", get(checkpoint))
        .route("/log/tile/{*path}", get(tile))
        .with_state(Log {
            context,
            bundles_public,
        })
}

/// What is said where nothing is: to a call that there is no such method, and to
/// anyone else that there is no such page.
pub async fn nothing(headers: HeaderMap) -> Response {
    let is_call = |kind: &HeaderValue| kind.as_bytes().starts_with(b"application/grpc");
    if headers.get(CONTENT_TYPE).is_some_and(is_call) {
        Status::unimplemented("").into_http()
    } else {
        missing()
    }
}

async fn checkpoint(State(log): State<Log>) -> Response {
    match log.context.store.newest_checkpoint().await {
        Ok(Some(note)) => found(PLAIN, BRIEFLY, note),
        Ok(None) => missing(),
        Err(error) => refused(error.into()),
    }
}

async fn tile(State(log): State<Log>, Path(path): Path<String>, headers: HeaderMap) -> Response {
    let answer = match format!("tile/{path}").parse() {
        Ok(TilePath::Hashes { tile, width }) => hashes(&log, tile, width).await,
        Ok(TilePath::Entries { index, width }) => entries(&log, &headers, index, width).await,
        Err(_) => Ok(None),
    };
    match answer {
        Ok(Some(response)) => response,
        Ok(None) => missing(),
        Err(failure) => refused(failure),
    }
}

/// A tile as wide as it was asked for, if it has been so wide.
async fn hashes(log: &Log, id: TileId, width: Width) -> Result<Option<Response>, Failure> {
    if i64::try_from(id.index).is_err() {
        return Ok(None);
    }
    let tiles = log.context.store.tiles(&[id]).await?;
    let tile = tiles.first().and_then(|(_, tile)| tile.prefix(width));
    Ok(tile.map(|tile| found(BYTES, FOR_EVER, tile.to_bytes())))
}

/// A bundle as wide as it was asked for, for a reader who may have it.
async fn entries(
    log: &Log,
    headers: &HeaderMap,
    index: u64,
    width: Width,
) -> Result<Option<Response>, Failure> {
    if !log.bundles_public {
        let authorization = headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let reader = identify(&log.context, authorization).await?;
        require(&log.context, reader, &Reading::of_scheme(Resource::Records)).await?;
    }
    let from = index
        .checked_mul(256)
        .filter(|from| i64::try_from(*from).is_ok());
    let Some(from) = from.map(Position::new) else {
        return Ok(None);
    };
    let leaves = log.context.store.leaves(from, width.get().into()).await?;
    if leaves.len() < usize::from(width.get()) {
        return Ok(None);
    }
    let bundle = encode_bundle(&leaves)
        .map_err(|error| StoreError::Corrupt(format!("a bundle cannot be made: {error}")))?;
    let cached = if log.bundles_public {
        FOR_EVER
    } else {
        FOR_EVER_ALONE
    };
    Ok(Some(found(BYTES, cached, bundle)))
}

fn found(kind: &'static str, cached: &'static str, body: Vec<u8>) -> Response {
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, cached)], body).into_response()
}

fn missing() -> Response {
    let headers = [(CONTENT_TYPE, PLAIN), (CACHE_CONTROL, NEVER)];
    (
        StatusCode::NOT_FOUND,
        headers,
        "The log has nothing here, or not yet.\n",
    )
        .into_response()
}

/// The refusal of a call, as plain text.
fn refused(failure: Failure) -> Response {
    let status = Status::from(failure);
    let mut text = status.message().to_owned();
    writeln!(text).expect("a string takes any text");
    let code = http_code(status.code());
    let headers = [(CONTENT_TYPE, PLAIN), (CACHE_CONTROL, NEVER)];
    let mut response = (code, headers, text).into_response();
    if code == StatusCode::UNAUTHORIZED {
        let challenge = HeaderValue::from_static("Bearer");
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    response
}

/// As `google/rpc/code.proto` maps them, where reads come to it.
const fn http_code(code: Code) -> StatusCode {
    match code {
        Code::Unauthenticated => StatusCode::UNAUTHORIZED,
        Code::PermissionDenied => StatusCode::FORBIDDEN,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::InvalidArgument | Code::OutOfRange => StatusCode::BAD_REQUEST,
        Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::error::{EdgeError, ReadError};

    #[test]
    fn refusals_have_the_codes_of_http() {
        let code = |failure| refused(failure).status();
        assert_eq!(
            code(ReadError::TokenMissing.into()),
            StatusCode::UNAUTHORIZED
        );
        let what = Resource::Records;
        assert_eq!(
            code(ReadError::NotAllowed { what }.into()),
            StatusCode::FORBIDDEN
        );
        let unavailable = EdgeError::DatabaseUnavailable;
        assert_eq!(code(unavailable.into()), StatusCode::SERVICE_UNAVAILABLE);
        let corrupt = StoreError::Corrupt("a row".to_owned());
        assert_eq!(code(corrupt.into()), StatusCode::INTERNAL_SERVER_ERROR);
        let response = refused(ReadError::TokenMissing.into());
        assert_eq!(response.headers()[WWW_AUTHENTICATE], "Bearer");
    }
}
