//! A folder in which commands are typed, with a receipt and policies.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use ledger::act::ConfirmService;
use ledger::entry::{Attestation, OnBehalf};
use ledger::log::evidence::{Claim, LateRecord};
use ledger::log::{
    Checkpoint, Cosigner, Evidence, Hash, NoteSigner, Position, Receipt, SignedNote, Tree,
    TreeSize, inclusion_proof, leaf_hash,
};
use ledger::{Entry, EntryId, MemberId, Millis, Minutes, SecretKey, SignedEntry};

const ORIGIN: &str = "street.example/ledger";
const NOW: Millis = Millis::new(1_772_438_400_000);
const TIME_S: u64 = 1_772_438_460;

/// A folder with a receipt, cosigned by one witness, and policies.
pub(crate) struct Desk(pub(crate) PathBuf);

impl Desk {
    pub(crate) fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("timebank-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let desk = Self(folder);
        desk.write("receipt", receipt().to_string().as_bytes());
        let vkey = witness().verifier_key();
        let quorum = format!("witness near {vkey}\nquorum near\n");
        desk.write("policy", policy(&quorum).as_bytes());
        desk.write("alone", policy("quorum none\n").as_bytes());
        let other = Cosigner::new(
            "far.example".parse().unwrap(),
            SecretKey::from_seed(&[8; 32]),
        );
        let vkey = other.verifier_key();
        let quorum = format!("witness far {vkey}\nquorum far\n");
        desk.write("strict", policy(&quorum).as_bytes());
        desk
    }

    pub(crate) fn write(&self, name: &str, content: &[u8]) {
        fs::write(self.0.join(name), content).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap()
    }

    /// Runs the command in the folder, without a home and without a server.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_timebank"));
        let nowhere = Path::new("/nonexistent");
        command.env_clear().env("HOME", nowhere).env("TZ", "UTC");
        command
            .current_dir(&self.0)
            .args(arguments)
            .output()
            .unwrap()
    }

    /// What a command that ends well says.
    pub(crate) fn said(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// What a command that proves nothing says on the standard error.
    pub(crate) fn refused(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(3), "{arguments:?}: {output:?}");
        String::from_utf8(output.stderr).unwrap()
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        // A test that fails leaves nothing behind either; there is nobody to tell.
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn log() -> NoteSigner {
    NoteSigner::new(ORIGIN.parse().unwrap(), SecretKey::from_seed(&[1; 32]))
}

pub(crate) fn witness() -> Cosigner {
    Cosigner::new(
        "near.example".parse().unwrap(),
        SecretKey::from_seed(&[2; 32]),
    )
}

fn policy(quorum: &str) -> String {
    format!("log {}\n{quorum}", log().verifier_key())
}

/// Staff confirm a visit for an elder at the counter.
fn receipt() -> Receipt {
    let key = SecretKey::from_seed(&[5; 32]);
    let act = ConfirmService {
        service: EntryId::new(NOW, [9; 10]),
        minutes: Minutes::parse(90).unwrap(),
    };
    let entry = Entry {
        ledger: ORIGIN.to_owned(),
        id: EntryId::new(NOW, [3; 10]),
        author: MemberId::from_bytes([7; 16]),
        on_behalf_of: Some(OnBehalf {
            member: MemberId::from_bytes([8; 16]),
            attestation: Attestation::Kiosk,
        }),
        seen: None,
        act: act.into(),
    };
    let leaf = proto::encode_leaf(&SignedEntry::sign(proto::encode(&entry), &key), NOW);
    let mut tree = Tree::new();
    let mut hashes: Vec<Hash> = (0..200).map(other_leaf).collect();
    hashes[5] = leaf_hash(&leaf);
    let tiles: BTreeMap<_, _> = tree.extend(hashes).into_iter().collect();
    let position = Position::new(5);
    let path = inclusion_proof(position, tree.size(), |id| tiles.get(&id)).unwrap();
    let checkpoint = Checkpoint::new(ORIGIN.parse().unwrap(), tree.size(), tree.root());
    let cosignature = witness().sign(&checkpoint, TIME_S);
    let signed = checkpoint.sign(&[log()]).unwrap();
    Receipt {
        extra: Some(proto::encode_extra(leaf, Some(&key.public()))),
        position,
        path,
        checkpoint: signed.with_lines(&cosignature).unwrap(),
    }
}

fn other_leaf(number: u64) -> Hash {
    leaf_hash(&number.to_be_bytes())
}

/// Two trees of one record each.
pub(crate) fn fork() -> Evidence {
    let signed = |record: &[u8]| -> SignedNote {
        let origin = ORIGIN.parse().unwrap();
        let checkpoint = Checkpoint::new(origin, TreeSize::new(1), leaf_hash(record));
        checkpoint.sign(&[log()]).unwrap()
    };
    Evidence {
        log: log().verifier_key(),
        first: signed(b"one"),
        second: signed(b"another"),
        claim: Claim::Fork(None),
    }
}

/// The record of the receipt, and the tree before it, which this key cosigned ten minutes after it.
pub(crate) fn late(cosigner: &Cosigner) -> Evidence {
    let receipt = receipt();
    let mut before = Tree::new();
    before.extend((0..5).map(other_leaf));
    let before = Checkpoint::new(ORIGIN.parse().unwrap(), before.size(), before.root());
    let cosignature = cosigner.sign(&before, TIME_S + 600);
    let first = before.sign(&[log()]).unwrap();
    let late = LateRecord {
        cosigner: cosigner.verifier_key(),
        position: receipt.position,
        leaf: proto::decode_extra(&receipt.extra.unwrap()).unwrap().leaf,
        path: receipt.path,
    };
    Evidence {
        log: log().verifier_key(),
        first: first.with_lines(&cosignature).unwrap(),
        second: receipt.checkpoint,
        claim: Claim::Late(Box::new(late)),
    }
}

/// Another key under the name of the log.
pub(crate) fn stranger() -> NoteSigner {
    NoteSigner::new(ORIGIN.parse().unwrap(), SecretKey::from_seed(&[4; 32]))
}
