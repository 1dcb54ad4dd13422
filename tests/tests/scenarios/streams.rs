//! Streams: records as they come, and entries as fast as they can be signed.

use anyhow::{Context, Result};
use client::batch::Outcome;
use curve25519_dalek::constants::EIGHT_TORSION;
use curve25519_dalek::{EdwardsPoint, Scalar};
use ed25519_dalek::SigningKey;
use ledger::act::Give;
use ledger::entry::{ENTRY_TYPE, pre_authentication_encoding};
use ledger::{Signature, SignedEntry};
use proto::v1;
use proto::v1::ledger_service_client::LedgerServiceClient;
use sha2::{Digest, Sha512};
use timebank_tests::bank::ORIGIN;
use timebank_tests::pen::Person;
use tokio_stream::iter;
use tonic::Streaming;

use crate::wire::{bearer, with_authorization};
use crate::world::{World, minutes, reasons};

on_both!(
    whoever_follows_the_records_gets_each_new_one_in_order,
    a_stream_without_following_ends_at_the_newest_record,
    a_stream_with_one_entry_a_message_answers_each_in_order,
    good_entries_of_a_batch_are_recorded_beside_bad_ones,
    of_a_large_batch_only_what_a_strict_check_refuses_is_refused,
    a_batch_may_build_on_itself,
    batches_are_answered_in_order_however_many_are_under_way,
    postings_are_streamed_between_two_positions,
    a_token_of_before_reads_nothing_once_the_role_has_ended,
);

fn gift(world: &World, giver: &Person, count: i64) -> Result<SignedEntry> {
    let gift = Give {
        recipient: world.member(3).id,
        minutes: minutes(count)?,
    };
    Ok(world.street.pen.sign(giver, gift).1)
}

async fn records(
    world: &World,
    start_position: u64,
    follow: bool,
) -> Result<Streaming<v1::StoredRecord>> {
    let mut service = LedgerServiceClient::new(world.channel().await?);
    let request = v1::StreamRecordsRequest {
        start_position: i64::try_from(start_position)?,
        follow,
    };
    let request = with_authorization(request, &bearer(&world.street.auditor, ORIGIN))?;
    Ok(service.stream_records(request).await?.into_inner())
}

async fn whoever_follows_the_records_gets_each_new_one_in_order(world: &mut World) -> Result<()> {
    let size = world.tree_size().await?;
    let mut early = records(world, 0, true).await?;
    let mut late = records(world, size + 2, true).await?;
    for _ in 0..size {
        early.message().await?.context("a record of the opening")?;
    }
    for count in 1..=5 {
        let recorded = world.records(&gift(world, world.member(0), count)?).await?;
        let extra = recorded.receipt.extra.context("an extra")?;
        let leaf = proto::decode_extra(&extra)?.leaf;
        let shown = early.message().await?.context("the stream goes on")?;
        assert_eq!(shown.leaf, leaf);
        assert_eq!(shown.position, i64::try_from(recorded.position.get())?);
        if count > 2 {
            assert_eq!(late.message().await?, Some(shown));
        }
    }
    Ok(())
}

async fn a_stream_without_following_ends_at_the_newest_record(world: &mut World) -> Result<()> {
    let size = world.tree_size().await?;
    for (start, expected) in [(0, size), (3, size - 3), (size, 0), (size + 10, 0)] {
        let mut stream = records(world, start, false).await?;
        let mut count = 0;
        while stream.message().await?.is_some() {
            count += 1;
        }
        assert_eq!(count, expected, "from {start}");
    }
    Ok(())
}

