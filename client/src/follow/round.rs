//! What one round of following has seen and found.

use std::io;
use std::path::PathBuf;

use ledger::log::{Checkpoint, Evidence, Standing, TreeSize, VerifierKey};
use serde::Serialize;

use crate::audit::Fault;
use crate::error::{ClientError, Unverified};
use crate::evidence;
use crate::log::Signed;

/// One round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Round {
    /// Counted from 1.
    pub number: u64,
    /// When it began, in seconds since 1970.
    pub time_s: u64,
    /// The log.
    pub origin: String,
    /// The size of the newest checkpoint that the log shows, if it shows one.
    pub size: Option<TreeSize>,
    /// Its root, in hex.
    pub root: Option<String>,
    /// Whether enough witnesses have cosigned it, if there is a policy: `witnessed`, `logged` or
    /// `unwitnessed`.
    pub standing: Option<&'static str>,
    /// How many records have been audited, if they can be read.
    pub audited: Option<TreeSize>,
    /// How many of them are new in this round.
    pub new_records: u64,
    /// Why the records were not audited, if so; the hashes were compared all the same.
    pub records: Option<String>,
    /// What each place has shown.
    pub places: Vec<Shown>,
    /// What is wrong with the log. What was told in an earlier round is not told again.
    pub found: Vec<Found>,
    /// Why the round could not be ended, if so.
    pub problem: Option<String>,
}

/// What a place has shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// `log`, `server`, or `witness` and its name.
    pub place: String,
    /// The size of its checkpoint, if it has shown one.
    pub size: Option<TreeSize>,
    /// Why it has not, if it should have.
    pub problem: Option<String>,
}

/// Something that is wrong with the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Found {
    /// A stable name, in upper snake case.
    pub reason: String,
    /// It, as a sentence.
    pub says: String,
    /// Whether the file alone shows it to anybody.
    pub is_proof: bool,
    /// The file of evidence, if there is one.
    pub file: Option<PathBuf>,
}

impl Round {
    pub(super) fn begin(number: u64, time_s: u64, log: &VerifierKey) -> Self {
        Self {
            number,
            time_s,
            origin: log.name().to_string(),
            size: None,
            root: None,
            standing: None,
            audited: None,
            new_records: 0,
            records: None,
            places: Vec::new(),
            found: Vec::new(),
            problem: None,
        }
    }

    pub(super) fn newest(&mut self, checkpoint: &Checkpoint) {
        self.size = Some(checkpoint.size());
        self.root = Some(checkpoint.root().to_string());
    }

    pub(super) fn shown(&mut self, place: &str, shown: &Result<Option<Signed>, ClientError>) {
        let (size, problem) = match shown {
            Ok(Some(shown)) => (Some(shown.checkpoint.size()), None),
            Ok(None) => (None, Some("shows no checkpoint".to_owned())),
            Err(error) => (None, Some(error.to_string())),
        };
        self.places.push(Shown {
            place: place.to_owned(),
            size,
            problem,
        });
    }

    /// Whether the log was reached, and what it shows was looked at to the end.
    pub fn is_whole(&self) -> bool {
        self.size.is_some() && self.problem.is_none()
    }
}

impl Found {
    pub(super) fn of(evidence: &Evidence, file: io::Result<PathBuf>) -> Self {
        let (reason, says, is_proof) = match evidence::finding(evidence) {
            Ok(finding) => (
                finding.reason().to_owned(),
                finding.to_string(),
                // Only cosigners that whoever follows has named are listened to.
                finding.is_proof(true),
            ),
            Err(error) => ("EVIDENCE_INCOMPLETE".to_owned(), error.to_string(), false),
        };
        let (file, says) = match file {
            Ok(file) => (Some(file), says),
            Err(error) => (None, format!("{says}; the evidence was not kept: {error}")),
        };
        Self {
            reason,
            says,
            is_proof,
            file,
        }
    }

    pub(super) fn fault(fault: &Fault) -> Self {
        Self::without_evidence(fault.reason(), fault.to_string())
    }

    pub(super) fn unverified(why: &Unverified) -> Self {
        Self::without_evidence(why.reason(), why.to_string())
    }

    fn without_evidence(reason: &str, says: String) -> Self {
        Self {
            reason: reason.to_owned(),
            says,
            is_proof: false,
            file: None,
        }
    }
}

pub(super) const fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Witnessed => "witnessed",
        Standing::Logged => "logged",
        Standing::Unwitnessed => "unwitnessed",
    }
}
