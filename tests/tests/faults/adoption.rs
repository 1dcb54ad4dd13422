//! Going on from a database that lacks what was signed: nothing is appended
//! until an operator gives up the lost tree in the log, and then everything
//! that remembers it finds that declaration.

mod lost;
mod published;
mod restored;
mod running;
mod two;

use anyhow::{Result, ensure};
use client::{AuditError, Fault};
use ledger::act::AdoptState;
use ledger::entry::Seen;
use ledger::log::{Hash, TreeSize};
use ledger::{Abandoned, SignedEntry};
use server::guard::{Guard, Guarded};
use tonic::{Code, Status};
use tonic_types::StatusExt;

use self::lost::{adoption, lose, read_only_reason, writes};
use crate::site::{Kind, Site};
use crate::wire;

on_both_databases!(
    an_adopted_state_is_written_on_and_its_loss_is_reported,
    what_was_lost_can_be_proven_and_sent_again,
    a_state_is_adopted_by_an_operator_and_for_the_tree_that_is_ahead,
    nothing_is_adopted_where_nothing_is_missing,
    a_tree_that_was_given_up_is_not_forgotten_by_a_second_restore,
    a_server_killed_before_its_guard_has_followed_starts_again,
    a_checkpoint_that_no_declaration_covers_is_a_fault,
);

async fn an_adopted_state_is_written_on_and_its_loss_is_reported(kind: Kind) -> Result<()> {
    let site = Site::finished(kind, 4, 40).await?;
    let lost = lose(&site, 3).await?;
    let bank = site.plan.start()?;
    let why = read_only_reason(&bank)?;
    ensure!(
        why.contains("the guard has seen 43") && why.contains("3 are missing"),
        "{why}"
    );
    writes(&bank.url(), false).await?;
    let mut service = wire::service(&bank.url()).await?;
    let refused = refusal(wire::submit_one(&mut service, &site.gift(0)).await)?;
    let command = format!("timebank scheme adopt --abandoned 43:{}", lost.tree.root);
    for text in messages(&refused) {
        ensure!(text.contains("43") && text.contains(&command), "{text}");
    }
    let adopted = adoption(&site, lost.tree);
    let first = wire::submit_one(&mut service, &adopted).await?;
    ensure!(first.position == 40);
    writes(&bank.url(), true).await?;
    ensure!(wire::submit_one(&mut service, &adopted).await? == first);
    wire::submit_one(&mut service, &site.gift(0)).await?;
    check_report(&site, &bank.url(), lost.tree, 42).await?;
    bank.end()?;
    ensure!(Guard::open(&site.plan.data)?.given_up() == Some(lost.tree));
    let bank = site.plan.start()?;
    ensure!(bank.read_only.is_none(), "{:?}", bank.read_only);
    writes(&bank.url(), true).await?;
    wire::submit(&bank.url(), &[site.gift(1)]).await?;
    check_report(&site, &bank.url(), lost.tree, 43).await?;
    bank.end()
}

/// Audits a ledger in which one loss is declared, at record 40.
async fn check_report(site: &Site, url: &str, lost: Guarded, records: u64) -> Result<()> {
    let report = site.audit(url).await?;
    ensure!(report.tree_size.get() == records);
    let [declared] = &report.adoptions[..] else {
        anyhow::bail!("not one loss: {:?}", report.adoptions);
    };
    ensure!(declared.position.get() == 40 && declared.operator == site.street.root.id);
    ensure!((declared.abandoned_tree_size, declared.abandoned_root) == (lost.size, lost.root));
    Ok(())
}

async fn what_was_lost_can_be_proven_and_sent_again(kind: Kind) -> Result<()> {
    let site = Site::finished(kind, 4, 40).await?;
    let lost = lose(&site, 3).await?;
    let bank = site.plan.start()?;
    let log_key = bank.verifier_key.parse()?;
    for receipt in &lost.receipts {
        let proven = client::verify::verify(receipt.to_string().as_bytes(), &log_key, &[])?;
        ensure!(proven.position.get() >= 40);
    }
    wire::submit(&bank.url(), &[adoption(&site, lost.tree)]).await?;
    // The last of them had seen a lost tree of 42 records, which the log does
    // not have yet when it comes first.
    let entries: Vec<_> = lost.entries.iter().rev().cloned().collect();
    let again = wire::submit(&bank.url(), &entries).await?;
    ensure!(
        again.iter().map(|it| it.position).eq([41, 42, 43]),
        "{again:?}"
    );
    let report = site.audit(&bank.url()).await?;
    ensure!(report.adoptions[0].seen_checkpoints == 1, "{report:?}");
    // Who follows the log finds no fault in it either.
    let round = lost::look(&site, &bank.url()).await?;
    ensure!(round.found.is_empty() && round.is_whole(), "{round:?}");
    ensure!(round.audited == Some(TreeSize::new(44)), "{round:?}");
    bank.end()
}

