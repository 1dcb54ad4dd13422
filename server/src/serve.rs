//! Starting, running and ending a server.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::net::SocketAddr;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ledger::SecretKey;
use ledger::log::{KeyName, NoteSigner, TreeSize};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot, watch};
use tonic::service::Routes;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Certificate, Identity, ServerTlsConfig};

use crate::ahead::{self, Claims, PublishedError};
use crate::clock::Clock;
use crate::context::Context;
use crate::guard::Guard;
use crate::keys::KeyDirectory;
use crate::sequencer::{Sequencer, Signals, Stopped, Submission};
use crate::settings::{Bundles, Settings, SettingsError};
use crate::store::{self, Store, StoreError};

/// Submissions that may wait in the queue.
const QUEUE: usize = 8_192;
/// What one call and one connection may have in flight, in bytes.
const WINDOW: u32 = 4 * 1024 * 1024;

/// Why a server does not start, or had to stop.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The settings cannot be used.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The data folder cannot be used.
    #[error("{what}: {error}")]
    Data {
        /// What was tried.
        what: String,
        /// Why it failed.
        error: io::Error,
    },
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A published checkpoint says nothing that can be used.
    #[error(transparent)]
    Published(#[from] PublishedError),
    /// The sequencer cannot start or go on.
    #[error(transparent)]
    Stopped(#[from] Stopped),
    /// The port or TLS failed.
    #[error("cannot serve: {0}")]
    Transport(#[from] tonic::transport::Error),
}

/// A server that runs.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// The log's verifier key.
    pub verifier_key: String,
    /// Why it served reads only when it started, if so.
    pub read_only: Option<String>,
    /// Where to tell what others have seen of the log.
    pub claims: Claims,
    stop: oneshot::Sender<()>,
    ended: tokio::task::JoinHandle<Result<(), ServeError>>,
}

impl Running {
    /// Stops taking calls, lets those that run end within the grace period, and
    /// answers everything that was queued.
    ///
    /// # Errors
    /// What the server ended with.
    ///
    /// # Panics
    /// If the server task has.
    pub async fn stop(self) -> Result<(), ServeError> {
        // A server that has ended by itself needs no word.
        let _ = self.stop.send(());
        self.ended.await.expect("the server task does not panic")
    }

    /// Runs until `signal` or until it has to stop by itself.
    ///
    /// # Errors
    /// What the server ended with.
    ///
    /// # Panics
    /// If the server task has.
    pub async fn until(mut self, signal: impl Future<Output = ()>) -> Result<(), ServeError> {
        tokio::select! {
            () = signal => self.stop().await,
            ended = &mut self.ended => ended.expect("the server task does not panic"),
        }
    }
}

/// Starts a server. It listens when this returns.
///
/// # Errors
/// [`ServeError`].
pub async fn start(settings: Settings, clock: Clock) -> Result<Running, ServeError> {
    make_folder(&settings.data)?;
    let signer = log_key(&settings.data, &settings.origin)?;
    let store = store::connect(&settings.database_url()?, settings.origin.as_str()).await?;
    start_with(settings, clock, signer, store).await
}

/// Starts a server on a given store: for tests that put a faulty one there.
///
/// # Errors
/// [`ServeError`].
pub async fn start_with(
    settings: Settings,
    clock: Clock,
    signer: NoteSigner,
    store: Arc<dyn Store>,
) -> Result<Running, ServeError> {
    make_folder(&settings.data)?;
    let guard = Guard::open(&settings.data).map_err(data("cannot open the guard file"))?;
    let log_key = signer.verifier_key();
    let verifier_key = log_key.to_string();
    let published = ahead::at_start(&settings, &log_key)?;
    if guard.newest().is_none() && published.is_none() && store.head().await?.size > TreeSize::ZERO
    {
        tracing::warn!(
            "the guard is empty and the ledger is not: nothing here can tell whether records \
             are missing"
        );
    }
    let (sequencer, signals) = Sequencer::start(
        Arc::clone(&store),
        settings.origin.clone(),
        vec![signer],
        clock.clone(),
        guard,
        published.into_iter().collect(),
    )
    .await?;
    let Signals {
        size,
        behind,
        claims,
    } = signals;
    let read_only = behind.borrow().as_ref().map(ToString::to_string);
    let writer = Writer::start(sequencer);
    let (stopping, asked_to_stop) = watch::channel(false);
    let context = Context {
        keys: KeyDirectory::new(Arc::clone(&store)),
        store,
        origin: settings.origin.as_str().into(),
        verifier_key: verifier_key.as_str().into(),
        clock,
        size,
        stopping: asked_to_stop,
    };
    let cannot_listen = format!("cannot listen on {}", settings.listen);
    let listener = TcpListener::bind(settings.listen)
        .await
        .map_err(data(&cannot_listen))?;
    let address = listener.local_addr().map_err(data(&cannot_listen))?;
    let (stop, stopped) = oneshot::channel();
    let bundles_public = settings.bundles == Bundles::Public;
    let Writer { queue, ended } = writer;
    let routes = crate::api::routes(&context, queue, behind, bundles_public).await;
    let ended = tokio::spawn(run(
        settings, context, routes, ended, listener, stopped, stopping,
    ));
    Ok(Running {
        address,
        verifier_key,
        read_only,
        claims,
        stop,
        ended,
    })
}

/// The sequencer on a thread of its own: its work and its synchronous writes
/// hold up no call.
struct Writer {
    queue: mpsc::Sender<Submission>,
    ended: SequencerEnd,
}

/// Says how the sequencer has ended.
type SequencerEnd = oneshot::Receiver<Result<(), Stopped>>;

impl Writer {
    fn start(sequencer: Sequencer) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let (report, ended) = oneshot::channel();
        let runtime = tokio::runtime::Handle::current();
        std::thread::Builder::new()
            .name("sequencer".to_owned())
            .spawn(move || {
                // The server may have ended before.
                let _ = report.send(runtime.block_on(sequencer.run(waiting)));
            })
            .expect("the system has a thread for the sequencer");
        Self { queue, ended }
    }
}

