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

use ledger::log::{Algorithm, NoteError, Policy, Receipt, VerifierKey};

pub use page::{Page, PrintedKey};
pub use part::{JoinError, TooLong, join, split};
pub use symbol::{Symbol, symbols};

/// The receipt with fewer lines in its checkpoint, for fewer codes: those of
/// the policy's Ed25519 keys. What is left out are signatures in ML-DSA-44,
/// which fill four or five codes each, and those of strangers to the policy.
///
/// # Errors
/// [`NoteError`] if none of these keys has signed, or one of them wrongly.
pub fn shortened(receipt: &Receipt, policy: &Policy) -> Result<Receipt, NoteError> {
    let logs = policy.logs().iter().map(|log| &log.key);
    let witnesses = policy.witnesses().iter().map(|witness| &witness.key);
    let is_short = |key: &&VerifierKey| match key.algorithm() {
        Algorithm::Ed25519(_) | Algorithm::CosignatureV1(_) => true,
        Algorithm::MlDsa44(_) => false,
    };
    let keys: Vec<VerifierKey> = logs.chain(witnesses).filter(is_short).cloned().collect();
    Ok(Receipt {
        checkpoint: receipt.checkpoint.only(&keys)?,
        ..receipt.clone()
    })
}
