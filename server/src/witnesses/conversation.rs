//! One conversation with one witness about one checkpoint: C2SP tlog-witness,
//! section add-checkpoint, as the log speaks it.
//!
//! It ends with verified cosignatures or with the reason why there are none.
//! When to begin one, and when to try again, is for the collector.

use std::collections::HashMap;
use std::fmt;

use axum::http::StatusCode;
use ledger::log::witness::{AnswerError, SIZE_MEDIA_TYPE, conflict_size, cosignatures};
use ledger::log::{
    AddCheckpoint, Hash, ProveError, SignedNote, Tile, TileId, TreeSize, consistency_proof,
    consistency_tiles,
};

use super::http::{Answer, Http};
use super::roster::Witness;
use crate::store::{Store, StoreError};

/// How often a witness is asked about one checkpoint: it may have cosigned
/// another one between, at the request of another server.
const REQUESTS_MAX: u32 = 4;
/// How much of what a witness says goes into a log line.
const SAID_CHARS_MAX: usize = 200;

/// What is asked.
#[derive(Debug, Clone)]
pub(super) struct Question {
    /// The newest checkpoint, with the signatures of the log.
    pub(super) note: SignedNote,
    /// Its size.
    pub(super) size: TreeSize,
    /// The size of the largest tree that the witness has cosigned, as far as is
    /// known.
    pub(super) old: TreeSize,
}

