//! Where somebody types commands, and the command itself.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use timebank_tests::bank::{Bank, fresh_folder};
use timebank_tests::foreign::repository;

/// Where somebody types commands: a folder with a home in it, and a server.
pub(crate) struct Desk {
    pub(crate) folder: PathBuf,
    home: PathBuf,
    server: String,
}

impl Desk {
    /// A folder with an empty home.
    pub(crate) fn before(bank: &Bank) -> Result<Self> {
        let folder = fresh_folder()?;
        let (home, server) = (folder.join("home"), bank.url());
        Ok(Self {
            folder,
            home,
            server,
        })
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Result<Output> {
        let mut command = Command::new(timebank()?);
        command
            .env("TIMEBANK_SERVER", &self.server)
            .env("TIMEBANK_HOME", &self.home);
        Ok(command.current_dir(&self.folder).args(arguments).output()?)
    }

    /// What a command that ends well says, and what it warns of.
    pub(crate) fn said_and_warned(&self, arguments: &[&str]) -> Result<[String; 2]> {
        let output = self.run(arguments)?;
        ensure!(output.status.success(), "{arguments:?}: {output:?}");
        let [said, warned] = [output.stdout, output.stderr].map(String::from_utf8);
        Ok([said?, warned?])
    }

    /// What a command that ends well says.
    pub(crate) fn said(&self, arguments: &[&str]) -> Result<String> {
        let [said, _] = self.said_and_warned(arguments)?;
        Ok(said)
    }

    /// The same as JSON.
    pub(crate) fn json(&self, arguments: &[&str]) -> Result<Value> {
        Ok(serde_json::from_str(
            &self.said(&[&["--json"], arguments].concat())?,
        )?)
    }

    /// A text in the JSON that a command prints.
    pub(crate) fn field(&self, name: &str, arguments: &[&str]) -> Result<String> {
        let json = self.json(arguments)?;
        let field = json[name].as_str();
        Ok(field.with_context(|| format!("{name}: {json}"))?.to_owned())
    }

    /// Why a command is refused, with its exit code.
    pub(crate) fn refused(&self, arguments: &[&str]) -> Result<(i64, String)> {
        let output = self.run(&[&["--json"], arguments].concat())?;
        ensure!(output.stdout.is_empty(), "{arguments:?}: {output:?}");
        let json: Value = serde_json::from_slice(&output.stderr)?;
        let (code, reason) = (&json["error"]["exit_code"], &json["error"]["reason"]);
        let code = code.as_i64().context("an exit code")?;
        ensure!(output.status.code().map(i64::from) == Some(code), "{json}");
        Ok((code, reason.as_str().context("a reason")?.to_owned()))
    }

    pub(crate) fn read(&self, name: &str) -> Result<String> {
        fs::read_to_string(self.folder.join(name)).with_context(|| name.to_owned())
    }

    /// The texts that are kept in the home.
    pub(crate) fn texts(&self) -> Result<usize> {
        Ok(fs::read_dir(self.home.join("openings"))?.count())
    }
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
