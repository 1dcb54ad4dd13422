//! Tampering: somebody writes into the database beside the server.
//!
//! The triggers are dropped first. What decides the next signature is checked by
//! the server itself, which then refuses to start; all else is found by the
//! audit over the network, with the first bad position. Two things that nobody
//! could find by comparing are tried out: to spend what was slipped in.

mod cases;

use anyhow::{Context, Result, bail, ensure};
use client::{AuditError, Client};
use ledger::act::Give;
use ledger::log::Position;
use ledger::member::MemberKey;
use ledger::state::{Key, Table};
use ledger::{AccountId, Minutes};
use timebank_tests::pen::{self, Person};

use self::cases::{Case, Finds, books};
use crate::site::{Kind, Site, refusal};
use crate::sql::Sql;
use crate::wire;

on_both_databases!(
    whatever_is_altered_is_found,
    an_entry_under_a_key_that_was_slipped_in_is_found,
    minutes_that_were_slipped_in_are_found_and_cannot_be_given,
    a_record_that_was_slipped_in_at_the_end_stops_the_server,
    a_receipt_under_an_altered_checkpoint_does_not_verify,
);

const RECORDS: usize = 300;
const MEMBERS: u64 = 8;

async fn whatever_is_altered_is_found(kind: Kind) -> Result<()> {
    let site = Site::finished(kind, MEMBERS, RECORDS).await?;
    let mut sql = site.sql().await?;
    sql.keep().await?;
    sql.drop_triggers().await?;
    for case in cases::all(&mut sql, &site.street).await? {
        sql.restore().await?;
        check(&site, &mut sql, &case).await.context(case.what)?;
    }
    sql.restore().await?;
    let bank = site.plan.start()?;
    let report = site.audit(&bank.url()).await?;
    ensure!(report.tree_size.get() == RECORDS as u64);
    bank.end()
}

async fn check(site: &Site, sql: &mut Sql, case: &Case) -> Result<()> {
    let Finds::Audit { reason, position } = case.finds else {
        ensure!(sql.run(&case.sql).await? > 0, "nothing was altered");
        let said = refusal(&site.plan)?;
        let Finds::Server(why) = case.finds else {
            bail!("the auditor finds it");
        };
        ensure!(said.contains(why), "it says {said}");
        return Ok(());
    };
    if case.while_running {
        let bank = site.plan.start()?;
        let auditor = wire::client_of(&bank.url(), &site.street.auditor).await?;
        ensure!(sql.run(&case.sql).await? > 0, "nothing was altered");
        expect_fault(auditor, reason, position).await?;
        bank.end()?;
        let said = refusal(&site.plan)?;
        ensure!(said.contains("corrupt"), "it says {said}");
        return Ok(());
    }
    ensure!(sql.run(&case.sql).await? > 0, "nothing was altered");
    let bank = site.plan.start()?;
    let auditor = wire::client_of(&bank.url(), &site.street.auditor).await?;
    expect_fault(auditor, reason, position).await?;
    bank.end()
}

async fn expect_fault(auditor: Client, reason: &str, position: Option<u64>) -> Result<()> {
    let fault = match wire::try_audit(auditor).await {
        Err(AuditError::Fault(fault)) => fault,
        Err(error) => bail!("the server could not give it: {error}"),
        Ok(report) => bail!("the audit passed: {report:?}"),
    };
    let found = (fault.reason(), fault.position().map(Position::get));
    ensure!(found == (reason, position), "found {found:?}: {fault}");
    Ok(())
}

async fn an_entry_under_a_key_that_was_slipped_in_is_found(kind: Kind) -> Result<()> {
    let site = Site::finished(kind, MEMBERS, RECORDS).await?;
    let (victim, thief) = (&site.street.members[0], Person::numbered(999));
    let forged = MemberKey {
        member: victim.id,
        public_key: thief.key.public(),
        from: Position::ZERO,
        until: None,
    };
    let mut sql = site.sql().await?;
    let key = sql.blob(&Key::MemberKey(thief.key.public().id()).encode());
    let value = sql.blob(&forged.into_row().encode());
    let insert = format!("INSERT INTO state_rows (state_key, state_value) VALUES ({key}, {value})");
    sql.run(&insert).await?;
    let bank = site.plan.start()?;
    let auditor = wire::client_of(&bank.url(), &site.street.auditor).await?;
    // The server believes its database, and the thief signs for the victim.
    let gift = Give {
        recipient: site.street.members[1].id,
        minutes: Minutes::parse(60)?,
    };
    let entry = site.street.pen.entry(victim, gift);
    wire::submit(&bank.url(), &[pen::sign(&entry, &thief.key)]).await?;
    expect_fault(auditor.clone(), "RULE_BROKEN", Some(RECORDS as u64)).await?;
    bank.end()
}