async fn a_stream_with_one_entry_a_message_answers_each_in_order(world: &mut World) -> Result<()> {
    let size = world.tree_size().await?;
    let mut messages = Vec::new();
    for number in 0..200 {
        let giver = world.member(number % 3);
        let signed = gift(world, giver, 1)?;
        messages.push(v1::SubmitEntriesRequest {
            signed_entries: vec![proto::signed_entry_to(&signed)],
        });
    }
    let mut service = LedgerServiceClient::new(world.channel().await?);
    let answers = service.submit_entries(iter(messages)).await?;
    let mut answers = answers.into_inner();
    let mut next = i64::try_from(size)?;
    while let Some(answer) = answers.message().await? {
        assert!(!answer.checkpoint.is_empty());
        let [result] = answer.results.as_slice() else {
            anyhow::bail!("one result for one entry: {:?}", answer.results);
        };
        match &result.outcome {
            Some(v1::entry_result::Outcome::Recorded(recorded)) => {
                assert_eq!(recorded.position, next);
            }
            other => anyhow::bail!("not recorded: {other:?}"),
        }
        next += 1;
    }
    assert_eq!(next, i64::try_from(size)? + 200);
    assert_eq!(world.purse(world.member(3)).await?, (800, 0));
    Ok(())
}

async fn good_entries_of_a_batch_are_recorded_beside_bad_ones(world: &mut World) -> Result<()> {
    let size = world.tree_size().await?;
    let (giver, broke) = (world.member(0), world.member(1));
    let mut forged = gift(world, giver, 5)?;
    forged.bytes.push(0);
    let mut unsigned = gift(world, giver, 6)?;
    unsigned.key_id = broke.key.public().id();
    let batch = [
        gift(world, giver, 1)?,
        gift(world, broke, 601)?,
        gift(world, giver, 2)?,
        forged,
        unsigned,
        gift(world, giver, 3)?,
    ];
    let answer = world.client().submit_batch(&batch).await?;
    let expected = [
        "",
        "INSUFFICIENT_BALANCE",
        "",
        "ENTRY_MALFORMED",
        "SIGNATURE_INVALID",
        "",
    ];
    assert_eq!(reasons(&answer.outcomes), expected);
    for outcome in &answer.outcomes {
        if let Outcome::Refused(refusal) = outcome {
            assert!(refusal.messages.contains_key("en"), "{refusal:?}");
            assert!(refusal.messages.contains_key("zh-CN"), "{refusal:?}");
        }
    }
    assert_eq!(world.tree_size().await?, size + 3);
    assert_eq!(world.purse(giver).await?, (594, 0));
    assert_eq!(world.purse(broke).await?, (600, 0));
    // A batch of nothing but bad ones has no checkpoint.
    let answer = world.client().submit_batch(&batch[3..5]).await?;
    assert_eq!(answer.checkpoint, None);
    Ok(())
}

/// A signature by the owner of a key whose `R` has a component of order two: with the
/// cofactor it would pass, and by the strict equation it does not.
fn with_small_order(person: &Person, gift: &SignedEntry) -> SignedEntry {
    let key = SigningKey::from_bytes(person.key.seed());
    let message = pre_authentication_encoding(ENTRY_TYPE, &gift.bytes);
    let nonce = Scalar::from(1_234_567_u64);
    let commitment = (EdwardsPoint::mul_base(&nonce) + EIGHT_TORSION[4]).compress();
    let hash = Sha512::new()
        .chain_update(commitment.as_bytes())
        .chain_update(key.verifying_key().as_bytes())
        .chain_update(message);
    let challenge = Scalar::from_bytes_mod_order_wide(&hash.finalize().into());
    let response = nonce + challenge * key.to_scalar();
    SignedEntry {
        signature: Signature::from((commitment.to_bytes(), response.to_bytes())),
        ..gift.clone()
    }
}

async fn of_a_large_batch_only_what_a_strict_check_refuses_is_refused(
    world: &mut World,
) -> Result<()> {
    let giver = world.member(0);
    let mut batch = Vec::new();
    for _ in 0..500 {
        batch.push(gift(world, giver, 1)?);
    }
    let good = world.client().submit_batch(&batch[..250]).await?.outcomes;
    assert_eq!(reasons(&good), [""; 250]);
    let mut flipped = *batch[260].signature.as_bytes();
    flipped[40] ^= 1;
    batch[260].signature = Signature::from_bytes(flipped);
    batch[300] = with_small_order(giver, &batch[300]);
    let outcomes = world.client().submit_batch(&batch[250..]).await?.outcomes;
    for (number, reason) in (250..).zip(reasons(&outcomes)) {
        let expected = match number {
            260 | 300 => "SIGNATURE_INVALID",
            _ => "",
        };
        assert_eq!(reason, expected, "{number}");
    }
    assert_eq!(world.purse(giver).await?, (600 - 498, 0));
    Ok(())
}

