//! Answers: content types, how long caches may keep what, and what is said
//! instead.

use std::fmt::Write;

use axum::body::Body;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, VARY, WWW_AUTHENTICATE,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use tonic::{Code, Status};

use super::cache::Served;
use super::encoding::Encoding;
use crate::api::error::Failure;

const PLAIN: &str = "text/plain; charset=utf-8";
const BYTES: &str = "application/octet-stream";
/// A checkpoint is new for a second.
const BRIEFLY: &str = "public, max-age=1";
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// What one reader may have, a cache between must not give to another.
const FOR_EVER_ALONE: &str = "private, max-age=31536000, immutable";
const NEVER: &str = "no-store";

/// The kinds of file that the log has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The newest checkpoint.
    Checkpoint,
    /// A tile of hashes.
    Tile,
    /// A bundle that anyone may have.
    PublicBundle,
    /// A bundle for this reader alone.
    PrivateBundle,
}

impl Kind {
    const fn content_type(self) -> &'static str {
        match self {
            Self::Checkpoint => PLAIN,
            Self::Tile | Self::PublicBundle | Self::PrivateBundle => BYTES,
        }
    }

    const fn cached(self) -> &'static str {
        match self {
            Self::Checkpoint => BRIEFLY,
            Self::Tile | Self::PublicBundle => FOR_EVER,
            Self::PrivateBundle => FOR_EVER_ALONE,
        }
    }

    /// Whether a cache has to tell apart who accepts gzip.
    const fn varies(self) -> bool {
        matches!(self, Self::PublicBundle | Self::PrivateBundle)
    }

    /// The file; or, for a reader who has it, that it is still the same.
    pub(super) fn found(self, asked: &HeaderMap, served: Served) -> Response {
        let is_known = asked.get_all(IF_NONE_MATCH).iter().any(|known| {
            let known = known.to_str().unwrap_or_default();
            let mut tags = known
                .split(',')
                .map(|tag| tag.trim().trim_start_matches("W/"));
            tags.any(|tag| tag == "*" || served.etag == tag)
        });
        let mut response = if is_known {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            Response::new(Body::from(served.bytes))
        };
        let headers = response.headers_mut();
        let mut say = |name, value| drop(headers.insert(name, HeaderValue::from_static(value)));
        say(CACHE_CONTROL, self.cached());
        if self.varies() {
            say(VARY, "accept-encoding");
        }
        // A page of anybody's may check the log; a token is for its own origin.
        if self != Self::PrivateBundle {
            say(ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        }
        if !is_known {
            say(CONTENT_TYPE, self.content_type());
            if served.encoding == Encoding::Gzip {
                say(CONTENT_ENCODING, "gzip");
            }
        }
        headers.insert(ETAG, served.etag);
        response
    }
}

/// That there is nothing.
pub(super) fn missing() -> Response {
    let headers = [
        (CONTENT_TYPE, PLAIN),
        (CACHE_CONTROL, NEVER),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    let text = "The log has nothing here, or not yet.\n";
    (StatusCode::NOT_FOUND, headers, text).into_response()
}

/// The refusal of a call, as plain text.
pub(super) fn refused(failure: Failure) -> Response {
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
    use crate::access::Resource;
    use crate::api::error::{EdgeError, ReadError};
    use crate::store::StoreError;

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

    #[test]
    fn who_names_the_tag_that_it_has_is_sent_no_body() {
        let served = Served::new("tile".into(), Encoding::Identity);
        let code = |known: &str| {
            let mut asked = HeaderMap::new();
            asked.insert(IF_NONE_MATCH, known.parse().unwrap());
            let response = Kind::Tile.found(&asked, served.clone());
            assert_eq!(response.headers()[ETAG], served.etag);
            assert_eq!(response.headers()[CACHE_CONTROL], FOR_EVER);
            response.status()
        };
        let tag = served.etag.to_str().unwrap();
        for known in [tag, "*", &format!("\"other\", {tag}"), &format!("W/{tag}")] {
            assert_eq!(code(known), StatusCode::NOT_MODIFIED, "{known}");
        }
        for other in ["\"other\"", "", tag.trim_matches('"')] {
            assert_eq!(code(other), StatusCode::OK, "{other}");
        }
    }
}
