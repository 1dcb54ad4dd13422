//! A client in another language, `tests/python`, which has nothing of ours but
//! the proto files and the documentation. What it has written, our own auditor
//! checks.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use client::audit::ServerSource;
use client::{Address, Client, Connection, Identity, Memory};
use ledger::SecretKey;
use ledger::log::TreeSize;
use timebank_tests::bank::{Bank, Plan};
use timebank_tests::foreign::script;

/// What the Python client says at its end.
struct Said {
    auditor: Identity,
    tree_size: u64,
    root: String,
    granted_minutes: i64,
}

// Two threads: the client hears that the server ends while this one waits for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_in_python_needs_only_the_proto_files_and_the_documentation() -> Result<()> {
    let bank = Plan::sqlite(Path::new(env!("CARGO_BIN_EXE_timebank-lab")))?.start()?;
    let said = run_python(&bank)?;

    let log_key = bank.verifier_key.parse()?;
    let connection = Connection::open(&Address::new(bank.url())).await?;
    let memory = Arc::new(Memory::volatile());
    let client = Client::connect(connection, memory, Some(&log_key)).await?;
    let auditor = client.acting_as(said.auditor);
    let report = client::audit(ServerSource::new(auditor), &log_key, |_| {}).await?;

    assert_eq!(report.tree_size, TreeSize::new(said.tree_size));
    assert_eq!(report.root.to_string(), said.root);
    assert_eq!(report.members.available_minutes, said.granted_minutes);
    assert_eq!(report.members.held_minutes, 0);
    assert_eq!(report.issued_minutes, said.granted_minutes);
    // Every entry but the first names a checkpoint that Python has verified.
    assert_eq!(report.seen_checkpoints, said.tree_size - 1);
    bank.end()
}

fn run_python(bank: &Bank) -> Result<Said> {
    let output = script("client_test.py")?
        .args([&bank.address, &bank.verifier_key])
        .output()
        .context("starting Python")?;
    let (stdout, stderr) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    ensure!(
        output.status.success(),
        "the Python client ended with {}:\n{stdout}{stderr}",
        output.status
    );
    let line = stdout.lines().last().context("the last line")?;
    read(line).with_context(|| format!("the last line is {line:?}"))
}

fn read(line: &str) -> Result<Said> {
    let said: serde_json::Value = serde_json::from_str(line)?;
    let text = |field: &str| said[field].as_str().context("a text");
    let mut seed = [0; 32];
    hex::decode_to_slice(text("seed")?, &mut seed)?;
    Ok(Said {
        auditor: Identity {
            member: text("member")?.parse()?,
            key: SecretKey::from_seed(&seed),
        },
        tree_size: said["tree_size"].as_u64().context("a size")?,
        root: text("root")?.to_owned(),
        granted_minutes: said["granted_minutes"].as_i64().context("minutes")?,
    })
}
