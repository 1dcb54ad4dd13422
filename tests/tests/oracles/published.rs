//! Logs of sizes around every border, and one of 70 000 records: both programs
//! verify checkpoint, cosignatures, every tile and bundle, records, growth from
//! every smaller size, and receipts.

use std::fs;

use anyhow::{Context, Result};
use timebank_tests::foreign::Auditor;
use timebank_tests::specimen::{SIZES, Specimen, policy};

use crate::folder::Folder;

#[test]
fn a_go_program_accepts_logs_of_all_sizes() -> Result<()> {
    accepts_logs_of_all_sizes(Auditor::Go)
}

#[test]
fn a_python_package_accepts_logs_of_all_sizes() -> Result<()> {
    accepts_logs_of_all_sizes(Auditor::Python)
}

#[test]
fn post_quantum_signatures_count_in_python_and_are_named_as_unchecked_by_go() -> Result<()> {
    let (specimen, folder) = (Specimen::grow(3), Folder::new()?);
    specimen.publish(3, folder.path())?;
    let said = Auditor::Go.audit(&folder.text(), folder.path())?;
    for name in ["hours.example/specimen ", "witness.example/w4 "] {
        let line = format!("NOT CHECKED: {name}");
        assert!(
            said.as_ref().is_ok_and(|said| said.contains(&line)),
            "{said:?}"
        );
    }
    // The quorum of this policy is the one witness that signs with ML-DSA-44.
    let policy = policy().replace("quorum enough", "quorum w4");
    fs::write(folder.join("policy"), policy)?;
    let said = Auditor::Python.audit(&folder.text(), folder.path())?;
    assert!(
        said.as_ref()
            .is_ok_and(|said| said.starts_with("ok: 3 records")),
        "{said:?}"
    );
    let said = Auditor::Go.audit(&folder.text(), folder.path())?;
    assert!(said.is_err_and(|said| said.contains("the quorum w4 is not met")));
    for signer in ["hours.example/specimen", "witness.example/w4"] {
        specimen.publish(3, folder.path())?;
        spoil_ml_dsa_line(&folder, signer)?;
        let said = Auditor::Python.audit(&folder.text(), folder.path())?;
        let reason = format!("the ML-DSA-44 signature of {signer} is wrong");
        assert!(
            said.as_ref().is_err_and(|said| said.contains(&reason)),
            "{said:?}"
        );
    }
    Ok(())
}

/// Alters the long line of a signer, in the midst of its signature.
fn spoil_ml_dsa_line(folder: &Folder, signer: &str) -> Result<()> {
    folder.alter("checkpoint", |bytes| {
        let note = String::from_utf8_lossy(bytes).into_owned();
        let start = format!("— {signer} ");
        let line = note.lines().filter(|line| line.starts_with(&start));
        if let Some(line) = line.max_by_key(|line| line.len()) {
            let mut altered = line.as_bytes().to_vec();
            let middle = altered.len() / 2;
            altered[middle] = if altered[middle] == b'A' { b'B' } else { b'A' };
            let altered = String::from_utf8_lossy(&altered);
            *bytes = note.replace(line, &altered).into_bytes();
        }
    })
}

fn accepts_logs_of_all_sizes(auditor: Auditor) -> Result<()> {
    let specimen = Specimen::grow(70_000);
    for size in SIZES {
        let folder = Folder::new()?;
        specimen.publish(size, folder.path())?;
        let said = auditor.audit(&folder.text(), folder.path())?;
        let said = said.map_err(|fault| anyhow::anyhow!("{size} records: {fault}"))?;
        let line = said.lines().last().context("a line")?;
        // It says what it has checked, so that nothing is passed over.
        let earlier = SIZES.iter().filter(|old| **old <= size).count();
        let receipts = fs::read_dir(folder.join("receipts")).map_or(0, Iterator::count);
        assert!(receipts > 0 || size == 0);
        assert!(line.starts_with(&format!("ok: {size} records,")), "{line}");
        let end = format!(" {earlier} earlier checkpoints, {receipts} receipts");
        assert!(line.ends_with(&end), "{line}");
    }
    Ok(())
}
