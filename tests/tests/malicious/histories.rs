//! Lies about the log itself: another history, another ledger, no history at all.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use client::{Client, ClientError, Memory, Unverified};
use ledger::SecretKey;
use ledger::log::{Checkpoint, NoteError, NoteSigner, SignedNote};
use proto::v1;
use timebank_tests::bank::Plan;

use crate::place::{Place, client_at, forgetful, plan, refused};

/// Signs a tree in a way that nobody may believe.
type Signs = Box<dyn Fn(&Checkpoint) -> Result<SignedNote, NoteError> + Send + Sync>;

/// Two ledgers under one log key that begin differently: what a server has that
/// shows different people different histories.
async fn twins() -> Result<(Place, Place)> {
    let one = Place::open().await?;
    let plan = plan()?;
    fs::copy(one.plan.data.join("log.key"), plan.data.join("log.key"))?;
    Ok((one, Place::of(plan).await?))
}

async fn connected(place: &Place, memory: &Arc<Memory>) -> Result<Client, ClientError> {
    client_at(place.liar.url(), memory, None).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_history_is_refused_whether_it_is_shorter_as_long_or_longer() -> Result<()> {
    for (seen, shown) in [(3, 0), (0, 0), (0, 3)] {
        let (one, other) = twins().await?;
        one.records(seen).await?;
        other.records(shown).await?;
        let memory = forgetful();
        connected(&one, &memory).await?;
        refused(connected(&other, &memory).await, "LOG_FORKED")?;
        // Whoever has seen nothing cannot know better.
        connected(&other, &forgetful()).await?;
        one.end()?;
        other.end()?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_two_heads_of_a_fork_are_kept_as_evidence() -> Result<()> {
    let (one, other) = twins().await?;
    let home = timebank_tests::bank::fresh_folder()?;
    let memory = Arc::new(Memory::in_home(&home));
    connected(&one, &memory).await?;
    let error = connected(&other, &memory).await.err().context("a fork")?;
    let ClientError::Unverified(error) = error else {
        anyhow::bail!("{error}");
    };
    let Unverified::Forked { evidence, .. } = *error else {
        anyhow::bail!("{error}");
    };
    let kept = fs::read_to_string(evidence.context("a file")?)?;
    for place in [&one, &other] {
        let note = newest_note(place).await?;
        ensure!(kept.contains(note.as_str()), "{kept}");
    }
    fs::remove_dir_all(home)?;
    one.end()?;
    other.end()
}

async fn newest_note(place: &Place) -> Result<SignedNote> {
    let honest = client_at(&place.bank.url(), &forgetful(), None).await?;
    let mut service = honest.connection().ledger();
    let answer = service.get_checkpoint(v1::GetCheckpointRequest {}).await?;
    Ok(SignedNote::parse(&answer.into_inner().signed_note)?)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_was_rolled_back_is_found_out_even_without_its_guard() -> Result<()> {
    let place = Place::open().await?;
    let plan = place.stopped()?;
    let backup = files_of(&plan, "ledger.db")?;
    let place = Place::again(plan).await?;
    place.records(5).await?;
    let memory = forgetful();
    connected(&place, &memory).await?;
    let plan = place.stopped()?;
    // The operator restores the backup, and wipes what would stop the server.
    let newer = files_of(&plan, "ledger.db")?.into_iter();
    for (file, _) in newer.chain(files_of(&plan, "guard")?) {
        fs::remove_file(file)?;
    }
    for (file, bytes) in backup {
        fs::write(file, bytes)?;
    }
    let place = Place::again(plan).await?;
    refused(connected(&place, &memory).await, "LOG_FORKED")?;
    place.records(7).await?;
    refused(connected(&place, &memory).await, "LOG_FORKED")?;
    place.end()
}

/// The files of a data folder whose names begin so, and what is in them.
fn files_of(plan: &Plan, name: &str) -> Result<Vec<(PathBuf, Vec<u8>)>> {
    let mut files = Vec::new();
    for file in fs::read_dir(&plan.data)? {
        let file = file?;
        if file.file_name().to_string_lossy().starts_with(name) {
            files.push((file.path(), fs::read(file.path())?));
        }
    }
    Ok(files)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_is_suddenly_empty_is_refused() -> Result<()> {
    let place = Place::open().await?;
    let memory = forgetful();
    connected(&place, &memory).await?;
    place
        .liar
        .alters("GetCheckpoint", |answer: &mut v1::Checkpoint| {
            answer.signed_note.clear();
        });
    refused(connected(&place, &memory).await, "LOG_FORKED")?;
    place.end()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proof_of_consistency_that_proves_nothing_is_refused() -> Result<()> {
    let lies: [fn(&mut v1::ConsistencyProof); 3] = [
        |answer| answer.hashes[0][0] ^= 1,
        |answer| drop(answer.hashes.pop()),
        |answer| answer.hashes.clear(),
    ];
    for lie in lies {
        let place = Place::open().await?;
        let memory = forgetful();
        connected(&place, &memory).await?;
        place.records(3).await?;
        place.liar.alters("GetConsistencyProof", lie);
        refused(connected(&place, &memory).await, "LOG_FORKED")?;
        place.end()?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_ledger_or_another_key_at_a_known_address_is_refused() -> Result<()> {
    let place = Place::open().await?;
    let memory = forgetful();
    connected(&place, &memory).await?;
    let key = SecretKey::from_seed(&[3; 32]);
    let foreign = NoteSigner::new("elsewhere.example/ledger".parse()?, key.clone());
    let vkey = foreign.verifier_key().to_string();
    place
        .liar
        .alters("GetLedger", move |answer: &mut v1::Ledger| {
            answer.origin = "elsewhere.example/ledger".to_owned();
            answer.verifier_key.clone_from(&vkey);
        });
    refused(connected(&place, &memory).await, "LEDGER_CHANGED")?;
    let other_key = NoteSigner::new(timebank_tests::bank::ORIGIN.parse()?, key);
    let vkey = other_key.verifier_key().to_string();
    place
        .liar
        .alters("GetLedger", move |answer: &mut v1::Ledger| {
            answer.verifier_key.clone_from(&vkey);
        });
    refused(connected(&place, &memory).await, "LOG_KEY_CHANGED")?;
    place.end()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_checkpoint_of_another_origin_or_by_another_key_is_refused() -> Result<()> {
    let place = Place::open().await?;
    let memory = forgetful();
    connected(&place, &memory).await?;
    let log = place.log_key()?;
    let stranger = NoteSigner::new(
        log.verifier_key().name().clone(),
        SecretKey::from_seed(&[3; 32]),
    );
    let by_stranger = move |tree: &Checkpoint| tree.sign(std::slice::from_ref(&stranger));
    let elsewhere = move |tree: &Checkpoint| {
        let text = tree.to_string();
        let (_, rest) = text.split_once('\n').expect("three lines");
        // The log's own key vouches for a tree of another log.
        SignedNote::sign(
            &format!("elsewhere.example/ledger\n{rest}"),
            std::slice::from_ref(&log),
        )
    };
    let lies: [Signs; 2] = [Box::new(by_stranger), Box::new(elsewhere)];
    for sign in lies {
        place
            .liar
            .alters("GetCheckpoint", move |answer: &mut v1::Checkpoint| {
                let note = SignedNote::parse(&answer.signed_note).expect("a note");
                let tree = note.unverified_text().parse().expect("a checkpoint");
                answer.signed_note = sign(&tree).expect("a signed note").as_bytes().to_vec();
            });
        refused(connected(&place, &memory).await, "CHECKPOINT_UNVERIFIED")?;
    }
    place.end()
}
