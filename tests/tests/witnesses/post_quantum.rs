//! ML-DSA-44 beside Ed25519: the log's own second signature, and a witness with
//! two keys.

use std::fs;

use anyhow::Result;
use ledger::log::{Algorithm, Policy, Standing, VerifierKey};
use timebank_tests::foreign::Auditor;

use crate::scripted::Scripted;
use crate::town::{Kind, Town, judged};

on_both_databases!(
    the_log_signs_what_it_publishes_with_ml_dsa_too,
    a_witness_with_two_keys_answers_once_with_two_lines,
);

async fn the_log_signs_what_it_publishes_with_ml_dsa_too(kind: Kind) -> Result<()> {
    let mut town = Town::new(kind)?;
    town.settings.post_quantum = true;
    town.start_as_set().await?;
    let [key] = town.running()?.further_keys.as_slice() else {
        panic!("one further key");
    };
    let key: VerifierKey = key.parse()?;
    assert!(matches!(key.algorithm(), Algorithm::MlDsa44(_)));
    let (entry, size) = {
        let opened = town.opens().await?;
        town.published(opened).await?;
        town.grows().await?
    };
    let note = town.published(size).await?;
    let lines = format!("log {}\nlog {key}\nquorum none\n", town.key);
    let policy = Policy::parse(lines.as_bytes())?;
    let verdict = policy.check(&note)?;
    assert_eq!(
        (verdict.standing, verdict.logs.len()),
        (Standing::Logged, 2)
    );
    // The second key alone is enough for those who trust no other.
    let alone = Policy::parse(format!("log {key}\nquorum none\n").as_bytes())?;
    assert_eq!(judged(&alone, &note)?, (Standing::Logged, size));
    let receipt = town.client_of(&town.street.members[0]).await?;
    let receipt = receipt.receipt(entry).await?;
    assert_eq!(judged(&alone, &receipt.checkpoint)?.0, Standing::Logged);
    let folder = town.folder("audit")?;
    fs::write(folder.join("policy"), lines)?;
    let place = format!("{}/log", town.url()?);
    let audit = tokio::task::spawn_blocking(move || Auditor::Python.audit(&place, &folder));
    let said = audit.await??;
    assert!(said.is_ok(), "{said:?}");
    town.stop().await?;
    town.start_as_set().await?;
    assert_eq!(town.running()?.further_keys, [key.to_string()]);
    town.end().await
}

async fn a_witness_with_two_keys_answers_once_with_two_lines(kind: Kind) -> Result<()> {
    let mut town = Town::new(kind)?;
    town.settings.post_quantum = true;
    let witness = Scripted::honest(1, &town.key).await?;
    let (second, url) = (&witness.second_key, &witness.url);
    let policy = format!(
        "{}witness w2 {second} {url}/\ngroup both all w w2\nquorum both\n",
        witness.line("w")
    );
    town.start(&policy).await?;
    let opened = town.opens().await?;
    let note = town.published(opened).await?;
    let expected = (Standing::Witnessed, opened);
    assert_eq!(judged(&town.policy(&policy)?, &note)?, expected);
    assert_eq!(
        note.signature_count(),
        4,
        "two of the log, two of the witness"
    );
    let sizes: Vec<u64> = witness.asked().iter().map(|asked| asked.size).collect();
    assert_eq!(sizes.iter().filter(|size| **size == opened).count(), 1);
    town.end().await
}
