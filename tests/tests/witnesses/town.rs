//! A ledger whose server runs in this process and asks the witnesses of a policy.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use client::audit::ServerSource;
use client::{Address, Client, ClientError, Connection, Identity, Memory};
use ledger::act::{AdoptState, Give};
use ledger::log::{Checkpoint, Policy, SignedNote, Standing, TreeSize, VerifierKey, leaf_hash};
use ledger::{Abandoned, EntryId, Minutes, SignedEntry};
use server::clock::Clock;
use server::serve::{Running, start};
use server::settings::{Bundles, Settings};
use server::store::{Store, connect_to_read};
use server::witnesses::Collecting;
use timebank_tests::bank::{ORIGIN, fresh_folder};
use timebank_tests::pen::{Pen, Person};
use timebank_tests::postgres::fresh_database;
use timebank_tests::street::Street;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;

/// Longer than anything takes on a machine that is busy with other tests.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// Which database keeps the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A file.
    Sqlite,
    /// An empty database of the cluster that the tests start.
    Postgres,
}

/// The ledger of a street, and how its server is started.
pub(crate) struct Town {
    /// How its server is started.
    pub(crate) settings: Settings,
    /// Who is there.
    pub(crate) street: Street,
    /// The key of the log.
    pub(crate) key: VerifierKey,
    running: Option<Running>,
    gifts: AtomicUsize,
}

impl Town {
    /// An empty ledger with a key, and no server yet.
    pub(crate) fn new(kind: Kind) -> Result<Self> {
        let (origin, data) = (ORIGIN.parse()?, fresh_folder()?);
        let signer = server::serve::log_key(&data, &origin)?;
        let database = match kind {
            Kind::Sqlite => String::new(),
            Kind::Postgres => fresh_database()?,
        };
        Ok(Self {
            settings: Settings {
                origin,
                data,
                database,
                listen: "127.0.0.1:0".parse()?,
                bundles: Bundles::Public,
                witness_timeout_seconds: 2,
                ..Settings::default()
            },
            street: Street::new(Pen::new(ORIGIN), 2),
            key: signer.verifier_key(),
            running: None,
            gifts: AtomicUsize::new(0),
        })
    }

    /// Another server of the same ledger, with a data folder of its own.
    pub(crate) fn beside(&self) -> Result<Self> {
        let data = fresh_folder()?;
        fs::copy(self.settings.data.join("log.key"), data.join("log.key"))?;
        Ok(Self {
            settings: Settings {
                data,
                ..self.settings.clone()
            },
            street: Street::new(Pen::new(ORIGIN), 2),
            key: self.key.clone(),
            running: None,
            gifts: AtomicUsize::new(1_000),
        })
    }

    /// Starts the server with witnesses: the lines of a policy.
    pub(crate) async fn start(&mut self, policy: &str) -> Result<()> {
        let path = self.settings.data.join("policy");
        fs::write(&path, policy)?;
        self.settings.witnesses = Some(path);
        self.start_as_set().await
    }

    /// Starts the server.
    pub(crate) async fn start_as_set(&mut self) -> Result<()> {
        let read_only = self.start_anyhow().await?;
        ensure!(read_only.is_none(), "{read_only:?}");
        Ok(())
    }

    /// Starts the server, and says why it serves reads only, if so.
    pub(crate) async fn start_anyhow(&mut self) -> Result<Option<String>> {
        let running = start(self.settings.clone(), Clock::system()).await?;
        let read_only = running.read_only.clone();
        self.running = Some(running);
        Ok(read_only)
    }

    /// Ends the server.
    pub(crate) async fn stop(&mut self) -> Result<()> {
        let running = self.running.take().context("a running server")?;
        Ok(running.stop().await?)
    }

    /// Ends the server, and removes what it has left.
    pub(crate) async fn end(mut self) -> Result<()> {
        self.stop().await?;
        Ok(fs::remove_dir_all(&self.settings.data)?)
    }

    /// The running server.
    pub(crate) fn running(&self) -> Result<&Running> {
        self.running.as_ref().context("a running server")
    }

    /// What the collector tells.
    pub(crate) fn collecting(&self) -> Result<Collecting> {
        let collecting = self.running()?.collecting.clone();
        collecting.context("a collector")
    }

    /// Records the opening of the street: how many records there are then.
    pub(crate) async fn opens(&self) -> Result<u64> {
        self.records(&self.street.opening(600)).await
    }

    /// Records one more gift: its id, and how many records there are then.
    pub(crate) async fn grows(&self) -> Result<(EntryId, u64)> {
        let number = self.gifts.fetch_add(1, Ordering::Relaxed);
        let [giver, recipient] = [number % 2, 1 - number % 2];
        let recipient = self.street.members[recipient].id;
        let give = Give {
            recipient,
            minutes: Minutes::parse(1)?,
        };
        let (id, gift) = self.street.pen.sign(&self.street.members[giver], give);
        Ok((id, self.records(&[gift]).await?))
    }

