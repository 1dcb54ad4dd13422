//! When a checkpoint is published, what is added later, and what a receipt says
//! before and after.

use anyhow::{Context, Result, ensure};
use client::verify::verify_under;
use ledger::log::{Standing, TreeSize};
use server::export::{Export, export};
use tokio::sync::watch;

use crate::scripted::{Asked, Reply, Scripted};
use crate::town::{Kind, Town, judged, size_of, told, until};

on_both_databases!(
    a_late_cosignature_is_added_to_what_is_published,
    nothing_is_published_before_the_quorum_is_met,
    a_receipt_is_logged_first_and_witnessed_later,
    a_stricter_policy_counts_for_what_was_published_before_it,
    a_server_that_starts_again_goes_on_where_the_witness_is,
    a_witness_that_knows_more_or_less_than_believed_is_asked_from_there,
    an_export_has_the_cosigned_checkpoint,
);

async fn a_late_cosignature_is_added_to_what_is_published(kind: Kind) -> Result<()> {
    let mut town = Town::new(kind)?;
    let (word, waits) = watch::channel(false);
    let quick = Scripted::honest(1, &town.key).await?;
    let reply = move |_| Reply::HonestAfter(waits.clone());
    let mut slow = Scripted::start(2, &town.key, reply).await?;
    let witnesses = format!("{}{}", quick.line("quick"), slow.line("slow"));
    town.settings.witness_timeout_seconds = 60;
    town.start(&format!("{witnesses}group one 1 quick slow\nquorum one\n"))
        .await?;
    let (both, opened) = (
        town.policy(&format!("{witnesses}group two 2 quick slow\nquorum two\n"))?,
        town.opens().await?,
    );
    // What the slow one is asked about is published without it.
    let asked = until(&mut slow.asked, |asked| !asked.is_empty()).await?[0];
    let first = town.published(opened).await?;
    assert_eq!(judged(&both, &first)?, (Standing::Unwitnessed, opened));
    let mut published = town.collecting()?.published;
    published.mark_unchanged();
    word.send_replace(true);
    // It is told at every line that is added.
    let store = town.store().await?;
    loop {
        told(&mut published).await?;
        let last = ledger::log::Position::new(asked.size - 1);
        let note = store.published_over(last).await?.context("published")?;
        let note = ledger::log::SignedNote::parse(&note)?;
        ensure!(size_of(&note)? == asked.size, "the same checkpoint");
        if both.check(&note)?.is_quorum_met() {
            break;
        }
    }
    assert_eq!(town.audit().await?, opened);
    town.end().await
}

async fn nothing_is_published_before_the_quorum_is_met(kind: Kind) -> Result<()> {
    let mut town = Town::new(kind)?;
    let one = Scripted::honest(1, &town.key).await?;
    // Out of order twice, and good from then on.
    let script = |number| match number {
        0 | 1 => Reply::Fixed(503, "", "busy\n".to_owned()),
        _ => Reply::Honest,
    };
    let two = Scripted::start(2, &town.key, script).await?;
    let policy = format!(
        "{}{}group all all one two\nquorum all\n",
        one.line("one"),
        two.line("two")
    );
    town.start(&policy).await?;
    let opened = town.opens().await?;
    let note = town.published(opened).await?;
    let expected = (Standing::Witnessed, opened);
    assert_eq!(judged(&town.policy(&policy)?, &note)?, expected);
    assert!(two.asked().len() > 2);
    let store = town.store().await?;
    let first = store.published_over(ledger::log::Position::ZERO).await?;
    let first = ledger::log::SignedNote::parse(&first.context("published")?)?;
    let (standing, _) = judged(&town.policy(&policy)?, &first)?;
    assert_eq!(standing, Standing::Witnessed, "the very first one");
    town.end().await
}

async fn a_receipt_is_logged_first_and_witnessed_later(kind: Kind) -> Result<()> {
    let mut town = Town::new(kind)?;
    let (word, waits) = watch::channel(false);
    let reply = move |_| Reply::HonestAfter(waits.clone());
    let witness = Scripted::start(1, &town.key, reply).await?;
    let policy = format!("{}quorum w\n", witness.line("w"));
    town.settings.witness_timeout_seconds = 60;
    town.start(&policy).await?;
    town.opens().await?;
    let (entry, size) = town.grows().await?;
    let client = town.client_of(&town.street.members[0]).await?;
    let policy = town.policy(&policy)?;
    let mut standings = Vec::new();
    let logged = client.receipt(entry).await?.to_string();
    standings.push(verify_under(logged.as_bytes(), &policy, &[])?.standing);
    word.send_replace(true);
    town.published(size).await?;
    let witnessed = client.receipt(entry).await?.to_string();
    let proven = verify_under(witnessed.as_bytes(), &policy, &[])?;
    standings.push(proven.standing);
    assert_eq!(standings, [Standing::Unwitnessed, Standing::Witnessed]);
    assert_eq!(proven.entry.id, entry);
    assert_eq!(proven.witnesses.len(), 1);
    // It does not change with what comes after.
    let (_, size) = town.grows().await?;
    town.published(size).await?;
    assert_eq!(client.receipt(entry).await?.to_string(), witnessed);
    town.end().await
}

