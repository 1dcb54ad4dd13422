//! Bytes that are no entry, or are one in another spelling.

use anyhow::Result;
use ledger::act::Give;
use ledger::entry::ENTRY_BYTES_MAX;
use prost::Message;
use proto::v1;
use timebank_tests::pen;
use tonic::Code;

use super::{Case, all_are_refused};
use crate::wire::signed_bytes;
use crate::world::{World, minutes};

on_both!(
    every_truncation_of_an_entry_is_refused,
    what_is_no_entry_or_too_large_or_unknown_is_refused,
    an_entry_in_another_spelling_is_refused,
    an_entry_of_the_greatest_size_is_refused_for_what_it_says_only,
);

fn entry(world: &World) -> Result<ledger::Entry> {
    let gift = Give {
        recipient: world.member(1).id,
        minutes: minutes(60)?,
    };
    Ok(world.street.pen.entry(world.member(0), gift))
}

async fn every_truncation_of_an_entry_is_refused(world: &mut World) -> Result<()> {
    let entry = entry(world)?;
    let key = &world.member(0).key;
    let bytes = proto::encode(&entry);
    let before = world.checkpoint().await?;
    let truncated: Vec<_> = (0..bytes.len())
        .map(|length| signed_bytes(bytes[..length].to_vec(), key))
        .collect();
    let answer = world.client().submit_batch(&truncated).await?;
    let reasons = crate::world::reasons(&answer.outcomes);
    let known = ["ENTRY_MALFORMED", "ACT_UNKNOWN"];
    for (length, reason) in reasons.iter().enumerate() {
        assert!(known.contains(reason), "{length} bytes: {reason}");
    }
    assert_eq!(reasons.last(), Some(&"ENTRY_MALFORMED"));
    assert_eq!(world.checkpoint().await?, before);
    world.records(&pen::sign(&entry, key)).await?;
    Ok(())
}

async fn what_is_no_entry_or_too_large_or_unknown_is_refused(world: &mut World) -> Result<()> {
    let entry = entry(world)?;
    let key = &world.member(0).key;
    let invalid = |what: &str, bytes: Vec<u8>, reason| {
        Case::new(
            what,
            &signed_bytes(bytes, key),
            Code::InvalidArgument,
            reason,
        )
    };
    let bytes = proto::encode(&entry);
    let mut act_of_tomorrow = v1::Entry::from(&entry);
    act_of_tomorrow.act = None;
    let mut act_of_tomorrow = act_of_tomorrow.encode_to_vec();
    // Field 90, two bytes: an act that this version does not have.
    act_of_tomorrow.extend([0xd2, 0x05, 0x02, 0x08, 0x01]);
    let mut no_act = v1::Entry::from(&entry);
    no_act.act = None;
    let cases = vec![
        invalid("noise", vec![0xff; 100], "ENTRY_MALFORMED"),
        invalid(
            "a length beyond the end",
            vec![0x0a, 0x7f, 0x61],
            "ENTRY_MALFORMED",
        ),
        invalid(
            "a text that is none",
            [&bytes[..2], &[0xff; 30]].concat(),
            "ENTRY_MALFORMED",
        ),
        invalid("nothing", Vec::new(), "ACT_UNKNOWN"),
        invalid("no act", no_act.encode_to_vec(), "ACT_UNKNOWN"),
        invalid("an act of tomorrow", act_of_tomorrow, "ACT_UNKNOWN"),
        invalid(
            "one byte too large",
            vec![0; ENTRY_BYTES_MAX + 1],
            "ENTRY_TOO_LARGE",
        )
        .with("bytes_max", "16384"),
        invalid("a megabyte", vec![0; 1 << 20], "ENTRY_TOO_LARGE"),
    ];
    all_are_refused(world, cases, &pen::sign(&entry, key)).await
}

async fn an_entry_in_another_spelling_is_refused(world: &mut World) -> Result<()> {
    let entry = entry(world)?;
    let key = &world.member(0).key;
    let bytes = proto::encode(&entry);
    // The ledger is the first field: its tag, length and text.
    let first = 2 + entry.ledger.len();
    let reordered = [&bytes[first..], &bytes[..first]].concat();
    let twice = [&bytes[..first], &bytes[..]].concat();
    let mut long_length = bytes.clone();
    long_length.splice(1..2, [bytes[1] | 0x80, 0x00]);
    let mut spelled_default = bytes.clone();
    // Attestation, field 5, with its default.
    spelled_default.extend([0x28, 0x00]);
    let mut unknown_field = bytes;
    unknown_field.extend([0x78, 0x01]);
    let spelling = |what: &str, bytes: Vec<u8>| {
        let signed = signed_bytes(bytes, key);
        Case::new(what, &signed, Code::InvalidArgument, "ENTRY_NOT_CANONICAL")
    };
    let cases = vec![
        spelling("fields in another order", reordered),
        spelling("a field twice", twice),
        spelling("a length in two bytes", long_length),
        spelling("a default that is spelled out", spelled_default),
        spelling("an unknown field", unknown_field),
    ];
    all_are_refused(world, cases, &pen::sign(&entry, key)).await
}

async fn an_entry_of_the_greatest_size_is_refused_for_what_it_says_only(
    world: &mut World,
) -> Result<()> {
    let entry = entry(world)?;
    let key = &world.member(0).key;
    let mut message = v1::Entry::from(&entry);
    message.ledger.clear();
    // Tag, two bytes of length, text.
    let room = ENTRY_BYTES_MAX - message.encoded_len() - 4;
    message.ledger = "x".repeat(room);
    while message.encoded_len() < ENTRY_BYTES_MAX {
        message.ledger.push('x');
    }
    let largest = message.encode_to_vec();
    assert_eq!(largest.len(), ENTRY_BYTES_MAX);
    let signed = signed_bytes(largest, key);
    let case = Case::new(
        "as large as may be",
        &signed,
        Code::InvalidArgument,
        "WRONG_LEDGER",
    );
    all_are_refused(world, vec![case], &pen::sign(&entry, key)).await
}
