//! The connection to a server: gRPC and plain HTTP/2 over one channel.

mod services;

use std::pin::pin;
use std::time::Duration;

use ledger::log::TilePath;
use tonic::body::Body;
use tonic::codegen::http::{Request, StatusCode, header};
use tonic::codegen::{Body as _, Service as _};
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity};
use tonic::{Code, Status};

use crate::audit::{Files, SourceError};
use crate::error::{ClientError, Refusal};
use crate::web::Web;

/// Largest answer to a plain GET: an entry bundle has at most 256 records of
/// 64 KiB.
pub(crate) const BODY_BYTES_MAX: usize = 17 * 1024 * 1024;

/// Where a server is and how to reach it.
#[derive(Debug, Clone)]
pub struct Address {
    url: String,
    ca_pem: Option<Vec<u8>>,
    client_pem: Option<(Vec<u8>, Vec<u8>)>,
    timeout: Duration,
}

impl Address {
    /// `http://host:port` or `https://host:port`.
    pub fn new(url: impl Into<String>) -> Self {
        let url = url.into().trim_end_matches('/').to_owned();
        Self {
            url,
            ca_pem: None,
            client_pem: None,
            timeout: Duration::from_secs(10),
        }
    }

    /// Trusts these certificate authorities (PEM) instead of the system's.
    #[must_use]
    pub fn with_ca(mut self, ca_pem: Vec<u8>) -> Self {
        self.ca_pem = Some(ca_pem);
        self
    }

    /// Shows a client certificate with its key (both PEM).
    #[must_use]
    pub fn with_client_certificate(mut self, certificate: Vec<u8>, key: Vec<u8>) -> Self {
        self.client_pem = Some((certificate, key));
        self
    }

    /// How long one call may take; 10 seconds unless it is set.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Plain GET elsewhere, with the same authorities to trust.
    ///
    /// # Errors
    /// [`ClientError::Address`].
    pub fn web(&self) -> Result<Web, ClientError> {
        Web::new(self.ca_pem.as_deref())
    }

    fn endpoint(&self) -> Result<Endpoint, ClientError> {
        let invalid = |cause: String| ClientError::Address {
            server: self.url.clone(),
            cause,
        };
        let endpoint = Endpoint::from_shared(self.url.clone())
            .map_err(|_| invalid("expected http://host:port or https://host:port".to_owned()))?
            .connect_timeout(self.timeout)
            .timeout(self.timeout)
            .tcp_nodelay(true)
            .initial_stream_window_size(4 * 1024 * 1024)
            .initial_connection_window_size(16 * 1024 * 1024)
            .http2_keep_alive_interval(Duration::from_secs(20))
            .keep_alive_timeout(Duration::from_secs(10));
        if !self.url.starts_with("https://") {
            return Ok(endpoint);
        }
        let mut tls = match &self.ca_pem {
            Some(pem) => ClientTlsConfig::new().ca_certificate(Certificate::from_pem(pem)),
            None => ClientTlsConfig::new().with_native_roots(),
        };
        if let Some((certificate, key)) = &self.client_pem {
            tls = tls.identity(Identity::from_pem(certificate, key));
        }
        endpoint
            .tls_config(tls)
            .map_err(|error| invalid(error.to_string()))
    }
}

/// A connection; a clone is cheap and shares it.
#[derive(Debug, Clone)]
pub struct Connection {
    channel: Channel,
    url: String,
    timeout: Duration,
}

impl Connection {
    /// Connects now, so that a server that is not there is noticed here.
    ///
    /// # Errors
    /// [`ClientError::NoConnection`], [`ClientError::Address`].
    pub async fn open(address: &Address) -> Result<Self, ClientError> {
        let channel =
            address
                .endpoint()?
                .connect()
                .await
                .map_err(|error| ClientError::NoConnection {
                    server: address.url.clone(),
                    cause: causes(&error),
                })?;
        Ok(Self {
            channel,
            url: address.url.clone(),
            timeout: address.timeout,
        })
    }

