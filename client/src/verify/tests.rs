//! What a receipt proves, and what spoils it.

use ledger::act::Give;
use ledger::log::{Checkpoint, Cosigner, NoteSigner, SignedNote, Tree};
use ledger::{EntryId, MemberId, Minutes, SecretKey, SignedEntry};

use super::*;

const ORIGIN: &str = "street.example/ledger";

fn author() -> SecretKey {
    SecretKey::from_seed(&[5; 32])
}

fn signer() -> NoteSigner {
    NoteSigner::new(ORIGIN.parse().unwrap(), SecretKey::from_seed(&[1; 32]))
}

/// The receipt of the only record of a log, for an entry of some ledger.
fn receipt(ledger: &str) -> Receipt {
    let time = Millis::new(1_772_438_400_000);
    let give = Give {
        recipient: MemberId::from_bytes([8; 16]),
        minutes: Minutes::parse(60).unwrap(),
    };
    let entry = Entry {
        ledger: ledger.to_owned(),
        id: EntryId::new(time, [3; 10]),
        author: MemberId::from_bytes([7; 16]),
        on_behalf_of: None,
        seen: None,
        act: give.into(),
    };
    let signed = SignedEntry::sign(proto::encode(&entry), &author());
    receipt_of(&signed, time)
}

fn receipt_of(signed: &SignedEntry, time: Millis) -> Receipt {
    let leaf = proto::encode_leaf(signed, time);
    let mut tree = Tree::new();
    tree.extend([leaf_hash(&leaf)]);
    let origin = ORIGIN.parse().unwrap();
    let checkpoint: SignedNote = Checkpoint::new(origin, tree.size(), tree.root())
        .sign(&[signer()])
        .unwrap();
    Receipt {
        extra: Some(proto::encode_extra(leaf, Some(&author().public()))),
        position: Position::ZERO,
        path: Vec::new(),
        checkpoint,
    }
}

fn verified(receipt: &Receipt, keys: &[PublicKey]) -> Result<Proven, VerifyError> {
    verify(
        receipt.to_string().as_bytes(),
        &signer().verifier_key(),
        keys,
    )
}

/// A receipt of the first days: it carries the record alone.
fn old_receipt() -> Receipt {
    let receipt = receipt(ORIGIN);
    let extra = proto::decode_extra(receipt.extra.as_deref().unwrap()).unwrap();
    Receipt {
        extra: Some(extra.leaf),
        ..receipt
    }
}

#[test]
fn one_file_proves_the_record_and_the_signature() {
    let proven = verified(&receipt(ORIGIN), &[]).unwrap();
    assert!(proven.is_signature_verified);
    assert_eq!(proven.key_id, author().public().id());
    assert_eq!(proven.standing, Standing::Logged);
    assert_eq!(proven.log_keys, [signer().verifier_key()]);
}

#[test]
fn an_old_receipt_is_proven_and_its_signature_with_the_authors_key() {
    assert!(!verified(&old_receipt(), &[]).unwrap().is_signature_verified);
    let stranger = SecretKey::from_seed(&[6; 32]).public();
    assert!(
        !verified(&old_receipt(), &[stranger])
            .unwrap()
            .is_signature_verified
    );
    let keys = [stranger, author().public()];
    assert!(
        verified(&old_receipt(), &keys)
            .unwrap()
            .is_signature_verified
    );
}

#[test]
fn a_key_that_the_record_does_not_name_spoils_the_receipt() {
    let mut receipt = receipt(ORIGIN);
    let leaf = proto::decode_extra(receipt.extra.as_deref().unwrap())
        .unwrap()
        .leaf;
    let stranger = SecretKey::from_seed(&[6; 32]).public();
    receipt.extra = Some(proto::encode_extra(leaf, Some(&stranger)));
    assert_eq!(
        verified(&receipt, &[author().public()]),
        Err(VerifyError::OtherKey)
    );
}

