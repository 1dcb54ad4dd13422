//! Lies to the auditor, over the network and with the log's own key.

use anyhow::{Context, Result, ensure};
use client::audit::ServerSource;
use client::{AuditError, AuditReport};
use ledger::SignedEntry;
use ledger::entry::Seen;
use ledger::log::{Position, leaf_hash};
use proto::v1;
use timebank_tests::pen;

use crate::forger::Forger;
use crate::place::Place;

async fn audited(place: &Place) -> Result<Result<AuditReport, AuditError>> {
    let auditor = place.auditor().await?;
    let key = auditor.log().key().clone();
    Ok(client::audit(ServerSource::new(auditor), &key, |_| {}).await)
}

fn fault(found: Result<AuditReport, AuditError>, reason: &str, at: Option<u64>) -> Result<()> {
    let error = found
        .err()
        .with_context(|| format!("passed instead of {reason}"))?;
    let AuditError::Fault(fault) = &error else {
        anyhow::bail!("{error}");
    };
    let said = (fault.reason(), fault.position().map(Position::get));
    ensure!(
        said == (reason, at),
        "{said:?} instead of {reason}: {fault}"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_altered_on_the_way_to_the_auditor_is_found() -> Result<()> {
    let place = Place::open().await?;
    let report = audited(&place).await??;
    let size = report.tree_size.get();
    let bundle = format!("/log/tile/entries/000.p/{size}");
    let tile = format!("/log/tile/0/000.p/{size}");
    let truncated = |mut body: Vec<u8>| {
        body.truncate(body.len() - 1);
        body
    };
    place.liar.alters_file(&bundle, truncated);
    fault(audited(&place).await?, "BUNDLE_BROKEN", Some(size - 1))?;
    let swapped = |mut body: Vec<u8>| {
        let length = |at: usize| 2 + usize::from(u16::from_be_bytes([body[at], body[at + 1]]));
        let (one, both) = (length(0), length(0) + length(length(0)));
        body[..both].rotate_left(one);
        body
    };
    place.liar.alters_file(&bundle, swapped);
    fault(audited(&place).await?, "RECORD_ALTERED", Some(0))?;
    place.liar.is_honest();
    let bent = |mut body: Vec<u8>| {
        body[5 * 32] ^= 1;
        body
    };
    place.liar.alters_file(&tile, bent);
    fault(audited(&place).await?, "TILE_ALTERED", Some(5))?;
    place.liar.is_honest();
    audited(&place).await??;
    place.end()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stale_head_under_a_newer_state_is_found() -> Result<()> {
    let place = Place::open().await?;
    let stale = place.auditor().await?;
    let mut service = stale.connection().ledger();
    let stale = service.get_checkpoint(v1::GetCheckpointRequest {}).await?;
    let stale = stale.into_inner().signed_note;
    place.records(2).await?;
    let told = stale.clone();
    place
        .liar
        .alters_file("/log/checkpoint", move |_| told.clone());
    let lie = move |answer: &mut v1::Checkpoint| answer.signed_note.clone_from(&stale);
    place.liar.alters("GetCheckpoint", lie);
    fault(audited(&place).await?, "STATE_AHEAD", None)?;
    place.end()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_balance_or_a_posting_that_was_made_up_is_found() -> Result<()> {
    let place = Place::open().await?;
    place.records(1).await?;
    place
        .liar
        .alters("StreamState", |chunk: &mut v1::StateChunk| {
            drop(chunk.rows.pop());
        });
    let found = audited(&place).await?.err().context("a row less")?;
    ensure!(found.reason() == "STATE_MISSING", "{found}");
    place.liar.is_honest();
    place
        .liar
        .alters("StreamPostings", |chunk: &mut v1::PostingChunk| {
            let last = chunk.postings.last_mut().expect("a posting");
            last.amount += 60;
        });
    let found = audited(&place).await?.err().context("another posting")?;
    ensure!(found.reason() == "POSTING_DIFFERS", "{found}");
    place.end()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_that_the_log_signs_twice_is_found() -> Result<()> {
    let place = Place::open().await?;
    place.records(2).await?;
    let mut forger = Forger::of(&place).await?;
    forger.audited().await??;
    let twice = forger.leaves.last().context("a record")?.clone();
    forger.leaves.push(twice);
    let again = forger.leaves.len() as u64 - 1;
    fault(forger.audited().await?, "RULE_BROKEN", Some(again))?;
    place.end()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_that_its_author_never_signed_is_found() -> Result<()> {
    let place = Place::open().await?;
    place.records(1).await?;
    let mut forger = Forger::of(&place).await?;
    let at = forger.leaves.len() - 1;
    let position = Position::new(at as u64);
    let (signed, record) = proto::decode_leaf(position, &forger.leaves[at])?;
    // The log's owner has no key of the giver, and takes one of their own.
    let by_another = SignedEntry {
        key_id: signed.key_id,
        ..pen::sign(&record.entry, &place.street.members[2].key)
    };
    forger.leaves[at] = proto::encode_leaf(&by_another, record.recorded);
    fault(
        forger.audited().await?,
        "SIGNATURE_INVALID",
        Some(at as u64),
    )?;
    place.end()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_history_that_one_member_alone_was_shown_is_found_by_what_they_signed() -> Result<()> {
    let place = Place::open().await?;
    let honest = place.auditor().await?;
    let size = honest.log().seen()?.context("a checkpoint")?.size;
    let gift = proto::decode(&place.gift().bytes);
    let mut gift = gift.map_err(|refused| anyhow::anyhow!("{refused:?}"))?;
    gift.seen = Some(Seen {
        size,
        root: leaf_hash(b"another history"),
    });
    // The server takes it in: what a member has signed to have seen then stands
    // in the log for ever.
    let giver = &place.street.members[0];
    honest.submit_signed(&pen::sign(&gift, &giver.key)).await?;
    fault(audited(&place).await?, "SEEN_OTHER_TREE", Some(size.get()))?;
    place.end()
}