async fn a_state_is_adopted_by_an_operator_and_for_the_tree_that_is_ahead(
    kind: Kind,
) -> Result<()> {
    let site = Site::finished(kind, 4, 40).await?;
    let Guarded { size, root } = lose(&site, 3).await?.tree;
    let bank = site.plan.start()?;
    let mut service = wire::service(&bank.url()).await?;
    let (smaller, other) = (TreeSize::new(42), Hash::EMPTY_ROOT);
    for (by, size, root, reason) in [
        (&site.street.regulator, size, root, "ROLE_MISSING"),
        (&site.street.members[0], size, root, "ROLE_MISSING"),
        (&site.street.root, size, other, "READ_ONLY"),
        (&site.street.root, smaller, root, "READ_ONLY"),
    ] {
        let abandoned = Abandoned { size, root };
        let act = AdoptState {
            abandoned,
            reason: None,
        };
        let signed = site.street.pen.sign(by, act).1;
        let refused = refusal(wire::submit_one(&mut service, &signed).await)?;
        ensure!(reason_of(&refused) == reason, "{refused:?}");
    }
    let report = wire::audit(&bank.url(), &site.street.auditor).await?;
    ensure!(report.tree_size.get() == 40 && report.adoptions.is_empty());
    writes(&bank.url(), false).await?;
    // Of two in one batch, one is enough.
    let tree = Guarded { size, root };
    let both: Vec<SignedEntry> = vec![adoption(&site, tree), adoption(&site, tree)];
    let refused = wire::submit(&bank.url(), &both).await.err();
    let said = refused.map(|error| error.to_string()).unwrap_or_default();
    ensure!(said.starts_with("not recorded"), "the other alone: {said}");
    let report = site.audit(&bank.url()).await?;
    ensure!(report.tree_size.get() == 41 && report.adoptions.len() == 1);
    bank.end()
}

async fn nothing_is_adopted_where_nothing_is_missing(kind: Kind) -> Result<()> {
    let site = Site::finished(kind, 4, 40).await?;
    let bank = site.plan.start()?;
    let mut service = wire::service(&bank.url()).await?;
    let mut tree = site.guarded()?;
    tree.size = TreeSize::new(50);
    let refused = wire::submit_one(&mut service, &adoption(&site, tree)).await;
    let refused = refusal(refused)?;
    ensure!(refused.code() == Code::FailedPrecondition);
    ensure!(reason_of(&refused) == "NOTHING_TO_ADOPT", "{refused:?}");
    writes(&bank.url(), true).await?;
    ensure!(site.audit(&bank.url()).await?.adoptions.is_empty());
    bank.end()
}

async fn a_tree_that_was_given_up_is_not_forgotten_by_a_second_restore(kind: Kind) -> Result<()> {
    let site = Site::finished(kind, 4, 40).await?;
    let lost = lose(&site, 5).await?;
    let bank = site.plan.start()?;
    wire::submit(&bank.url(), &[adoption(&site, lost.tree)]).await?;
    wire::submit(&bank.url(), &[site.gift(0)]).await?;
    ensure!(site.audit(&bank.url()).await?.tree_size.get() == 42);
    bank.end()?;
    // The adoption is lost too. What counts is the tree of 45 and not that of 42.
    site.sql().await?.restore().await?;
    let bank = site.plan.start()?;
    let why = read_only_reason(&bank)?;
    ensure!(why.contains("seen 45 signed"), "{why}");
    wire::submit(&bank.url(), &[adoption(&site, lost.tree)]).await?;
    check_report(&site, &bank.url(), lost.tree, 41).await?;
    bank.end()?;
    let bank = site.plan.start()?;
    ensure!(bank.read_only.is_none(), "{:?}", bank.read_only);
    bank.end()
}

async fn a_server_killed_before_its_guard_has_followed_starts_again(kind: Kind) -> Result<()> {
    let site = Site::finished(kind, 4, 40).await?;
    let lost = lose(&site, 3).await?;
    let guard_file = site.plan.data.join("guard");
    let before = std::fs::read(&guard_file)?;
    let bank = site.plan.start()?;
    wire::submit(&bank.url(), &[adoption(&site, lost.tree)]).await?;
    bank.kill_nine()?;
    std::fs::write(&guard_file, before)?;
    ensure!(site.guarded()? == lost.tree);
    let bank = site.plan.start()?;
    ensure!(bank.read_only.is_none(), "{:?}", bank.read_only);
    check_report(&site, &bank.url(), lost.tree, 41).await?;
    ensure!(Guard::open(&site.plan.data)?.given_up() == Some(lost.tree));
    bank.end()
}

async fn a_checkpoint_that_no_declaration_covers_is_a_fault(kind: Kind) -> Result<()> {
    let site = Site::finished(kind, 4, 40).await?;
    let lost = lose(&site, 3).await?;
    let bank = site.plan.start()?;
    wire::submit(&bank.url(), &[adoption(&site, lost.tree)]).await?;
    let gifts: Vec<_> = (0..5).map(|number| site.gift(number)).collect();
    wire::submit(&bank.url(), &gifts).await?;
    // As large as the tree that was given up, and another one.
    let seen = Seen {
        size: lost.tree.size,
        root: Hash::EMPTY_ROOT,
    };
    wire::submit(&bank.url(), &[lost::gift(&site, Some(seen))?]).await?;
    let auditor = wire::client_of(&bank.url(), &site.street.auditor).await?;
    let found = wire::try_audit(auditor).await;
    let Err(AuditError::Fault(fault)) = found else {
        anyhow::bail!("no fault: {found:?}");
    };
    ensure!(matches!(*fault, Fault::SeenOtherTree { size, .. } if size == lost.tree.size));
    bank.end()
}

/// The status of what must have been refused.
fn refusal<T>(answer: Result<T, Status>) -> Result<Status> {
    answer
        .err()
        .ok_or_else(|| anyhow::anyhow!("it was recorded"))
}

fn reason_of(status: &Status) -> String {
    let info = status.get_error_details().error_info().cloned();
    info.map(|info| info.reason).unwrap_or_default()
}

/// What people are told, in each language.
fn messages(status: &Status) -> Vec<String> {
    let details = status.get_error_details_vec().into_iter();
    let messages = details.filter_map(|detail| match detail {
        tonic_types::ErrorDetail::LocalizedMessage(message) => Some(message.message),
        _ => None,
    });
    messages.collect()
}
