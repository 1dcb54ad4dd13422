//! A witness of ours, with whatever clock a test wants.

use std::sync::Arc;

use anyhow::{Context as _, Result};
use client::Clock;
use client::follow::WitnessPlace;
use client::witness::{Folder, Witness, http};
use ledger::log::witness::{conflict_size, cosignatures};
use ledger::log::{AddCheckpoint, Policy, SignedNote, TreeSize, VerifierKey};
use timebank_tests::bank::fresh_folder;
use tokio::net::TcpListener;

use super::place::Place;

/// A witness on the network, with a clock that is ahead.
pub(super) struct Observer {
    witness: Arc<Witness>,
    pub(super) place: WitnessPlace,
    pub(super) policy: Policy,
    key: VerifierKey,
}

impl Observer {
    pub(super) async fn new(log: &VerifierKey, ahead_s: i64) -> Result<Self> {
        let folder = Folder::new(fresh_folder()?);
        folder.create(&"witness.example/w".parse()?, false)?;
        folder.add_logs(std::slice::from_ref(log))?;
        let clock = Clock::from_fn(move || {
            ledger::Millis::new(Clock::system().now().get() + 1000 * ahead_s)
        });
        let witness = Arc::new(Witness::open(&folder, clock)?);
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let serving = http::serve(
            Arc::clone(&witness),
            listener,
            std::future::pending(),
            |_| {},
        );
        tokio::spawn(serving);
        let key = folder.verifier_keys()?.remove(0);
        let policy = format!("log {log}\nwitness w {key} {url}\nquorum w\n");
        Ok(Self {
            witness,
            place: WitnessPlace {
                name: "w".to_owned(),
                url,
            },
            policy: Policy::parse(policy.as_bytes())?,
            key,
        })
    }

    /// Cosigns a checkpoint of a place.
    pub(super) async fn cosign(&self, place: &Place, note: &SignedNote) -> Result<SignedNote> {
        let size: TreeSize = note
            .unverified_text()
            .lines()
            .nth(1)
            .context("a size")?
            .parse()?;
        let mut old = TreeSize::ZERO;
        loop {
            let request = AddCheckpoint {
                old,
                proof: growth(place, old, size).await?,
                checkpoint: note.clone(),
            };
            let answer = self.witness.add_checkpoint(request.to_string().as_bytes());
            match answer.status {
                409 => old = conflict_size(answer.body.as_bytes())?,
                200 => {
                    let keys = [self.key.clone()];
                    let lines = cosignatures(answer.body.as_bytes(), note, &keys)?;
                    return Ok(note.with_lines(&lines[0].line)?);
                }
                _ => anyhow::bail!("{answer:?}"),
            }
        }
    }
}

/// The consistency proof that a server gives.
async fn growth(place: &Place, old: TreeSize, new: TreeSize) -> Result<Vec<ledger::log::Hash>> {
    if old == TreeSize::ZERO || old == new {
        return Ok(Vec::new());
    }
    let client = place.client().await?;
    let request = proto::v1::GetConsistencyProofRequest {
        old_tree_size: i64::try_from(old.get())?,
        new_tree_size: i64::try_from(new.get())?,
    };
    let proof = client
        .connection()
        .ledger()
        .get_consistency_proof(request)
        .await?;
    let hashes = proof.into_inner().hashes;
    let hash = |bytes: Vec<u8>| -> Result<_> {
        let bytes = <[u8; 32]>::try_from(bytes).ok().context("32 bytes")?;
        Ok(ledger::log::Hash::from_bytes(bytes))
    };
    hashes.into_iter().map(hash).collect()
}