    /// Checks that nothing is appended.
    pub(crate) async fn refuses(&self) -> Result<()> {
        let error = self.grows().await.err().context("it was recorded")?;
        let error: &ClientError = error.downcast_ref().context("a refusal")?;
        ensure!(error.reason() == "READ_ONLY", "{error}");
        Ok(())
    }

    /// The operator gives up a tree of so many records.
    pub(crate) async fn gives_up(&self, size: u64) -> Result<u64> {
        let abandoned = Abandoned {
            size: TreeSize::new(size),
            root: leaf_hash(b"what is lost"),
        };
        let reason = None;
        let act = AdoptState { abandoned, reason };
        let (_, entry) = self.street.pen.sign(&self.street.root, act);
        self.records(&[entry]).await
    }

    async fn records(&self, entries: &[SignedEntry]) -> Result<u64> {
        let answer = self.client().await?.submit_batch(entries).await?;
        for outcome in &answer.outcomes {
            ensure!(outcome.position().is_some(), "{outcome:?}");
        }
        let (checkpoint, _) = answer.checkpoint.context("all is recorded")?;
        Ok(checkpoint.size().get())
    }

    /// A client of nobody's.
    pub(crate) async fn client(&self) -> Result<Client> {
        let address = Address::new(self.url()?).with_timeout(PATIENCE);
        let connection = Connection::open(&address).await?;
        Ok(Client::connect(connection, Arc::new(Memory::volatile()), None).await?)
    }

    /// A client of a person's.
    pub(crate) async fn client_of(&self, person: &Person) -> Result<Client> {
        Ok(self.client().await?.acting_as(Identity {
            member: person.id,
            key: person.key.clone(),
        }))
    }

    /// Where the server is.
    pub(crate) fn url(&self) -> Result<String> {
        Ok(format!("http://{}", self.running()?.address))
    }

    /// Waits until so many records are published, and reads what is served then.
    pub(crate) async fn published(&self, size: u64) -> Result<SignedNote> {
        let mut published = self.collecting()?.published;
        until(&mut published, |newest| newest.get() >= size).await?;
        self.served().await?.context("a checkpoint is served")
    }

    /// What `/log/checkpoint` is now.
    pub(crate) async fn served(&self) -> Result<Option<SignedNote>> {
        let mut line = TcpStream::connect(self.running()?.address).await?;
        let request = "GET /log/checkpoint HTTP/1.1\r\nHost: log\r\nConnection: close\r\n\r\n";
        line.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        line.read_to_string(&mut answer).await?;
        if answer.starts_with("HTTP/1.1 404 ") {
            return Ok(None);
        }
        ensure!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        let (_, body) = answer.split_once("\r\n\r\n").context("a body")?;
        Ok(Some(SignedNote::parse(body.as_bytes())?))
    }

    /// The database, to read.
    pub(crate) async fn store(&self) -> Result<Arc<dyn Store>> {
        Ok(connect_to_read(&self.settings.database_url()?, ORIGIN).await?)
    }

    /// Audits the whole ledger over the port, and gives its size.
    pub(crate) async fn audit(&self) -> Result<u64> {
        let auditor = self.client_of(&self.street.auditor).await?;
        let report = client::audit(ServerSource::new(auditor), &self.key, |_| {}).await?;
        Ok(report.tree_size.get())
    }

    /// A policy for this log.
    pub(crate) fn policy(&self, witnesses: &str) -> Result<Policy> {
        Ok(Policy::parse(
            format!("log {}\n{witnesses}", self.key).as_bytes(),
        )?)
    }

    /// A folder that the test fills itself.
    pub(crate) fn folder(&self, name: &str) -> Result<PathBuf> {
        let path = self.settings.data.join(name);
        fs::create_dir(&path)?;
        Ok(path)
    }
}

/// Waits for a value.
pub(crate) async fn until<T: Clone>(
    values: &mut watch::Receiver<T>,
    is_it: impl FnMut(&T) -> bool,
) -> Result<T> {
    let waited = tokio::time::timeout(PATIENCE, values.wait_for(is_it)).await;
    Ok(waited.context("it has not come")??.clone())
}

/// Waits for a change.
pub(crate) async fn told<T>(values: &mut watch::Receiver<T>) -> Result<()> {
    let waited = tokio::time::timeout(PATIENCE, values.changed()).await;
    Ok(waited.context("nothing has changed")??)
}

/// How far a note can be relied on under a policy; and its size.
pub(crate) fn judged(policy: &Policy, note: &SignedNote) -> Result<(Standing, u64)> {
    let verdict = policy.check(note)?;
    Ok((verdict.standing, verdict.checkpoint.size().get()))
}

/// The size that a note states.
pub(crate) fn size_of(note: &SignedNote) -> Result<u64> {
    let checkpoint: Checkpoint = note.unverified_text().parse()?;
    Ok(checkpoint.size().get())
}