/// Why there is no cosignature.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// It is not there, or not yet.
    #[error("it cannot be asked: {0}")]
    Unreachable(String),
    /// It has not answered in time.
    #[error("it has not answered in time")]
    Late,
    /// It has cosigned more records than were shown to it.
    #[error("it has cosigned {0} records")]
    Larger(TreeSize),
    /// It has cosigned a tree that this one does not continue.
    #[error("it says that this is not the tree that it has cosigned ({0})")]
    OtherTree(Said),
    /// It cannot just now.
    #[error("it is out of order or asked too often ({0})")]
    Busy(Said),
    /// It does not want to.
    #[error("{why} ({said})")]
    Refused {
        /// What its status means.
        why: &'static str,
        /// What it says.
        said: Said,
    },
    /// It answers, and not with a cosignature of its own of this checkpoint.
    #[error("its answer is of no use: {0}")]
    Unusable(#[from] AnswerError),
    /// It names another size each time.
    #[error("it names another size each time")]
    Restless,
    /// The database did not give the proof.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a witness says beside its status, for a log line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said(String);

/// Asks a witness to cosign a checkpoint. The answer is signature lines of its
/// keys, verified.
pub(super) async fn ask(
    http: &Http,
    store: &dyn Store,
    witness: &Witness,
    question: &Question,
) -> Result<String, Failure> {
    let mut old = question.old.min(question.size);
    for _ in 0..REQUESTS_MAX {
        let answer = post(http, store, witness, question, old).await?;
        match answer.status {
            StatusCode::OK => {
                let lines = cosignatures(&answer.body, &question.note, &witness.keys)?;
                return Ok(lines.into_iter().map(|one| one.line).collect());
            }
            StatusCode::CONFLICT => old = has_cosigned(&answer, question.size, old)?,
            _ => return Err(refusal(&answer)),
        }
    }
    Err(Failure::Restless)
}

/// How many records a witness says that it has cosigned: asked with the newest
/// checkpoint, it cosigns that or names another size.
pub(super) async fn size_seen(
    http: &Http,
    store: &dyn Store,
    witness: &Witness,
    newest: &Question,
) -> Result<TreeSize, Failure> {
    let answer = post(http, store, witness, newest, newest.size).await?;
    match answer.status {
        StatusCode::OK => Ok(newest.size),
        StatusCode::CONFLICT => match has_cosigned(&answer, newest.size, newest.size) {
            Err(Failure::Larger(size)) => Ok(size),
            size => size,
        },
        _ => Err(refusal(&answer)),
    }
}

async fn post(
    http: &Http,
    store: &dyn Store,
    witness: &Witness,
    question: &Question,
    old: TreeSize,
) -> Result<Answer, Failure> {
    let request = AddCheckpoint {
        old,
        proof: growth(store, old, question.size).await?,
        checkpoint: question.note.clone(),
    };
    let answer = http.post(&witness.add_checkpoint, request.to_string());
    answer.await.map_err(Failure::Unreachable)
}

/// What a 409 says: the size from which consistency is to be proven. The first
/// version of the specification has it for another root of one size too.
fn has_cosigned(answer: &Answer, size: TreeSize, old: TreeSize) -> Result<TreeSize, Failure> {
    if answer.kind != SIZE_MEDIA_TYPE {
        return Err(Failure::OtherTree(Said::of(answer)));
    }
    match conflict_size(&answer.body)? {
        larger if larger > size => Err(Failure::Larger(larger)),
        same if same == old => Err(Failure::OtherTree(Said::of(answer))),
        other => Ok(other),
    }
}

fn refusal(answer: &Answer) -> Failure {
    let said = Said::of(answer);
    let why = match answer.status {
        StatusCode::UNPROCESSABLE_ENTITY => return Failure::OtherTree(said),
        StatusCode::TOO_MANY_REQUESTS => return Failure::Busy(said),
        status if status.is_server_error() => return Failure::Busy(said),
        StatusCode::BAD_REQUEST => "it cannot read the request",
        StatusCode::FORBIDDEN => "it does not know the key of this log",
        StatusCode::NOT_FOUND => "it does not know this log, or the URL is wrong",
        status if status.is_redirection() => "it is somewhere else: correct the URL",
        _ => "it does not cosign",
    };
    Failure::Refused { why, said }
}

/// That the new tree begins with the old one, out of stored tiles.
async fn growth(store: &dyn Store, old: TreeSize, new: TreeSize) -> Result<Vec<Hash>, StoreError> {
    let corrupt =
        |error: ProveError| StoreError::Corrupt(format!("a proof cannot be made: {error}"));
    let ids = consistency_tiles(old, new).map_err(corrupt)?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let tiles: HashMap<TileId, Tile> = store.tiles(&ids).await?.into_iter().collect();
    consistency_proof(old, new, |id| tiles.get(&id)).map_err(corrupt)
}

impl Said {
    /// Status and the beginning of the text, in one line.
    fn of(answer: &Answer) -> Self {
        let text = String::from_utf8_lossy(&answer.body);
        let is_shown = |c: &char| !c.is_control();
        let text: String = text.trim().chars().filter(is_shown).collect();
        let text: String = text.chars().take(SAID_CHARS_MAX).collect();
        let status = answer.status.as_u16();
        Self(if text.is_empty() {
            format!("HTTP {status}")
        } else {
            format!("HTTP {status}: {text:?}")
        })
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Failure {
    /// Whether it takes a person to change it, so that asking again soon is of no
    /// use.
    pub(super) fn is_lasting(&self) -> bool {
        match self {
            Self::Larger(_) | Self::OtherTree(_) | Self::Refused { .. } => true,
            Self::Unreachable(_)
            | Self::Late
            | Self::Busy(_)
            | Self::Unusable(_)
            | Self::Restless
            | Self::Store(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Bytes;

    use super::*;

    fn answer(status: u16, kind: &str, body: &'static str) -> Answer {
        Answer {
            status: StatusCode::from_u16(status).unwrap(),
            kind: kind.to_owned(),
            body: Bytes::from(body),
        }
    }

    #[test]
    fn a_conflict_names_where_to_go_on_or_what_is_wrong() {
        let conflict = |body, old| {
            let answer = answer(409, SIZE_MEDIA_TYPE, body);
            has_cosigned(&answer, TreeSize::new(9), TreeSize::new(old))
        };
        assert!(matches!(conflict("7\n", 0), Ok(size) if size == TreeSize::new(7)));
        assert!(matches!(conflict("9\n", 0), Ok(size) if size == TreeSize::new(9)));
        assert!(matches!(conflict("0\n", 7), Ok(TreeSize::ZERO)));
        let larger = conflict("10\n", 9);
        assert!(matches!(larger, Err(Failure::Larger(size)) if size == TreeSize::new(10)));
        assert!(matches!(conflict("9\n", 9), Err(Failure::OtherTree(_))));
        assert!(matches!(conflict("nine\n", 9), Err(Failure::Unusable(_))));
        let other = has_cosigned(
            &answer(409, "text/plain", "7\n"),
            TreeSize::new(9),
            TreeSize::ZERO,
        );
        assert!(matches!(other, Err(Failure::OtherTree(_))));
    }

    #[test]
    fn a_refusal_says_what_to_do_about_it_in_one_line() {
        let said = |status| refusal(&answer(status, "", "no\r\nway\u{1b}[31m\n")).to_string();
        for (status, why) in [
            (400, "cannot read"),
            (403, "the key of this log"),
            (404, "does not know this log"),
            (422, "is not the tree that it has cosigned"),
            (429, "too often"),
            (302, "correct the URL"),
            (503, "out of order"),
            (418, "does not cosign"),
        ] {
            let text = said(status);
            assert!(text.contains(why), "{text}");
            let end = format!("(HTTP {status}: \"noway[31m\")");
            assert!(text.ends_with(&end), "{text}");
        }
    }
}
