//! An entry that is sent again: one record, and the same answer to the byte.

mod silence;

use anyhow::{Context, Result, ensure};
use ledger::act::{Donate, Give};
use ledger::log::Receipt;
use ledger::{EntryId, SignedEntry};
use prost::Message;
use proto::name::ENTRIES;
use proto::v1::ledger_service_client::LedgerServiceClient;
use proto::v1::{GetReceiptRequest, SubmitEntryResponse};
use timebank_tests::bank::ORIGIN;
use timebank_tests::pen::{self, Person};
use tokio::task::JoinSet;
use tonic::Code;

use crate::wire::{Said, bearer, with_authorization};
use crate::world::{World, minutes, reasons};

on_both!(
    an_entry_sent_twice_is_recorded_once_with_the_same_answer,
    an_entry_sent_sixteen_times_at_once_is_recorded_once,
    an_entry_whose_answer_was_lost_is_answered_when_it_is_sent_again,
    an_entry_is_answered_the_same_after_a_restart,
    unary_and_stream_give_one_record,
    a_batch_sent_again_gives_the_same_positions,
    an_entry_twice_in_one_batch_is_recorded_once,
    the_same_id_with_other_bytes_is_refused_with_the_field_that_differs,
    the_same_id_of_another_member_is_refused_too,
    an_entry_that_was_refused_is_judged_anew,
);

fn gift(world: &World, count: i64) -> Result<Give> {
    Ok(Give {
        recipient: world.member(1).id,
        minutes: minutes(count)?,
    })
}

fn signed_gift(world: &World) -> Result<(EntryId, SignedEntry)> {
    Ok(world.street.pen.sign(world.member(0), gift(world, 60)?))
}

/// Sends an entry that is to be recorded, and keeps the bytes of the answer.
async fn answer(world: &World, signed: &SignedEntry) -> Result<Vec<u8>> {
    Ok(world.submit(signed).await??.encode_to_vec())
}

/// The receipt of the first member's entry, to the byte.
async fn receipt(world: &World, entry: EntryId) -> Result<Vec<u8>> {
    let name = ENTRIES.name(&entry);
    let token = bearer(world.member(0), ORIGIN);
    let mut service = LedgerServiceClient::new(world.channel().await?);
    let request = with_authorization(GetReceiptRequest { name }, &token)?;
    Ok(service.get_receipt(request).await?.into_inner().tlog_proof)
}

/// Checks that the entry is there once: its 60 minutes have moved once.
async fn check_once(world: &World, tree_size_before: u64) -> Result<()> {
    assert_eq!(world.tree_size().await?, tree_size_before + 1);
    assert_eq!(world.purse(world.member(0)).await?, (540, 0));
    assert_eq!(world.purse(world.member(1)).await?, (660, 0));
    Ok(())
}

async fn an_entry_sent_twice_is_recorded_once_with_the_same_answer(
    world: &mut World,
) -> Result<()> {
    let before = world.tree_size().await?;
    let (id, signed) = signed_gift(world)?;
    let first = answer(world, &signed).await?;
    let first_receipt = receipt(world, id).await?;
    assert_eq!(answer(world, &signed).await?, first);
    // Also when the log has grown since.
    world.does(world.member(2), gift(world, 1)?).await?;
    let donation = Donate {
        unit: world.street.stations[0],
        minutes: minutes(1)?,
    };
    world.does(world.member(1), donation).await?;
    assert_eq!(answer(world, &signed).await?, first);
    assert_eq!(receipt(world, id).await?, first_receipt);
    check_same(&first, &first_receipt)?;
    assert_eq!(world.tree_size().await?, before + 3);
    Ok(())
}

/// Checks that an answer says what the receipt says.
fn check_same(answer: &[u8], receipt: &[u8]) -> Result<()> {
    let answer = SubmitEntryResponse::decode(answer)?;
    let receipt = Receipt::parse(receipt)?;
    ensure!(answer.checkpoint == receipt.checkpoint.as_bytes());
    ensure!(answer.position == i64::try_from(receipt.position.get())?);
    let path: Vec<_> = receipt
        .path
        .iter()
        .map(|it| it.as_bytes().to_vec())
        .collect();
    ensure!(answer.inclusion_path == path);
    Ok(())
}

async fn an_entry_sent_sixteen_times_at_once_is_recorded_once(world: &mut World) -> Result<()> {
    let before = world.tree_size().await?;
    let (id, signed) = signed_gift(world)?;
    let mut sending = JoinSet::new();
    for _ in 0..16 {
        let mut service = LedgerServiceClient::new(world.channel().await?);
        let signed_entry = Some(proto::signed_entry_to(&signed));
        let request = proto::v1::SubmitEntryRequest { signed_entry };
        sending.spawn(async move { service.submit_entry(request).await });
    }
    let mut answers = Vec::new();
    while let Some(answer) = sending.join_next().await {
        answers.push(answer??.into_inner().encode_to_vec());
    }
    assert_eq!(answers.len(), 16);
    answers.dedup();
    assert_eq!(answers.len(), 1, "all answers are the same");
    check_same(&answers[0], &receipt(world, id).await?)?;
    check_once(world, before).await
}

async fn an_entry_whose_answer_was_lost_is_answered_when_it_is_sent_again(
    world: &mut World,
) -> Result<()> {
    let before = world.tree_size().await?;
    let (id, signed) = signed_gift(world)?;
    let recorded = silence::submit_and_hear_nothing(world, &signed).await?;
    let again = answer(world, &signed).await?;
    let position = SubmitEntryResponse::decode(again.as_slice())?.position;
    assert_eq!(position, recorded.position);
    check_same(&again, &receipt(world, id).await?)?;
    check_once(world, before).await
}

