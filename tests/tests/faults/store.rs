//! A store that fails: each fault failed, or failed but was written.
//!
//! The server runs in this process, around [`Faulty`]. Whatever the store does,
//! an entry that is submitted until it is acknowledged is in the log once, and
//! the guard remembers the tree that the database has.

mod shaky;

use anyhow::{Result, ensure};
use timebank_tests::faulty::{CommitFault, Dice, Failure};
use tonic::Code;

use self::shaky::Shaky;
use crate::site::{Kind, Site};
use crate::wire;

on_both_databases!(
    a_commit_that_could_not_be_done_is_refused_and_can_be_repeated,
    a_commit_in_conflict_is_done_again_unseen,
    a_conflict_with_nobody_stops_the_server,
    a_commit_of_unknown_outcome_stops_the_server,
    a_read_that_fails_refuses_the_call_and_nothing_else,
    a_server_that_cannot_read_its_database_does_not_start,
    random_faults_lose_nothing_and_double_nothing,
    a_group_is_read_for_at_once_however_many_visits_it_has,
);

const MEMBERS: u64 = 6;
const BOTH_FORMS: [bool; 2] = [false, true];

async fn a_commit_that_could_not_be_done_is_refused_and_can_be_repeated(kind: Kind) -> Result<()> {
    let site = Site::finished(kind, MEMBERS, 40).await?;
    let mut records = 40;
    for written in BOTH_FORMS {
        let server = Shaky::start(&site).await?;
        let mut service = wire::service(&server.url).await?;
        let failure = Failure::Unavailable;
        server.store.fail_commit(CommitFault { failure, written });
        let entry = site.gift(0);
        let refused = wire::submit_one(&mut service, &entry).await;
        ensure!(refused.is_err_and(|status| status.code() == Code::Unavailable));
        ensure!(server.head().await? == records + u64::from(written));
        let first = wire::submit_one(&mut service, &entry).await?;
        ensure!(first.position == i64::try_from(records)?);
        ensure!(wire::submit_one(&mut service, &entry).await? == first);
        // It goes on as if nothing had been.
        wire::submit_one(&mut service, &site.gift(1)).await?;
        records += 2;
        ensure!(site.audit(&server.url).await?.tree_size.get() == records);
        server.stop().await?;
    }
    Ok(())
}

async fn a_commit_in_conflict_is_done_again_unseen(kind: Kind) -> Result<()> {
    let site = Site::finished(kind, MEMBERS, 40).await?;
    let server = Shaky::start(&site).await?;
    let mut service = wire::service(&server.url).await?;
    let first = wire::submit_one(&mut service, &site.gift(0)).await?;
    ensure!(first.position == 40);
    // Its own commit was written, and it is told that another server was first.
    let (failure, written) = (Failure::Conflict, true);
    server.store.fail_commit(CommitFault { failure, written });
    let entry = site.gift(0);
    let second = wire::submit_one(&mut service, &entry).await?;
    ensure!(second.position == 41);
    ensure!(wire::submit_one(&mut service, &entry).await? == second);
    // Another server was first indeed, and again after that.
    let other = Site::beside(&site)?;
    let rival = Shaky::start(&other).await?;
    for round in 0..3 {
        wire::submit(&rival.url, &[site.gift(round)]).await?;
        let next = wire::submit_one(&mut service, &site.gift(round)).await?;
        ensure!(next.position == 43 + 2 * i64::try_from(round)?);
    }
    rival.stop().await?;
    ensure!(site.audit(&server.url).await?.tree_size.get() == 48);
    server.stop().await
}

async fn a_conflict_with_nobody_stops_the_server(kind: Kind) -> Result<()> {
    let site = Site::finished(kind, MEMBERS, 40).await?;
    let server = Shaky::start(&site).await?;
    let mut service = wire::service(&server.url).await?;
    let (failure, written) = (Failure::Conflict, false);
    server.store.fail_commit(CommitFault { failure, written });
    let entry = site.gift(0);
    let refused = wire::submit_one(&mut service, &entry).await;
    ensure!(refused.is_err_and(|status| wire::is_lost(&status)));
    let why = server.end().await.expect_err("it stops").to_string();
    ensure!(why.contains("corrupt"), "{why}");
    let bank = site.plan.start()?;
    wire::submit(&bank.url(), &[entry]).await?;
    ensure!(site.audit(&bank.url()).await?.tree_size.get() == 41);
    bank.end()
}

async fn a_commit_of_unknown_outcome_stops_the_server(kind: Kind) -> Result<()> {
    let site = Site::finished(kind, MEMBERS, 40).await?;
    let mut records = 40;
    for written in BOTH_FORMS {
        let server = Shaky::start(&site).await?;
        let mut service = wire::service(&server.url).await?;
        let failure = Failure::OutcomeUnknown;
        server.store.fail_commit(CommitFault { failure, written });
        let entry = site.gift(0);
        let refused = wire::submit_one(&mut service, &entry).await;
        ensure!(refused.is_err_and(|status| wire::is_lost(&status)));
        let why = server.end().await.expect_err("it stops").to_string();
        ensure!(why.contains("outcome of a commit is unknown"), "{why}");
        ensure!(
            site.guarded()?.size.get() == records,
            "the guard saw no answer"
        );

        let bank = site.plan.start()?;
        ensure!(bank.read_only.is_none());
        let mut service = wire::service(&bank.url()).await?;
        let first = wire::submit_one(&mut service, &entry).await?;
        ensure!(first.position == i64::try_from(records)?);
        ensure!(wire::submit_one(&mut service, &entry).await? == first);
        wire::submit_one(&mut service, &site.gift(1)).await?;
        records += 2;
        ensure!(site.audit(&bank.url()).await?.tree_size.get() == records);
        bank.end()?;
    }
    Ok(())
}

