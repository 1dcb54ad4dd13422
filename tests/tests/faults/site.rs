//! Where faults happen: a database of one kind, the data folder of its server,
//! and a street that keeps its ledger there.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result, bail, ensure};
use ledger::act::Give;
use ledger::{Minutes, SignedEntry};
use server::guard::{Guard, Guarded};
use timebank_tests::bank::{Bank, ORIGIN, Plan};
use timebank_tests::pen::Pen;
use timebank_tests::postgres;
use timebank_tests::street::Street;

use crate::sql::Sql;
use crate::wire;

/// The server under test.
pub(crate) const LAB: &str = env!("CARGO_BIN_EXE_timebank-lab");

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// In the data folder.
    Sqlite,
    /// In the cluster of this process.
    Postgres,
}

/// A database, a data folder, and who uses them.
pub(crate) struct Site {
    pub(crate) kind: Kind,
    pub(crate) plan: Plan,
    pub(crate) street: Street,
}

impl Site {
    /// An empty place.
    pub(crate) fn new(kind: Kind, members: u64) -> Result<Self> {
        let database = match kind {
            Kind::Sqlite => String::new(),
            Kind::Postgres => postgres::fresh_database()?,
        };
        Self::on(kind, database, members)
    }

    /// An empty place on a database.
    pub(crate) fn on(kind: Kind, database: String, members: u64) -> Result<Self> {
        Ok(Self {
            kind,
            plan: Plan::on(Path::new(LAB), database)?,
            street: Street::new(Pen::new(ORIGIN), members),
        })
    }

    /// A place whose ledger is open and whose members have hours, and its
    /// running server.
    pub(crate) async fn open(kind: Kind, members: u64) -> Result<(Self, Bank)> {
        let site = Self::new(kind, members)?;
        let bank = site.open_ledger().await?;
        Ok((site, bank))
    }

    /// Starts the server of an empty place, opens the ledger and grants hours.
    pub(crate) async fn open_ledger(&self) -> Result<Bank> {
        let bank = self.plan.start()?;
        wire::submit(&bank.url(), &self.street.opening(100_000)).await?;
        Ok(bank)
    }

    /// The place of a ledger of exactly so many records, whose server has ended.
    pub(crate) async fn finished(kind: Kind, members: u64, records: usize) -> Result<Self> {
        let site = Self::new(kind, members)?;
        let bank = site.plan.start()?;
        let mut entries = site.street.opening(100_000);
        ensure!(entries.len() <= records, "the opening is longer");
        let gifts = records - entries.len();
        entries.extend((0..gifts).map(|number| site.gift(number)));
        // In several commits, so that there are several checkpoints.
        for batch in entries.chunks(100) {
            wire::submit(&bank.url(), batch).await?;
        }
        bank.end()?;
        Ok(site)
    }

    /// A gift from one member to the next.
    pub(crate) fn gift(&self, number: usize) -> SignedEntry {
        let members = &self.street.members;
        let recipient = members[(number + 1) % members.len()].id;
        let minutes = Minutes::parse(15).expect("positive");
        let giver = &members[number % members.len()];
        self.street.pen.sign(giver, Give { recipient, minutes }).1
    }

    /// Direct access to the database.
    pub(crate) async fn sql(&self) -> Result<Sql> {
        Sql::open(self.kind, &self.database_url()).await
    }

    /// The URL of the database, as the server makes it.
    pub(crate) fn database_url(&self) -> String {
        match self.kind {
            _ if !self.plan.database.is_empty() => self.plan.database.clone(),
            Kind::Sqlite => format!("sqlite:{}", self.plan.data.join("ledger.db").display()),
            Kind::Postgres => self.plan.database.clone(),
        }
    }

    /// What the guard remembers.
    pub(crate) fn guarded(&self) -> Result<Guarded> {
        let newest = Guard::open(&self.plan.data)?.newest();
        newest.context("the guard remembers nothing")
    }

    /// Audits the ledger of a running server; all of it must be right, and the
    /// guard must remember a tree of it: the newest one, if this server has
    /// written it.
    pub(crate) async fn audit(&self, url: &str) -> Result<client::AuditReport> {
        let report = wire::audit(url, &self.street.auditor).await?;
        let guarded = self.guarded()?;
        ensure!(
            (guarded.size, guarded.root) == (report.tree_size, report.root),
            "the guard remembers {guarded:?} and not {}",
            report.tree_size
        );
        Ok(report)
    }

    /// The same place as another server sees it, which has the same log key.
    pub(crate) fn beside(site: &Self) -> Result<Self> {
        Ok(Self {
            kind: site.kind,
            plan: site.second_server()?,
            street: Street::new(Pen::new(ORIGIN), 0),
        })
    }

    /// Adds a second server on the same database, with the same log key.
    pub(crate) fn second_server(&self) -> Result<Plan> {
        let second = Plan::on(Path::new(LAB), self.database_url())?;
        fs::copy(self.plan.data.join("log.key"), second.data.join("log.key"))?;
        Ok(second)
    }
}

impl Drop for Site {
    /// Tidies up, unless `FAULTS_KEEP` asks for the data folders of a failure.
    fn drop(&mut self) {
        if std::env::var_os("FAULTS_KEEP").is_none() {
            // What is left over there is nobody's.
            let _ = fs::remove_dir_all(&self.plan.data);
        }
    }
}

/// What a server that does not start says on its way out: one line, and the
/// exit code 1.
pub(crate) fn refusal(plan: &Plan) -> Result<String> {
    let mut command = plan.command();
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let mut line = String::new();
    BufReader::new(child.stdout.take().context("piped")?).read_line(&mut line)?;
    if !line.is_empty() {
        child.kill()?;
        child.wait()?;
        bail!("the server started: {line}");
    }
    let mut said = String::new();
    let mut stderr = child.stderr.take().context("piped")?;
    stderr.read_to_string(&mut said)?;
    let status = child.wait()?;
    ensure!(status.code() == Some(1), "it ended with {status}: {said}");
    ensure!(said.lines().count() == 1, "not one line: {said}");
    Ok(said)
}
