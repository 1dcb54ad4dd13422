//! A ledger under load: its tellers, and what they were told together.

use std::sync::Arc;

use anyhow::{Result, ensure};
use timebank_tests::bank::Bank;
use tokio::task::JoinHandle;

use super::memory::Memory;
use super::teller::{Manner, Teller};
use crate::site::Site;
use crate::wire;

/// Who works: three with one entry a call, one with a stream of batches.
const TELLERS: [Manner; 4] = [Manner::Gifts, Manner::Gifts, Manner::Visits, Manner::Stream];

/// Tellers at work.
pub(super) type Working = Vec<JoinHandle<Result<Teller>>>;

/// The ledger of an empty place, and those who write into it.
pub(super) struct Load {
    site: Arc<Site>,
    /// How many records there were before the load.
    opening: u64,
    memory: Memory,
    tellers: Vec<Teller>,
}

impl Load {
    /// Opens the ledger, and kills the server.
    pub(super) async fn open(site: Site) -> Result<Self> {
        let bank = site.open_ledger().await?;
        let opened = site.audit(&bank.url()).await?;
        let memory = Memory::new(bank.verifier_key.parse()?);
        bank.kill_nine()?;
        let site = Arc::new(site);
        let tellers = TELLERS.into_iter().enumerate();
        let tellers =
            tellers.map(|(number, manner)| Teller::new(Arc::clone(&site), number, manner));
        Ok(Self {
            tellers: tellers.collect(),
            opening: opened.tree_size.get(),
            memory,
            site,
        })
    }

    /// Starts the server on what is there.
    pub(super) fn restart(&self) -> Result<Bank> {
        let bank = self.site.plan.start()?;
        ensure!(bank.read_only.is_none(), "{:?}", bank.read_only);
        Ok(bank)
    }

    /// Looks for what was acknowledged since the last time.
    pub(super) async fn check_newest(&mut self, bank: &Bank) -> Result<()> {
        self.memory.check_newest(bank, &self.tellers).await
    }

    /// Lets the tellers loose until the server is gone.
    pub(super) fn release(&mut self, bank: &Bank) -> Working {
        let tellers = self.tellers.drain(..);
        tellers
            .map(|teller| tokio::spawn(teller.work(bank.url())))
            .collect()
    }

    /// Waits for the tellers, and takes over what they were told.
    pub(super) async fn gather(&mut self, working: Working) -> Result<()> {
        for teller in working {
            self.tellers.push(teller.await??);
        }
        self.memory.learn(&self.tellers);
        Ok(())
    }

    /// Audits the ledger: it extends every checkpoint that was seen. The guard
    /// may be one commit behind.
    pub(super) async fn audit(&mut self, bank: &Bank) -> Result<u64> {
        self.memory.check_history(bank).await?;
        let report = wire::audit(&bank.url(), &self.site.street.auditor).await?;
        let guarded = self.site.guarded()?.size;
        ensure!(guarded <= report.tree_size, "the guard is ahead");
        Ok(report.tree_size.get())
    }

    /// Submits what is still waiting, looks for everything, audits it, and says
    /// how much it was.
    pub(super) async fn finish(mut self) -> Result<String> {
        let bank = self.restart()?;
        for teller in &mut self.tellers {
            teller.finish(&bank.url()).await?;
        }
        self.memory.learn(&self.tellers);
        self.memory.check_all(&bank, &self.tellers).await?;
        let acknowledged = self
            .tellers
            .iter()
            .map(|teller| teller.acknowledged.len() as u64);
        let (opening, acknowledged) = (self.opening, acknowledged.sum::<u64>());
        ensure!(acknowledged > 100, "there was no load");
        let records = self.audit(&bank).await?;
        ensure!(
            records == opening + acknowledged,
            "{opening} and {acknowledged} entries made {records} records"
        );
        bank.end()?;
        let seen = self.memory.seen;
        Ok(format!("{acknowledged} entries, {seen} checkpoints seen"))
    }
}
