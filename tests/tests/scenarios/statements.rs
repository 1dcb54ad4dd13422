//! Statements: the postings of an account, newest first, page by page.

use anyhow::Result;
use ledger::act::{Donate, Give};
use ledger::{AccountId, Bucket};
use proto::name::ACCOUNTS;
use proto::v1::account_service_client::AccountServiceClient;
use proto::v1::{ListPostingsRequest, Posting};
use timebank_tests::bank::ORIGIN;
use timebank_tests::pen::Person;

use crate::wire::{bearer, with_authorization};
use crate::world::{World, minutes};

on_both!(
    a_statement_has_every_posting_once_whatever_the_page,
    a_page_goes_on_where_it_ended_although_the_account_moves,
    a_statement_has_its_own_account_and_a_running_balance,
);

// Behaviours 17 and 46.
async fn a_statement_has_every_posting_once_whatever_the_page(world: &mut World) -> Result<()> {
    let (giver, receiver) = (world.member(0), world.member(1));
    for count in 1..=4 {
        world.does(giver, give(receiver, count)?).await?;
        world.requested(giver, 30).await?;
    }
    let whole = pages(world, giver, 1_000).await?;
    // The grant, four gifts, and four holds of two lines each.
    assert_eq!(whole.len(), 13);
    let places: Vec<_> = whole.iter().map(|it| (it.position, it.line)).collect();
    assert!(places.is_sorted_by(|newer, older| newer > older));
    for size in [1, 2, 3, 5, 12, 13, 14] {
        assert_eq!(pages(world, giver, size).await?, whole, "{size}");
    }
    Ok(())
}

// Behaviour 46.
async fn a_page_goes_on_where_it_ended_although_the_account_moves(world: &mut World) -> Result<()> {
    let (giver, receiver) = (world.member(0), world.member(1));
    for count in 1..=4 {
        world.does(giver, give(receiver, count)?).await?;
    }
    let before = pages(world, giver, 1_000).await?;
    let (mut found, mut token) = page(world, giver, 2, String::new()).await?;
    while !token.is_empty() {
        world.does(giver, give(receiver, 1)?).await?;
        let (more, next) = page(world, giver, 2, token).await?;
        found.extend(more);
        token = next;
    }
    assert_eq!(found, before);
    Ok(())
}

// Behaviour 17.
async fn a_statement_has_its_own_account_and_a_running_balance(world: &mut World) -> Result<()> {
    let (giver, receiver) = (world.member(0), world.member(1));
    let unit = world.street.stations[0];
    world.does(giver, give(receiver, 10)?).await?;
    world.does(receiver, give(giver, 4)?).await?;
    world.requested(giver, 60).await?;
    let minutes = minutes(5)?;
    world.does(giver, Donate { unit, minutes }).await?;
    let account = AccountId::Member(giver.id);
    let statement = world.client_of(giver).statement(account, 100).await?;
    let lines: Vec<_> = statement
        .iter()
        .map(|line| (line.act.as_str(), line.bucket, line.amount, line.balance))
        .collect();
    let expected = [
        ("Donate", Bucket::Available, -5, 529),
        ("RequestCare", Bucket::Held, 60, 60),
        ("RequestCare", Bucket::Available, -60, 534),
        ("Give", Bucket::Available, 4, 594),
        ("Give", Bucket::Available, -10, 590),
        ("Approve", Bucket::Available, 600, 600),
    ];
    assert_eq!(lines, expected);
    // Whoever was granted nothing has nothing to show.
    let empty = AccountId::Member(world.street.staff[0].id);
    let client = world.client_of(&world.street.staff[0]);
    assert!(client.statement(empty, 9).await?.is_empty());
    Ok(())
}

async fn pages(world: &World, owner: &Person, size: i32) -> Result<Vec<Posting>> {
    let (mut all, mut token) = page(world, owner, size, String::new()).await?;
    while !token.is_empty() {
        let (more, next) = page(world, owner, size, token).await?;
        assert!((1..=size).contains(&i32::try_from(more.len())?));
        all.extend(more);
        token = next;
    }
    Ok(all)
}

async fn page(
    world: &World,
    owner: &Person,
    page_size: i32,
    page_token: String,
) -> Result<(Vec<Posting>, String)> {
    let request = ListPostingsRequest {
        parent: ACCOUNTS.name(&AccountId::Member(owner.id)),
        page_size,
        page_token,
    };
    let request = with_authorization(request, &bearer(owner, ORIGIN))?;
    let mut service = AccountServiceClient::new(world.channel().await?);
    let answer = service.list_postings(request).await?.into_inner();
    Ok((answer.postings, answer.next_page_token))
}

fn give(receiver: &Person, count: i64) -> Result<Give> {
    Ok(Give {
        recipient: receiver.id,
        minutes: minutes(count)?,
    })
}
