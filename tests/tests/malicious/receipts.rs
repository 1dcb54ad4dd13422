//! Lies about one entry: its place, its bytes, its time, its checkpoint.

use anyhow::{Context, Result, ensure};
use client::verify::{VerifyError, verify_under};
use ledger::log::{
    Checkpoint, Cosigner, NoteError, Policy, PolicyRefusal, Position, Receipt, SignedNote,
};
use ledger::{EntryId, SecretKey, SignedEntry};
use proto::v1;

use crate::place::{Place, forgetful, refused};

/// Alters a receipt.
type Alters = Box<dyn Fn(&mut Receipt) + Send + Sync>;

fn id_of(signed: &SignedEntry) -> Result<EntryId> {
    let entry = proto::decode(&signed.bytes);
    Ok(entry.map_err(|refused| anyhow::anyhow!("{refused:?}"))?.id)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_with_a_wrong_index_or_time_is_refused() -> Result<()> {
    let place = Place::open().await?;
    let lies: [fn(&mut v1::SubmitEntryResponse); 3] = [
        |answer| answer.position -= 1,
        |answer| answer.position += 1,
        |answer| answer.recorded_ms += 1,
    ];
    for lie in lies {
        let victim = place.victim(&forgetful()).await?;
        place.liar.alters("SubmitEntry", lie);
        let answer = victim.submit_signed(&place.gift()).await;
        refused(answer, "RECEIPT_UNVERIFIED")?;
        place.liar.is_honest();
    }
    place.end()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_under_a_stale_head_is_refused() -> Result<()> {
    let place = Place::open().await?;
    let victim = place.victim(&forgetful()).await?;
    let stale = newest_note(&victim).await?;
    let note = stale.clone();
    let lie = move |answer: &mut v1::SubmitEntryResponse| answer.checkpoint.clone_from(&note);
    place.liar.alters("SubmitEntry", lie);
    let answer = victim.submit_signed(&place.gift()).await;
    refused(answer, "RECEIPT_UNVERIFIED")?;
    let lie = move |answer: &mut v1::SubmitEntriesResponse| answer.checkpoint.clone_from(&stale);
    place.liar.alters("SubmitEntries", lie);
    let answer = victim.submit_batch(&[place.gift()]).await;
    refused(answer, "CHECKPOINT_TOO_SMALL")?;
    place.end()
}

async fn newest_note(client: &client::Client) -> Result<Vec<u8>> {
    let mut service = client.connection().ledger();
    let answer = service.get_checkpoint(v1::GetCheckpointRequest {}).await?;
    Ok(answer.into_inner().signed_note)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_place_in_a_batch_that_is_another_entrys_cannot_be_proven() -> Result<()> {
    let place = Place::open().await?;
    let victim = place.victim(&forgetful()).await?;
    place
        .liar
        .alters("SubmitEntries", |answer: &mut v1::SubmitEntriesResponse| {
            answer.results.swap(0, 1);
        });
    let batch = [place.gift(), place.gift()];
    let answer = victim.submit_batch(&batch).await?;
    let checkpoint = answer.checkpoint.context("both are recorded")?;
    for (signed, outcome) in batch.iter().zip(answer.outcomes) {
        let client::batch::Outcome::Recorded { position, recorded } = outcome else {
            anyhow::bail!("{outcome:?}");
        };
        let proven = victim.prove(signed, position, recorded, &checkpoint).await;
        refused(proven, "RECEIPT_UNVERIFIED")?;
    }
    place.end()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_receipt_of_another_entry_is_refused() -> Result<()> {
    let place = Place::open().await?;
    let victim = place.victim(&forgetful()).await?;
    let (asked, other) = (place.gift(), place.gift());
    for signed in [&asked, &other] {
        victim.submit_signed(signed).await?;
    }
    let genuine = victim.receipt(id_of(&other)?).await?.to_string();
    place
        .liar
        .alters("GetReceipt", move |answer: &mut v1::Receipt| {
            answer.tlog_proof = genuine.clone().into_bytes();
        });
    let answer = victim.receipt(id_of(&asked)?).await;
    refused(answer, "RECEIPT_OF_ANOTHER_ENTRY")?;
    place.end()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receipt_with_a_swapped_leaf_or_a_wrong_index_is_refused() -> Result<()> {
    let place = Place::open().await?;
    let victim = place.victim(&forgetful()).await?;
    let (asked, other) = (place.gift(), place.gift());
    victim.submit_signed(&asked).await?;
    victim.submit_signed(&other).await?;
    let leaf = victim.receipt(id_of(&other)?).await?.extra;
    let swapped = move |receipt: &mut Receipt| receipt.extra.clone_from(&leaf);
    let moved = |receipt: &mut Receipt| {
        receipt.position = Position::new(receipt.position.get() - 1);
    };
    let lies: [Alters; 2] = [Box::new(swapped), Box::new(moved)];
    for lie in lies {
        place
            .liar
            .alters("GetReceipt", move |answer: &mut v1::Receipt| {
                let mut receipt = Receipt::parse(&answer.tlog_proof).expect("an honest receipt");
                lie(&mut receipt);
                answer.tlog_proof = receipt.to_string().into_bytes();
            });
        let answer = victim.receipt(id_of(&asked)?).await;
        refused(answer, "RECEIPT_UNVERIFIED")?;
    }
    place.end()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_cosignature_of_another_checkpoint_is_refused() -> Result<()> {
    let place = Place::open().await?;
    let victim = place.victim(&forgetful()).await?;
    let older = SignedNote::parse(&newest_note(&victim).await?)?;
    let receipt = victim.submit_signed(&place.gift()).await?.receipt;
    let witness = Cosigner::new("witness.example/w".parse()?, SecretKey::from_seed(&[9; 32]));
    let policy = format!(
        "log {}\nwitness w {}\nquorum w\n",
        victim.log().key(),
        witness.verifier_key()
    );
    let policy = Policy::parse(policy.as_bytes())?;
    let under = |checkpoint: &SignedNote| -> Result<_> {
        let tree: Checkpoint = checkpoint.unverified_text().parse()?;
        let line = witness.sign(&tree, 1_772_438_460);
        let cosigned = Receipt {
            checkpoint: receipt.checkpoint.with_lines(&line)?,
            ..receipt.clone()
        };
        Ok(verify_under(cosigned.to_string().as_bytes(), &policy, &[]))
    };
    let proven = under(&receipt.checkpoint)??;
    ensure!(proven.witnesses.len() == 1, "the control: {proven:?}");
    let key = witness.verifier_key().name().clone();
    let expected = PolicyRefusal::Note(NoteError::BadSignature(key));
    assert_eq!(under(&older)?, Err(VerifyError::Policy(expected)));
    place.end()
}
