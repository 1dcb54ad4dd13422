//! A database that is put back to 40 records, and what was lost with the rest.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use client::follow::{Follower, Following, Round};
use client::web::Web;
use client::{Address, Client, Clock, Connection, Identity, Memory};
use ledger::act::{AdoptState, Give};
use ledger::entry::Seen;
use ledger::log::Receipt;
use ledger::{Abandoned, Minutes, SignedEntry};
use server::guard::Guarded;
use timebank_tests::bank::Bank;
use timebank_tests::pen::{self, Person};
use tokio::time::timeout;
use tonic::transport::Channel;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use crate::site::Site;
use crate::wire;

/// What was lost.
pub(super) struct Lost {
    /// The largest tree that was signed.
    pub(super) tree: Guarded,
    /// The entries of the lost records, and their receipts.
    pub(super) entries: Vec<SignedEntry>,
    pub(super) receipts: Vec<Receipt>,
}

/// Records so many gifts after 40 records, each in a commit of its own; the last
/// names the checkpoint before it. Then puts the database back.
pub(super) async fn lose(site: &Site, count: usize) -> Result<Lost> {
    let mut sql = site.sql().await?;
    sql.keep().await?;
    let bank = site.plan.start()?;
    let client = wire::client(&bank.url()).await?;
    let (mut entries, mut receipts) = (Vec::new(), Vec::new());
    for number in 1..=count {
        let is_last = number == count;
        let seen = client.log().seen()?.filter(|_| is_last);
        let entry = gift(site, seen)?;
        receipts.push(client.submit_signed(&entry).await?.receipt);
        entries.push(entry);
    }
    bank.end()?;
    sql.drop_triggers().await?;
    sql.restore().await?;
    Ok(Lost {
        tree: site.guarded()?,
        entries,
        receipts,
    })
}

/// A gift by a member who has seen a checkpoint.
pub(super) fn gift(site: &Site, seen: Option<Seen>) -> Result<SignedEntry> {
    let [giver, recipient] = [&site.street.members[0], &site.street.members[1]];
    let act = Give {
        recipient: recipient.id,
        minutes: Minutes::parse(15)?,
    };
    let mut entry = site.street.pen.entry(giver, act);
    entry.seen = seen;
    Ok(pen::sign(&entry, &giver.key))
}

/// The operator's declaration that a tree is given up.
pub(super) fn adoption(site: &Site, tree: Guarded) -> SignedEntry {
    let Guarded { size, root } = tree;
    let abandoned = Abandoned { size, root };
    let reason = None;
    let act = AdoptState { abandoned, reason };
    site.street.pen.sign(&site.street.root, act).1
}

/// One look by somebody who follows the log and may read its records.
pub(super) async fn look(site: &Site, url: &str) -> Result<Round> {
    let connection = Connection::open(&Address::new(url.to_owned())).await?;
    let memory = Memory::volatile();
    let client = Client::connect(connection.clone(), Arc::new(memory), None).await?;
    let Person { id, key } = site.street.auditor.clone();
    let following = Following {
        log: client.log().key().clone(),
        web: Web::new(None)?,
        prefix: format!("{url}/log"),
        server: Some(connection),
        reader: Some(Identity { member: id, key }),
        witnesses: Vec::new(),
        policy: None,
        evidence: site.plan.data.join("evidence"),
    };
    let memory = Arc::new(Memory::volatile());
    let mut follower = Follower::new(following, memory, Clock::system());
    Ok(follower.round().await?)
}

/// Why a server serves reads only.
pub(super) fn read_only_reason(bank: &Bank) -> Result<&str> {
    let why = bank.read_only.as_deref();
    why.context("it takes entries in")
}

/// Waits until the health service says whether entries are taken in, as it
/// should; the server as a whole serves in any case.
pub(super) async fn writes(url: &str, expected: bool) -> Result<()> {
    let channel = Channel::from_shared(url.to_owned())?.connect().await?;
    let mut health = HealthClient::new(channel);
    let request = |service: &str| HealthCheckRequest {
        service: service.to_owned(),
    };
    let all = health.check(request("")).await?.into_inner();
    anyhow::ensure!(all.status == i32::from(ServingStatus::Serving));
    let expected = if expected {
        ServingStatus::Serving
    } else {
        ServingStatus::NotServing
    };
    let mut told = health
        .watch(request(server::api::WRITES))
        .await?
        .into_inner();
    let wait = async {
        while let Some(answer) = told.message().await? {
            if answer.status == i32::from(expected) {
                return Ok(());
            }
        }
        anyhow::bail!("the health service has ended")
    };
    timeout(Duration::from_secs(30), wait)
        .await
        .context("it never said so")?
}
