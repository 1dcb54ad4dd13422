//! A receipt for the tests of paper.

use ledger::SecretKey;
use ledger::log::{
    Checkpoint, Cosigner, Hash, MlDsaSecretKey, NoteSigner, Position, Receipt, TreeSize, leaf_hash,
};

pub(super) const ORIGIN: &str = "street.example/ledger";
pub(super) const TIME_S: u64 = 1_772_438_460;

pub(super) fn witness(number: u8) -> Cosigner {
    let name = format!("witness{number}.example").parse().unwrap();
    Cosigner::new(name, SecretKey::from_seed(&[20 + number; 32]))
}

pub(super) fn log() -> NoteSigner {
    NoteSigner::new(ORIGIN.parse().unwrap(), SecretKey::from_seed(&[1; 32]))
}

pub(super) fn quantum_witness() -> Cosigner {
    let name = "quantum.example".parse().unwrap();
    Cosigner::ml_dsa44(name, MlDsaSecretKey::from_seed(&[3; 32]))
}

/// A receipt of the size that a log of so many levels makes, cosigned by three
/// witnesses; its record is no record.
pub(super) fn receipt(levels: u64, is_quantum: bool) -> Receipt {
    let hash = |number: u64| leaf_hash(&number.to_be_bytes());
    let leaf: Vec<u8> = (0..10)
        .flat_map(|number| *hash(number).as_bytes())
        .collect();
    let size = TreeSize::new(1 << levels);
    let checkpoint = Checkpoint::new(ORIGIN.parse().unwrap(), size, hash(99));
    let mut note = checkpoint.sign(&[log()]).unwrap();
    let mut lines: Vec<String> = (1..=3)
        .map(|number| witness(number).sign(&checkpoint, TIME_S))
        .collect();
    if is_quantum {
        lines.push(quantum_witness().sign(&checkpoint, TIME_S));
    }
    for line in lines {
        note = note.with_lines(&line).unwrap();
    }
    let path: Vec<Hash> = (100..100 + levels).map(hash).collect();
    Receipt {
        extra: Some(leaf),
        position: Position::new(5),
        path,
        checkpoint: note,
    }
}

pub(super) fn file(levels: u64) -> Vec<u8> {
    receipt(levels, false).to_string().into_bytes()
}