async fn a_batch_may_build_on_itself(world: &mut World) -> Result<()> {
    use ledger::act::{AcceptCare, ConfirmService};
    let pen = &world.street.pen;
    let (recipient, volunteer) = (world.member(0), world.member(1));
    let (service, request) = pen.sign(recipient, world.request(60)?);
    let minutes = minutes(60)?;
    let batch = [
        request,
        pen.sign(volunteer, AcceptCare { service }).1,
        pen.sign(volunteer, world.log(service, 60)?).1,
        pen.sign(recipient, ConfirmService { service, minutes }).1,
        gift(world, volunteer, 660)?,
    ];
    let answer = world.client().submit_batch(&batch).await?;
    assert_eq!(reasons(&answer.outcomes), [""; 5]);
    assert_eq!(world.purse(volunteer).await?, (0, 0));
    Ok(())
}

async fn batches_are_answered_in_order_however_many_are_under_way(world: &mut World) -> Result<()> {
    let mut stream = world.client().batches().await?;
    let mut expected = Vec::new();
    for round in 0..12 {
        let mut batch = Vec::new();
        for count in 0..=(round % 4) {
            // Every third entry asks for more than there is.
            let is_good = (round + count) % 3 != 0;
            let amount = if is_good { 1 } else { 100_000 };
            batch.push(gift(world, world.member(0), amount)?);
            expected.push(is_good);
        }
        stream.send(&batch).await?;
    }
    let mut found = Vec::new();
    while stream.unanswered() > 0 {
        let answer = stream.next().await?;
        found.extend(answer.outcomes.iter().map(|it| it.position().is_some()));
    }
    assert_eq!(found, expected);
    Ok(())
}

async fn postings_are_streamed_between_two_positions(world: &mut World) -> Result<()> {
    let begin = i64::try_from(world.tree_size().await?)?;
    for count in 1..=4 {
        world.records(&gift(world, world.member(0), count)?).await?;
    }
    let mut service = LedgerServiceClient::new(world.channel().await?);
    for (end, expected) in [
        (0, vec![-1, 1, -2, 2, -3, 3, -4, 4]),
        (begin + 2, vec![-1, 1, -2, 2]),
    ] {
        let request = v1::StreamPostingsRequest {
            start_position: begin,
            end_position: end,
        };
        let request = with_authorization(request, &bearer(&world.street.auditor, ORIGIN))?;
        let mut chunks = service.stream_postings(request).await?.into_inner();
        let mut amounts = Vec::new();
        while let Some(chunk) = chunks.message().await? {
            amounts.extend(chunk.postings.iter().map(|posting| posting.amount));
        }
        assert_eq!(amounts, expected);
    }
    Ok(())
}

async fn a_token_of_before_reads_nothing_once_the_role_has_ended(world: &mut World) -> Result<()> {
    use ledger::act::Dismiss;
    use ledger::role::Role;
    let regulator = &world.street.regulator;
    let dismiss = Dismiss {
        member: regulator.id,
        unit: world.street.scheme,
        role: Role::Regulator,
    };
    let token = bearer(regulator, ORIGIN);
    let request = || with_authorization(v1::StreamRecordsRequest::default(), &token);
    let mut service = LedgerServiceClient::new(world.channel().await?);
    service.stream_records(request()?).await?;
    world.does(regulator, dismiss).await?;
    let denied = service.stream_records(request()?).await;
    assert_eq!(
        denied.err().context("it is answered")?.code(),
        tonic::Code::PermissionDenied
    );
    Ok(())
}
