//! A witness: it cosigns the checkpoints of other people's logs, each one only if it extends all
//! that were cosigned before. C2SP tlog-witness, add-checkpoint and the monitoring GET.
//!
//! What to answer is decided by [`ledger::log::witness`]. This keeps what was cosigned
//! ([`folder`], `state`) and puts it on the network ([`http`]). Between reading what was cosigned
//! last and storing what is cosigned next nobody else does either for that log, and nothing is
//! answered that is not on the disk.

pub mod folder;
pub mod http;
mod state;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Mutex;

use ledger::log::witness::{
    Accepted, Refusal, SIZE_MEDIA_TYPE, cosignature_time_s, judge, origin_hash,
};
use ledger::log::{AddCheckpoint, Cosigner, Evidence, EvidenceError, KeyName, VerifierKey};

use self::folder::Lock;
pub use self::folder::{Folder, FolderError, LogState};
use self::state::Latest;
use crate::clock::Clock;
use crate::evidence;
use crate::log::Signed;

/// How far the clock may have gone back, in seconds. A witness whose clock is further behind what
/// it has stated itself does not know the time, and must not state one: a time too late accuses an
/// honest log of records put in later.
const CLOCK_BACK_MAX_S: u64 = 60;

/// How many files of evidence a folder keeps, so that nobody can fill the disk with them.
const EVIDENCE_MAX: usize = 100;

/// How many pairs it keeps that prove nothing yet. Anybody can send one, with a spoilt proof: they
/// must not take the place of what is proven.
const INCOMPLETE_MAX: usize = 20;

/// The type of every body that is text for people, or notes.
const PLAIN: &str = "text/plain; charset=utf-8";

/// A witness with its folder locked: no other process can cosign from it.
pub struct Witness {
    cosigners: Vec<Cosigner>,
    logs: Vec<Log>,
    evidence: PathBuf,
    incomplete: PathBuf,
    clock: Clock,
    _lock: Lock,
}

/// A log whose checkpoints are cosigned.
struct Log {
    origin: KeyName,
    keys: Vec<VerifierKey>,
    file: PathBuf,
    /// The lower-case hex of SHA-256 of the origin, as monitors ask for it.
    hash: String,
    slot: Mutex<Slot>,
}

/// What was cosigned last, if anything was; or why nothing is cosigned for this log any more.
type Slot = Result<Option<Latest>, String>;

/// What a witness answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The media type of the body.
    pub kind: &'static str,
    /// The body.
    pub body: String,
    /// What the operator should read.
    pub says: Option<String>,
}

impl Witness {
    /// Opens a folder, alone. A log whose state is missing or damaged is closed; the others work.
    ///
    /// # Errors
    /// [`FolderError::Locked`] if another process has it open, or that keys or logs cannot be read.
    pub fn open(folder: &Folder, clock: Clock) -> Result<Self, FolderError> {
        let lock = folder.lock()?;
        let cosigners = folder.cosigners()?;
        let own: Vec<VerifierKey> = cosigners.iter().map(Cosigner::verifier_key).collect();
        let logs = folder.logs()?.into_iter().map(|(origin, keys)| {
            let file = folder.state_file(&origin);
            let slot = state::read_durably(&file, &origin, &own);
            Log {
                hash: origin_hash(&origin),
                slot: Mutex::new(slot.map_err(|error| error.to_string())),
                origin,
                keys,
                file,
            }
        });
        Ok(Self {
            logs: logs.collect(),
            evidence: folder.evidence(),
            incomplete: folder.incomplete(),
            cosigners,
            clock,
            _lock: lock,
        })
    }

    /// The logs that are closed, each with the reason.
    pub fn closed(&self) -> Vec<(String, String)> {
        let reason = |log: &Log| match &*log.slot.lock().ok()? {
            Ok(_) => None,
            Err(why) => Some((log.origin.to_string(), why.clone())),
        };
        self.logs.iter().filter_map(reason).collect()
    }

    /// Answers `POST <submission prefix>/add-checkpoint`. Blocks while it writes.
    pub fn add_checkpoint(&self, body: &[u8]) -> Answer {
        let request = match AddCheckpoint::parse(body) {
            Ok(request) => request,
            Err(error) => return Answer::refused(&error.into()),
        };
        let known = |log: &&Log| log.origin.as_str() == request.origin();
        let Some(log) = self.logs.iter().find(known) else {
            return Answer::refused(&Refusal::UnknownOrigin);
        };
        let Ok(mut slot) = log.slot.lock() else {
            return Answer::unavailable(&log.origin, "an earlier request has failed");
        };
        let latest = match &*slot {
            Ok(latest) => latest.as_ref(),
            Err(why) => return Answer::unavailable(&log.origin, why),
        };
        match judge(&request, &log.keys, latest.map(Latest::cosigned)) {
            Ok(accepted) => self.cosign(log, &mut slot, &accepted),
            Err(refusal) => Answer {
                says: self.convict(log, latest, &request, &refusal),
                ..Answer::refused(&refusal)
            },
        }
    }

