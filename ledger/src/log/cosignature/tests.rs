//! Published vectors, what is covered, and what is refused.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::*;
use crate::log::note::{NoteError, SignedNote, VerifiedSignature};
use crate::log::testing::{checkpoint_of_five, log_signer};

const TIME_S: u64 = 1_767_000_000;
const LINE: &str = "— wit.example/w1 69Bd9AAAAABpUkfAF1DY0Vh7edfUjEfVC/jpRRHpUaspwmEXXwIV7dE1judQwGlzs/aTeF2cHhSR9IyRrPHmWaopzNCmkg0YgCAwCg==\n";

fn witness() -> Cosigner {
    Cosigner::new(
        "wit.example/w1".parse().unwrap(),
        SecretKey::from_seed(&[2; 32]),
    )
}

fn signed() -> SignedNote {
    checkpoint_of_five().sign(&[log_signer()]).unwrap()
}

#[test]
fn the_published_cosignature_is_reproduced_and_verifies() {
    assert_eq!(witness().sign(&checkpoint_of_five(), TIME_S), LINE);
    let note = signed().with_lines(LINE).unwrap();
    let keys = [log_signer().verifier_key(), witness().verifier_key()];
    let expected = vec![
        VerifiedSignature {
            key: &keys[0],
            time_s: None,
        },
        VerifiedSignature {
            key: &keys[1],
            time_s: Some(TIME_S),
        },
    ];
    assert_eq!(note.signatures(&keys), Ok(expected));
}

#[test]
fn a_cosignature_covers_its_time_and_its_checkpoint() {
    let secret = SecretKey::from_seed(&[2; 32]);
    let key = secret.public();
    let text = checkpoint_of_five().to_string();
    let signature = secret.sign(&message(&text, TIME_S));
    let payload = |time_s: u64| [time_s.to_be_bytes().as_slice(), signature.as_bytes()].concat();
    assert_eq!(verify(&key, &text, &payload(TIME_S)), Ok(Some(TIME_S)));
    assert_eq!(verify(&key, &text, &payload(TIME_S + 1)), Err(BadSignature));
    assert_eq!(
        verify(&key, &text.replace('5', "6"), &payload(TIME_S)),
        Err(BadSignature)
    );
    for length in 0..72 {
        let short = &payload(TIME_S)[..length];
        assert_eq!(verify(&key, &text, short), Err(BadSignature), "{length}");
    }
    let long = [payload(TIME_S), vec![0]].concat();
    assert_eq!(verify(&key, &text, &long), Err(BadSignature));
}

#[test]
fn a_time_beyond_the_specified_range_is_refused() {
    let keys = [witness().verifier_key()];
    let cosigned = |time_s| {
        let note = signed()
            .with_lines(&witness().sign(&checkpoint_of_five(), time_s))
            .unwrap();
        note.signatures(&keys)
            .map(|signatures| signatures[0].time_s)
    };
    assert_eq!(cosigned(TIME_MAX_S), Ok(Some(TIME_MAX_S)));
    let refused = NoteError::BadSignature(witness().verifier.name().clone());
    assert_eq!(cosigned(TIME_MAX_S + 1), Err(refused));
}

#[test]
fn a_plain_signature_by_the_same_key_is_no_cosignature() {
    use crate::log::signer::NoteSigner;
    let plain = NoteSigner::new(
        witness().verifier.name().clone(),
        SecretKey::from_seed(&[2; 32]),
    );
    let note = checkpoint_of_five().sign(&[plain]).unwrap();
    assert_eq!(
        note.verify(&[witness().verifier_key()]),
        Err(NoteError::NoKnownKey)
    );
}

#[test]
fn the_key_file_of_a_cosigner_is_not_that_of_a_log() {
    let skey = witness().to_skey();
    let read = Cosigner::from_skey(&skey).unwrap();
    assert_eq!(read.verifier_key(), witness().verifier_key());
    let refused = SignerError::WrongType {
        expected: "0x04 or 0x06",
        found: 1,
    };
    assert_eq!(
        Cosigner::from_skey(&log_signer().to_skey()).unwrap_err(),
        refused
    );
}

/// SHA-256 of the lines of the seeds 03… and 04…, from `tests/python/ml_dsa_vectors.py`.
const WITNESS_LINE: &str = "0e55f4fa4676e9afea2a90bc02bcec1c93c23ee42e302d78150a860462d9d8b7";
const LOG_LINE: &str = "4dad05143e42c993e96ee3789949f1cc21fa9597e7b359fef95ed72af08afa82";

fn pq_witness() -> Cosigner {
    let secret = MlDsaSecretKey::from_seed(&[3; 32]);
    Cosigner::ml_dsa44("wit.example/w1".parse().unwrap(), secret)
}

fn pq_log() -> Cosigner {
    let secret = MlDsaSecretKey::from_seed(&[4; 32]);
    Cosigner::ml_dsa44("hours.example/ledger".parse().unwrap(), secret)
}

#[test]
fn post_quantum_lines_are_those_of_another_implementation() {
    for (cosigner, expected) in [(pq_witness(), WITNESS_LINE), (pq_log(), LOG_LINE)] {
        let line = cosigner.sign(&checkpoint_of_five(), TIME_S);
        assert_eq!(hex::encode(Sha256::digest(line)), expected);
    }
}

