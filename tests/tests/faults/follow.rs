//! Following a log whose server is honest, forks, goes back, or puts records in later. What is
//! found is a file that shows it to anybody.

mod observer;
mod place;

use std::fs;

use anyhow::{Context as _, Result};
use client::follow::{Found, Round};
use client::{ClientError, Memory, Unverified};
use ledger::Minutes;
use ledger::act::Give;
use ledger::log::evidence::Finding;
use ledger::log::{Evidence, TreeSize};

use self::observer::Observer;
use self::place::{Home, Place};

/// What the file of a finding shows to anybody.
fn shown(found: &Found) -> Result<Finding> {
    let file = found.file.as_ref().context("a file of evidence")?;
    let evidence = Evidence::parse(&fs::read(file)?)?;
    let finding = client::evidence::finding(&evidence)?;
    assert_eq!(finding.reason(), found.reason);
    assert_eq!(finding.is_proof(true), found.is_proof);
    Ok(finding)
}

fn only(round: &Round) -> Result<&Found> {
    match round.found.as_slice() {
        [found] => Ok(found),
        other => anyhow::bail!("{other:?} in {round:?}"),
    }
}

fn quiet(round: &Round, records: u64) {
    assert!(round.found.is_empty() && round.is_whole(), "{round:?}");
    assert_eq!(round.size, Some(TreeSize::new(records)), "{round:?}");
    assert_eq!(round.audited, round.size, "{round:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_honest_log_and_its_witness_are_followed_as_they_grow() -> Result<()> {
    let (place, home) = (Place::new(None).await?, Home::new()?);
    let observer = Observer::new(&place.key()?, 0).await?;
    let mut follower = home.follow(&place, Some(&observer), true)?;
    // From a partial tile over a full one to the next: 60, 256, 300.
    for (number, records, new) in [(1, 60, 60), (2, 256, 196), (3, 300, 44)] {
        let note = place.grow(records).await?;
        observer.cosign(&place, &note).await?;
        let round = follower.round().await?;
        quiet(&round, records);
        assert_eq!((round.number, round.new_records), (number, new));
        let sizes: Vec<_> = round.places.iter().map(|it| it.size).collect();
        assert_eq!(sizes, [Some(TreeSize::new(records)); 3], "{round:?}");
        assert_eq!(
            round.standing,
            Some("unwitnessed"),
            "the log shows no cosignature"
        );
    }
    let again = follower.round().await?;
    quiet(&again, 300);
    assert_eq!(again.new_records, 0);
    // Another process begins with what this one remembers.
    quiet(&home.follow(&place, None, false)?.round().await?, 300);
    assert_eq!(home.files(), 0);
    place.end()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_history_under_the_same_key_is_a_fork_with_evidence() -> Result<()> {
    let (place, home) = (Place::new(None).await?, Home::new()?);
    // A power of two, of which the server's own proof shows no beginning.
    place.grow(64).await?;
    quiet(&home.follow(&place, None, false)?.round().await?, 64);
    for records in [64, 90] {
        let other = Place::new(Some(&place)).await?;
        other.grow(records).await?;
        let mut follower = home.follow(&other, None, records == 90)?;
        let round = follower.round().await?;
        let found = only(&round)?;
        assert!(matches!(shown(found)?, Finding::Fork { .. }));
        assert_eq!(round.audited, None);
        // It is told once, and the forked history is never taken for the one that was seen.
        assert!(follower.round().await?.found.is_empty());
        only(&home.follow(&other, None, false)?.round().await?)?;
        other.end()?;
    }
    quiet(&home.follow(&place, None, false)?.round().await?, 64);
    place.end()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_smaller_log_than_was_seen_is_a_rollback_and_a_fork_when_it_has_grown() -> Result<()> {
    let (place, home) = (Place::new(None).await?, Home::new()?);
    place.grow(60).await?;
    quiet(&home.follow(&place, None, true)?.round().await?, 60);
    let other = Place::new(Some(&place)).await?;
    other.grow(50).await?;
    // What is published may be behind what was said to a call, which was remembered.
    quiet(&home.follow(&other, None, false)?.round().await?, 50);
    let mut follower = home.follow(&other, None, true)?;
    let round = follower.round().await?;
    let finding = shown(only(&round)?)?;
    assert!(matches!(finding, Finding::Rollback { .. }) && !finding.is_proof(false));
    other.grow(70).await?;
    let round = follower.round().await?;
    assert!(matches!(shown(only(&round)?)?, Finding::Fork { .. }));
    other.end()?;
    place.end()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_has_nothing_any_more_is_found_and_an_empty_one_is_not() -> Result<()> {
    let (place, home) = (Place::new(None).await?, Home::new()?);
    let other = Place::empty(Some(&place))?;
    let round = home.follow(&other, None, true)?.round().await?;
    assert!(round.found.is_empty() && !round.is_whole(), "{round:?}");
    place.grow(60).await?;
    quiet(&home.follow(&place, None, true)?.round().await?, 60);
    let round = home.follow(&other, None, true)?.round().await?;
    assert_eq!(only(&round)?.reason, "LOG_FORKED");
    other.end()?;
    place.end()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_witness_that_was_shown_another_history_gives_the_log_away() -> Result<()> {
    let (place, home) = (Place::new(None).await?, Home::new()?);
    let other = Place::new(Some(&place)).await?;
    let observer = Observer::new(&place.key()?, 0).await?;
    let mut follower = home.follow(&place, Some(&observer), false)?;
    place.grow(60).await?;
    let note = other.grow(70).await?;
    observer.cosign(&other, &note).await?;
    // It may be that the log is slow to publish what the witness has cosigned.
    quiet(&follower.round().await?, 60);
    place.grow(80).await?;
    let round = follower.round().await?;
    let finding = shown(only(&round)?)?;
    assert!(matches!(finding, Finding::Fork { .. }) && finding.is_proof(false));
    other.end()?;
    place.end()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_hides_what_a_witness_cosigned_long_ago_has_rolled_back() -> Result<()> {
    let (place, home) = (Place::new(None).await?, Home::new()?);
    let other = Place::new(Some(&place)).await?;
    let observer = Observer::new(&place.key()?, -400).await?;
    place.grow(60).await?;
    let note = other.grow(70).await?;
    observer.cosign(&other, &note).await?;
    let round = home.follow(&place, Some(&observer), false)?.round().await?;
    assert!(matches!(shown(only(&round)?)?, Finding::Rollback { .. }));
    other.end()?;
    place.end()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_older_than_the_cosignature_of_a_tree_without_it_is_late() -> Result<()> {
    let (place, home) = (Place::new(None).await?, Home::new()?);
    // To this witness it is later, so that what is recorded now looks put in before.
    let observer = Observer::new(&place.key()?, 1000).await?;
    let mut follower = home.follow(&place, Some(&observer), false)?;
    let note = place.grow(60).await?;
    observer.cosign(&place, &note).await?;
    quiet(&follower.round().await?, 60);
    place.grow(63).await?;
    let round = follower.round().await?;
    let finding = shown(only(&round)?)?;
    let Finding::Late { position, size, .. } = finding else {
        anyhow::bail!("{finding:?}")
    };
    assert_eq!((position.get(), size.get()), (60, 60));
    quiet(&follower.round().await?, 63);
    place.end()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_records_are_not_public_hashes_are_compared() -> Result<()> {
    let (mut place, home) = (Place::new(None).await?, Home::new()?);
    place.plan.flags.clear();
    place.bank.end()?;
    place.bank = place.plan.start()?;
    place.grow(60).await?;
    let mut follower = home.follow(&place, None, false)?;
    for records in [60, 61] {
        let round = follower.round().await?;
        assert!(round.is_whole() && round.found.is_empty(), "{round:?}");
        assert_eq!(
            (round.audited, round.size),
            (None, Some(TreeSize::new(records)))
        );
        assert!(round.records.is_some());
        place.grow(records + 1).await?;
    }
    place.bank.end()?;
    let round = follower.round().await?;
    assert!(!round.is_whole() && round.found.is_empty(), "{round:?}");
    Ok(fs::remove_dir_all(place.plan.data)?)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_signs_what_she_has_seen_and_keeps_evidence_of_a_fork() -> Result<()> {
    let (place, home) = (Place::new(None).await?, Home::new()?);
    place.grow(62).await?;
    let client = place.client_with(Memory::in_home(&home.0)).await?;
    let (recipient, minutes) = (place.street.members[1].id, Minutes::parse(1)?);
    // Up to a power of two, whose beginning no proof of the server shows; the tiles do.
    for records in [62, 63] {
        let signed = client.sign(Give { recipient, minutes }, None)?;
        let seen = proto::decode(&signed.bytes)?
            .seen
            .context("what was seen")?;
        let newest = client.checkpoint().await?.context("it is open")?;
        assert_eq!(seen.size, TreeSize::new(records));
        assert_eq!((seen.size, seen.root), (newest.size(), newest.root()));
        client.submit_signed(&signed).await?;
    }
    let other = Place::new(Some(&place)).await?;
    other.grow(80).await?;
    let error = other.client_with(Memory::in_home(&home.0)).await.err();
    let error = error.context("another history is not accepted")?;
    let ClientError::Unverified(error) = error else {
        anyhow::bail!("{error}")
    };
    let Unverified::Forked { evidence, .. } = *error else {
        anyhow::bail!("{error}")
    };
    let evidence = Evidence::parse(&fs::read(evidence.context("a file")?)?)?;
    assert!(client::evidence::finding(&evidence)?.is_proof(false));
    other.end()?;
    place.end()
}