    /// Answers `GET <monitoring prefix>/<hash of the origin>/checkpoint`.
    pub fn checkpoint(&self, hash: &str) -> Answer {
        let Some(log) = self.logs.iter().find(|log| log.hash == hash) else {
            return Answer::refused(&Refusal::UnknownOrigin);
        };
        match log.slot.lock().as_deref() {
            Ok(Ok(Some(latest))) => Answer::ok(latest.note.as_str()),
            Ok(Ok(None)) => Answer::text(404, "nothing is cosigned yet"),
            Ok(Err(why)) => Answer::unavailable(&log.origin, why),
            Err(_) => Answer::unavailable(&log.origin, "an earlier request has failed"),
        }
    }

    /// Stores, and only then answers.
    fn cosign(&self, log: &Log, slot: &mut Slot, accepted: &Accepted) -> Answer {
        let now_s = u64::try_from(self.clock.now().get() / 1000).unwrap_or(0);
        let latest_s = slot.as_ref().ok().and_then(Option::as_ref);
        let latest_s = latest_s.map(|latest| latest.time_s);
        if latest_s.is_some_and(|latest_s| now_s.saturating_add(CLOCK_BACK_MAX_S) < latest_s) {
            let why = "the clock is behind the latest cosignature: set it right";
            return Answer::unavailable(&log.origin, why);
        }
        let time_s = cosignature_time_s(now_s, latest_s);
        let sign = |cosigner: &Cosigner| cosigner.sign(&accepted.checkpoint, time_s);
        let lines: String = self.cosigners.iter().map(sign).collect();
        let next = Latest::new(accepted, &lines, time_s);
        match state::write(&log.file, &next) {
            Ok(()) => {
                *slot = Ok(Some(next));
                Answer::ok(&lines)
            }
            // Whether the disk has the old state or the new one is unknown, so neither counts.
            Err(error) => {
                let why = format!("its state was not stored ({error}): start the witness again");
                *slot = Err(why.clone());
                Answer::unavailable(&log.origin, &why)
            }
        }
    }

    /// Keeps what a log has signed against itself. What to tell the operator, if anything.
    fn convict(
        &self,
        log: &Log,
        latest: Option<&Latest>,
        request: &AddCheckpoint,
        refusal: &Refusal,
    ) -> Option<String> {
        let (Refusal::OtherRoot { .. } | Refusal::Inconsistent(_)) = refusal else {
            return None;
        };
        let said = format!("{}: {refusal}", log.origin);
        let evidence = log.keys.iter().find_map(|key| {
            let first = Signed::verify(latest?.note.clone(), key).ok()?;
            let second = request.checkpoint.only(&log.keys).ok()?;
            let second = Signed::verify(second, key).ok()?;
            let evidence = evidence::fork(key, &first, &second, &request.proof);
            // Of a size that is a power of two no proof of the log shows the beginning.
            let is_proof = match evidence::finding(&evidence) {
                Ok(_) => true,
                Err(EvidenceError::NoBeginning) => false,
                Err(_) => return None,
            };
            Some((evidence, is_proof))
        });
        Some(match evidence {
            Some((evidence, is_proof)) => format!("{said}; {}", self.keep(&evidence, is_proof)),
            None => said,
        })
    }

    /// Keeps evidence, up to a number of files; what is to be said of it.
    fn keep(&self, evidence: &Evidence, is_proof: bool) -> String {
        let (folder, most, what) = if is_proof {
            (&self.evidence, EVIDENCE_MAX, "THE LOG HAS FORKED")
        } else {
            let what = "a fork if the larger tree begins otherwise, which nothing shows yet";
            (&self.incomplete, INCOMPLETE_MAX, what)
        };
        let kept = std::fs::read_dir(folder).map_or(0, Iterator::count);
        if kept >= most {
            return format!("{what}; there is enough of this already");
        }
        match evidence::keep(folder, evidence) {
            Ok(file) => format!("{what}, see {}", file.display()),
            Err(error) => format!("{what}, not kept: {error}"),
        }
    }
}

impl Answer {
    fn text(status: u16, text: &str) -> Self {
        Self {
            status,
            kind: PLAIN,
            body: format!("{text}\n"),
            says: None,
        }
    }

    /// A body that has its line ends.
    fn ok(body: &str) -> Self {
        Self {
            status: 200,
            kind: PLAIN,
            body: body.to_owned(),
            says: None,
        }
    }

    fn refused(refusal: &Refusal) -> Self {
        match refusal {
            Refusal::Conflict { latest } => Self {
                kind: SIZE_MEDIA_TYPE,
                ..Self::text(refusal.status(), &latest.to_string())
            },
            other => Self::text(other.status(), &other.to_string()),
        }
    }

    /// The log is known, and the witness cannot do its work for it.
    fn unavailable(origin: &KeyName, why: &str) -> Self {
        Self {
            says: Some(format!("NOTHING IS COSIGNED FOR {origin}: {why}")),
            ..Self::text(503, "the witness is out of order for this log")
        }
    }
}
