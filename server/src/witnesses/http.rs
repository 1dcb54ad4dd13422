//! HTTP as witnesses speak it: one POST with a short answer. HTTP/1.1 with
//! connections that are kept, TLS by the system's authorities, no redirects: a
//! witness is where the policy says.

use std::io;

use axum::body::Bytes;
use axum::http::header::{CONTENT_TYPE, USER_AGENT};
use axum::http::{Request, StatusCode, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

/// The longest answer that is read: a dozen lines of the largest kind.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// Sends requests; a clone shares the connections.
#[derive(Debug, Clone)]
pub(super) struct Http(Client<HttpsConnector<HttpConnector>, Full<Bytes>>);

/// What came back.
#[derive(Debug)]
pub(super) struct Answer {
    /// The status.
    pub(super) status: StatusCode,
    /// The content type, or nothing.
    pub(super) kind: String,
    /// The body.
    pub(super) body: Bytes,
}

impl Http {
    /// Reads the system's authorities.
    pub(super) fn new() -> io::Result<Self> {
        let connector = HttpsConnectorBuilder::new()
            .with_native_roots()?
            .https_or_http()
            .enable_http1()
            .build();
        Ok(Self(Client::builder(TokioExecutor::new()).build(connector)))
    }

    /// Sends a body, and reads the answer whatever its status. The error is a
    /// text: nothing follows from it but trying again.
    pub(super) async fn post(&self, url: &Uri, body: String) -> Result<Answer, String> {
        let request = Request::post(url)
            .header(CONTENT_TYPE, "text/plain; charset=utf-8")
            .header(USER_AGENT, concat!("timebank/", env!("CARGO_PKG_VERSION")))
            .body(Full::from(body))
            .map_err(|error| error.to_string())?;
        let response = self.0.request(request).await;
        let response = response.map_err(|error| causes(&error))?;
        let status = response.status();
        let kind = response.headers().get(CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let kind = kind.to_owned();
        let body = Limited::new(response.into_body(), ANSWER_BYTES_MAX);
        let body = body.collect().await.map_err(|error| causes(&*error))?;
        Ok(Answer {
            status,
            kind,
            body: body.to_bytes(),
        })
    }
}

/// An error with all that it came from, each text once.
fn causes(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    for cause in std::iter::successors(error.source(), |error| error.source()) {
        let more = cause.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
    }
    text
}
