//! What is wrong with a log is found by both programs, each fault for its own
//! reason, so that their silence on the good logs means something.

use std::fs;

use anyhow::Result;
use ledger::SecretKey;
use ledger::log::{Checkpoint, Hash, NoteSigner, Receipt, TreeSize, leaf_hash};
use timebank_tests::foreign::Auditor;
use timebank_tests::specimen::{Specimen, cosigned, log_signer, witnesses};

use crate::folder::Folder;

/// Three tiles of leaves, one above them, and three bundles.
const SIZE: u64 = 513;

/// One thing that is wrong, and what the two programs say of it.
struct Fault {
    what: &'static str,
    spoil: fn(&Folder, &Specimen) -> Result<()>,
    go: &'static str,
    python: &'static str,
}

#[test]
fn a_go_program_refuses_whatever_is_spoilt() -> Result<()> {
    refuses_whatever_is_spoilt(Auditor::Go)
}

#[test]
fn a_python_package_refuses_whatever_is_spoilt() -> Result<()> {
    refuses_whatever_is_spoilt(Auditor::Python)
}

fn refuses_whatever_is_spoilt(auditor: Auditor) -> Result<()> {
    let specimen = Specimen::grow(SIZE);
    let mut wrong = Vec::new();
    for fault in &FAULTS {
        let folder = Folder::new()?;
        specimen.publish(SIZE, folder.path())?;
        (fault.spoil)(&folder, &specimen)?;
        let said = auditor.audit(&folder.text(), folder.path())?;
        let reason = match auditor {
            Auditor::Go => fault.go,
            Auditor::Python => fault.python,
        };
        if !said.as_ref().is_err_and(|said| said.contains(reason)) {
            wrong.push(format!("{}: {said:?}", fault.what));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

const FAULTS: [Fault; 22] = [
    Fault {
        what: "a flipped byte in a full tile",
        spoil: |folder, _| flip(folder, "tile/0/000", 4_000),
        go: "tile/0/000: not the hashes of the records",
        python: "tile/0/000 does not match its parent tile",
    },
    Fault {
        what: "a flipped byte in a partial tile",
        spoil: |folder, _| flip(folder, "tile/0/002.p/1", 31),
        go: "tile/0/002.p/1: not the hashes of the records",
        python: "the tiles do not have the checkpoint's root hash",
    },
    Fault {
        what: "a flipped byte in a tile of tiles",
        spoil: |folder, _| flip(folder, "tile/1/000.p/2", 40),
        go: "tile/1/000.p/2: not the hashes of the records",
        python: "the right-edge tiles do not match the root",
    },
    Fault {
        what: "two tiles in each other's place",
        spoil: |folder, _| swap(folder, "tile/0/000", "tile/0/001"),
        go: "tile/0/000: not the hashes of the records",
        python: "the tiles do not have the checkpoint's root hash",
    },
    Fault {
        what: "a missing tile",
        spoil: |folder, _| Ok(fs::remove_file(folder.join("tile/0/001"))?),
        go: "no such file",
        python: "missing tile entry: tile/0/001",
    },
    Fault {
        what: "a flipped byte in a record",
        spoil: |folder, _| flip(folder, "tile/entries/001", 4_000),
        go: "the records do not have the checkpoint's root hash",
        python: "tile/entries/001 does not match its level 0 tile",
    },
    Fault {
        what: "a truncated bundle",
        spoil: |folder, _| {
            folder.alter("tile/entries/001", |bundle| {
                bundle.truncate(bundle.len() - 1);
            })
        },
        go: "tile/entries/001: ends within a record",
        python: "tile/entries/001 does not match its level 0 tile",
    },
    Fault {
        what: "a bundle that goes on after its last record",
        spoil: |folder, _| folder.alter("tile/entries/001", |bundle| bundle.extend([0, 0])),
        go: "tile/entries/001: 2 bytes follow the last record",
        python: "tile/entries/001 does not match its level 0 tile",
    },
    Fault {
        what: "two bundles in each other's place",
        spoil: |folder, _| swap(folder, "tile/entries/000", "tile/entries/001"),
        go: "the records do not have the checkpoint's root hash",
        python: "tile/entries/000 does not match its level 0 tile",
    },
    Fault {
        what: "a checkpoint of another size",
        spoil: |folder, _| edit(folder, "checkpoint", "\n513\n", "\n512\n"),
        go: "invalid signature",
        python: "log signature from hours.example/specimen failed verification",
    },
    Fault {
        what: "a signed checkpoint with another root hash",
        spoil: |folder, _| replace_checkpoint(folder, &forged()),
        go: "the records do not have the checkpoint's root hash",
        python: "the tiles do not have the checkpoint's root hash",
    },
    Fault {
        what: "a checkpoint that another key has signed under the log's name",
        spoil: |folder, specimen| {
            let name = log_signer().verifier_key().name().clone();
            let other = NoteSigner::new(name, SecretKey::from_seed(&[10; 32]));
            let note = specimen.checkpoint(SIZE)?.sign(&[other])?;
            write(folder, "checkpoint", note.as_bytes())
        },
        go: "no verifiable signatures",
        python: "no signature from log key hours.example/specimen",
    },
    Fault {
        what: "a checkpoint of another origin under the log's key",
        spoil: |folder, specimen| {
            let right = specimen.checkpoint(SIZE)?;
            let origin = "elsewhere.example/log".parse()?;
            replace_checkpoint(folder, &Checkpoint::new(origin, right.size(), right.root()))
        },
        go: "not signed by its log",
        python: "checkpoint: of another log",
    },
    Fault {
        what: "a cosignature of another checkpoint",
        spoil: |folder, specimen| {
            let [first, second, ..] = witnesses();
            let newest = specimen.checkpoint(SIZE)?;
            let lines = first.sign(&newest, 1) + &second.sign(&specimen.checkpoint(512)?, 1);
            let note = newest.sign(&[log_signer()])?.with_lines(&lines)?;
            write(folder, "checkpoint", note.as_bytes())
        },
        go: "invalid signature for key witness.example/w2",
        python: "cosignature from witness.example/w2 failed verification",
    },
    Fault {
        what: "too few cosignatures",
        spoil: |folder, specimen| {
            let newest = specimen.checkpoint(SIZE)?;
            let line = witnesses()[0].sign(&newest, 1);
            let note = newest.sign(&[log_signer()])?.with_lines(&line)?;
            write(folder, "checkpoint", note.as_bytes())
        },
        go: "the quorum enough is not met",
        python: "the quorum enough is not met",
    },
    Fault {
        what: "an earlier checkpoint of another history",
        spoil: |folder, _| {
            let size = TreeSize::new(300);
            let note = checkpoint(size, Hash::EMPTY_ROOT).sign(&[log_signer()])?;
            write(folder, "old/300", note.as_bytes())
        },
        go: "old/300: ",
        python: "300: history was rewritten",
    },
    Fault {
        what: "an earlier checkpoint that is longer than the log",
        spoil: |folder, _| {
            let later = Specimen::grow(514).checkpoint(514)?.sign(&[log_signer()])?;
            write(folder, "old/514", later.as_bytes())
        },
        go: "the log had 514 records and now has 513",
        python: "514: an earlier checkpoint is later",
    },
    Fault {
        what: "a receipt with another record",
        spoil: |folder, _| {
            alter_receipt(folder, |receipt| {
                receipt.extra = Some(proto::encode_extra(b"another".to_vec(), None));
            })
        },
        go: "0.tlog-proof: ",
        python: "receipt: the record is not in the tree",
    },
    Fault {
        what: "a receipt with another position",
        spoil: |folder, _| {
            edit(
                folder,
                "receipts/0.tlog-proof",
                "\nindex 0\n",
                "\nindex 1\n",
            )
        },
        go: "0.tlog-proof: ",
        python: "receipt: the record is not in the tree",
    },
    Fault {
        what: "a receipt with another hash in its path",
        spoil: |folder, _| alter_receipt(folder, |receipt| receipt.path[0] = Hash::EMPTY_ROOT),
        go: "0.tlog-proof: ",
        python: "receipt: the record is not in the tree",
    },
    Fault {
        what: "a receipt without its last hash",
        spoil: |folder, _| {
            alter_receipt(folder, |receipt| {
                receipt.path.pop();
            })
        },
        go: "0.tlog-proof: ",
        python: "receipt: the record is not in the tree",
    },
    Fault {
        what: "a receipt that nobody has cosigned",
        spoil: |folder, specimen| {
            let note = specimen.checkpoint(SIZE)?.sign(&[log_signer()])?;
            alter_receipt(folder, |receipt| receipt.checkpoint = note)
        },
        go: "0.tlog-proof: checkpoint: the quorum enough is not met",
        python: "0.tlog-proof: checkpoint: the quorum enough is not met",
    },
];

fn flip(folder: &Folder, path: &str, at: usize) -> Result<()> {
    folder.alter(path, |bytes| bytes[at] ^= 1)
}

fn swap(folder: &Folder, one: &str, other: &str) -> Result<()> {
    let (one, other) = (folder.join(one), folder.join(other));
    let aside = folder.join("aside");
    fs::rename(&one, &aside)?;
    fs::rename(&other, &one)?;
    Ok(fs::rename(&aside, &other)?)
}

fn edit(folder: &Folder, path: &str, from: &str, to: &str) -> Result<()> {
    folder.alter(path, |bytes| {
        *bytes = String::from_utf8_lossy(bytes)
            .replace(from, to)
            .into_bytes();
    })
}

fn write(folder: &Folder, path: &str, bytes: &[u8]) -> Result<()> {
    Ok(fs::write(folder.join(path), bytes)?)
}

fn checkpoint(size: TreeSize, root: Hash) -> Checkpoint {
    Checkpoint::new(log_signer().verifier_key().name().clone(), size, root)
}

/// What a log that lies has signed, and witnesses that do not look.
fn forged() -> Checkpoint {
    checkpoint(TreeSize::new(SIZE), leaf_hash(b"another tree"))
}

/// Signed by the log and cosigned.
fn replace_checkpoint(folder: &Folder, checkpoint: &Checkpoint) -> Result<()> {
    write(folder, "checkpoint", cosigned(checkpoint)?.as_bytes())
}

fn alter_receipt(folder: &Folder, change: impl FnOnce(&mut Receipt)) -> Result<()> {
    let path = "receipts/0.tlog-proof";
    let mut receipt = Receipt::parse(&fs::read(folder.join(path))?)?;
    change(&mut receipt);
    write(folder, path, receipt.to_string().as_bytes())
}
