//! Starting, running and ending a server.

mod connection;
mod cosigning;
mod handles;
mod sealing;

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ledger::BatchVerifier;
use ledger::log::{NoteSigner, TreeSize};
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;
use tonic::service::Routes;
use tonic::transport::{Certificate, Identity, ServerTlsConfig};

use crate::ahead::{self, Behind, Claim, Claims, PublishedError};
use crate::clock::Clock;
use crate::context::Context;
use crate::guard::Guard;
use crate::keys::KeyDirectory;
pub use crate::log_keys::log_key;
use crate::queue::Queue;
use crate::random;
use crate::sequencer::{Sequencer, Signals, Stopped};
use crate::settings::{Bundles, Settings, SettingsError};
use crate::store::{self, Store, StoreError};
use crate::vault::UnsealError;
use crate::witnesses::{Collecting, Witnesses};

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
    /// The database holds openings, and the key that has sealed them is not here.
    #[error(
        "there is no openings.key in the data folder, and the database holds sealed openings: \
         copy it from another server of this ledger or from where it is kept; if it is lost for \
         good, run `timebank-server rotate-openings-key --give-up-unreadable`"
    )]
    OpeningsKeyMissing,
    /// Another key has sealed the newest opening.
    #[error(
        "openings.key is not the key of this database ({cause}): copy it from another server of \
         this ledger or from where it is kept; if it is lost for good, run `timebank-server \
         rotate-openings-key --give-up-unreadable`"
    )]
    OpeningsKeyOther {
        /// Why the newest opening does not open.
        cause: UnsealError,
    },
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
    /// The verifier keys of its further signatures, on published checkpoints.
    pub further_keys: Vec<String>,
    /// What is published, and which witness is ahead; none if there is nothing to
    /// publish.
    pub collecting: Option<Collecting>,
    /// Why it served reads only when it started, if so.
    pub read_only: Option<String>,
    /// Why it serves reads only, if so.
    pub behind: watch::Receiver<Option<Arc<Behind>>>,
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
    let vault = sealing::vault(&settings.data, &*store).await?;
    let verifier_key = signer.verifier_key().to_string();
    let witnesses = cosigning::witnesses(&settings, &clock, &signer, &store)?;
    let seen = seen(&settings, &signer, &witnesses, &guard, &*store).await?;
    let (sequencer, signals) = Sequencer::start(
        Arc::clone(&store),
        settings.origin.clone(),
        vec![signer],
        clock.clone(),
        guard,
        seen,
    )
    .await?;
    let read_only = signals.behind.borrow().as_ref().map(ToString::to_string);
    let Writer { queue, sequencer } = Writer::start(sequencer, settings.waiting_entries_max);
    let (stopping, asked_to_stop) = watch::channel(false);
    let secret = random::bytes().map_err(data("no secret for checking signatures"))?;
    let context = Context {
        keys: KeyDirectory::new(Arc::clone(&store)),
        verifier: BatchVerifier::new(secret),
        vault: Arc::new(vault),
        store,
        origin: settings.origin.as_str().into(),
        verifier_key: verifier_key.as_str().into(),
        clock,
        size: signals.size.clone(),
        stopping: asked_to_stop,
        policy: Arc::new(witnesses.policy().clone()),
    };
    let further_keys = witnesses.further_keys().map(|key| key.to_string());
    let further_keys = further_keys.collect();
    let (collecting, collector) = cosigning::collect(witnesses, &signals, &context).unzip();
    let cannot_listen = format!("cannot listen on {}", settings.listen);
    let listener = TcpListener::bind(settings.listen)
        .await
        .map_err(data(&cannot_listen))?;
    let address = listener.local_addr().map_err(data(&cannot_listen))?;
    let (stop, stopped) = oneshot::channel();
    let Signals { behind, claims, .. } = signals;
    let bundles_public = settings.bundles == Bundles::Public;
    let working = Working {
        routes: crate::api::routes(&context, queue, behind.clone(), bundles_public).await,
        sequencer,
        collector,
    };
    let ended = tokio::spawn(run(settings, context, working, listener, stopped, stopping));
    Ok(Running {
        address,
        verifier_key,
        further_keys,
        collecting,
        read_only,
        behind,
        claims,
        stop,
        ended,
    })
}

/// What a published checkpoint and the witnesses have seen of the log.
async fn seen(
    settings: &Settings,
    signer: &NoteSigner,
    witnesses: &Witnesses,
    guard: &Guard,
    store: &dyn Store,
) -> Result<Vec<Claim>, ServeError> {
    let published = ahead::at_start(settings, &signer.verifier_key())?;
    let mut seen = cosigning::seen(witnesses).await?;
    seen.extend(published);
    let is_new = store.head().await?.size == TreeSize::ZERO;
    if seen.is_empty() && guard.newest().is_none() && !is_new {
        tracing::warn!(
            "the guard is empty and the ledger is not: nothing here can tell whether records \
             are missing"
        );
    }
    Ok(seen)
}

/// What works until the server ends.
struct Working {
    routes: Routes,
    sequencer: SequencerEnd,
    collector: Option<JoinHandle<()>>,
}

/// The sequencer on a thread of its own: its work and its synchronous writes
/// hold up no call.
struct Writer {
    queue: Queue,
    sequencer: SequencerEnd,
}

/// Says how the sequencer has ended.
type SequencerEnd = oneshot::Receiver<Result<(), Stopped>>;

impl Writer {
    fn start(sequencer: Sequencer, waiting_entries_max: usize) -> Self {
        let (queue, waiting) = Queue::new(waiting_entries_max);
        let (report, sequencer_end) = oneshot::channel();
        let runtime = tokio::runtime::Handle::current();
        std::thread::Builder::new()
            .name("sequencer".to_owned())
            .spawn(move || {
                // The server may have ended before.
                let _ = report.send(runtime.block_on(sequencer.run(waiting)));
            })
            .expect("the system has a thread for the sequencer");
        Self {
            queue,
            sequencer: sequencer_end,
        }
    }
}

/// Serves until told to stop or until the sequencer must not go on, then drains.
async fn run(
    settings: Settings,
    context: Context,
    working: Working,
    listener: TcpListener,
    stop: oneshot::Receiver<()>,
    stopping: watch::Sender<bool>,
) -> Result<(), ServeError> {
    let Working {
        routes,
        mut sequencer,
        collector,
    } = working;
    let drain = context.asked_to_stop();
    let connections = handles::connections(settings.connections_max);
    let mut serving = tokio::spawn(
        transport(&settings)?
            .add_routes(routes)
            .serve_with_incoming_shutdown(connection::accept(listener, connections), drain),
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
        if let Some(collector) = collector {
            collector.await.expect("collecting does not panic");
        }
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

/// Says what was tried with the data folder, beside the system's error.
pub(crate) fn data(what: &str) -> impl Fn(io::Error) -> ServeError + use<> {
    let what = what.to_owned();
    move |error| ServeError::Data {
        what: what.clone(),
        error,
    }
}