/// Serves until told to stop or until the sequencer must not go on, then drains.
async fn run(
    settings: Settings,
    context: Context,
    routes: Routes,
    mut sequencer: SequencerEnd,
    listener: TcpListener,
    stop: oneshot::Receiver<()>,
    stopping: watch::Sender<bool>,
) -> Result<(), ServeError> {
    let drain = context.asked_to_stop();
    let mut serving = tokio::spawn(
        transport(&settings)?
            .add_routes(routes)
            .serve_with_incoming_shutdown(
                TcpIncoming::from(listener).with_nodelay(Some(true)),
                drain,
            ),
    );
    drop(context);
    let stopped = tokio::select! {
        _ = stop => None,
        outcome = sequencer_end(&mut sequencer) => Some(outcome),
        served = &mut serving => return Ok(served.expect("serving does not panic")?),
    };
    stopping.send_replace(true);
    let grace = Duration::from_secs(settings.grace_seconds);
    let drained = tokio::time::timeout(grace, async {
        // That it ends is what matters.
        let _ = (&mut serving).await;
        match &stopped {
            Some(_) => Ok(()),
            None => sequencer_end(&mut sequencer).await,
        }
    })
    .await;
    serving.abort();
    if drained.is_err() {
        tracing::warn!("calls were still open after the grace period");
    }
    Ok(stopped.or(drained.ok()).unwrap_or(Ok(()))?)
}

/// Waits until the sequencer has ended.
async fn sequencer_end(sequencer: &mut SequencerEnd) -> Result<(), Stopped> {
    sequencer.await.unwrap_or(Err(Stopped::Broken))
}

fn transport(settings: &Settings) -> Result<tonic::transport::Server, ServeError> {
    let mut transport = tonic::transport::Server::builder()
        .accept_http1(true)
        .initial_stream_window_size(WINDOW)
        .initial_connection_window_size(WINDOW)
        .max_concurrent_streams(1_024)
        .http2_keepalive_interval(Some(Duration::from_secs(30)));
    if let (Some(cert), Some(key)) = (&settings.tls_cert, &settings.tls_key) {
        let mut tls = ServerTlsConfig::new().identity(Identity::from_pem(pem(cert)?, pem(key)?));
        if let Some(authorities) = &settings.tls_client_ca {
            tls = tls.client_ca_root(Certificate::from_pem(pem(authorities)?));
        }
        transport = transport.tls_config(tls)?;
    }
    Ok(transport)
}

fn pem(path: &Path) -> Result<Vec<u8>, ServeError> {
    fs::read(path).map_err(data(&format!("cannot read {}", path.display())))
}

fn make_folder(path: &Path) -> Result<(), ServeError> {
    let what = format!("cannot make the folder {}", path.display());
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(data(&what))
}

/// Reads the log's key, or makes it: whoever has it can sign checkpoints.
///
/// # Errors
/// [`ServeError::Data`], also for the key of another origin.
pub fn log_key(folder: &Path, origin: &KeyName) -> Result<NoteSigner, ServeError> {
    let path = folder.join("log.key");
    let what = format!("cannot use the log key {}", path.display());
    let invalid = |why: String| data(&what)(io::Error::new(io::ErrorKind::InvalidData, why));
    let signer = match fs::read_to_string(&path) {
        Ok(text) => {
            NoteSigner::from_skey(text.trim()).map_err(|error| invalid(error.to_string()))?
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let guard = Guard::open(folder).map_err(data("cannot open the guard file"))?;
            // What one key has signed, another must not continue.
            return match guard.newest() {
                None => make_log_key(&path, origin).map_err(data(&what)),
                Some(_) => Err(invalid(
                    "it is missing, and this folder's guard remembers what it has signed: \
                     put it back"
                        .to_owned(),
                )),
            };
        }
        Err(error) => return Err(data(&what)(error)),
    };
    if signer.verifier_key().name() == origin {
        Ok(signer)
    } else {
        Err(invalid(format!(
            "it belongs to the ledger {}",
            signer.verifier_key().name()
        )))
    }
}

fn make_log_key(path: &Path, origin: &KeyName) -> io::Result<NoteSigner> {
    let mut seed = [0; 32];
    #[expect(
        clippy::disallowed_methods,
        reason = "a key is made of the system's randomness"
    )]
    getrandom::fill(&mut seed).map_err(io::Error::other)?;
    let signer = NoteSigner::new(origin.clone(), SecretKey::from_seed(&seed));
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    writeln!(file, "{}", signer.to_skey())?;
    file.sync_all()?;
    Ok(signer)
}

/// Says what was tried when a file could not be used.
pub(crate) fn data(what: &str) -> impl Fn(io::Error) -> ServeError {
    let what = what.to_owned();
    move |error| ServeError::Data {
        what: what.clone(),
        error,
    }
}
