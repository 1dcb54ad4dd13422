//! Witnesses that have seen more than the database has: it was put back, or was
//! never the one they know.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use ledger::log::{Standing, TreeSize};
use server::ahead::Source;
use server::clock::Clock;
use server::serve::log_key;
use server::witnesses::{Ahead, Roster, Signers, Witnesses};
use tokio::sync::watch;

use crate::scripted::{Asked, Reply, Scripted};
use crate::town::{Kind, Town, judged, until};

on_both_databases!(
    a_witness_that_is_ahead_stops_the_server_and_is_not_followed,
    a_witness_that_is_ahead_at_the_start_stops_the_server_until_its_tree_is_given_up,
    a_witness_that_knows_another_tree_is_told_of,
    a_witness_that_another_server_was_faster_to_ask_is_no_alarm,
    witnesses_say_how_much_they_have_seen,
);

const SIZE: &str = "Content-Type: text/x.tlog.size\r\n";

async fn a_witness_that_is_ahead_stops_the_server_and_is_not_followed(kind: Kind) -> Result<()> {
    let mut town = Town::new(kind)?;
    let reply = |_| Reply::Fixed(409, SIZE, "1000000\n".to_owned());
    let witness = Scripted::start(1, &town.key, reply).await?;
    town.start(&format!("{}quorum w\n", witness.line("w")))
        .await?;
    town.opens().await?;
    let mut ahead = town.collecting()?.ahead;
    let told = until(&mut ahead, Option::is_some).await?;
    let expected = Ahead {
        witness: "w".to_owned(),
        size: Some(TreeSize::new(1_000_000)),
    };
    assert_eq!(told.context("told")?, expected);
    let mut behind = town.running()?.behind.clone();
    let why = until(&mut behind, Option::is_some).await?.context("why")?;
    assert_eq!(why.claim.source, Source::Witness("w".into()));
    town.refuses().await?;
    assert_eq!(town.served().await?, None);
    // It is left alone, and never shown a proof from a size that it made up.
    let asked = witness.asked();
    assert_eq!(asked.len(), 1, "{asked:?}");
    town.end().await
}

/// A machine that is put back as a whole has an old guard too.
async fn a_witness_that_is_ahead_at_the_start_stops_the_server_until_its_tree_is_given_up(
    kind: Kind,
) -> Result<()> {
    let mut town = Town::new(kind)?;
    let is_ahead = Arc::new(AtomicBool::new(false));
    let script = Arc::clone(&is_ahead);
    let witness = Scripted::start(1, &town.key, move |_| {
        if script.load(Ordering::SeqCst) {
            Reply::Fixed(409, SIZE, "1000000\n".to_owned())
        } else {
            Reply::Honest
        }
    });
    let policy = format!("{}quorum w\n", witness.await?.line("w"));
    town.start(&policy).await?;
    let opened = town.opens().await?;
    town.published(opened).await?;
    town.stop().await?;
    is_ahead.store(true, Ordering::SeqCst);
    let why = town.start_anyhow().await?.context("it takes entries in")?;
    assert!(
        why.contains("the witness w has seen 1000000 signed"),
        "{why}"
    );
    town.refuses().await?;
    assert_eq!(town.gives_up(1_000_000).await?, opened + 1);
    town.grows().await?;
    town.stop().await?;
    // The witness still says so, and the log says why.
    town.start_as_set().await?;
    town.grows().await?;
    assert_eq!(town.audit().await?, opened + 3);
    town.end().await
}

async fn a_witness_that_knows_another_tree_is_told_of(kind: Kind) -> Result<()> {
    let mut town = Town::new(kind)?;
    let reply = |_| Reply::Fixed(422, "", "another tree\n".to_owned());
    let witness = Scripted::start(1, &town.key, reply).await?;
    town.start(&format!("{}quorum w\n", witness.line("w")))
        .await?;
    town.opens().await?;
    let mut ahead = town.collecting()?.ahead;
    let told = until(&mut ahead, Option::is_some).await?;
    assert_eq!(told.context("told")?.size, None);
    town.end().await
}

async fn a_witness_that_another_server_was_faster_to_ask_is_no_alarm(kind: Kind) -> Result<()> {
    let mut town = Town::new(kind)?;
    town.settings.witness_timeout_seconds = 60;
    let (size, waits) = watch::channel(0);
    let script = move |number| match number {
        0 => Reply::ConflictAfter(waits.clone()),
        _ => Reply::Honest,
    };
    let mut witness = Scripted::start(1, &town.key, script).await?;
    let policy = format!("{}quorum w\n", witness.line("w"));
    town.start(&policy).await?;
    town.opens().await?;
    let first = until(&mut witness.asked, |asked| !asked.is_empty()).await?[0];
    // While it is asked, the log grows, and it is shown that by somebody else.
    let (_, newest) = town.grows().await?;
    size.send_replace(newest);
    let note = town.published(newest).await?;
    let expected = (Standing::Witnessed, newest);
    assert_eq!(judged(&town.policy(&policy)?, &note)?, expected);
    let (size, old) = (newest, newest);
    assert_eq!(witness.asked()[..2], [first, Asked { old, size }]);
    assert_eq!(*town.collecting()?.ahead.borrow(), None);
    town.end().await
}

async fn witnesses_say_how_much_they_have_seen(kind: Kind) -> Result<()> {
    let mut town = Town::new(kind)?;
    let equal = Scripted::honest(1, &town.key).await?;
    let new = Scripted::start(2, &town.key, |number| match number {
        0 => Reply::Fixed(409, SIZE, "0\n".to_owned()),
        _ => Reply::HangUp,
    })
    .await?;
    let larger = |_| Reply::Fixed(409, SIZE, "1000000\n".to_owned());
    let larger = Scripted::start(3, &town.key, larger).await?;
    let silent = Scripted::start(4, &town.key, |_| Reply::Never).await?;
    // An empty ledger asks too: somebody may know more.
    town.start(&format!("{}quorum w\n", equal.line("w")))
        .await?;
    let opened = town.opens().await?;
    town.published(opened).await?;
    town.stop().await?;
    let all = [
        ("equal", &equal),
        ("new", &new),
        ("larger", &larger),
        ("silent", &silent),
    ];
    let lines: String = all.iter().map(|(name, one)| one.line(name)).collect();
    let roster = Roster::parse(format!("{lines}quorum none\n").as_bytes())?;
    let seen = |store| {
        let signers = Signers {
            first: log_key(&town.settings.data, &town.settings.origin)?,
            further: Vec::new(),
        };
        let (clock, roster) = (Clock::system(), roster.clone());
        Ok::<_, anyhow::Error>(Witnesses::new(
            store,
            clock,
            signers,
            roster,
            Duration::from_secs(2),
        )?)
    };
    let mut sizes = seen(town.store().await?)?.sizes_seen().await?;
    sizes.sort();
    let size = |name: &str, size| (name.to_owned(), TreeSize::new(size));
    let expected = [
        size("equal", opened),
        size("larger", 1_000_000),
        size("new", 0),
    ];
    assert_eq!(sizes, expected);
    // A database that was emptied learns of what it has lost.
    let empty = Town::new(kind)?;
    let url = empty.settings.database_url()?;
    let store = server::store::connect(&url, empty.settings.origin.as_str()).await?;
    let sizes = seen(Arc::clone(&store))?.sizes_seen().await?;
    assert!(sizes.contains(&size("equal", opened)), "{sizes:?}");
    Ok(std::fs::remove_dir_all(&town.settings.data)?)
}
