//! The client's one clock: the time of day, a stopwatch and a pause.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use ledger::Millis;

/// Tells the time; tests and demonstrations put their own in.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Millis + Send + Sync>);

impl Clock {
    /// The clock of the machine.
    pub fn system() -> Self {
        Self::from_fn(|| {
            #[expect(clippy::disallowed_methods, reason = "this is the client's one clock")]
            let now = SystemTime::now();
            let since_1970 = now.duration_since(UNIX_EPOCH).unwrap_or_default();
            Millis::new(i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX))
        })
    }

    /// A clock that asks a function.
    pub fn from_fn(now: impl Fn() -> Millis + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// What time it is.
    pub fn now(&self) -> Millis {
        (self.0)()
    }
}

/// Measures how long something takes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    pub(crate) fn start() -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "a measurement, which decides nothing"
        )]
        let now = Instant::now();
        Self(now)
    }

    pub(crate) fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

/// Waits before another attempt, or another round.
pub async fn pause(duration: Duration) {
    #[expect(
        clippy::disallowed_methods,
        reason = "between two attempts there is no event to wait for"
    )]
    tokio::time::sleep(duration).await;
}