async fn a_read_that_fails_refuses_the_call_and_nothing_else(kind: Kind) -> Result<()> {
    let site = Site::finished(kind, MEMBERS, 40).await?;
    let server = Shaky::start(&site).await?;
    let mut service = wire::service(&server.url).await?;
    let (mut records, mut refused) = (40, 0);
    for reads in 0..14 {
        let entry = site.gift(reads);
        server.store.fail_read_after(reads);
        if let Err(status) = wire::submit_one(&mut service, &entry).await {
            ensure!(status.code() == Code::Unavailable, "{status}");
            refused += 1;
        }
        server.store.calm();
        let first = wire::submit_one(&mut service, &entry).await?;
        ensure!(first.position == i64::try_from(records)?);
        // The answer again is read from the store, which fails at each step.
        server.store.fail_read_after(reads);
        if let Err(status) = wire::submit_one(&mut service, &entry).await {
            ensure!(status.code() == Code::Unavailable, "{status}");
            refused += 1;
        }
        server.store.calm();
        ensure!(wire::submit_one(&mut service, &entry).await? == first);
        records += 1;
    }
    ensure!(refused >= 5, "only {refused} calls have met their fault");
    ensure!(site.audit(&server.url).await?.tree_size.get() == records);
    server.stop().await
}

async fn a_server_that_cannot_read_its_database_does_not_start(kind: Kind) -> Result<()> {
    let site = Site::finished(kind, MEMBERS, 40).await?;
    let store = Shaky::store(&site).await?;
    let mut failed = 0;
    loop {
        store.fail_read_after(failed);
        match Shaky::on(&site, std::sync::Arc::clone(&store)).await {
            Err(error) => ensure!(error.to_string().contains("not available"), "{error}"),
            Ok(server) => {
                // No read was left to fail.
                store.calm();
                site.audit(&server.url).await?;
                server.stop().await?;
                break;
            }
        }
        store.calm();
        failed += 1;
    }
    ensure!(failed >= 3, "head, tiles and checkpoint are read");
    Ok(())
}

async fn random_faults_lose_nothing_and_double_nothing(kind: Kind) -> Result<()> {
    let mut dice = Dice::of_this_run();
    let site = Site::finished(kind, MEMBERS, 40).await?;
    let (mut acknowledged, mut waiting) = (Vec::new(), site.gift(0));
    let (mut stopped, mut injected) = (0, 0);
    while injected < 40 || stopped < 4 {
        let store = Shaky::store(&site).await?;
        let server = Shaky::on(&site, std::sync::Arc::clone(&store)).await?;
        store.fail_by_chance(Dice::new(dice.below(u64::MAX)), 60);
        let mut service = wire::service(&server.url).await?;
        for _ in 0..60 {
            match wire::submit_one(&mut service, &waiting).await {
                Ok(answer) => {
                    let next = site.gift(acknowledged.len());
                    acknowledged.push((std::mem::replace(&mut waiting, next), answer));
                }
                Err(status) if wire::is_lost(&status) && !server.has_ended() => {}
                Err(status) => {
                    ensure!(wire::is_lost(&status), "{status}");
                    break;
                }
            }
        }
        store.calm();
        injected += store.injected();
        stopped += usize::from(server.stop().await.is_err());
    }
    println!("{injected} faults, {stopped} of them stopped the server");
    let bank = site.plan.start()?;
    let mut service = wire::service(&bank.url()).await?;
    for (signed, answer) in &acknowledged {
        ensure!(wire::submit_one(&mut service, signed).await? == *answer);
    }
    // The one in hand may have been written; the guard follows with the next.
    wire::submit_one(&mut service, &waiting).await?;
    wire::submit_one(&mut service, &site.gift(0)).await?;
    let records = site.audit(&bank.url()).await?.tree_size.get();
    ensure!(
        records == 40 + acknowledged.len() as u64 + 2,
        "{records} records"
    );
    bank.end()
}

/// Whole visits in one message, each entry leaning on the one before: the questions
/// to the database are as many as the longest chain of rows has links.
async fn a_group_is_read_for_at_once_however_many_visits_it_has(kind: Kind) -> Result<()> {
    let site = Site::finished(kind, 60, 400).await?;
    let mut asked = Vec::new();
    for visits in [5, 60] {
        let server = Shaky::start(&site).await?;
        let entries: Vec<_> = (0..visits)
            .flat_map(|number| site.street.visit(number))
            .collect();
        let before = server.store.reads();
        wire::submit(&server.url, &entries).await?;
        asked.push(server.store.reads() - before);
        server.stop().await?;
    }
    ensure!(asked[1] <= asked[0] + 2 && asked[1] < 40, "{asked:?}");
    Ok(())
}
