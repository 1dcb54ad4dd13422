//! A server in a process of its own, that can be killed and started again.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tonic::transport::{Channel, Endpoint};

/// The origin of all test ledgers.
pub const ORIGIN: &str = "hours.example/street";

/// How to start a server.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The `timebank-lab` binary, whose `serve` is the server.
    pub binary: PathBuf,
    /// The data folder.
    pub data: PathBuf,
    /// The database URL; empty for SQLite in the data folder.
    pub database: String,
    /// More flags.
    pub flags: Vec<String>,
    /// A command that starts the server in its own place, such as a tracer, with
    /// its arguments; empty: none.
    pub under: Vec<String>,
}

/// A running server; killed when dropped.
pub struct Bank {
    child: Child,
    /// Where it listens.
    pub address: String,
    /// The log's verifier key.
    pub verifier_key: String,
    /// Why it serves reads only, if so.
    pub read_only: Option<String>,
}

impl Plan {
    /// A server on SQLite in a new folder.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn sqlite(binary: &Path) -> Result<Self> {
        Ok(Self {
            binary: binary.to_owned(),
            data: fresh_folder()?,
            database: String::new(),
            flags: Vec::new(),
            under: Vec::new(),
        })
    }

    /// A server on a database with a data folder of its own.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn on(binary: &Path, database: String) -> Result<Self> {
        Ok(Self {
            database,
            ..Self::sqlite(binary)?
        })
    }

    /// The command that starts the server.
    pub fn command(&self) -> Command {
        let mut command = match self.under.split_first() {
            None => Command::new(&self.binary),
            Some((program, arguments)) => {
                let mut command = Command::new(program);
                command.args(arguments).arg(&self.binary);
                command
            }
        };
        command
            .arg("serve")
            .args(["--origin", ORIGIN, "--listen", "127.0.0.1:0", "--data"])
            .arg(&self.data)
            .args(&self.flags);
        if !self.database.is_empty() {
            command.env("TIMEBANK_DATABASE", &self.database);
        }
        command
    }

    /// Starts the server and waits until it listens.
    ///
    /// # Errors
    /// What the server said on its way out.
    pub fn start(&self) -> Result<Bank> {
        let mut child = self
            .command()
            .stdout(Stdio::piped())
            .spawn()
            .context("starting the server")?;
        let stdout = child
            .stdout
            .take()
            .context("the server's output is piped")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        if line.is_empty() {
            let status = child.wait()?;
            anyhow::bail!("the server ended with {status} before it listened");
        }
        let said: Value = serde_json::from_str(&line)?;
        let text = |field: &str| said[field].as_str().map(str::to_owned);
        Ok(Bank {
            child,
            address: text("address").context("an address")?,
            verifier_key: text("verifier_key").context("a verifier key")?,
            read_only: text("read_only"),
        })
    }
}

impl Bank {
    /// Kills the server with SIGKILL and waits until it is gone.
    ///
    /// # Errors
    /// Those of the system.
    pub fn kill_nine(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Asks the server to end, and waits for it.
    ///
    /// # Errors
    /// If it does not end well.
    pub fn end(mut self) -> Result<()> {
        let pid = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &pid]).status()?;
        ensure!(asked.success(), "kill -TERM failed");
        let status = self.child.wait()?;
        ensure!(status.success(), "the server ended with {status}");
        Ok(())
    }

    /// Asks the server to end if it is still there, and waits for it, however it
    /// ends.
    ///
    /// # Errors
    /// Those of the system.
    pub fn end_somehow(mut self) -> Result<ExitStatus> {
        let pid = self.child.id().to_string();
        let mut ask = Command::new("kill");
        ask.args(["-TERM", &pid]).stderr(Stdio::null()).status()?;
        Ok(self.child.wait()?)
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Its resident memory, in bytes.
    ///
    /// # Errors
    /// If the process has ended.
    pub fn resident_bytes(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.split_whitespace().next());
        let kib: u64 = kib.context("no VmRSS")?.parse()?;
        Ok(kib * 1024)
    }

    /// The URL for clients.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A connection.
    ///
    /// # Errors
    /// If the server does not answer.
    pub async fn channel(&self) -> Result<Channel> {
        let window = 4 * 1024 * 1024;
        let endpoint = Endpoint::from_shared(self.url())?
            .tcp_nodelay(true)
            .initial_stream_window_size(window)
            .initial_connection_window_size(window);
        Ok(endpoint.connect().await?)
    }
}

impl Drop for Bank {
    fn drop(&mut self) {
        // It may have ended before.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A new folder for one test, under the system's folder for temporary files.
///
/// # Errors
/// Those of the file system.
pub fn fresh_folder() -> Result<PathBuf> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let now = crate::pen::now().get();
    let name = format!("timebank-test-{}-{now}-{number}", std::process::id());
    let path = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&path)?;
    Ok(path)
}
