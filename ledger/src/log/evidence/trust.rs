//! Whose the keys in a file of evidence must be, for a reader who names them.

use super::{Claim, Evidence, EvidenceError};
use crate::log::policy::Policy;
use crate::log::vkey::{Algorithm, VerifierKey};

impl Evidence {
    /// On whose word about the time the claim rests, if on anybody's.
    pub fn cosigner(&self) -> Option<&VerifierKey> {
        match &self.claim {
            Claim::Late(late) => Some(&late.cosigner),
            Claim::Fork(_) | Claim::Rollback { .. } => None,
        }
    }

    /// Checks that a policy names the key of the log, and the cosigner as a witness or as an
    /// ML-DSA-44 key of that log, which states times too. Whoever wrote the file chose both, and
    /// anybody can make a cosigner.
    ///
    /// # Errors
    /// [`EvidenceError::UnknownLog`] and [`EvidenceError::UnknownCosigner`].
    pub fn check_keys(&self, policy: &Policy) -> Result<(), EvidenceError> {
        let is_log = |key: &VerifierKey| policy.logs().iter().any(|log| log.key == *key);
        if !is_log(&self.log) {
            return Err(EvidenceError::UnknownLog);
        }
        let is_witness = |key: &VerifierKey| policy.witnesses().iter().any(|one| one.key == *key);
        let states_times = |key: &VerifierKey| {
            let is_ml_dsa = matches!(key.algorithm(), Algorithm::MlDsa44(_));
            is_ml_dsa && key.name() == self.log.name() && is_log(key)
        };
        match self.cosigner() {
            Some(key) if !is_witness(key) && !states_times(key) => {
                Err(EvidenceError::UnknownCosigner(Box::new(key.clone())))
            }
            _ => Ok(()),
        }
    }
}
