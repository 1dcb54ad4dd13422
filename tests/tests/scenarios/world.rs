//! The world of one scenario: a street, its ledger, the server that keeps it,
//! and what people do there.

mod books;
mod server;
mod visit;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use client::batch::Outcome;
use client::{Address, Client, Clock, Connection, Identity, Memory, Recorded};
use ledger::{Act, EntryId, MemberId, Millis, Minutes, Rules, SignedEntry};
use proto::v1::ledger_service_client::LedgerServiceClient;
use proto::v1::{SubmitEntryRequest, SubmitEntryResponse};
use timebank_tests::bank::{ORIGIN, Plan};
use timebank_tests::pen::{self, Pen, Person};
use timebank_tests::postgres;
use timebank_tests::street::Street;
use tonic::Status;
use tonic::transport::Channel;

use self::server::Server;
use crate::wire::Said;

/// Longer than any call takes on a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_mins(1);

/// Which database keeps the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Database {
    /// A file.
    Sqlite,
    /// An empty database of the cluster that the tests start.
    Postgres,
}

/// What is there when a scenario begins.
pub(crate) struct Setting {
    /// How many members.
    pub(crate) members: u64,
    /// What the fund has granted each of them.
    pub(crate) granted_minutes: u32,
    /// Changes the rules.
    pub(crate) rules: fn(Rules) -> Rules,
    /// Whether the server runs in this process, on a clock that can be moved.
    pub(crate) has_clock: bool,
}

impl Default for Setting {
    fn default() -> Self {
        Self {
            members: 4,
            granted_minutes: 600,
            rules: |rules| rules,
            has_clock: false,
        }
    }
}

/// A street and the server that keeps its ledger.
pub(crate) struct World {
    /// Which database keeps the ledger.
    pub(crate) database: Database,
    /// How to start the server.
    pub(crate) plan: Plan,
    /// Who is there.
    pub(crate) street: Street,
    server: Option<Server>,
    url: String,
    verifier_key: String,
    memory: Arc<Memory>,
    client: Client,
    offset_ms: Arc<AtomicI64>,
}

/// Opens a world, plays a scenario in it, audits the ledger and ends the server.
pub(crate) async fn play(
    database: Database,
    setting: Setting,
    scenario: impl AsyncFnOnce(&mut World) -> Result<()>,
) -> Result<()> {
    let mut world = World::open(database, setting).await?;
    scenario(&mut world).await?;
    world.audit().await.context("the audit at the end")?;
    world.end().await?;
    std::fs::remove_dir_all(&world.plan.data)?;
    Ok(())
}

/// The binary whose `serve` is the server.
pub(crate) fn binary() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_timebank-lab"))
}

impl World {
    async fn open(database: Database, setting: Setting) -> Result<Self> {
        let plan = match database {
            Database::Sqlite => Plan::sqlite(binary())?,
            Database::Postgres => Plan::on(binary(), postgres::fresh_database()?)?,
        };
        let offset_ms = Arc::new(AtomicI64::new(0));
        let time = Arc::clone(&offset_ms);
        let pen = Pen::with_clock(ORIGIN, move || moved(&time));
        let mut street = Street::new(pen, setting.members);
        street.rules = (setting.rules)(street.rules);
        let server = Server::start(&plan, setting.has_clock.then_some(&offset_ms)).await?;
        let (url, verifier_key) = (server.url(), server.verifier_key());
        let memory = Arc::new(Memory::volatile());
        let client = connect(&url, &memory, &offset_ms).await?;
        let world = Self {
            database,
            plan,
            street,
            server: Some(server),
            url,
            verifier_key,
            memory,
            client,
            offset_ms,
        };
        let opening = world.street.opening(setting.granted_minutes);
        let answer = world.client.submit_batch(&opening).await?;
        for outcome in answer.outcomes {
            ensure!(outcome.position().is_some(), "the opening: {outcome:?}");
        }
        Ok(world)
    }

    /// The member of a number.
    pub(crate) fn member(&self, number: usize) -> &Person {
        &self.street.members[number]
    }

    /// Where the server is.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The log's verifier key, as the server printed it.
    pub(crate) fn verifier_key(&self) -> &str {
        &self.verifier_key
    }

    /// A client of nobody's, which remembers the log across restarts.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// A client that acts and reads for a person.
    pub(crate) fn client_of(&self, person: &Person) -> Client {
        self.client.acting_as(Identity {
            member: person.id,
            key: person.key.clone(),
        })
    }

    /// A connection of its own, without any client around it.
    pub(crate) async fn channel(&self) -> Result<Channel> {
        let endpoint = Channel::from_shared(self.url.clone())?.timeout(PATIENCE);
        Ok(endpoint.connect().await?)
    }

    /// The server's time, more or less.
    pub(crate) fn now(&self) -> Millis {
        moved(&self.offset_ms)
    }

