//! A client in another language, `tests/python`, which has nothing of ours but
//! the proto files and the documentation. What it has written, our own auditor
//! checks.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use client::audit::ServerSource;
use client::{Address, Client, Connection, Identity, Memory};
use ledger::SecretKey;
use ledger::log::TreeSize;
use timebank_tests::bank::{Bank, Plan};

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
    let script = repository().join("tests/python/client_test.py");
    let output = Command::new(python()?)
        .arg(script)
        .args([&bank.address, &bank.verifier_key])
        .env("PYTHONDONTWRITEBYTECODE", "1")
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

/// The Python that has the packages of `tests/python/requirements.txt`:
/// `tests/run` installs them and says where.
fn python() -> Result<PathBuf> {
    let folder = match std::env::var_os("TIMEBANK_TEST_VENV") {
        Some(folder) => PathBuf::from(folder),
        None => target().join("test-venv"),
    };
    let python = folder.join("bin/python");
    ensure!(
        python.exists(),
        "there is no {}: run `bash tests/run python`, which installs it",
        python.display()
    );
    Ok(python)
}

fn target() -> PathBuf {
    let named = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    repository().join(named.unwrap_or_else(|| PathBuf::from("target")))
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the crate lies in the repository")
        .to_owned()
}
