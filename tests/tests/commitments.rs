//! Commitments as `tests/python/commitment.py` makes them, which has nothing of
//! ours but docs/commitments.md, beside those of this program.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use ledger::commitment::{CommitmentKind, Opening};
use timebank_tests::foreign::script;

#[test]
fn python_makes_the_same_commitments_from_the_documentation() -> Result<()> {
    let values = [
        Vec::new(),
        "灯泡坏了 the bulb is broken".into(),
        b"note\n\0\0\0\x01".to_vec(),
        vec![0xff; 256],
        vec![b'a'; Opening::VALUE_BYTES_MAX],
    ];
    let salts = [[0; 32], [0xa5; 32]];
    let of_salt = |salt| values.iter().map(move |value| (salt, value));
    let (mut lines, mut ours) = (String::new(), Vec::new());
    for kind in CommitmentKind::ALL {
        for (salt, value) in salts.into_iter().flat_map(of_salt) {
            let opening = Opening::new(salt, value.clone())?;
            let (salt, value) = (hex::encode(salt), hex::encode(value));
            writeln!(lines, "{} {salt} {value}", kind.name())?;
            ours.push(opening.commitment(kind).to_string());
        }
    }
    let theirs = python(&lines)?;
    ensure!(theirs.lines().eq(&ours), "{theirs}");
    Ok(())
}

/// What the script answers to lines of kind, salt and value.
fn python(lines: &str) -> Result<String> {
    let mut child = script("commitment.py")?
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut stdin = child.stdin.take().context("its input is piped")?;
    stdin.write_all(lines.as_bytes())?;
    drop(stdin);
    let output = child.wait_with_output()?;
    ensure!(output.status.success(), "{output:?}");
    Ok(String::from_utf8(output.stdout)?)
}
