//! A ledger with some history, its honest server, and a liar before it.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use client::{Address, Client, ClientError, Connection, Identity, Memory};
use ledger::act::Give;
use ledger::log::NoteSigner;
use ledger::{Minutes, SignedEntry};
use timebank_tests::bank::{Bank, ORIGIN, Plan};
use timebank_tests::pen::{Pen, Person};
use timebank_tests::street::Street;

use crate::liar::Liar;

/// What a lie is tried out on.
pub(crate) struct Place {
    pub(crate) street: Street,
    pub(crate) plan: Plan,
    pub(crate) bank: Bank,
    pub(crate) liar: Liar,
}

impl Place {
    /// An open ledger whose members have hours.
    pub(crate) async fn open() -> Result<Self> {
        Self::of(plan()?).await
    }

    /// The same in a data folder that has the key of the log already.
    pub(crate) async fn of(plan: Plan) -> Result<Self> {
        let place = Self::again(plan).await?;
        let honest = client_at(&place.bank.url(), &forgetful(), None).await?;
        let answer = honest.submit_batch(&place.street.opening(600)).await?;
        let recorded = |outcome: &client::batch::Outcome| outcome.position().is_some();
        ensure!(answer.outcomes.iter().all(recorded), "{answer:?}");
        Ok(place)
    }

    /// The servers of a ledger that is there already.
    pub(crate) async fn again(plan: Plan) -> Result<Self> {
        let (street, bank) = (Street::new(Pen::new(ORIGIN), 4), plan.start()?);
        let liar = Liar::before(&bank).await?;
        Ok(Self {
            street,
            plan,
            bank,
            liar,
        })
    }

    /// A client of the liar for the first member, with a memory.
    pub(crate) async fn victim(&self, memory: &Arc<Memory>) -> Result<Client, ClientError> {
        client_at(self.liar.url(), memory, Some(&self.street.members[0])).await
    }

    /// A client of the liar for the auditor, with nothing remembered.
    pub(crate) async fn auditor(&self) -> Result<Client> {
        let auditor = Some(&self.street.auditor);
        Ok(client_at(self.liar.url(), &forgetful(), auditor).await?)
    }

    /// A gift from the first member to the second, signed but not submitted.
    pub(crate) fn gift(&self) -> SignedEntry {
        let gift = Give {
            recipient: self.street.members[1].id,
            minutes: Minutes::parse(15).expect("positive"),
        };
        self.street.pen.sign(&self.street.members[0], gift).1
    }

    /// Records so many gifts, honestly and each in a commit of its own.
    pub(crate) async fn records(&self, gifts: usize) -> Result<()> {
        let honest = client_at(&self.bank.url(), &forgetful(), None).await?;
        for _ in 0..gifts {
            honest.submit_signed(&self.gift()).await?;
        }
        Ok(())
    }

    /// The key of the log: whoever runs the server has it.
    pub(crate) fn log_key(&self) -> Result<NoteSigner> {
        let text = fs::read_to_string(self.plan.data.join("log.key"))?;
        Ok(NoteSigner::from_skey(text.trim())?)
    }

    /// Ends the servers; what they leave in their data folder stays.
    pub(crate) fn stopped(self) -> Result<Plan> {
        let Self {
            plan, bank, liar, ..
        } = self;
        drop(liar);
        bank.end()?;
        Ok(plan)
    }

    /// Ends it all.
    pub(crate) fn end(self) -> Result<()> {
        let plan = self.stopped()?;
        Ok(fs::remove_dir_all(&plan.data)?)
    }
}

/// How to start a server on SQLite in a new folder.
pub(crate) fn plan() -> Result<Plan> {
    Plan::sqlite(Path::new(env!("CARGO_BIN_EXE_timebank-lab")))
}

/// A memory that is empty, and ends with the process.
pub(crate) fn forgetful() -> Arc<Memory> {
    Arc::new(Memory::volatile())
}

/// A client of a server.
pub(crate) async fn client_at(
    url: &str,
    memory: &Arc<Memory>,
    person: Option<&Person>,
) -> Result<Client, ClientError> {
    let connection = Connection::open(&Address::new(url)).await?;
    let client = Client::connect(connection, Arc::clone(memory), None).await?;
    Ok(match person {
        Some(person) => client.acting_as(Identity {
            member: person.id,
            key: person.key.clone(),
        }),
        None => client,
    })
}

/// Checks that something was refused for a reason, as failed verification.
pub(crate) fn refused<T>(answer: Result<T, ClientError>, reason: &str) -> Result<()> {
    let error = answer
        .err()
        .with_context(|| format!("believed instead of {reason}"))?;
    let said = (error.reason(), error.exit_code());
    ensure!(said == (reason, 3), "{said:?} instead of {reason}: {error}");
    Ok(())
}
