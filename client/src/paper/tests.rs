//! What goes on paper.

use ledger::log::{Policy, Receipt, Standing};

use super::testing::{ORIGIN, log, quantum_witness, receipt, witness};
use super::{ShortenError, shortened, split};

/// docs/paper.md, section "What it takes".
#[test]
fn a_receipt_takes_as_many_codes_as_the_document_says() {
    let count = |receipt: &Receipt| {
        let file = receipt.to_string();
        (file.len(), split(file.as_bytes()).unwrap().len())
    };
    let counts = [
        count(&receipt(8, false)),
        count(&receipt(20, false)),
        count(&receipt(27, false)),
        count(&receipt(20, true)),
    ];
    assert_eq!(counts, [(1396, 2), (1940, 3), (2257, 3), (5205, 7)]);
}

#[test]
fn a_shortened_receipt_keeps_the_lines_of_the_policy_in_ed25519() {
    let policy = format!(
        "log {}\nwitness one {}\nwitness late {}\nquorum one\n",
        log().verifier_key(),
        witness(1).verifier_key(),
        quantum_witness().verifier_key(),
    );
    let policy = Policy::parse(policy.as_bytes()).unwrap();
    let whole = receipt(20, true);
    let short = shortened(&whole, &policy).unwrap();
    assert_eq!(short.path, whole.path);
    assert_eq!(
        short.checkpoint.unverified_text(),
        whole.checkpoint.unverified_text()
    );
    let lines = short.checkpoint.as_str().lines();
    let signers: Vec<&str> = lines
        .filter_map(|line| line.strip_prefix("— ")?.split(' ').next())
        .collect();
    assert_eq!(signers, [ORIGIN, "witness1.example"]);
    assert_eq!(
        policy.check(&short.checkpoint).unwrap().standing,
        Standing::Witnessed
    );
}

#[test]
fn a_receipt_is_not_shortened_by_what_its_quorum_is_made_of() {
    let policy = format!(
        "log {}\nwitness late {}\nquorum late\n",
        log().verifier_key(),
        quantum_witness().verifier_key(),
    );
    let policy = Policy::parse(policy.as_bytes()).unwrap();
    let short = shortened(&receipt(20, true), &policy);
    assert_eq!(short, Err(ShortenError::Quorum));
    // One that does not meet it has nothing to lose.
    let without = receipt(20, false);
    assert_ne!(shortened(&without, &policy).unwrap(), without);
}
