//! The witness on the network: HTTP/1.1, two paths, and limits on what a stranger can take.
//! C2SP tlog-witness, section HTTP Interface. TLS is for what stands before it.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use ledger::log::witness::BODY_MAX_BYTES;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{Answer, Witness};
use crate::clock;

/// How many connections are open at once; more wait until one ends.
const CONNECTIONS_MAX: usize = 256;
/// How long the head of a request may take, and so how long a connection may be idle.
const HEAD_MAX: Duration = Duration::from_secs(30);
/// How long a body may take.
const BODY_MAX: Duration = Duration::from_secs(10);
/// How long a connection may live, whatever is done on it: also one on which nobody reads answers.
const LIFE_MAX: Duration = Duration::from_mins(1);
/// How long requests may take to end when the witness is asked to stop.
const GRACE: Duration = Duration::from_secs(10);

/// Serves until `stop` resolves and lets the requests that run end. `says` gets what the operator
/// should read.
pub async fn serve(
    witness: Arc<Witness>,
    listener: TcpListener,
    stop: impl Future<Output = ()>,
    says: fn(&str),
) {
    serve_each(witness, listener, stop, says, LIFE_MAX).await;
}

/// Serves connections that live so long at most.
async fn serve_each(
    witness: Arc<Witness>,
    listener: TcpListener,
    stop: impl Future<Output = ()>,
    says: fn(&str),
    life: Duration,
) {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let graceful = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &places) => accepted,
            () = &mut stop => break,
        };
        match accepted {
            Ok((stream, place)) => {
                let (witness, watcher) = (Arc::clone(&witness), graceful.watcher());
                let connection = connection(witness, stream, watcher, says);
                tokio::spawn(async move {
                    // Whoever is on the other side asks again.
                    let _ = tokio::time::timeout(life, connection).await;
                    drop(place);
                });
            }
            // Out of files, most likely: some will be free again.
            Err(error) => {
                says(&format!("cannot take a connection: {error}"));
                clock::pause(Duration::from_millis(100)).await;
            }
        }
    }
    if tokio::time::timeout(GRACE, graceful.shutdown())
        .await
        .is_err()
    {
        says("requests were still open when the witness ended");
    }
}

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> std::io::Result<(TcpStream, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await;
    let place = place.expect("nobody closes the semaphore");
    let (stream, _) = listener.accept().await?;
    Ok((stream, place))
}

async fn connection(witness: Arc<Witness>, stream: TcpStream, watcher: Watcher, says: fn(&str)) {
    let service = service_fn(move |request| {
        let witness = Arc::clone(&witness);
        async move {
            let answer = answer(witness, request).await;
            if let Some(text) = &answer.says {
                says(text);
            }
            Ok::<_, std::convert::Infallible>(response(answer))
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_MAX)
        .serve_connection(TokioIo::new(stream), service);
    // Whoever is on the other side has gone, or does not speak HTTP.
    let _ = watcher.watch(connection).await;
}

async fn answer(witness: Arc<Witness>, request: Request<Incoming>) -> Answer {
    let path = request.uri().path().to_owned();
    let monitored = path.strip_prefix('/');
    let monitored = monitored.and_then(|path| path.strip_suffix("/checkpoint"));
    match (path.as_str(), monitored, request.method()) {
        ("/add-checkpoint", _, &Method::POST) => match body(request.into_body()).await {
            Ok(body) => work(move || witness.add_checkpoint(&body)).await,
            Err(answer) => answer,
        },
        (_, Some(hash), &Method::GET | &Method::HEAD) => {
            let hash = hash.to_owned();
            work(move || witness.checkpoint(&hash)).await
        }
        ("/add-checkpoint", ..) | (_, Some(_), _) => Answer::text(405, "not this method"),
        _ => Answer::text(404, "there is nothing of this name"),
    }
}

async fn body(body: Incoming) -> Result<Bytes, Answer> {
    let body = Limited::new(body, BODY_MAX_BYTES).collect();
    match tokio::time::timeout(BODY_MAX, body).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => {
            Err(Answer::text(413, "the body is too long"))
        }
        Ok(Err(_)) => Err(Answer::text(400, "the body did not arrive")),
        Err(_) => Err(Answer::text(408, "the body did not arrive in time")),
    }
}

/// The witness reads and writes files, and waits for the disk.
async fn work(work: impl FnOnce() -> Answer + Send + 'static) -> Answer {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|_| Answer::text(500, "the witness has failed"))
}

fn response(answer: Answer) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status)
        .expect("every answer of a witness has a status of HTTP");
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(answer.kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use ledger::Millis;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;
    use crate::clock::Clock;
    use crate::testing::Folder as Home;
    use crate::witness::Folder;

    #[tokio::test]
    async fn a_connection_ends_whatever_is_done_on_it() {
        let home = Home::new();
        let folder = Folder::new(home.path().join("witness"));
        folder.create(&"w.example".parse().unwrap(), false).unwrap();
        let clock = Clock::from_fn(|| Millis::new(0));
        let witness = Arc::new(Witness::open(&folder, clock).unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut stream = TcpStream::connect(listener.local_addr().unwrap())
            .await
            .unwrap();
        let life = Duration::from_millis(50);
        let serving = serve_each(witness, listener, std::future::pending(), |_| {}, life);
        tokio::spawn(serving);
        // Its body never comes, for which alone it would be answered with 408.
        let head = "POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: 9\r\n\r\n";
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = String::new();
        // Whether it is closed or reset depends on what was read of it.
        let _ = stream.read_to_string(&mut answer).await;
        assert_eq!(answer, "");
    }
}
