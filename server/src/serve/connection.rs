//! Connections: so many at once, and none whose peer has fallen silent.

use std::io;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::{Stream, stream};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Sleep, sleep};
use tonic::transport::server::{Connected, TcpConnectInfo};

/// After how much silence a connection is closed, or up to twice as much. A peer of
/// HTTP/2 that lives answers the server's pings, which are sent more often.
const SILENCE: Duration = Duration::from_mins(1);
/// How long to wait after the system has refused a connection, such as for want of
/// file handles.
const ACCEPT_AGAIN: Duration = Duration::from_millis(100);

/// A connection that counts, and that fails when nothing is heard for too long.
pub(super) struct Connection<S> {
    stream: S,
    silence: Pin<Box<Sleep>>,
    is_heard: bool,
    _place: OwnedSemaphorePermit,
}

/// The connections of a listener, of which only so many exist at once: further ones
/// wait in the system until one has ended.
pub(super) fn accept(
    listener: TcpListener,
    most: usize,
) -> impl Stream<Item = io::Result<Connection<TcpStream>>> {
    let places = Arc::new(Semaphore::new(most));
    stream::unfold((listener, places), async |(listener, places)| {
        let place = Arc::clone(&places).acquire_owned().await;
        let place = place.expect("places are never closed");
        let stream = next(&listener).await;
        let connection = Connection::new(stream, place);
        Some((Ok(connection), (listener, places)))
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "nothing tells when the system accepts again"
)]
async fn next(listener: &TcpListener) -> TcpStream {
    loop {
        let accepted = listener.accept().await;
        match accepted.and_then(|(stream, _)| stream.set_nodelay(true).map(|()| stream)) {
            Ok(stream) => return stream,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                sleep(ACCEPT_AGAIN).await;
            }
        }
    }
}

impl<S> Connection<S> {
    #[expect(
        clippy::disallowed_methods,
        reason = "silence is what no event tells of"
    )]
    fn new(stream: S, place: OwnedSemaphorePermit) -> Self {
        Self {
            stream,
            silence: Box::pin(sleep(SILENCE)),
            is_heard: false,
            _place: place,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Connection<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if read.is_ready() {
            self.is_heard = true;
            return read;
        }
        while self.silence.as_mut().poll(context).is_ready() {
            if !mem::take(&mut self.is_heard) {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            let next = self.silence.deadline() + SILENCE;
            self.silence.as_mut().reset(next);
        }
        Poll::Pending
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Connection<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl Connected for Connection<TcpStream> {
    type ConnectInfo = TcpConnectInfo;

    fn connect_info(&self) -> TcpConnectInfo {
        self.stream.connect_info()
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{FutureExt, StreamExt};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::time::advance;

    use super::*;

    fn pair() -> (Connection<tokio::io::DuplexStream>, tokio::io::DuplexStream) {
        let (ours, theirs) = tokio::io::duplex(64);
        let place = Arc::new(Semaphore::new(1)).try_acquire_owned().unwrap();
        (Connection::new(ours, place), theirs)
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_says_nothing_is_cut_off() {
        let (mut ours, _theirs) = pair();
        assert!(ours.read_u8().now_or_never().is_none());
        advance(SILENCE / 2).await;
        assert!(ours.read_u8().now_or_never().is_none());
        advance(SILENCE).await;
        let error = ours.read_u8().await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_speaks_now_and_then_stays() {
        let (mut ours, mut theirs) = pair();
        for byte in 0..10 {
            theirs.write_u8(byte).await.unwrap();
            assert_eq!(ours.read_u8().await.unwrap(), byte);
            advance(SILENCE * 9 / 10).await;
            assert!(ours.read_u8().now_or_never().is_none(), "after {byte}");
        }
        advance(SILENCE * 2).await;
        assert!(ours.read_u8().await.is_err());
    }

    #[tokio::test]
    async fn a_connection_too_many_waits_for_one_that_ends() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut accepted = Box::pin(accept(listener, 1));
        let _callers = [
            TcpStream::connect(address).await.unwrap(),
            TcpStream::connect(address).await.unwrap(),
        ];
        let first = accepted.next().await.unwrap().unwrap();
        assert!(accepted.next().now_or_never().is_none());
        drop(first);
        assert!(accepted.next().await.is_some());
    }
}
