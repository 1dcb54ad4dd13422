//! A witness that is not ours cosigns our log, and answers with every status code
//! of C2SP tlog-witness where our own decision does.

use std::fs;

use anyhow::Result;
use ledger::log::witness::cosignatures;
use ledger::log::{AddCheckpoint, TreeSize};
use timebank_tests::foreign::{Auditor, ForeignWitness};
use timebank_tests::specimen::{Specimen, log_cosigner, log_signer};

use crate::asked::{post, refuses_as_judged};
use crate::folder::Folder;

#[test]
fn a_witness_that_is_not_ours_cosigns_our_log_and_both_programs_accept_it() -> Result<()> {
    let (folder, state) = (Folder::new()?, Folder::new()?);
    let specimen = Specimen::grow(513);
    let key = log_signer().verifier_key();
    let witness = ForeignWitness::start(state.path(), &key)?;
    let mut old = 0;
    for size in [0, 1, 256, 256, 513] {
        // A second signature of the log, of a kind that the witness does not know.
        let checkpoint = specimen.checkpoint(size)?;
        let note = checkpoint.sign(&[log_signer()])?;
        let note = note.with_lines(&log_cosigner().sign(&checkpoint, 1))?;
        let request = AddCheckpoint {
            old: TreeSize::new(old),
            proof: specimen.growth(old, size)?,
            checkpoint: note.clone(),
        };
        let answer = post(&witness.url, request.to_string().as_bytes())?;
        assert_eq!(answer.status, 200, "from {old} to {size}: {answer:?}");
        let keys = [witness.verifier_key.clone()];
        let found = cosignatures(&answer.body, &note, &keys)?;
        let note = note.with_lines(&found[0].line)?;
        specimen.publish(size, folder.path())?;
        fs::write(folder.join("checkpoint"), note.as_bytes())?;
        old = size;
    }
    fs::remove_dir_all(folder.join("receipts"))?;
    let vkey = &witness.verifier_key;
    let policy = format!("log {key}\nwitness foreign {vkey}\nquorum foreign\n");
    fs::write(folder.join("policy"), policy)?;
    for auditor in [Auditor::Go, Auditor::Python] {
        let said = auditor.audit(&folder.text(), folder.path())?;
        assert!(
            said.as_ref().is_ok_and(|said| said.starts_with("ok: 513")),
            "{said:?}"
        );
    }
    Ok(())
}

#[test]
fn a_witness_that_is_not_ours_answers_as_our_own_decision_does() -> Result<()> {
    let state = Folder::new()?;
    let witness = ForeignWitness::start(state.path(), &log_signer().verifier_key())?;
    refuses_as_judged(&witness.url)
}