async fn a_stricter_policy_counts_for_what_was_published_before_it(kind: Kind) -> Result<()> {
    let mut town = Town::new(kind)?;
    town.settings.post_quantum = true;
    town.start_as_set().await?;
    town.opens().await?;
    let (entry, size) = town.grows().await?;
    town.published(size).await?;
    let (_, size) = town.grows().await?;
    town.published(size).await?;
    town.stop().await?;
    let (word, said) = watch::channel(false);
    let reply = move |_| {
        if *said.borrow() {
            Reply::Honest
        } else {
            Reply::Fixed(503, "", "busy\n".to_owned())
        }
    };
    let witness = Scripted::start(1, &town.key, reply).await?;
    let policy = format!("{}quorum w\n", witness.line("w"));
    town.start(&policy).await?;
    let policy = town.policy(&policy)?;
    ensure!(town.served().await?.is_none(), "no witness has seen it");
    let client = town.client_of(&town.street.members[0]).await?;
    let receipt = client.receipt(entry).await?;
    assert_eq!(
        judged(&policy, &receipt.checkpoint)?.0,
        Standing::Unwitnessed
    );
    word.send_replace(true);
    let (_, size) = town.grows().await?;
    let note = town.published(size).await?;
    assert_eq!(judged(&policy, &note)?, (Standing::Witnessed, size));
    let receipt = client.receipt(entry).await?.to_string();
    let proven = verify_under(receipt.as_bytes(), &policy, &[])?;
    assert_eq!(proven.standing, Standing::Witnessed);
    town.end().await
}

async fn a_server_that_starts_again_goes_on_where_the_witness_is(kind: Kind) -> Result<()> {
    let mut town = Town::new(kind)?;
    let witness = Scripted::honest(1, &town.key).await?;
    let policy = format!("{}quorum w\n", witness.line("w"));
    town.start(&policy).await?;
    let opened = town.opens().await?;
    town.published(opened).await?;
    town.stop().await?;
    let before = witness.asked().len();
    town.start(&policy).await?;
    let (_, size) = town.grows().await?;
    let note = town.published(size).await?;
    let expected = (Standing::Witnessed, size);
    assert_eq!(judged(&town.policy(&policy)?, &note)?, expected);
    // Never from nothing again: it is known from what is published.
    let asked = witness.asked();
    let since = &asked[before..];
    assert!(!since.is_empty());
    for asked in since {
        assert!(asked.old >= opened, "{since:?}");
    }
    town.end().await
}

async fn a_witness_that_knows_more_or_less_than_believed_is_asked_from_there(
    kind: Kind,
) -> Result<()> {
    let mut town = Town::new(kind)?;
    let witness = Scripted::honest(1, &town.key).await?;
    let away = Scripted::start(2, &town.key, |_| Reply::HangUp).await?;
    let both = format!("{}{}", witness.line("w"), away.line("away"));
    // It cosigns what is never published: nothing here says what it knows.
    town.start(&format!("{both}group all all w away\nquorum all\n"))
        .await?;
    let opened = town.opens().await?;
    let mut asked = witness.asked.clone();
    until(&mut asked, |asked| {
        asked.last().is_some_and(|last| last.size == opened)
    })
    .await?;
    town.stop().await?;
    let before = witness.asked().len();
    let alone = format!("{}quorum w\n", witness.line("w"));
    town.start(&alone).await?;
    town.published(opened).await?;
    let asked = witness.asked();
    let same = |old| Asked { old, size: opened };
    // The first question is that of every start: how much it has seen.
    assert_eq!(asked[before..], [same(opened), same(0), same(opened)]);
    town.stop().await?;
    // The same key with no memory: it has cosigned what is published, and forgot.
    let forgetful = Scripted::honest(1, &town.key).await?;
    town.start(&format!("{}quorum w\n", forgetful.line("w")))
        .await?;
    let mut asked = forgetful.asked.clone();
    let asked = until(&mut asked, |asked| asked.len() == 3).await?;
    assert_eq!(asked, [same(opened), same(opened), same(0)]);
    town.end().await
}

async fn an_export_has_the_cosigned_checkpoint(kind: Kind) -> Result<()> {
    let mut town = Town::new(kind)?;
    let witness = Scripted::honest(1, &town.key).await?;
    let policy = format!("{}quorum w\n", witness.line("w"));
    town.start(&policy).await?;
    let opened = town.opens().await?;
    town.published(opened).await?;
    let options = Export {
        out: town.folder("export")?,
        no_entries: false,
        no_books: false,
    };
    let store = town.store().await?;
    let exported = export(&*store, &town.settings.origin, &options, |_, _| {}).await?;
    let size = TreeSize::new(opened);
    assert_eq!((exported.size, exported.is_published), (size, true));
    let note = std::fs::read(options.out.join("checkpoint"))?;
    let note = ledger::log::SignedNote::parse(&note)?;
    let expected = (Standing::Witnessed, opened);
    assert_eq!(judged(&town.policy(&policy)?, &note)?, expected);
    town.end().await
}