async fn an_entry_is_answered_the_same_after_a_restart(world: &mut World) -> Result<()> {
    let before = world.tree_size().await?;
    let (id, signed) = signed_gift(world)?;
    let first = answer(world, &signed).await?;
    let first_receipt = receipt(world, id).await?;
    world.restart().await?;
    assert_eq!(answer(world, &signed).await?, first);
    assert_eq!(receipt(world, id).await?, first_receipt);
    check_once(world, before).await
}

async fn unary_and_stream_give_one_record(world: &mut World) -> Result<()> {
    let before = world.tree_size().await?;
    let (_, signed) = signed_gift(world)?;
    let unary = world.records(&signed).await?;
    let batch = std::slice::from_ref(&signed);
    let streamed = world.client().submit_batch(batch).await?;
    assert_eq!(streamed.outcomes[0].position(), Some(unary.position));
    check_once(world, before).await?;
    // And the other way round.
    let (_, signed) = world.street.pen.sign(world.member(2), gift(world, 1)?);
    let batch = std::slice::from_ref(&signed);
    let streamed = world.client().submit_batch(batch).await?;
    let unary = world.records(&signed).await?;
    assert_eq!(streamed.outcomes[0].position(), Some(unary.position));
    assert_eq!(world.tree_size().await?, before + 2);
    Ok(())
}

async fn a_batch_sent_again_gives_the_same_positions(world: &mut World) -> Result<()> {
    let pen = &world.street.pen;
    let mut batch = Vec::new();
    for count in 1..=5 {
        batch.push(pen.sign(world.member(0), gift(world, count)?).1);
    }
    let first = world.client().submit_batch(&batch).await?;
    let size = world.tree_size().await?;
    let again = world.client().submit_batch(&batch).await?;
    assert_eq!(first.outcomes, again.outcomes);
    world.restart().await?;
    let again = world.client().submit_batch(&batch).await?;
    assert_eq!(first.outcomes, again.outcomes);
    assert_eq!(world.tree_size().await?, size);
    Ok(())
}

async fn an_entry_twice_in_one_batch_is_recorded_once(world: &mut World) -> Result<()> {
    let before = world.tree_size().await?;
    let (id, signed) = signed_gift(world)?;
    let mut other = world.street.pen.entry(world.member(0), gift(world, 61)?);
    other.id = id;
    let other = pen::sign(&other, &world.member(0).key);
    let answer = world
        .client()
        .submit_batch(&[signed.clone(), other, signed])
        .await?;
    assert_eq!(reasons(&answer.outcomes), ["", "ENTRY_ID_REUSED", ""]);
    assert_eq!(answer.outcomes[0], answer.outcomes[2]);
    check_once(world, before).await
}

async fn the_same_id_with_other_bytes_is_refused_with_the_field_that_differs(
    world: &mut World,
) -> Result<()> {
    let before = world.tree_size().await?;
    let (pen, giver) = (&world.street.pen, world.member(0));
    let entry = pen.entry(giver, gift(world, 60)?);
    world.records(&pen::sign(&entry, &giver.key)).await?;
    let mut amount = entry.clone();
    amount.act = gift(world, 61)?.into();
    let mut receiver = entry.clone();
    receiver.act = Give {
        recipient: world.member(2).id,
        minutes: minutes(60)?,
    }
    .into();
    let mut act = entry.clone();
    act.act = world.request(60)?.into();
    let mut seen = entry.clone();
    let checkpoint = world.client().checkpoint().await?.context("a checkpoint")?;
    seen.seen = Some(ledger::entry::Seen {
        size: checkpoint.size(),
        root: checkpoint.root(),
    });
    for (changed, field) in [
        (amount, "give.minutes"),
        (receiver, "give.recipient"),
        (act, "act"),
        (seen, "seen"),
    ] {
        let signed = pen::sign(&changed, &giver.key);
        let said = world.refuses_signed(&signed, "ENTRY_ID_REUSED").await?;
        assert_eq!(said.code, Code::AlreadyExists);
        assert_eq!(said.datum("field"), field);
        let batch = world
            .client()
            .submit_batch(std::slice::from_ref(&signed))
            .await?;
        assert_eq!(reasons(&batch.outcomes), ["ENTRY_ID_REUSED"]);
    }
    check_once(world, before).await
}

async fn the_same_id_of_another_member_is_refused_too(world: &mut World) -> Result<()> {
    let before = world.tree_size().await?;
    let (id, signed) = signed_gift(world)?;
    world.records(&signed).await?;
    let other: &Person = world.member(2);
    let mut entry = world.street.pen.entry(other, gift(world, 60)?);
    entry.id = id;
    let signed = pen::sign(&entry, &other.key);
    let said: Said = world.refuses_signed(&signed, "ENTRY_ID_REUSED").await?;
    assert_eq!(said.datum("field"), "author");
    check_once(world, before).await
}

async fn an_entry_that_was_refused_is_judged_anew(world: &mut World) -> Result<()> {
    let (_, early) = world.street.pen.sign(world.member(0), gift(world, 650)?);
    for _ in 0..2 {
        world.refuses_signed(&early, "INSUFFICIENT_BALANCE").await?;
    }
    for signed in world.street.grant(0, minutes(50)?) {
        world.records(&signed).await?;
    }
    world.records(&early).await?;
    assert_eq!(world.purse(world.member(0)).await?, (0, 0));
    Ok(())
}
