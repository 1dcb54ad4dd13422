//! While the witnesses are away: what is served stands still, and auditors still
//! find a checkpoint over everything.

use anyhow::Result;
use ledger::log::{SignedNote, Standing};
use server::serve::{ServeError, start};

use crate::scripted::{Reply, Scripted};
use crate::town::{Kind, Town, judged, size_of, told};

on_both_databases!(
    an_audit_needs_no_witness,
    what_is_published_stands_still_while_witnesses_are_away,
    without_a_quorum_the_newest_checkpoint_is_served_with_all_its_signatures,
    a_file_that_names_nobody_to_ask_is_refused_before_anything_starts,
);

async fn an_audit_needs_no_witness(kind: Kind) -> Result<()> {
    let mut town = Town::new(kind)?;
    let away = Scripted::start(1, &town.key, |_| Reply::HangUp).await?;
    town.start(&format!("{}quorum w\n", away.line("w"))).await?;
    let opened = town.opens().await?;
    assert_eq!(town.served().await?, None);
    assert_eq!(town.audit().await?, opened);
    town.end().await
}

async fn what_is_published_stands_still_while_witnesses_are_away(kind: Kind) -> Result<()> {
    let mut town = Town::new(kind)?;
    let witness = Scripted::honest(1, &town.key).await?;
    let policy = format!("{}quorum w\n", witness.line("w"));
    town.start(&policy).await?;
    let opened = town.opens().await?;
    town.published(opened).await?;
    town.stop().await?;
    // The same witness, at a place where nobody cosigns.
    let away = Scripted::start(1, &town.key, |_| Reply::HangUp).await?;
    town.start(&format!("{}quorum w\n", away.line("w"))).await?;
    let (_, size) = town.grows().await?;
    let note = town.served().await?.expect("it is still published");
    let expected = (Standing::Witnessed, opened);
    assert_eq!(judged(&town.policy(&policy)?, &note)?, expected);
    assert_eq!(town.audit().await?, size);
    let newest = town.client().await?.checkpoint().await?;
    assert_eq!(newest.map(|newest| newest.size().get()), Some(size));
    town.end().await
}

async fn without_a_quorum_the_newest_checkpoint_is_served_with_all_its_signatures(
    kind: Kind,
) -> Result<()> {
    let mut town = Town::new(kind)?;
    let witness = Scripted::honest(1, &town.key).await?;
    town.start(&format!("{}quorum none\n", witness.line("w")))
        .await?;
    let opened = town.opens().await?;
    let of_size = |note: Option<SignedNote>| size_of(&note.expect("always one"));
    assert_eq!(of_size(town.served().await?)?, opened);
    // The log's signature is published at once, and the witness' added.
    let mut published = town.collecting()?.published;
    loop {
        let note = town.published(opened).await?;
        assert_eq!(size_of(&note)?, opened);
        if note.signature_count() == 2 {
            break;
        }
        told(&mut published).await?;
    }
    let (_, size) = town.grows().await?;
    assert_eq!(of_size(town.served().await?)?, size);
    town.end().await
}

async fn a_file_that_names_nobody_to_ask_is_refused_before_anything_starts(
    kind: Kind,
) -> Result<()> {
    let mut town = Town::new(kind)?;
    let witness = Scripted::honest(1, &town.key).await?;
    let path = town.settings.data.join("policy");
    let line = format!("witness w {}\nquorum w\n", witness.key);
    std::fs::write(&path, line)?;
    town.settings.witnesses = Some(path.clone());
    let refused = start(town.settings.clone(), server::clock::Clock::system()).await;
    let Err(ServeError::Settings(refused)) = refused else {
        panic!("it started");
    };
    let start = format!("{}: line 1: the witness w has no URL", path.display());
    assert!(refused.to_string().starts_with(&start), "{refused}");
    Ok(std::fs::remove_dir_all(&town.settings.data)?)
}
