//! What the tellers have been told together: it must stay true.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};
use ledger::SignedEntry;
use ledger::log::{Checkpoint, TreeSize, VerifierKey};
use timebank_tests::bank::Bank;

use super::teller::{Acknowledged, Teller};
use crate::wire;

/// How many answers of each teller are asked for again after each kill, whole.
const NEWEST: usize = 2;

/// The checkpoints that were seen, and how far each teller's answers have been
/// looked at.
pub(super) struct Memory {
    key: VerifierKey,
    /// Signed notes by tree size that have not been compared yet.
    notes: BTreeMap<i64, Vec<u8>>,
    /// The newest checkpoint that all before it were compared with.
    anchor: Option<Checkpoint>,
    /// How many different checkpoints were seen.
    pub(super) seen: usize,
    looked_at: Vec<usize>,
    checked: Vec<usize>,
    forked: Option<i64>,
}

impl Memory {
    pub(super) fn new(key: VerifierKey) -> Self {
        Self {
            key,
            notes: BTreeMap::new(),
            anchor: None,
            seen: 0,
            looked_at: Vec::new(),
            checked: Vec::new(),
            forked: None,
        }
    }

    /// Takes over what the tellers were told since the last time.
    pub(super) fn learn(&mut self, tellers: &[Teller]) {
        self.looked_at.resize(tellers.len(), 0);
        for (looked_at, teller) in self.looked_at.iter_mut().zip(tellers) {
            for told in &teller.acknowledged[*looked_at..] {
                // The log signs each tree once, and always alike.
                let size = size_of(&told.checkpoint);
                match self.notes.get(&size) {
                    Some(note) if *note != told.checkpoint => self.forked = Some(size),
                    Some(_) => {}
                    None => {
                        self.seen += 1;
                        self.notes.insert(size, told.checkpoint.clone());
                    }
                }
            }
            *looked_at = teller.acknowledged.len();
        }
    }

    /// Everything that was acknowledged since the last look has its place, and
    /// the newest answers are given again word for word.
    pub(super) async fn check_newest(&mut self, bank: &Bank, tellers: &[Teller]) -> Result<()> {
        self.checked.resize(tellers.len(), 0);
        let mut service = wire::service(&bank.url()).await?;
        for (checked, teller) in self.checked.iter_mut().zip(tellers) {
            let new = &teller.acknowledged[*checked..];
            check_places(bank, new).await?;
            for told in new.iter().rev().take(NEWEST) {
                let Some(answer) = &told.answer else { continue };
                let again = wire::submit_one(&mut service, &told.signed).await?;
                ensure!(again == *answer, "{answer:?} has become {again:?}");
            }
            *checked = teller.acknowledged.len();
        }
        Ok(())
    }

    /// Everything that was ever acknowledged has its place.
    pub(super) async fn check_all(&self, bank: &Bank, tellers: &[Teller]) -> Result<()> {
        for teller in tellers {
            check_places(bank, &teller.acknowledged).await?;
        }
        Ok(())
    }

    /// The log extends every checkpoint that was seen.
    pub(super) async fn check_history(&mut self, bank: &Bank) -> Result<()> {
        if let Some(size) = self.forked {
            bail!("the log has signed two trees of {size} records");
        }
        let mut service = wire::service(&bank.url()).await?;
        let newest = wire::newest(&mut service, &self.key).await?;
        let anchor = self.anchor.replace(newest.clone());
        let notes = std::mem::take(&mut self.notes);
        let seen = notes.values().map(|note| wire::verified(note, &self.key));
        for old in anchor.into_iter().map(Ok).chain(seen) {
            wire::check_extends(&mut service, &old?, &newest).await?;
        }
        Ok(())
    }
}

/// The tree size of a checkpoint, unverified: its second line.
fn size_of(note: &[u8]) -> i64 {
    let text = String::from_utf8_lossy(note);
    let size = text.lines().nth(1).and_then(|size| size.parse().ok());
    size.unwrap_or(-1)
}

async fn check_places(bank: &Bank, told: &[Acknowledged]) -> Result<()> {
    if told.is_empty() {
        return Ok(());
    }
    let entries: Vec<SignedEntry> = told.iter().map(|told| told.signed.clone()).collect();
    let places = wire::submit(&bank.url(), &entries).await;
    let places = places.context("an acknowledged entry is not there")?;
    for (told, place) in told.iter().zip(places) {
        ensure!(told.place == place, "{:?} has become {place:?}", told.place);
        let size = TreeSize::new(u64::try_from(size_of(&told.checkpoint))?);
        let position = ledger::log::Position::new(u64::try_from(place.position)?);
        ensure!(size.contains(position), "no checkpoint covers {position}");
    }
    Ok(())
}
