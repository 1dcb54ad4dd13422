//! Other people's programs that the tests run: Python with the packages of
//! `tests/python`, and the Go program `tests/go/audit`. `tests/run` installs what
//! they need. A program that is missing is an error: what was not checked has not
//! passed.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;

use anyhow::{Context, Result, bail, ensure};
use ledger::log::VerifierKey;

/// Debian's place for the sources of Go packages.
const GO_PACKAGES: &str = "/usr/share/gocode";

/// Somebody else's auditor of a log in the layout of C2SP tlog-tiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auditor {
    /// `golang.org/x/mod/sumdb`.
    Go,
    /// `aics_tlog`.
    Python,
}

impl Auditor {
    /// What the auditor says of a log at a place, a folder or an http prefix, if
    /// all is well, else its last line, which says why not. The folder has what goes with
    /// the log: `policy`, and maybe `old/` and `receipts/`.
    ///
    /// # Errors
    /// If the program is missing or does not come to an end of its own.
    pub fn audit(self, place: &str, folder: &Path) -> Result<Result<String, String>> {
        let (mut command, dash) = match self {
            Self::Go => (Command::new(go_audit()?), "-"),
            Self::Python => (script("log_audit.py")?, "--"),
        };
        for (flag, path) in [
            ("policy", "policy"),
            ("old", "old"),
            ("receipts", "receipts"),
        ] {
            let path = folder.join(path);
            if path.exists() {
                command.arg(format!("{dash}{flag}")).arg(path);
            }
        }
        let output = command.arg(place).output()?;
        let last = |bytes: &[u8]| -> Result<String> {
            let text = String::from_utf8_lossy(bytes);
            let line = text.lines().last();
            Ok(line
                .with_context(|| format!("{self:?} says nothing"))?
                .to_owned())
        };
        match output.status.code() {
            Some(0) => Ok(Ok(String::from_utf8(output.stdout)?)),
            Some(1) if !is_crash(&output) => Ok(Err(last(&output.stderr)?)),
            _ => bail!("{self:?} of {place}: {output:?}"),
        }
    }
}

/// A Python script of `tests/python`, to which arguments can be added.
///
/// # Errors
/// If `tests/run` has not installed its packages.
pub fn script(name: &str) -> Result<Command> {
    let mut command = Command::new(python_program("python")?);
    command
        .arg(repository().join("tests/python").join(name))
        .env("PYTHONDONTWRITEBYTECODE", "1");
    Ok(command)
}

/// A program that came with the packages of `tests/python`.
///
/// # Errors
/// If `tests/run` has not installed them.
pub fn python_program(name: &str) -> Result<PathBuf> {
    let folder = match std::env::var_os("TIMEBANK_TEST_VENV") {
        Some(folder) => PathBuf::from(folder),
        None => target().join("test-venv"),
    };
    let program = folder.join("bin").join(name);
    ensure!(
        program.exists(),
        "there is no {}: run `bash tests/run python`, which installs it",
        program.display()
    );
    Ok(program)
}

/// Has hledger and Beancount check a journal of each dialect, assertions included,
/// and answers with what hledger says that every account holds.
///
/// # Errors
/// If a program is missing, or does not accept its journal.
pub fn check_journals(hledger: &Path, beancount: &Path) -> Result<BTreeMap<String, String>> {
    said(Command::new(python_program("bean-check")?).arg(beancount))?;
    let file = |command: &str| {
        let mut program = Command::new("hledger");
        program.arg("-f").arg(hledger).arg(command);
        program
    };
    said(&mut file("check"))?;
    let csv = said(file("balance").args(["--flat", "--no-total", "-O", "csv"]))?;
    let lines = csv.lines().skip(1);
    let row = |line: &str| {
        let (account, balance) = line.trim_matches('"').split_once("\",\"")?;
        Some((account.to_owned(), balance.to_owned()))
    };
    Ok(lines.filter_map(row).collect())
}

/// A witness that is not ours, `aics_witness`, for one log; killed when dropped.
#[derive(Debug)]
pub struct ForeignWitness {
    child: Child,
    /// Its submission prefix.
    pub url: String,
    /// Its verifier key.
    pub verifier_key: VerifierKey,
}

impl ForeignWitness {
    /// Starts a new witness with its files in a folder, and waits until it listens.
    ///
    /// # Errors
    /// What the program said on its way out.
    pub fn start(folder: &Path, log: &VerifierKey) -> Result<Self> {
        let config = folder.join("witness.json");
        let run = |arguments: &[&str]| -> Result<Command> {
            let mut command = Command::new(python_program("aics-witness")?);
            command.args(arguments).arg("--config").arg(&config);
            Ok(command)
        };
        let verifier_key = said(&mut run(&["init", "--name", "witness.example/foreign"])?)?;
        let (origin, vkey) = (log.name().to_string(), log.to_string());
        said(&mut run(&[
            "add-log", "--origin", &origin, "--vkey", &vkey,
        ])?)?;
        let mut child = run(&["serve", "--listen", "127.0.0.1:0"])?
            .stderr(Stdio::piped())
            .spawn()?;
        let stderr = child.stderr.take().context("its output is piped")?;
        let mut lines = BufReader::new(stderr).lines().map_while(Result::ok);
        let url = lines.find_map(|line| {
            let (_, rest) = line.split_once("listening on ")?;
            Some(rest.split(' ').next()?.to_owned())
        });
        // It goes on writing for as long as it runs, and must be read.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(Self {
            child,
            url: url.context("the witness ended before it listened")?,
            verifier_key: verifier_key.trim().parse()?,
        })
    }
}

impl Drop for ForeignWitness {
    fn drop(&mut self) {
        // It may have ended before.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a program that ends well has written.
fn said(command: &mut Command) -> Result<String> {
    let output = command.output()?;
    ensure!(output.status.success(), "{command:?}: {output:?}");
    Ok(String::from_utf8(output.stdout)?)
}

/// A traceback or a panic is no refusal: the program has failed, not the log.
fn is_crash(output: &Output) -> bool {
    let text = String::from_utf8_lossy(&output.stderr);
    text.contains("Traceback") || text.contains("goroutine")
}

/// The Go program, built once a process.
fn go_audit() -> Result<&'static Path> {
    static BUILT: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let built = BUILT.get_or_init(|| build_go_audit().map_err(|error| format!("{error:#}")));
    built.as_deref().map_err(|error| anyhow::anyhow!("{error}"))
}

/// Builds without network and modules, from Debian's packages alone.
fn build_go_audit() -> Result<PathBuf> {
    let folder = target().join("test-go");
    let program = folder.join(format!("audit-{}", std::process::id()));
    let output = Command::new("go")
        .args(["build", "-o"])
        .arg(&program)
        .arg(".")
        .current_dir(repository().join("tests/go/audit"))
        .env("GO111MODULE", "off")
        .env("GOPATH", GO_PACKAGES)
        .env("GOCACHE", folder.join("cache"))
        .env("GOFLAGS", "")
        .output()
        .context(
            "no Go: run `bash tests/run go` or install golang-go and golang-golang-x-mod-dev",
        )?;
    ensure!(
        output.status.success(),
        "go build, which needs Debian's golang-golang-x-mod-dev: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(program)
}

fn target() -> PathBuf {
    let named = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    repository().join(named.unwrap_or_else(|| PathBuf::from("target")))
}

/// The top folder.
///
/// # Panics
/// Never: this crate is a folder in it.
pub fn repository() -> &'static Path {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("the crate lies in the repository")
}
