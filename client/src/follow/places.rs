//! Where checkpoints of one log are seen: its public files, its server, and its witnesses.

use ledger::log::witness::origin_hash;
use ledger::log::{Policy, SignedNote, TreeSize, VerifierKey};
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
    // Not by its name alone: it may be `log`.
    view(&format!("witness {}", place.name), note, log)
}

/// What makes one checkpoint worth more than another of the same history: its size, then how many
/// have signed it.
pub(super) fn rank(signed: &Signed) -> (TreeSize, usize) {
    (signed.checkpoint.size(), signed.note.signature_count())
}

/// The largest checkpoint that the log itself shows, with the most signatures.
pub(super) fn newest_of_log(views: &[(String, Signed)]) -> Option<&Signed> {
    let of_log = views
        .iter()
        .filter(|(place, _)| [LOG, SERVER].contains(&place.as_str()));
    let newest = of_log.max_by_key(|(_, signed)| rank(signed))?;
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

#[cfg(test)]
mod tests {
    use ledger::SecretKey;
    use ledger::log::{Checkpoint, Cosigner, NoteSigner, leaf_hash};

    use super::*;

    fn signed(size: u64, is_cosigned: bool) -> Signed {
        let log = NoteSigner::new("a.example".parse().unwrap(), SecretKey::from_seed(&[1; 32]));
        let origin = "a.example".parse().unwrap();
        let checkpoint = Checkpoint::new(origin, TreeSize::new(size), leaf_hash(b"one"));
        let mut note = checkpoint.sign(&[log]).unwrap();
        if is_cosigned {
            let name = "w.example".parse().unwrap();
            let cosigner = Cosigner::new(name, SecretKey::from_seed(&[2; 32]));
            note = note.with_lines(&cosigner.sign(&checkpoint, 1)).unwrap();
        }
        Signed { note, checkpoint }
    }

    #[test]
    fn of_two_checkpoints_of_one_size_the_cosigned_one_is_kept_and_else_the_larger() {
        let newest = |log: &Signed, server: &Signed| {
            let views = [
                (LOG.to_owned(), log.clone()),
                (SERVER.to_owned(), server.clone()),
            ];
            newest_of_log(&views).unwrap().note.clone()
        };
        let (bare, cosigned, larger) = (signed(5, false), signed(5, true), signed(6, false));
        assert_eq!(newest(&cosigned, &bare), cosigned.note);
        assert_eq!(newest(&bare, &cosigned), cosigned.note);
        assert_eq!(newest(&cosigned, &larger), larger.note);
    }

    #[tokio::test]
    async fn a_witness_that_is_called_log_is_not_taken_for_the_log() {
        let signer = NoteSigner::new("a.example".parse().unwrap(), SecretKey::from_seed(&[1; 32]));
        let place = WitnessPlace {
            name: LOG.to_owned(),
            url: "nowhere".to_owned(),
        };
        let web = Web::new(None).unwrap();
        let view = of_witness(&web, &place, &signer.verifier_key()).await;
        assert_eq!(view.place, "witness log");
        assert!(newest_of_log(&[(view.place, signed(5, false))]).is_none());
    }
}
