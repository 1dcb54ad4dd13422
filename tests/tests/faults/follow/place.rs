//! Servers of one log, honest or not, and those who follow them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use client::follow::{Follower, Following};
use client::web::Web;
use client::{Address, Client, ClientError, Clock, Connection, Identity, Memory};
use ledger::Minutes;
use ledger::act::Give;
use ledger::log::{SignedNote, TreeSize, VerifierKey};
use timebank_tests::bank::{Bank, ORIGIN, Plan, fresh_folder};
use timebank_tests::pen::{Pen, Person};
use timebank_tests::street::Street;

use super::observer::Observer;
use crate::site::LAB;

/// A street's server, whose records are public.
pub(super) struct Place {
    pub(super) plan: Plan,
    pub(super) bank: Bank,
    pub(super) street: Street,
}

impl Place {
    /// A new ledger; with the key of another one if there is one.
    pub(super) async fn new(other: Option<&Self>) -> Result<Self> {
        let place = Self::empty(other)?;
        let opening = place.street.opening(100_000);
        place.client().await?.submit_batch(&opening).await?;
        Ok(place)
    }

    /// A server without a record.
    pub(super) fn empty(other: Option<&Self>) -> Result<Self> {
        let mut plan = Plan::sqlite(Path::new(LAB))?;
        plan.flags = vec!["--bundles".to_owned(), "public".to_owned()];
        if let Some(other) = other {
            fs::copy(other.plan.data.join("log.key"), plan.data.join("log.key"))?;
        }
        let (bank, street) = (plan.start()?, Street::new(Pen::new(ORIGIN), 2));
        Ok(Self { plan, bank, street })
    }

    pub(super) fn key(&self) -> Result<VerifierKey> {
        Ok(self.bank.verifier_key.parse()?)
    }

    pub(super) async fn client(&self) -> Result<Client> {
        self.client_with(Memory::volatile())
            .await
            .map_err(Into::into)
    }

    pub(super) async fn client_with(&self, memory: Memory) -> Result<Client, ClientError> {
        let connection = Connection::open(&Address::new(self.bank.url())).await?;
        let client = Client::connect(connection, Arc::new(memory), None).await?;
        let Person { id, key } = self.street.members[0].clone();
        Ok(client.acting_as(Identity { member: id, key }))
    }

    /// Goes on until there are so many records; the checkpoint over them.
    pub(super) async fn grow(&self, records: u64) -> Result<SignedNote> {
        let client = self.client().await?;
        let size = |size: TreeSize| size.get();
        let mut now = size(client.checkpoint().await?.context("it is open")?.size());
        ensure!(now < records, "there are {now} records");
        let mut newest = None;
        while now < records {
            let (giver, recipient) = (&self.street.members[0], self.street.members[1].id);
            let minutes = Minutes::parse(1)?;
            let gift = self.street.pen.sign(giver, Give { recipient, minutes }).1;
            let (checkpoint, note) = client
                .submit_batch(&[gift])
                .await?
                .checkpoint
                .context("it")?;
            (now, newest) = (size(checkpoint.size()), Some(note));
        }
        newest.context("at least one was added")
    }

    pub(super) fn end(self) -> Result<()> {
        self.bank.end()?;
        Ok(fs::remove_dir_all(self.plan.data)?)
    }
}

/// A home of one who follows.
pub(super) struct Home(pub(super) PathBuf);

impl Home {
    pub(super) fn new() -> Result<Self> {
        Ok(Self(fresh_folder()?))
    }

    /// Follows what a place publishes; with its server too, if so.
    pub(super) fn follow(
        &self,
        place: &Place,
        observer: Option<&Observer>,
        server: bool,
    ) -> Result<Follower> {
        let server = server.then(|| Connection::lazy(&Address::new(place.bank.url())));
        let following = Following {
            log: place.key()?,
            web: Web::new(None)?,
            prefix: format!("{}/log/", place.bank.url()),
            server: server.transpose()?,
            reader: None,
            witnesses: observer.map(|it| it.place.clone()).into_iter().collect(),
            policy: observer.map(|it| it.policy.clone()),
            evidence: self.0.join("evidence"),
        };
        let memory = Arc::new(Memory::in_home(&self.0));
        Ok(Follower::new(following, memory, Clock::system()))
    }

    pub(super) fn files(&self) -> usize {
        fs::read_dir(self.0.join("evidence")).map_or(0, Iterator::count)
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        // What is left over there is nobody's.
        let _ = fs::remove_dir_all(&self.0);
    }
}