async fn minutes_that_were_slipped_in_are_found_and_cannot_be_given(kind: Kind) -> Result<()> {
    let site = Site::finished(kind, MEMBERS, RECORDS).await?;
    let rich = &site.street.members[2];
    let mut sql = site.sql().await?;
    let raise = books::with_account(&mut sql, AccountId::Member(rich.id), |account| {
        account.available += 1_000_000;
    });
    let raise = raise.await?;
    sql.run(&raise).await?;
    let bank = site.plan.start()?;
    let auditor = wire::client_of(&bank.url(), &site.street.auditor).await?;
    expect_fault(auditor, "STATE_DIFFERS", None).await?;
    let gift = Give {
        recipient: site.street.members[3].id,
        minutes: Minutes::parse(500_000)?,
    };
    // The lots say where every minute came from, and know nothing of these.
    let sent = wire::submit(&bank.url(), &[site.street.pen.sign(rich, gift).1]).await;
    ensure!(sent.is_err(), "they were given: {sent:?}");
    let why = bank.end().expect_err("it has stopped by itself");
    ensure!(why.to_string().contains("exit status: 1"), "{why}");
    Ok(())
}

async fn a_record_that_was_slipped_in_at_the_end_stops_the_server(kind: Kind) -> Result<()> {
    let site = Site::finished(kind, MEMBERS, RECORDS).await?;
    let mut sql = site.sql().await?;
    let id = sql.blob(&[7; 16]);
    let insert = format!(
        "INSERT INTO records (position, entry_id, leaf)
         SELECT {RECORDS}, {id}, leaf FROM records WHERE position = 299"
    );
    sql.run(&insert).await?;
    let bank = site.plan.start()?;
    let mut service = wire::service(&bank.url()).await?;
    let gift = site.gift(0);
    let refused = wire::submit_one(&mut service, &gift).await;
    ensure!(refused.is_err(), "it was written over: {refused:?}");
    let why = bank
        .end()
        .expect_err("it has stopped by itself")
        .to_string();
    ensure!(why.contains("exit status: 1"), "{why}");
    // Nothing was signed over it, and without it all goes on.
    sql.drop_triggers().await?;
    sql.run(&format!("DELETE FROM records WHERE position = {RECORDS}"))
        .await?;
    let bank = site.plan.start()?;
    let places = wire::submit(&bank.url(), &[gift]).await?;
    ensure!(usize::try_from(places[0].position)? == RECORDS);
    site.audit(&bank.url()).await?;
    bank.end()
}

async fn a_receipt_under_an_altered_checkpoint_does_not_verify(kind: Kind) -> Result<()> {
    let site = Site::new(kind, MEMBERS)?;
    let bank = site.plan.start()?;
    let opening = site.street.opening(600);
    wire::submit(&bank.url(), &opening).await?;
    let gift = site.gift(0);
    wire::submit(&bank.url(), std::slice::from_ref(&gift)).await?;
    wire::submit(&bank.url(), &[site.gift(1)]).await?;
    // An old checkpoint is no part of the tree; only receipts show it.
    let mut sql = site.sql().await?;
    sql.drop_triggers().await?;
    let of_gift = opening.len() + 1;
    let find = format!("SELECT note FROM checkpoints WHERE tree_size = {of_gift}");
    let mut note = sql.bytes(&find).await?;
    let last = note.len() - 12;
    note[last] = if note[last] == b'A' { b'B' } else { b'A' };
    let note = sql.blob(&note);
    sql.run(&format!(
        "UPDATE checkpoints SET note = {note} WHERE tree_size = {of_gift}"
    ))
    .await?;
    let client = wire::client_of(&bank.url(), &site.street.auditor).await?;
    let error = match client.submit_signed(&gift).await {
        Err(error) => error,
        Ok(recorded) => bail!("it verifies: {recorded:?}"),
    };
    ensure!(error.reason() == "RECEIPT_UNVERIFIED", "{error}");
    bank.end()
}
