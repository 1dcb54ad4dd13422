//! A witness that is not ours cosigns a real ledger, and other people's auditors
//! accept it as witnessed.

use std::fs;

use anyhow::Result;
use client::verify::verify_under;
use ledger::log::Standing;
use timebank_tests::foreign::{Auditor, ForeignWitness};

use crate::town::{Kind, Town, judged, size_of};

on_both_databases!(a_witness_that_is_not_ours_cosigns_and_all_auditors_accept_it);

async fn a_witness_that_is_not_ours_cosigns_and_all_auditors_accept_it(kind: Kind) -> Result<()> {
    let mut town = Town::new(kind)?;
    let witness = ForeignWitness::start(&town.folder("foreign")?, &town.key)?;
    let (key, url) = (&witness.verifier_key, &witness.url);
    town.start(&format!("witness foreign {key} {url}\nquorum foreign\n"))
        .await?;
    let lines = format!("witness foreign {key}\nquorum foreign\n");
    let policy = town.policy(&lines)?;
    // What goes with the log, for the auditors.
    let folder = town.folder("audit")?;
    fs::write(folder.join("policy"), format!("log {}\n{lines}", town.key))?;
    for name in ["old", "receipts"] {
        fs::create_dir(folder.join(name))?;
    }
    let opened = town.opens().await?;
    let first = town.published(opened).await?;
    assert_eq!(judged(&policy, &first)?, (Standing::Witnessed, opened));
    fs::write(folder.join("old/first"), first.as_bytes())?;
    // Again after a restart: the witness goes on from what it knows.
    town.stop().await?;
    town.start_as_set().await?;
    let (entry, size) = town.grows().await?;
    let newest = town.published(size).await?;
    assert_eq!(judged(&policy, &newest)?, (Standing::Witnessed, size));
    assert_eq!(size_of(&newest)?, opened + 1);
    let giver = town.client_of(&town.street.members[0]).await?;
    let receipt = giver.receipt(entry).await?.to_string();
    let proven = verify_under(receipt.as_bytes(), &policy, &[])?;
    assert_eq!(proven.standing, Standing::Witnessed);
    assert!(proven.is_signature_verified);
    fs::write(folder.join("receipts/gift.tlog-proof"), receipt)?;
    let place = format!("{}/log", town.url()?);
    for auditor in [Auditor::Go, Auditor::Python] {
        let (place, folder) = (place.clone(), folder.clone());
        let audit = tokio::task::spawn_blocking(move || auditor.audit(&place, &folder));
        let said = audit.await??;
        let start = format!("ok: {size} records,");
        let end = " 1 earlier checkpoints, 1 receipts\n";
        assert!(
            said.as_ref()
                .is_ok_and(|said| said.starts_with(&start) && said.ends_with(end)),
            "{auditor:?}: {said:?}"
        );
    }
    assert_eq!(town.audit().await?, size);
    town.end().await
}
