//! Two servers on one database: the compare-and-swap keeps them on one log.

use std::collections::BTreeSet;

use anyhow::{Result, bail, ensure};
use ledger::act::{Appoint, Grant, GrantSource};
use ledger::log::{Checkpoint, VerifierKey};
use ledger::role::Role;
use ledger::{Minutes, SignedEntry};
use proto::v1;
use timebank_tests::bank::Plan;
use tonic::{Code, Status};

use crate::site::{Kind, LAB, Site, refusal};
use crate::wire;

/// How many submit to each server.
const CALLERS: usize = 4;
/// How many entries each of them submits.
const ENTRIES: usize = 60;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_that_append_at_once_keep_one_log() -> Result<()> {
    let (site, one) = Site::open(Kind::Postgres, 10).await?;
    let second = site.second_server()?;
    let other = second.start()?;
    assert_eq!(one.verifier_key, other.verifier_key);
    let opened = wire::audit(&one.url(), &site.street.auditor).await?;

    let mut callers = Vec::new();
    for caller in 0..2 * CALLERS {
        let url = if caller % 2 == 0 {
            one.url()
        } else {
            other.url()
        };
        let entries = (0..ENTRIES).map(|n| site.gift(caller + n)).collect();
        callers.push(tokio::spawn(call(url, entries, caller / 2 == 0)));
    }
    let (mut positions, mut checkpoints) = (BTreeSet::new(), BTreeSet::new());
    for caller in callers {
        for (position, checkpoint) in caller.await?? {
            ensure!(positions.insert(position), "two entries at {position}");
            checkpoints.insert(checkpoint);
        }
    }
    let records = opened.tree_size.get() + positions.len() as u64;
    assert_eq!(positions.len(), 2 * CALLERS * ENTRIES);
    assert_eq!(
        positions.last().map(|last| last + 1),
        Some(i64::try_from(records)?)
    );

    let key: VerifierKey = one.verifier_key.parse()?;
    for bank in [&one, &other] {
        let mut service = wire::service(&bank.url()).await?;
        let newest = wire::newest(&mut service, &key).await?;
        assert_eq!(newest.size().get(), records);
        for note in &checkpoints {
            let old = wire::verified(note, &key)?;
            wire::check_extends(&mut service, &old, &newest).await?;
        }
        let report = wire::audit(&bank.url(), &site.street.auditor).await?;
        assert_eq!(report.tree_size.get(), records);
    }
    one.end()?;
    other.end()?;
    for plan in [&site.plan, &second] {
        let bank = plan.start()?;
        assert_eq!(bank.read_only, None);
        bank.end()?;
    }
    Ok(())
}

