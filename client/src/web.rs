//! Plain GET over HTTP/1.1: the public files of a log behind any web server, and what witnesses
//! show to monitors. Calls to a timebank server go over [`crate::connect`] instead.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response, StatusCode, header};
use hyper_rustls::{ConfigBuilderExt as _, HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use ledger::log::TilePath;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};

use crate::audit::{Files, SourceError};
use crate::connect::{BODY_BYTES_MAX, causes, refusal};
use crate::error::ClientError;
use crate::token::Tokens;

/// How long one request may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Fetches files. A clone is cheap and shares the connections.
#[derive(Clone, Debug)]
pub struct Web(Client<HttpsConnector<HttpConnector>, Empty<Bytes>>);

impl Web {
    /// Trusts these certificate authorities (PEM), or else the system's.
    ///
    /// # Errors
    /// [`ClientError::Address`] for what is no certificate.
    ///
    /// # Panics
    /// Never: ring has the versions of TLS that are asked for.
    pub fn new(ca_pem: Option<&[u8]>) -> Result<Self, ClientError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config =
            ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = config.expect("the versions of TLS that ring has are those of rustls");
        let config = match ca_pem {
            Some(pem) => config.with_root_certificates(roots(pem)?),
            // Without any, http works and https says so.
            None => match config.clone().with_native_roots() {
                Ok(native) => native,
                Err(_) => config.with_root_certificates(RootCertStore::empty()),
            },
        };
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(config.with_no_client_auth())
            .https_or_http()
            .enable_http1()
            .build();
        Ok(Self(Client::builder(TokioExecutor::new()).build(connector)))
    }

    /// A file; `None` if there is none at this address.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn get(
        &self,
        url: &str,
        bearer: Option<&str>,
    ) -> Result<Option<Vec<u8>>, ClientError> {
        match tokio::time::timeout(TIMEOUT, self.fetch(url, bearer)).await {
            Ok(answer) => answer,
            Err(_) => Err(lost(url, "no answer in time".to_owned())),
        }
    }

    async fn fetch(&self, url: &str, bearer: Option<&str>) -> Result<Option<Vec<u8>>, ClientError> {
        let mut request = Request::get(url);
        if let Some(token) = bearer {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let request = request
            .body(Empty::new())
            .map_err(|error| ClientError::Address {
                server: url.to_owned(),
                cause: error.to_string(),
            })?;
        let response = self.0.request(request).await;
        let response = response.map_err(|error| lost(url, causes(&error)))?;
        match response.status() {
            StatusCode::OK => body(url, response).await.map(Some),
            StatusCode::NOT_FOUND => Ok(None),
            other => Err(Box::new(refusal(other, url)).into()),
        }
    }
}

async fn body(url: &str, response: Response<Incoming>) -> Result<Vec<u8>, ClientError> {
    let body = Limited::new(response.into_body(), BODY_BYTES_MAX);
    let body = body.collect().await;
    let body = body.map_err(|error| lost(url, error.to_string()))?;
    Ok(body.to_bytes().to_vec())
}

fn lost(url: &str, cause: String) -> ClientError {
    ClientError::NoConnection {
        server: url.to_owned(),
        cause,
    }
}

fn roots(pem: &[u8]) -> Result<RootCertStore, ClientError> {
    let invalid = |cause: String| ClientError::Address {
        server: "the certificate authorities".to_owned(),
        cause,
    };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|error| invalid(error.to_string()))?;
        roots
            .add(certificate)
            .map_err(|error| invalid(error.to_string()))?;
    }
    Ok(roots)
}

/// The public files of a log below an address, in the layout of C2SP tlog-tiles.
#[derive(Clone)]
pub struct Prefix {
    web: Web,
    url: String,
    tokens: Option<Arc<Tokens>>,
}

impl Prefix {
    /// The files below `url`, such as `https://hours.example.org/log`.
    pub fn new(web: Web, url: &str) -> Self {
        Self {
            web,
            url: url.trim_end_matches('/').to_owned(),
            tokens: None,
        }
    }

    /// The same, read with the tokens of a member: for the log of one's own server and for no other,
    /// which could show them there.
    #[must_use]
    pub(crate) fn with_tokens(self, tokens: Tokens) -> Self {
        Self {
            tokens: Some(Arc::new(tokens)),
            ..self
        }
    }

    /// The address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The newest checkpoint; `None` if there is none.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn checkpoint(&self) -> Result<Option<Vec<u8>>, ClientError> {
        self.web
            .get(&format!("{}/checkpoint", self.url), None)
            .await
    }
}

impl Files for Prefix {
    async fn file(&self, path: TilePath) -> Result<Option<Vec<u8>>, SourceError> {
        let token = match path {
            TilePath::Entries { .. } => self.tokens.as_ref().map(|tokens| tokens.token()),
            TilePath::Hashes { .. } => None,
        };
        let url = format!("{}/{path}", self.url);
        Ok(self.web.get(&url, token.as_deref()).await?)
    }
}
