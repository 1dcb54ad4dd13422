//! The `timebank` command as people type it: against a server, and then with
//! what it has left behind, without one.
//!
//! What it says of receipts made by hand stands in `client/tests/command`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use timebank_tests::bank::{Plan, fresh_folder};
use timebank_tests::foreign::repository;

/// Where somebody types commands: a folder with a home in it, and a server.
struct Desk {
    folder: PathBuf,
    server: String,
}

impl Desk {
    fn run(&self, arguments: &[&str]) -> Result<Output> {
        let mut command = Command::new(timebank()?);
        command
            .env("TIMEBANK_SERVER", &self.server)
            .env("TIMEBANK_HOME", self.folder.join("home"));
        Ok(command.current_dir(&self.folder).args(arguments).output()?)
    }

    /// What a command that ends well says.
    fn said(&self, arguments: &[&str]) -> Result<String> {
        let output = self.run(arguments)?;
        ensure!(output.status.success(), "{arguments:?}: {output:?}");
        Ok(String::from_utf8(output.stdout)?)
    }

    fn read(&self, name: &str) -> Result<String> {
        fs::read_to_string(self.folder.join(name)).with_context(|| name.to_owned())
    }
}

#[test]
fn a_receipt_of_a_server_is_proven_printed_and_scanned_after_the_server_is_gone() -> Result<()> {
    let bank = Plan::sqlite(Path::new(env!("CARGO_BIN_EXE_timebank-lab")))?.start()?;
    let (folder, server) = (fresh_folder()?, bank.url());
    let desk = Desk { folder, server };
    desk.said(&["key", "new"])?;
    let name = "Sunshine <b>&</b>";
    let open = [
        "--json", "scheme", "open", "--name", name, "--born", "1970-05",
    ];
    let opened: Value = serde_json::from_str(&desk.said(&open)?)?;
    let entry = opened["entry"].as_str().context("an entry")?;
    desk.said(&["receipt", "get", entry, "-o", "receipt"])?;
    let policy = format!("log {}\nquorum none\n", bank.verifier_key);
    fs::write(desk.folder.join("policy"), policy)?;
    bank.end()?;

    let said = desk.said(&["verify", "receipt", "--policy", "policy"])?;
    assert!(said.contains(&format!("开立了账本“{name}”")), "{said}");
    assert!(said.contains("PROVEN: logged, without a witness"), "{said}");
    let texts = desk.said(&["receipt", "qr", "receipt", "--text"])?;
    fs::write(desk.folder.join("scanned"), texts)?;
    desk.said(&["receipt", "scan", "scanned", "-o", "again"])?;
    assert_eq!(desk.read("again")?, desk.read("receipt")?);
    desk.said(&["verify", "again", "--policy", "policy"])?;
    desk.said(&[
        "receipt",
        "print",
        "again",
        "--policy",
        "policy",
        "-o",
        "page.html",
    ])?;
    let page = desk.read("page.html")?;
    assert!(page.contains("Sunshine &lt;b&gt;&amp;&lt;/b&gt;") && !page.contains("<b>"));

    let altered = desk.read("receipt")?.replacen("index 0", "index 1", 1);
    fs::write(desk.folder.join("altered"), altered)?;
    let refused = desk.run(&["verify", "altered", "--policy", "policy"])?;
    assert_eq!(refused.status.code(), Some(3), "{refused:?}");
    Ok(())
}

/// The command, built once a process: it is another package's program, and this
/// one must not test an old one. Built with all the others, so that nothing is
/// compiled twice.
fn timebank() -> Result<&'static Path> {
    static BUILT: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let built = BUILT.get_or_init(|| build().map_err(|error| format!("{error:#}")));
    built.as_deref().map_err(|error| anyhow::anyhow!("{error}"))
}

fn build() -> Result<PathBuf> {
    let output = Command::new(env!("CARGO"))
        .args(["build", "--locked", "--workspace", "--bins"])
        .args(["--message-format", "json"])
        .current_dir(repository())
        .output()?;
    ensure!(
        output.status.success(),
        "cargo build: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let messages = String::from_utf8(output.stdout)?;
    let messages = messages
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    let mut programs = messages.filter_map(|message: Value| {
        let program = PathBuf::from(message["executable"].as_str()?);
        program.ends_with("timebank").then_some(program)
    });
    programs.next().context("cargo names the program")
}
