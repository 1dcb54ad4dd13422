//! A server that lies: it stands before an honest one, hands every call on, and
//! alters the answers of some.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_LENGTH;
use axum::response::{IntoResponse, Response};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use prost::Message;
use timebank_tests::bank::Bank;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tonic::codegen::Service;

use tonic::service::Routes;
use tonic::transport::Channel;
use tonic::transport::server::TcpIncoming;

/// Alters the body of an answer.
#[derive(Clone)]
struct Lie {
    /// Whether it is told bit by bit, as the answers on a stream come in, or when
    /// the answer has ended.
    is_streamed: bool,
    alter: Arc<dyn Fn(Vec<u8>) -> Vec<u8> + Send + Sync>,
}

/// A lying server; gone when dropped.
pub(crate) struct Liar {
    url: String,
    lies: Arc<Mutex<HashMap<String, Lie>>>,
    serving: JoinHandle<()>,
}

#[derive(Clone)]
struct Front {
    honest: Channel,
    lies: Arc<Mutex<HashMap<String, Lie>>>,
}

impl Liar {
    /// Stands before an honest server, and does not lie yet.
    pub(crate) async fn before(bank: &Bank) -> Result<Self> {
        let lies: Arc<Mutex<HashMap<String, Lie>>> = Arc::default();
        let front = Front {
            honest: bank.channel().await?,
            lies: Arc::clone(&lies),
        };
        let router: Router = Router::new().fallback(answer).with_state(front);
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let serving = tokio::spawn(async move {
            tonic::transport::Server::builder()
                .accept_http1(true)
                .add_routes(Routes::from(router))
                .serve_with_incoming(TcpIncoming::from(listener))
                .await
                .expect("a listener that was bound");
        });
        Ok(Self { url, lies, serving })
    }

    /// Where it is.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Alters every message that a method of `LedgerService` answers with.
    pub(crate) fn alters<M: Message + Default>(
        &self,
        method: &str,
        change: impl Fn(&mut M) + Send + Sync + 'static,
    ) {
        // Only on this stream are questions asked after the first answer.
        let is_streamed = method == "SubmitEntries";
        let alter = Arc::new(move |body: Vec<u8>| altered(&body, &change));
        let path = format!("/timebank.v1.LedgerService/{method}");
        self.tells(path, Lie { is_streamed, alter });
    }

    /// Alters what it serves over plain HTTP.
    pub(crate) fn alters_file(
        &self,
        path: &str,
        change: impl Fn(Vec<u8>) -> Vec<u8> + Send + Sync + 'static,
    ) {
        let (is_streamed, alter) = (false, Arc::new(change));
        self.tells(path.to_owned(), Lie { is_streamed, alter });
    }

    fn tells(&self, path: String, lie: Lie) {
        let mut lies = self.lies.lock().unwrap_or_else(PoisonError::into_inner);
        lies.insert(path, lie);
    }

    /// From now on it does not lie.
    pub(crate) fn is_honest(&self) {
        let mut lies = self.lies.lock().unwrap_or_else(PoisonError::into_inner);
        lies.clear();
    }
}

impl Drop for Liar {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Front {
    fn lie(&self, path: &str) -> Option<Lie> {
        let lies = self.lies.lock().unwrap_or_else(PoisonError::into_inner);
        lies.get(path).cloned()
    }
}

async fn answer(State(mut front): State<Front>, request: Request) -> Response {
    let lie = front.lie(request.uri().path());
    match honestly(&mut front.honest, request, lie).await {
        Ok(response) => response,
        Err(error) => (StatusCode::BAD_GATEWAY, error.to_string()).into_response(),
    }
}

async fn honestly(honest: &mut Channel, request: Request, lie: Option<Lie>) -> Result<Response> {
    std::future::poll_fn(|cx| honest.poll_ready(cx)).await?;
    let response = honest.call(request.map(tonic::body::Body::new)).await?;
    let Some(Lie { is_streamed, alter }) = lie else {
        return Ok(response.map(Body::new));
    };
    if is_streamed {
        // Short messages come in a frame each.
        let alter = move |data: Bytes| Bytes::from(alter(data.to_vec()));
        let by_frame = move |frame: Frame<Bytes>| frame.map_data(&alter);
        return Ok(response.map(|body| Body::new(body.map_frame(by_frame))));
    }
    let (mut head, body) = response.into_parts();
    head.headers.remove(CONTENT_LENGTH);
    let whole = body.collect().await?;
    let trailers = whole.trailers().cloned();
    let body = alter(whole.to_bytes().to_vec());
    let frames = [
        Some(Frame::data(body.into())),
        trailers.map(Frame::trailers),
    ];
    let frames = frames.into_iter().flatten().map(Ok::<_, axum::Error>);
    let body = Body::new(StreamBody::new(tokio_stream::iter(frames)));
    Ok(Response::from_parts(head, body))
}

/// Alters the messages of a gRPC body: each stands behind a byte that says whether
/// it is compressed, and its length in four.
fn altered<M: Message + Default>(mut body: &[u8], change: &impl Fn(&mut M)) -> Vec<u8> {
    let mut lied = Vec::new();
    while let Some(([0, length @ ..], rest)) = body.split_first_chunk::<5>() {
        let length = usize::try_from(u32::from_be_bytes(*length)).expect("a length");
        let (message, rest) = rest.split_at(length);
        let mut message = M::decode(message).expect("an honest message");
        change(&mut message);
        let length = u32::try_from(message.encoded_len()).expect("a short message");
        lied.push(0);
        lied.extend(length.to_be_bytes());
        lied.extend(message.encode_to_vec());
        body = rest;
    }
    assert!(body.is_empty(), "a body that is not understood");
    lied
}