#[test]
fn a_note_carries_both_kinds_of_log_and_witness() {
    let checkpoint = checkpoint_of_five();
    let cosigners = [pq_log(), witness(), pq_witness()];
    let lines: String = cosigners
        .iter()
        .map(|cosigner| cosigner.sign(&checkpoint, TIME_S))
        .collect();
    let note = signed().with_lines(&lines).unwrap();
    let keys = cosigners.map(|cosigner| cosigner.verifier_key());
    let times: Vec<_> = note
        .signatures(&keys)
        .unwrap()
        .into_iter()
        .map(|signature| (signature.key.id(), signature.time_s))
        .collect();
    assert_eq!(
        times,
        keys.each_ref().map(|key| (key.id(), Some(TIME_S))).to_vec()
    );
    // Who knows nothing of ML-DSA reads the note as before, and who knows nothing else does too.
    for log in [log_signer().verifier_key(), pq_log().verifier_key()] {
        assert_eq!(Checkpoint::verify(&note, &log), Ok(checkpoint.clone()));
    }
}

#[test]
fn every_field_of_a_cosigned_message_is_signed() {
    let key = MlDsaSecretKey::from_seed(&[3; 32]).public();
    let name: KeyName = "wit.example/w1".parse().unwrap();
    let checkpoint = checkpoint_of_five();
    let text = checkpoint.to_string();
    let signature =
        MlDsaSecretKey::from_seed(&[3; 32]).sign(&cosigned_message(&name, &checkpoint, TIME_S));
    let payload = |time_s: u64| [time_s.to_be_bytes().as_slice(), &signature].concat();
    let good = payload(TIME_S);
    let verified =
        |name: &KeyName, text: &str, payload: &[u8]| verify_ml_dsa(&key, name, text, payload);
    assert_eq!(verified(&name, &text, &good), Ok(Some(TIME_S)));

    let other_name = "wit.example/w2".parse().unwrap();
    assert_eq!(verified(&other_name, &text, &good), Err(BadSignature));
    for time_s in [TIME_S + 1, 0, TIME_MAX_S + 1] {
        let refused = verified(&name, &text, &payload(time_s));
        assert_eq!(refused, Err(BadSignature), "{time_s}");
    }
    let mut read = 0;
    for bit in 0..8 * text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let Ok(changed) = String::from_utf8(bytes) else {
            continue;
        };
        read += usize::from(changed.parse::<Checkpoint>().is_ok());
        let refused = verified(&name, &changed, &good);
        assert_eq!(refused, Err(BadSignature), "{changed:?}");
    }
    assert!(read > 300, "{read}");
    for length in [0, 7, 8, 72, good.len() - 1] {
        let refused = verified(&name, &text, &good[..length]);
        assert_eq!(refused, Err(BadSignature), "{length}");
    }
    let long = [good, vec![0]].concat();
    assert_eq!(verified(&name, &text, &long), Err(BadSignature));
}

#[test]
fn a_cosigned_message_is_laid_out_as_specified() {
    let name = "wit.example/w1".parse().unwrap();
    let checkpoint = checkpoint_of_five();
    let expected = [
        b"subtree/v1\n\0".as_slice(),
        b"\x0ewit.example/w1",
        &[0, 0, 0, 0, 0x69, 0x52, 0x47, 0xc0],
        b"\x14hours.example/ledger",
        &[0; 8],
        &[0, 0, 0, 0, 0, 0, 0, 5],
        checkpoint.root().as_bytes(),
    ]
    .concat();
    assert_eq!(cosigned_message(&name, &checkpoint, TIME_S), expected);
}

#[test]
fn extension_lines_are_not_what_a_post_quantum_key_signs() {
    let line = pq_log().sign(&checkpoint_of_five(), TIME_S);
    let note = format!("{}added by a stranger\n\n{line}", checkpoint_of_five());
    let note = SignedNote::parse(note.as_bytes()).unwrap();
    let log = pq_log().verifier_key();
    assert_eq!(Checkpoint::verify(&note, &log), Ok(checkpoint_of_five()));
    let no_checkpoint = SignedNote::parse(format!("text\n\n{line}").as_bytes()).unwrap();
    let refused = NoteError::BadSignature(log.name().clone());
    assert_eq!(no_checkpoint.signatures(&[log]), Err(refused));
}

#[test]
fn a_time_of_zero_states_none() {
    for cosigner in [witness(), pq_witness()] {
        let line = cosigner.sign(&checkpoint_of_five(), 0);
        let note = signed().with_lines(&line).unwrap();
        let keys = [cosigner.verifier_key()];
        assert_eq!(note.signatures(&keys).unwrap()[0].time_s, None);
    }
}

#[test]
fn the_key_file_of_a_post_quantum_cosigner_holds_its_seed() {
    let skey = pq_witness().to_skey();
    let seed = STANDARD.encode([&[6][..], &[3; 32]].concat());
    assert_eq!(skey, format!("PRIVATE+KEY+wit.example/w1+1031ecc4+{seed}"));
    let read = Cosigner::from_skey(&skey).unwrap();
    assert_eq!(read.verifier_key(), pq_witness().verifier_key());
    assert_eq!(
        read.sign(&checkpoint_of_five(), 1),
        pq_witness().sign(&checkpoint_of_five(), 1)
    );
    let ed25519 = skey.replace(&seed, &STANDARD.encode([&[4][..], &[3; 32]].concat()));
    assert_eq!(
        Cosigner::from_skey(&ed25519).unwrap_err(),
        SignerError::WrongId
    );
    let shown = format!("{:?}", pq_witness());
    assert_eq!(shown, format!("Cosigner({})", pq_witness().verifier_key()));
}