/// Submits entries one by one, or over a stream; their places and checkpoints.
async fn call(
    url: String,
    entries: Vec<SignedEntry>,
    as_stream: bool,
) -> Result<Vec<(i64, Vec<u8>)>> {
    let mut service = wire::service(&url).await?;
    let mut told = Vec::new();
    if as_stream {
        let messages: Vec<_> = entries.chunks(5).map(wire::message).collect();
        let answers = service.submit_entries(tokio_stream::iter(messages)).await?;
        let mut answers = answers.into_inner();
        while let Some(answer) = answers.message().await? {
            let checkpoint = answer.checkpoint.clone();
            let places = wire::all_recorded(answer)?;
            told.extend(
                places
                    .iter()
                    .map(|place| (place.position, checkpoint.clone())),
            );
        }
        return Ok(told);
    }
    for signed in &entries {
        let answer = wire::submit_one(&mut service, signed).await?;
        told.push((answer.position, answer.checkpoint));
    }
    Ok(told)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_server_has_recorded_holds_at_once_at_the_other() -> Result<()> {
    let site = Site::new(Kind::Postgres, 6)?;
    let one = site.plan.start()?;
    wire::submit(&one.url(), &site.street.opening(0)).await?;
    let other = site.second_server()?.start()?;
    let mut there = wire::service(&other.url()).await?;
    for member in (1..6).rev() {
        // The other server has looked at the account and found it empty.
        let refused = wire::submit_one(&mut there, &site.gift(member)).await;
        assert_eq!(code(refused), Some(Code::FailedPrecondition));
        let granted = site.street.grant(member, Minutes::parse(60)?);
        wire::submit(&one.url(), &granted).await?;
        wire::submit_one(&mut there, &site.gift(member)).await?;
    }
    // And the same for somebody's role.
    let street = &site.street;
    let newcomer = &street.members[5];
    let grant = || Grant {
        unit: street.stations[0],
        recipient: street.members[0].id,
        minutes: Minutes::parse(30).expect("positive"),
        source: GrantSource::Issue,
        reason: None,
    };
    let refused = wire::submit_one(&mut there, &street.pen.sign(newcomer, grant()).1).await;
    assert_eq!(code(refused), Some(Code::PermissionDenied));
    let appoint = Appoint {
        member: newcomer.id,
        unit: street.scheme,
        role: Role::FundAdmin,
    };
    wire::submit(&one.url(), &[street.pen.sign(&street.root, appoint).1]).await?;
    wire::submit_one(&mut there, &street.pen.sign(newcomer, grant()).1).await?;
    wire::audit(&other.url(), &street.auditor).await?;
    one.end()?;
    other.end()
}

fn code(answer: Result<v1::SubmitEntryResponse, Status>) -> Option<Code> {
    answer.err().map(|status| status.code())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_that_is_sent_to_both_servers_is_recorded_once() -> Result<()> {
    let (site, one) = Site::open(Kind::Postgres, 6).await?;
    let other = site.second_server()?.start()?;
    let opened = wire::audit(&one.url(), &site.street.auditor).await?;
    let (mut here, mut there) = (
        wire::service(&one.url()).await?,
        wire::service(&other.url()).await?,
    );
    for number in 0..40 {
        let signed = site.gift(number);
        let (first, again) = tokio::join!(
            wire::submit_one(&mut here, &signed),
            wire::submit_one(&mut there, &signed)
        );
        assert_eq!(first?, again?, "the same receipt from both");
    }
    let report = wire::audit(&other.url(), &site.street.auditor).await?;
    assert_eq!(report.tree_size.get(), opened.tree_size.get() + 40);
    one.end()?;
    other.end()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_that_make_the_tables_at_once_do_not_get_in_each_others_way() -> Result<()> {
    let site = Site::new(Kind::Postgres, 4)?;
    // The first one makes the log's key, on a database of its own.
    Plan {
        database: String::new(),
        ..site.plan.clone()
    }
    .start()?
    .end()?;
    std::fs::remove_file(site.plan.data.join("guard"))?;
    let plans = [
        site.plan.clone(),
        site.second_server()?,
        site.second_server()?,
    ];
    let starting = plans.map(|plan| tokio::task::spawn_blocking(move || plan.start()));
    let mut banks = Vec::new();
    for bank in starting {
        banks.push(bank.await??);
    }
    for (bank, entry) in banks.iter().zip(site.street.opening(0)) {
        wire::submit(&bank.url(), &[entry]).await?;
    }
    banks
        .into_iter()
        .try_for_each(timebank_tests::bank::Bank::end)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_with_another_log_key_does_not_start_on_a_log() -> Result<()> {
    let (site, bank) = Site::open(Kind::Postgres, 4).await?;
    let stranger = Plan::on(LAB.as_ref(), site.plan.database.clone())?;
    let said = refusal(&stranger)?;
    assert!(
        said.contains("checkpoint") && said.contains("key"),
        "{said}"
    );
    // The one that was there goes on.
    wire::submit(&bank.url(), &[site.gift(0)]).await?;
    site.audit(&bank.url()).await?;
    bank.end()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_servers_with_different_keys_only_one_ever_signs() -> Result<()> {
    let site = Site::new(Kind::Postgres, 4)?;
    let (one, other) = (
        site.plan.start()?,
        Plan::on(LAB.as_ref(), site.plan.database.clone())?.start()?,
    );
    let opening = site.street.opening(0);
    wire::submit(&one.url(), &opening[..1]).await?;
    let mut there = wire::service(&other.url()).await?;
    match wire::submit_one(&mut there, &opening[1]).await {
        Err(status) => assert!(wire::is_lost(&status), "{status}"),
        Ok(answer) => bail!("another key has signed: {answer:?}"),
    }
    let key: VerifierKey = one.verifier_key.parse()?;
    let mut here = wire::service(&one.url()).await?;
    let newest: Checkpoint = wire::newest(&mut here, &key).await?;
    assert_eq!(newest.size().get(), 1);
    wire::submit(&one.url(), &opening).await?;
    site.audit(&one.url()).await?;
    let why = other
        .end()
        .expect_err("it has stopped by itself")
        .to_string();
    assert!(why.contains("exit status: 1"), "{why}");
    one.end()
}
