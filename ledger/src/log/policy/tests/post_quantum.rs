//! Policies whose keys are of ML-DSA-44, alone or beside Ed25519.

use super::*;
use crate::log::ml_dsa::MlDsaSecretKey;

fn pq(name: &str, seed: u8) -> Cosigner {
    Cosigner::ml_dsa44(
        name.parse().unwrap(),
        MlDsaSecretKey::from_seed(&[seed; 32]),
    )
}

fn pq_log() -> Cosigner {
    pq("hours.example/ledger", 4)
}

fn pq_witness() -> Cosigner {
    pq("witness1.example", 3)
}

/// A policy that asks for both keys of one witness, and knows both of the log.
fn both() -> Policy {
    parsed(&format!(
        "log {}\nlog {}\nwitness W {}\nwitness PQ {}\ngroup both all W PQ\nquorum both\n",
        lkey(),
        pq_log().verifier_key(),
        wkey(1),
        pq_witness().verifier_key(),
    ))
}

#[test]
fn a_quorum_can_ask_for_both_keys_of_a_witness() {
    let policy = both();
    let ed25519 = cosigned(&[1]);
    let standing = policy.check(&ed25519).map(|verdict| verdict.standing);
    assert_eq!(standing, Ok(Standing::Unwitnessed));
    let line = pq_witness().sign(&checkpoint_of_five(), TIME_S);
    let note = ed25519.with_lines(&line).unwrap();
    let verdict = policy.check(&note).unwrap();
    assert_eq!(verdict.standing, Standing::Witnessed);
    assert_eq!(verdict.logs.len(), 1);
    let line = pq_log().sign(&checkpoint_of_five(), TIME_S);
    let note = note.with_lines(&line).unwrap();
    assert_eq!(policy.check(&note).unwrap().logs.len(), 2);
}

#[test]
fn a_witness_that_states_no_time_does_not_count() {
    for (cosigner, word) in [(witness(1), "W"), (pq_witness(), "PQ")] {
        let text = format!(
            "log {}\nwitness {word} {}\nquorum {word}\n",
            lkey(),
            cosigner.verifier_key()
        );
        let policy = parsed(&text);
        for (time_s, expected) in [(0, Standing::Unwitnessed), (1, Standing::Witnessed)] {
            let line = cosigner.sign(&checkpoint_of_five(), time_s);
            let note = cosigned(&[]).with_lines(&line).unwrap();
            let verdict = policy.check(&note).unwrap();
            assert_eq!(verdict.standing, expected, "{word} {time_s}");
        }
    }
}

#[test]
fn extension_lines_that_nobody_has_signed_are_left_out() {
    let line = pq_log().sign(&checkpoint_of_five(), TIME_S);
    let note = format!("{}added by a stranger\n\n{line}", checkpoint_of_five());
    let note = SignedNote::parse(note.as_bytes()).unwrap();
    let policy = Policy::of_log(pq_log().verifier_key());
    assert_eq!(
        policy.check(&note).unwrap().checkpoint,
        checkpoint_of_five()
    );
}