    /// Lets time pass, for a server that runs here.
    pub(crate) fn pass_hours(&self, hours: i64) {
        self.offset_ms
            .fetch_add(hours * 3_600_000, Ordering::SeqCst);
    }

    /// Does an act, and believes only what is proven.
    pub(crate) async fn does(&self, who: &Person, act: impl Into<Act>) -> Result<EntryId> {
        let (id, signed) = self.street.pen.sign(who, act);
        self.records(&signed).await?;
        Ok(id)
    }

    /// Submits an entry that is to be recorded.
    pub(crate) async fn records(&self, signed: &SignedEntry) -> Result<Recorded> {
        Ok(self.client.submit_signed(signed).await?)
    }

    /// Tries an act that is to be refused for a reason, and checks that nothing
    /// has changed.
    pub(crate) async fn refuses(
        &self,
        who: &Person,
        act: impl Into<Act>,
        reason: &str,
    ) -> Result<Said> {
        let (_, signed) = self.street.pen.sign(who, act);
        self.refuses_signed(&signed, reason).await
    }

    /// The same for an entry that is signed.
    pub(crate) async fn refuses_signed(&self, signed: &SignedEntry, reason: &str) -> Result<Said> {
        let before = self.checkpoint().await?;
        let said = match self.submit(signed).await? {
            Err(status) => Said::of(&status)?,
            Ok(recorded) => bail!("expected {reason}, but it is recorded: {recorded:?}"),
        };
        ensure!(said.reason == reason, "expected {reason}: {said:?}");
        ensure!(before == self.checkpoint().await?, "something has changed");
        Ok(said)
    }

    /// Submits an entry, and passes the answer on as it is.
    pub(crate) async fn submit(
        &self,
        signed: &SignedEntry,
    ) -> Result<Result<SubmitEntryResponse, Status>> {
        let signed_entry = Some(proto::signed_entry_to(signed));
        let mut service = LedgerServiceClient::new(self.channel().await?);
        let answer = service.submit_entry(SubmitEntryRequest { signed_entry });
        Ok(answer.await.map(tonic::Response::into_inner))
    }

    /// Ends the server well.
    pub(crate) async fn end(&mut self) -> Result<()> {
        match self.server.take() {
            Some(server) => server.end().await,
            None => Ok(()),
        }
    }

    /// Starts the server again after it has ended, as the plan now says, and
    /// tells why it serves reads only, if so.
    pub(crate) async fn begin(&mut self) -> Result<Option<String>> {
        let server = Server::start(&self.plan, None).await?;
        (self.url, self.verifier_key) = (server.url(), server.verifier_key());
        let read_only = server.read_only();
        self.server = Some(server);
        self.client = connect(&self.url, &self.memory, &self.offset_ms).await?;
        Ok(read_only)
    }

    /// Lets the world's own client forget the log, as if it had never seen it;
    /// and what it remembered.
    pub(crate) fn forget(&mut self) -> Arc<Memory> {
        std::mem::replace(&mut self.memory, Arc::new(Memory::volatile()))
    }

    /// A client of nobody's with its own memory of the log.
    pub(crate) async fn connect(&self, memory: &Arc<Memory>) -> Result<Client> {
        connect(&self.url, memory, &self.offset_ms).await
    }

    /// Ends the server and starts it again.
    pub(crate) async fn restart(&mut self) -> Result<()> {
        self.end().await?;
        let read_only = self.begin().await?;
        ensure!(read_only.is_none(), "read only after a restart");
        Ok(())
    }
}

async fn connect(url: &str, memory: &Arc<Memory>, offset_ms: &Arc<AtomicI64>) -> Result<Client> {
    let connection = Connection::open(&Address::new(url).with_timeout(PATIENCE)).await?;
    let client = Client::connect(connection, Arc::clone(memory), None).await?;
    let time = Arc::clone(offset_ms);
    let clock = Clock::from_fn(move || moved(&time));
    Ok(client.with_attempts_max(1).with_clock(clock))
}

fn moved(offset_ms: &AtomicI64) -> Millis {
    Millis::new(pen::now().get() + offset_ms.load(Ordering::SeqCst))
}

/// So many minutes.
pub(crate) fn minutes(count: i64) -> Result<Minutes> {
    Ok(Minutes::parse(count)?)
}

/// A member whom nobody has enrolled.
pub(crate) fn stranger() -> MemberId {
    Person::numbered(9_999).id
}

/// The reasons of a batch, with "" for what was recorded.
pub(crate) fn reasons(outcomes: &[Outcome]) -> Vec<&str> {
    let reason = |outcome| match outcome {
        &Outcome::Recorded { .. } => "",
        Outcome::Refused(refusal) => refusal.reason.as_str(),
    };
    outcomes.iter().map(reason).collect()
}