    /// Connects at the first call, and again whenever the connection is lost.
    ///
    /// # Errors
    /// [`ClientError::Address`].
    pub fn lazy(address: &Address) -> Result<Self, ClientError> {
        let channel = address.endpoint()?.connect_lazy();
        Ok(Self {
            channel,
            url: address.url.clone(),
            timeout: address.timeout,
        })
    }

    /// The address of the server.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Waits for a call, but not for ever, and tells what its status means.
    pub(crate) async fn call<T>(
        &self,
        call: impl Future<Output = Result<tonic::Response<T>, Status>>,
    ) -> Result<T, ClientError> {
        match tokio::time::timeout(self.timeout, call).await {
            Ok(Ok(response)) => Ok(response.into_inner()),
            Ok(Err(status)) => Err(self.failed(&status)),
            Err(_) => Err(self.lost("no answer in time")),
        }
    }

    /// Fetches a file of the log, such as `/log/checkpoint`; `None` if the
    /// server has none of that name.
    pub(crate) async fn fetch(
        &self,
        path: &str,
        bearer: Option<&str>,
    ) -> Result<Option<Vec<u8>>, ClientError> {
        match tokio::time::timeout(self.timeout, self.request(path, bearer)).await {
            Ok(answer) => answer,
            Err(_) => Err(self.lost("no answer in time")),
        }
    }

    async fn request(
        &self,
        path: &str,
        bearer: Option<&str>,
    ) -> Result<Option<Vec<u8>>, ClientError> {
        let mut request = Request::get(path);
        if let Some(token) = bearer {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let request = request
            .body(Body::empty())
            .map_err(|error| self.lost(&error.to_string()))?;
        let mut channel = self.channel.clone();
        let ready = std::future::poll_fn(|cx| channel.poll_ready(cx)).await;
        ready.map_err(|error| self.lost(&causes(&error)))?;
        let response = channel
            .call(request)
            .await
            .map_err(|error| self.lost(&causes(&error)))?;
        match response.status() {
            StatusCode::OK => self.body(response.into_body()).await.map(Some),
            StatusCode::NOT_FOUND => Ok(None),
            other => Err(Box::new(refusal(other, path)).into()),
        }
    }

    async fn body(&self, body: Body) -> Result<Vec<u8>, ClientError> {
        let mut bytes = Vec::new();
        let mut body = pin!(body);
        while let Some(frame) = std::future::poll_fn(|cx| body.as_mut().poll_frame(cx)).await {
            let frame = frame.map_err(|status| self.failed(&status))?;
            if let Ok(data) = frame.into_data() {
                bytes.extend_from_slice(&data);
            }
            if bytes.len() > BODY_BYTES_MAX {
                return Err(ClientError::Answer(
                    "a file of the log is too long".to_owned(),
                ));
            }
        }
        Ok(bytes)
    }

    pub(crate) fn failed(&self, status: &Status) -> ClientError {
        ClientError::from_status(&self.url, status)
    }

    pub(crate) fn lost(&self, cause: &str) -> ClientError {
        ClientError::NoConnection {
            server: self.url.clone(),
            cause: cause.to_owned(),
        }
    }
}

/// The public files of the server's log.
impl Files for Connection {
    async fn file(&self, path: TilePath) -> Result<Option<Vec<u8>>, SourceError> {
        Ok(self.fetch(&format!("/log/{path}"), None).await?)
    }
}

/// What a plain HTTP status means in the words of gRPC.
pub(crate) fn refusal(status: StatusCode, path: &str) -> Refusal {
    let code = match status {
        StatusCode::UNAUTHORIZED => Code::Unauthenticated,
        StatusCode::FORBIDDEN => Code::PermissionDenied,
        StatusCode::SERVICE_UNAVAILABLE => Code::Unavailable,
        _ => Code::Unknown,
    };
    let status = Status::new(code, format!("{path}: the server answers {status}"));
    Refusal::from_status(&status)
}

/// An error with all that it came from, each text once.
pub(crate) fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let more = cause.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        next = cause.source();
    }
    text
}