#[test]
fn a_signature_that_the_key_did_not_make_spoils_the_receipt() {
    // The log took in what it should have refused: it names the author's key.
    let (receipt, time) = (receipt(ORIGIN), Millis::new(1_772_438_400_000));
    let leaf = proto::decode_extra(receipt.extra.as_deref().unwrap())
        .unwrap()
        .leaf;
    let (signed, _) = proto::decode_leaf(receipt.position, &leaf).unwrap();
    let forged = SignedEntry {
        key_id: author().public().id(),
        ..SignedEntry::sign(signed.bytes, &SecretKey::from_seed(&[6; 32]))
    };
    let receipt = receipt_of(&forged, time);
    assert!(matches!(
        verified(&receipt, &[]),
        Err(VerifyError::Signature(_))
    ));
}

#[test]
fn under_a_policy_a_receipt_is_witnessed_only_when_the_quorum_has_cosigned() {
    let witness = |n: u8| {
        let name = format!("witness{n}.example").parse().unwrap();
        Cosigner::new(name, SecretKey::from_seed(&[20 + n; 32]))
    };
    let policy = format!(
        "log {}\nwitness one {}\nwitness two {}\ngroup both all one two\nquorum both\n",
        signer().verifier_key(),
        witness(1).verifier_key(),
        witness(2).verifier_key(),
    );
    let policy = Policy::parse(policy.as_bytes()).unwrap();
    let mut receipt = receipt(ORIGIN);
    let checkpoint: Checkpoint = receipt.checkpoint.unverified_text().parse().unwrap();
    let mut standings = Vec::new();
    for n in 0..=2 {
        if n > 0 {
            let line = witness(n).sign(&checkpoint, 1_772_438_460);
            receipt.checkpoint = receipt.checkpoint.with_lines(&line).unwrap();
        }
        let file = receipt.to_string();
        let proven = verify_under(file.as_bytes(), &policy, &[]).unwrap();
        assert_eq!(proven.witnesses.len(), usize::from(n));
        assert_eq!(proven.missing, ["one", "two"][usize::from(n)..]);
        standings.push(proven.standing);
    }
    let (without, with) = (Standing::Unwitnessed, Standing::Witnessed);
    assert_eq!(standings, [without, without, with]);
    let file = receipt.to_string();
    let proven = verify_under(file.as_bytes(), &policy, &[]).unwrap();
    let expected = WitnessedBy {
        name: "two".to_owned(),
        key_name: "witness2.example".parse().unwrap(),
        time: Some(Millis::new(1_772_438_460_000)),
    };
    assert_eq!(proven.witnesses[1], expected);
}

#[test]
fn a_cosignature_without_a_time_states_none() {
    assert_eq!(time_of(0), None);
    assert_eq!(time_of(1), Some(Millis::new(1000)));
    assert_eq!(time_of(253_402_300_800), None);
    assert_eq!(time_of(u64::MAX), None);
}

#[test]
fn an_altered_or_foreign_receipt_proves_nothing() {
    let mut altered = receipt(ORIGIN);
    altered.extra.as_mut().unwrap()[20] ^= 1;
    assert!(matches!(
        verified(&altered, &[]),
        Err(VerifyError::Proof(_))
    ));
    let bare = Receipt {
        extra: None,
        ..receipt(ORIGIN)
    };
    assert_eq!(verified(&bare, &[]), Err(VerifyError::NoRecord));
    let foreign = receipt("other.example/ledger");
    assert_eq!(verified(&foreign, &[]), Err(VerifyError::OtherLedger));
    let stranger = SecretKey::from_seed(&[2; 32]);
    let stranger = NoteSigner::new(ORIGIN.parse().unwrap(), stranger).verifier_key();
    let text = receipt(ORIGIN).to_string();
    assert!(matches!(
        verify(text.as_bytes(), &stranger, &[]),
        Err(VerifyError::Policy(_))
    ));
}
