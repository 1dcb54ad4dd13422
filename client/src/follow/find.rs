//! Finding, keeping and telling: each thing once.

use ledger::log::evidence::Claim;
use ledger::log::{Evidence, TilePath};
use tonic::Code;

use super::Follower;
use super::places::{LOG, SERVER, newest_of_log};
use super::round::{Found, Round};
use crate::audit::{AuditError, Fault, SourceError};
use crate::error::{ClientError, Unverified};
use crate::evidence;
use crate::log::Signed;

impl Follower {
    /// A place that shows less than it has shown, or log and server less than is remembered.
    pub(super) fn find_rollbacks(
        &mut self,
        round: &mut Round,
        views: &[(String, Signed)],
        remembered: Option<&Signed>,
    ) {
        for (place, now) in views {
            let size = |signed: &Signed| signed.checkpoint.size();
            match self.shown.get(place).cloned() {
                Some(before) if size(&before) > size(now) => self.rolled_back(round, &before, now),
                _ => {
                    self.shown.insert(place.clone(), now.clone());
                }
            }
        }
        // What is published may be behind what a member was told by a call.
        if self.what.server.is_some()
            && let (Some(before), Some(now)) = (remembered, newest_of_log(views))
            && before.checkpoint.size() > now.checkpoint.size()
        {
            self.rolled_back(round, before, now);
        }
    }

    pub(super) fn rolled_back(&mut self, round: &mut Round, before: &Signed, now: &Signed) {
        let seen_s = round.time_s;
        let key = format!("rollback\n{}{}", before.checkpoint, now.checkpoint);
        let claim = Claim::Rollback { seen_s };
        let evidence = evidence::of(&self.what.log, &before.note, &now.note, claim);
        self.tell(round, key, &evidence);
    }

    pub(super) fn find(&mut self, round: &mut Round, evidence: &Evidence) {
        self.tell(round, evidence.to_string(), evidence);
    }

    /// Keeps evidence, and says so once.
    fn tell(&mut self, round: &mut Round, key: String, evidence: &Evidence) {
        if self.told.insert(key) {
            let file = evidence::keep(&self.what.evidence, evidence);
            round.found.push(Found::of(evidence, file));
        }
    }

    /// A fault of the log is a finding, though without evidence that stands by itself; that it
    /// cannot be read is not.
    pub(super) fn failed(&mut self, round: &mut Round, error: &AuditError) {
        match error {
            AuditError::Fault(fault) => {
                if self.told.insert(fault.to_string()) {
                    round.found.push(Found::fault(fault));
                }
            }
            AuditError::Source(_) | AuditError::Random(_) => {
                round.problem = Some(error.to_string());
            }
        }
    }

    /// The log shows what it has not signed, or nothing any more.
    pub(super) fn not_signed(&mut self, round: &mut Round, place: &str, why: &Unverified) {
        if [LOG, SERVER].contains(&place) && self.told.insert(why.to_string()) {
            round.found.push(Found::unverified(why));
        }
    }
}

/// Whether the records are not for this reader, or not published at all, where the very first could
/// not be had. A log that withholds some of what it publishes is at fault.
pub(super) fn is_closed(error: &AuditError, has_key: bool) -> bool {
    match error {
        AuditError::Source(SourceError::Server(ClientError::Refused(refusal))) => {
            matches!(refusal.code, Code::Unauthenticated | Code::PermissionDenied)
        }
        AuditError::Fault(fault) => {
            let is_first = |path: &TilePath| matches!(path, TilePath::Entries { index: 0, .. });
            !has_key && matches!(&**fault, Fault::Missing { path, .. } if is_first(path))
        }
        AuditError::Source(_) | AuditError::Random(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use ledger::log::Position;

    use super::*;

    #[test]
    fn records_are_not_public_where_the_first_are_missing_and_nobody_has_a_key() {
        let missing = |index: u64| {
            let path = format!("tile/entries/{index:03}").parse().unwrap();
            let position = Position::new(256 * index);
            AuditError::from(Fault::Missing { path, position })
        };
        assert!(is_closed(&missing(0), false));
        assert!(!is_closed(&missing(0), true));
        assert!(!is_closed(&missing(7), false));
    }
}
