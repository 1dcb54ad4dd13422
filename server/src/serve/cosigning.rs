//! Witnesses from the side of a server: who is asked, and what they have seen.

use std::sync::Arc;
use std::time::Duration;

use ledger::log::NoteSigner;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::{ServeError, data};
use crate::ahead::{Claim, Claims, Source};
use crate::clock::Clock;
use crate::context::Context;
use crate::log_keys::post_quantum_key;
use crate::sequencer::Signals;
use crate::settings::Settings;
use crate::store::{Store, StoreError};
use crate::witnesses::{Ahead, Collecting, Signers, Witnesses};

/// The witnesses of the settings, and what the log signs beside its first
/// signature.
pub(super) fn witnesses(
    settings: &Settings,
    clock: &Clock,
    signer: &NoteSigner,
    store: &Arc<dyn Store>,
) -> Result<Witnesses, ServeError> {
    let further = settings
        .post_quantum
        .then(|| post_quantum_key(&settings.data, &settings.origin));
    let signers = Signers {
        first: signer.clone(),
        further: further.transpose()?.into_iter().collect(),
    };
    let timeout = Duration::from_secs(settings.witness_timeout_seconds);
    let (store, clock, roster) = (Arc::clone(store), clock.clone(), settings.roster()?);
    Witnesses::new(store, clock, signers, roster, timeout).map_err(data(
        "cannot read the system's certificate authorities, which witnesses may need",
    ))
}

/// What the witnesses have seen of the log, those that say it in time. Asked
/// before anything is signed: a machine that was put back as a whole has an old
/// guard too, and only they know better.
pub(super) async fn seen(witnesses: &Witnesses) -> Result<Vec<Claim>, StoreError> {
    let seen = witnesses.sizes_seen().await?.into_iter();
    let claim = |(witness, size): (String, _)| Claim {
        source: Source::Witness(witness.into()),
        size,
        root: None,
        declared: Vec::new(),
    };
    Ok(seen.map(claim).collect())
}

/// Begins to collect cosignatures, if there is anything to publish, and has the
/// sequencer weigh what witnesses turn out to have seen.
pub(super) fn collect(
    witnesses: Witnesses,
    signals: &Signals,
    context: &Context,
) -> Option<(Collecting, JoinHandle<()>)> {
    if !witnesses.has_work() {
        return None;
    }
    let (size, behind) = (signals.size.clone(), signals.behind.clone());
    let (collecting, collector) = witnesses.collect(size, behind, context.asked_to_stop());
    tokio::spawn(tell(collecting.ahead.clone(), signals.claims.clone()));
    Some((collecting, collector))
}

/// Tells the sequencer of witnesses that are ahead, until the collector ends. One
/// that has cosigned another tree of no more records than ours tells no size, and
/// nobody could give such a tree up: that stands in the log lines alone.
async fn tell(mut ahead: watch::Receiver<Option<Ahead>>, claims: Claims) {
    while ahead.changed().await.is_ok() {
        let told = ahead.borrow_and_update().clone();
        let Some((witness, size)) = told.and_then(|it| Some((it.witness, it.size?))) else {
            continue;
        };
        let claim = Claim {
            source: Source::Witness(witness.into()),
            size,
            root: None,
            declared: Vec::new(),
        };
        claims.tell(claim).await;
    }
}
