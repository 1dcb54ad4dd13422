//! Where checkpoints of one log are seen: its public files, its server, and its witnesses.

use ledger::log::witness::origin_hash;
use ledger::log::{Policy, SignedNote, VerifierKey};
use proto::v1;

use crate::connect::Connection;
use crate::error::{ClientError, Unverified};
use crate::log::Signed;
use crate::web::{Prefix, Web};

/// What the log itself shows.
pub(super) const LOG: &str = "log";
/// What the log's server says to a call.
pub(super) const SERVER: &str = "server";

/// A witness as monitors see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WitnessPlace {
    /// What to call it.
    pub name: String,
    /// Its monitoring prefix.
    pub url: String,
}

/// What a place has shown.
pub(super) struct View {
    pub(super) place: String,
    pub(super) shown: Result<Option<Signed>, ClientError>,
}

/// The witnesses of a policy that have an address. Their monitoring prefix is taken to be their
/// submission prefix, as C2SP tlog-witness allows.
pub fn of_policy(policy: &Policy) -> Vec<WitnessPlace> {
    let witnesses = policy.witnesses().iter();
    let places = witnesses.filter_map(|witness| {
        Some(WitnessPlace {
            name: witness.name.to_string(),
            url: witness.url.as_ref()?.as_str()?.to_owned(),
        })
    });
    let mut places: Vec<WitnessPlace> = places.collect();
    // A witness with two keys is asked once.
    places.dedup_by(|one, other| one.url == other.url);
    places
}

pub(super) async fn of_log(prefix: &Prefix, log: &VerifierKey) -> View {
    let note = prefix.checkpoint().await;
    view(LOG, note, log)
}

pub(super) async fn of_server(connection: &Connection, log: &VerifierKey) -> View {
    let mut service = connection.ledger();
    let request = v1::GetCheckpointRequest {};
    let answer = connection.call(service.get_checkpoint(request)).await;
    let note = answer.map(|it| Some(it.signed_note).filter(|note| !note.is_empty()));
    view(SERVER, note, log)
}

pub(super) async fn of_witness(web: &Web, place: &WitnessPlace, log: &VerifierKey) -> View {
    let (prefix, hash) = (place.url.trim_end_matches('/'), origin_hash(log.name()));
    let note = web.get(&format!("{prefix}/{hash}/checkpoint"), None).await;
    view(&place.name, note, log)
}

/// The largest checkpoint that the log itself shows.
pub(super) fn newest_of_log(views: &[(String, Signed)]) -> Option<&Signed> {
    let of_log = views
        .iter()
        .filter(|(place, _)| [LOG, SERVER].contains(&place.as_str()));
    let newest = of_log.max_by_key(|(_, signed)| signed.checkpoint.size())?;
    Some(&newest.1)
}

fn view(place: &str, note: Result<Option<Vec<u8>>, ClientError>, log: &VerifierKey) -> View {
    let verify = |bytes: Vec<u8>| -> Result<Signed, Unverified> {
        Ok(Signed::verify(SignedNote::parse(&bytes)?, log)?)
    };
    let shown = note.and_then(|note| Ok(note.map(verify).transpose()?));
    View {
        place: place.to_owned(),
        shown,
    }
}
