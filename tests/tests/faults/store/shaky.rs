//! A server in this process whose store can be told to fail.

use std::sync::Arc;

use anyhow::{Result, ensure};
use server::clock::Clock;
use server::serve::{self, ServeError};
use server::settings::Settings;
use server::store::{self, Store};
use timebank_tests::bank::ORIGIN;
use timebank_tests::faulty::Faulty;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::site::Site;

/// The server.
pub(super) struct Shaky {
    pub(super) store: Arc<Faulty>,
    pub(super) url: String,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<Result<(), ServeError>>,
}

impl Shaky {
    /// A store around the database of a place.
    pub(super) async fn store(site: &Site) -> Result<Arc<Faulty>> {
        let real = store::connect(&site.database_url(), ORIGIN).await?;
        Ok(Faulty::around(real))
    }

    /// A server on a place, whose store does not fail yet.
    pub(super) async fn start(site: &Site) -> Result<Self> {
        let store = Self::store(site).await?;
        Self::on(site, store).await
    }

    /// A server on a place with a given store.
    pub(super) async fn on(site: &Site, store: Arc<Faulty>) -> Result<Self> {
        let settings = Settings {
            origin: ORIGIN.parse()?,
            data: site.plan.data.clone(),
            listen: ([127, 0, 0, 1], 0).into(),
            grace_seconds: 2,
            ..Settings::default()
        };
        let signer = serve::log_key(&settings.data, &settings.origin)?;
        let given = Arc::clone(&store) as Arc<dyn Store>;
        let running = serve::start_with(settings, Clock::system(), signer, given).await?;
        ensure!(running.read_only.is_none(), "{:?}", running.read_only);
        let url = format!("http://{}", running.address);
        let (stop, asked) = oneshot::channel();
        let asked = async {
            // A sender that is gone also asks.
            let _ = asked.await;
        };
        let ended = tokio::spawn(running.until(asked));
        Ok(Self {
            store,
            url,
            stop,
            ended,
        })
    }

    /// How many records the database has.
    pub(super) async fn head(&self) -> Result<u64> {
        Ok(self.store.head().await?.size.get())
    }

    /// Whether the server has ended by itself.
    pub(super) fn has_ended(&self) -> bool {
        self.ended.is_finished()
    }

    /// Waits until the server ends by itself.
    pub(super) async fn end(self) -> Result<()> {
        // Kept until then: dropping it would ask the server to stop.
        let _stop = self.stop;
        Ok(self.ended.await??)
    }

    /// Asks the server to stop, and waits for it.
    pub(super) async fn stop(self) -> Result<()> {
        drop(self.stop);
        Ok(self.ended.await??)
    }
}
