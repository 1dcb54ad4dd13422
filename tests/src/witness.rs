//! Our witness in a process of its own, that can be killed and started again.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use clap::Args;
use client::Clock;
use client::witness::{Folder, Witness, http};
use ledger::log::VerifierKey;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// Options of `timebank-lab witness`.
#[derive(Args, Debug)]
pub struct Options {
    /// The folder of the witness
    #[arg(long)]
    dir: PathBuf,
}

/// Serves until SIGTERM.
///
/// # Errors
/// Those of the folder and of the system.
pub async fn run(options: Options) -> Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let witness = Witness::open(&Folder::new(options.dir), Clock::system())?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    let asked = async move {
        terminate.recv().await;
    };
    http::serve(Arc::new(witness), listener, asked, |text| {
        eprintln!("{text}");
    })
    .await;
    Ok(())
}

/// A witness of ours that runs; killed when dropped.
#[derive(Debug)]
pub struct OurWitness {
    child: Child,
    /// Its submission and monitoring prefix.
    pub url: String,
    /// Its verifier keys.
    pub verifier_keys: Vec<VerifierKey>,
}

impl OurWitness {
    /// Makes a witness for these logs.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn create(folder: &Path, post_quantum: bool, logs: &[VerifierKey]) -> Result<()> {
        let folder = Folder::new(folder);
        folder.create(&"witness.example/ours".parse()?, post_quantum)?;
        Ok(folder.add_logs(logs)?)
    }

    /// Starts a witness and waits until it listens. `lab` is the `timebank-lab` binary.
    ///
    /// # Errors
    /// If it does not come to that.
    pub fn start(lab: &str, folder: &Path) -> Result<Self> {
        let mut child = Command::new(lab)
            .arg("witness")
            .arg("--dir")
            .arg(folder)
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = child.stdout.take().context("its output is piped")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        if line.is_empty() {
            let status = child.wait()?;
            anyhow::bail!("the witness ended with {status} before it listened");
        }
        Ok(Self {
            child,
            url: line.trim().to_owned(),
            verifier_keys: Folder::new(folder).verifier_keys()?,
        })
    }

    /// Kills it with SIGKILL, without waiting for anything that it does.
    ///
    /// # Errors
    /// Those of the system.
    pub fn kill_nine(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Asks it to end, and waits for it.
    ///
    /// # Errors
    /// If it does not end well.
    pub fn end(mut self) -> Result<()> {
        let pid = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &pid]).status()?;
        ensure!(asked.success(), "kill -TERM failed");
        let status = self.child.wait()?;
        ensure!(status.success(), "the witness ended with {status}");
        Ok(())
    }
}

impl Drop for OurWitness {
    fn drop(&mut self) {
        // It may have ended before.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
