//! A server whose key is not the one that has sealed what the database holds.

use std::fs;

use anyhow::{Result, ensure};
use server::rotation::{Rotated, RotationError, Unreadable, rotate};
use server::store::connect;
use timebank_tests::bank::ORIGIN;

use super::{client, deposit, opening};
use crate::site::{Kind, Site, refusal};

on_both_databases!(a_server_with_another_key_does_not_start_and_nothing_is_lost_unasked);

async fn a_server_with_another_key_does_not_start_and_nothing_is_lost_unasked(
    kind: Kind,
) -> Result<()> {
    let (site, bank) = Site::open(kind, 2).await?;
    let member = &site.street.members[0];
    let recipient = client(&bank, member).await?;
    let entries = deposit(&site, &recipient, 3).await?;
    bank.end()?;
    let file = site.plan.data.join("openings.key");
    let right = fs::read_to_string(&file)?;
    // None: no other is made.
    fs::remove_file(&file)?;
    let said = refusal(&site.plan)?;
    ensure!(said.contains("there is no openings.key"), "{said}");
    ensure!(!file.exists(), "a key was made");
    // Another.
    let other = format!("{}\n", hex::encode([7; 32]));
    fs::write(&file, &other)?;
    let said = refusal(&site.plan)?;
    ensure!(said.contains("is not the key of this database"), "{said}");
    // A rotation destroys nothing, unless it is told to.
    let store = connect(&site.database_url(), ORIGIN).await?;
    let refused = rotate(&site.plan.data, &*store, Unreadable::Refuse).await;
    ensure!(
        matches!(refused, Err(RotationError::Unreadable { unreadable: 3 })),
        "{refused:?}"
    );
    ensure!(fs::read_to_string(&file)?.ends_with(&other), "it is gone");
    fs::write(&file, &right)?;
    let bank = site.plan.start()?;
    let recipient = client(&bank, member).await?;
    for (number, entry) in entries.iter().enumerate() {
        let read = recipient.opening(*entry).await?;
        ensure!(read.opening == Some(opening(number)), "{number}");
    }
    bank.end()?;
    // Lost for good: what is given up can be deposited again.
    fs::write(&file, &other)?;
    let done = rotate(&site.plan.data, &*store, Unreadable::GiveUp).await?;
    let expected = Rotated {
        resealed: 0,
        given_up: 3,
    };
    ensure!(done == expected, "{done:?}");
    let bank = site.plan.start()?;
    let recipient = client(&bank, member).await?;
    ensure!(recipient.opening(entries[0]).await.is_err(), "it is read");
    recipient.put_opening(entries[0], &opening(0)).await?;
    let read = recipient.opening(entries[0]).await?;
    ensure!(read.opening == Some(opening(0)));
    bank.end()
}
