//! The one clock of the server.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use ledger::Millis;

/// Tells the time; tests put their own in.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Millis + Send + Sync>);

impl Clock {
    /// The clock of the machine.
    pub fn system() -> Self {
        Self::from_fn(|| {
            #[expect(clippy::disallowed_methods, reason = "this is the server's one clock")]
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
