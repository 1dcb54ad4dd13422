//! Receipts on paper: the texts of QR codes, and a page to print. The format is
//! in docs/paper.md.
//!
//! Nothing here vouches for anything. What the codes give back is the receipt,
//! byte for byte, and [`crate::verify`] says what it proves.

mod base32;
mod html;
mod page;
mod part;
mod symbol;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use ledger::log::{Algorithm, NoteError, Policy, Receipt, Standing, VerifierKey};
use thiserror::Error;

pub use page::{Page, PrintedKey};
pub use part::{JoinError, TooLong, join, split};
pub use symbol::{Symbol, symbols};

/// Why a receipt cannot be shortened under a policy.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ShortenError {
    /// None of the policy's Ed25519 keys has signed, or one of them wrongly.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// What would be left out is what the quorum is made of.
    #[error("the quorum of the policy needs the signatures in ML-DSA-44 that would be left out")]
    Quorum,
}

/// The receipt with fewer lines in its checkpoint, for fewer codes: those of
/// the policy's Ed25519 keys. What is left out are signatures in ML-DSA-44,
/// which fill four or five codes each, and those of strangers to the policy.
///
/// # Errors
/// [`ShortenError`]; never does it take away what meets the quorum.
pub fn shortened(receipt: &Receipt, policy: &Policy) -> Result<Receipt, ShortenError> {
    let logs = policy.logs().iter().map(|log| &log.key);
    let witnesses = policy.witnesses().iter().map(|witness| &witness.key);
    let is_short = |key: &&VerifierKey| match key.algorithm() {
        Algorithm::Ed25519(_) | Algorithm::CosignatureV1(_) => true,
        Algorithm::MlDsa44(_) => false,
    };
    let keys: Vec<VerifierKey> = logs.chain(witnesses).filter(is_short).cloned().collect();
    let short = Receipt {
        checkpoint: receipt.checkpoint.only(&keys)?,
        ..receipt.clone()
    };
    let counts = |receipt: &Receipt| {
        let verdict = policy.check(&receipt.checkpoint);
        verdict.is_ok_and(|verdict| verdict.standing != Standing::Unwitnessed)
    };
    if counts(receipt) && !counts(&short) {
        return Err(ShortenError::Quorum);
    }
    Ok(short)
}
