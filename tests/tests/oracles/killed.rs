//! Our witness, killed at any moment, never goes back and never cosigns two histories.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Result, bail, ensure};
use ledger::log::witness::conflict_size;
use ledger::log::{Checkpoint, Hash, Tree, TreeSize, consistency_proof, leaf_hash};
use timebank_tests::specimen::log_signer;
use timebank_tests::witness::OurWitness;

use crate::asked::{post, receive, request, send};
use crate::folder::Folder;
use crate::our_witness::LAB;

/// A log that changes its mind about its last record whenever it can.
struct Log(Vec<Hash>);

impl Log {
    fn with(&self, record: u64) -> Self {
        let mut leaves = self.0.clone();
        leaves.push(leaf_hash(&record.to_be_bytes()));
        Self(leaves)
    }

    fn size(&self) -> u64 {
        self.0.len() as u64
    }

    /// The request to go on from so many records, and the root.
    fn request(&self, old: u64) -> Result<(Vec<u8>, Hash)> {
        let mut tree = Tree::new();
        let tiles: HashMap<_, _> = tree.extend(self.0.clone()).into_iter().collect();
        let proof = consistency_proof(TreeSize::new(old), tree.size(), |id| tiles.get(&id))?;
        let origin = log_signer().verifier_key().name().clone();
        let note = Checkpoint::new(origin, tree.size(), tree.root()).sign(&[log_signer()])?;
        Ok((request(old, proof, &note), tree.root()))
    }
}

/// A witness, what it is known to have cosigned, and the log as it was cosigned.
struct Trial {
    folder: Folder,
    log: Log,
    cosigned: BTreeMap<u64, Hash>,
    record: u64,
}

impl Trial {
    fn new() -> Result<Self> {
        let folder = Folder::new()?;
        OurWitness::create(folder.path(), true, &[log_signer().verifier_key()])?;
        Ok(Self {
            folder,
            log: Log(Vec::new()),
            cosigned: BTreeMap::new(),
            record: 0,
        })
    }

    fn start(&self) -> Result<OurWitness> {
        OurWitness::start(LAB, self.folder.path())
    }

    /// The log with a record that it never had.
    fn next(&mut self) -> Log {
        self.record += 1;
        self.log.with(self.record)
    }

    fn was_cosigned(&mut self, size: u64, root: Hash) -> Result<()> {
        let earlier = self.cosigned.insert(size, root);
        ensure!(
            earlier.is_none(),
            "two trees of {size} records are cosigned"
        );
        Ok(())
    }

    /// Grows by so many records, each answered; then kills the witness that long after another
    /// request was sent. What was asked for, and whether that was answered.
    fn killed(&mut self, records: u64, moment: u64) -> Result<(Log, bool)> {
        let witness = self.start()?;
        for _ in 0..records {
            let next = self.next();
            let (body, root) = next.request(self.log.size())?;
            ensure!(post(&witness.url, &body)?.status == 200, "an honest log");
            self.was_cosigned(next.size(), root)?;
            self.log = next;
        }
        let next = self.next();
        let (body, root) = next.request(self.log.size())?;
        let mut line = send(&witness.url, "POST /add-checkpoint", &body)?;
        for _ in 0..moment {
            std::hint::spin_loop();
        }
        witness.kill_nine()?;
        let is_answered = receive(&mut line).is_ok_and(|answer| answer.status == 200);
        if is_answered {
            self.was_cosigned(next.size(), root)?;
        }
        Ok((next, is_answered))
    }

    /// Starts the witness again and asks how far it has come; whether the last request was stored.
    fn comes_back(&mut self, next: Log, is_answered: bool) -> Result<bool> {
        let witness = self.start()?;
        let newest = self.cosigned.last_key_value().map_or(0, |(size, _)| *size);
        let (body, root) = self.log.with(0).request(0)?;
        let answer = post(&witness.url, &body)?;
        let size = match answer.status {
            409 => conflict_size(&answer.body)?.get(),
            // Nothing had been cosigned, and now this is.
            200 => {
                self.log = self.log.with(0);
                self.was_cosigned(self.log.size(), root)?;
                0
            }
            other => bail!("the witness answers {other}"),
        };
        ensure!(size >= newest, "{newest} were cosigned, now {size}");
        let is_stored = size == next.size();
        ensure!(is_stored || !is_answered, "an answer was not on the disk");
        if is_stored {
            let (body, _) = self.log.with(u64::MAX).request(size)?;
            ensure!(post(&witness.url, &body)?.status == 422, "a fork");
            self.log = next;
        }
        witness.end()?;
        Ok(is_stored)
    }
}

#[test]
fn killed_at_any_moment_it_never_goes_back_and_never_cosigns_two_histories() -> Result<()> {
    let mut trial = Trial::new()?;
    let mut stored = 0;
    for round in 0..24 {
        // From before the request is read to after it is answered.
        let (next, is_answered) = trial.killed(round % 3, round * 40_000)?;
        stored += u64::from(trial.comes_back(next, is_answered)?);
    }
    ensure!(stored > 0, "no request reached the disk before the end");
    Ok(())
}
