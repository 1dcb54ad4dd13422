//! Many at once: nothing is spent twice, and nothing is lost.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use client::{Address, Client, ClientError, Connection, Memory};
use ledger::act::{Approve, Donate, Give};
use ledger::{AccountId, Act, MemberId, SignedEntry};
use tokio::task::JoinSet;

use crate::world::{World, minutes};

on_both!(
    sixty_four_clients_never_overdraw_one_balance,
    a_hundred_parallel_gifts_leave_exact_sums,
    one_request_is_taken_by_one_volunteer,
    one_proposal_is_decided_by_one_person,
);

/// How often each reason was given; "" counts what was recorded.
pub(crate) type Tally = BTreeMap<String, usize>;

/// Submits each entry from a client and a connection of its own, all at once.
pub(crate) async fn race(urls: &[String], entries: Vec<SignedEntry>) -> Result<Tally> {
    let mut clients = Vec::new();
    for number in 0..entries.len() {
        clients.push(client(&urls[number % urls.len()]).await?);
    }
    let mut racing = JoinSet::new();
    for (client, signed) in clients.into_iter().zip(entries) {
        racing.spawn(async move { client.submit_signed(&signed).await });
    }
    let mut tally = Tally::new();
    while let Some(answer) = racing.join_next().await {
        let reason = match answer? {
            Ok(_) => String::new(),
            Err(ClientError::Refused(refusal)) => refusal.reason,
            Err(other) => bail!("neither recorded nor refused: {other}"),
        };
        *tally.entry(reason).or_default() += 1;
    }
    Ok(tally)
}

async fn client(url: &str) -> Result<Client> {
    let patience = std::time::Duration::from_mins(1);
    let connection = Connection::open(&Address::new(url).with_timeout(patience)).await?;
    let client = Client::connect(connection, Memory::volatile().into(), None).await?;
    Ok(client.with_attempts_max(1))
}

/// Entries of the first member, who has 600 minutes, that move 30 each.
pub(crate) fn spending(world: &World, count: usize) -> Result<Vec<SignedEntry>> {
    let (pen, spender) = (&world.street.pen, world.member(0));
    let minutes = minutes(30)?;
    let entry = |number: usize| {
        let act: Act = match number % 3 {
            0 => Give {
                recipient: world.member(1 + number % 2).id,
                minutes,
            }
            .into(),
            1 => Donate {
                unit: world.street.stations[0],
                minutes,
            }
            .into(),
            _ => world.request(30)?.into(),
        };
        Ok(pen.sign(spender, act).1)
    };
    (0..count).map(entry).collect()
}

/// Checks that exactly the 600 minutes were spent, in 20 pieces.
pub(crate) async fn check_spent(world: &World, tally: &Tally, count: usize) -> Result<()> {
    assert_eq!(tally[""], 20, "{tally:?}");
    assert_eq!(tally["INSUFFICIENT_BALANCE"], count - 20, "{tally:?}");
    let (available, held) = world.purse(world.member(0)).await?;
    assert_eq!(available, 0);
    let mut elsewhere = held;
    for number in [1, 2] {
        elsewhere += world.purse(world.member(number)).await?.0 - 600;
    }
    let pool = AccountId::Pool(world.street.stations[0]);
    elsewhere += world.purse_of(pool).await?.0;
    assert_eq!(elsewhere, 600);
    Ok(())
}

async fn sixty_four_clients_never_overdraw_one_balance(world: &mut World) -> Result<()> {
    let before = world.tree_size().await?;
    let entries = spending(world, 64)?;
    let tally = race(&[world.url().to_owned()], entries).await?;
    check_spent(world, &tally, 64).await?;
    assert_eq!(world.tree_size().await?, before + 20);
    Ok(())
}

// Behaviour 30.
async fn a_hundred_parallel_gifts_leave_exact_sums(world: &mut World) -> Result<()> {
    let mut expected: BTreeMap<MemberId, i64> = (0..4)
        .map(|number| (world.member(number).id, 600))
        .collect();
    let mut entries = Vec::new();
    for number in 0_u32..100 {
        let (from, to) = (number as usize % 4, (number as usize / 4 + 1) % 4);
        let to = if to == from { (to + 1) % 4 } else { to };
        let amount = 1 + i64::from(number) % 7;
        let (giver, receiver) = (world.member(from), world.member(to));
        *expected.entry(giver.id).or_default() -= amount;
        *expected.entry(receiver.id).or_default() += amount;
        let gift = Give {
            recipient: receiver.id,
            minutes: minutes(amount)?,
        };
        entries.push(world.street.pen.sign(giver, gift).1);
    }
    let tally = race(&[world.url().to_owned()], entries).await?;
    assert_eq!(tally[""], 100, "{tally:?}");
    for number in 0..4 {
        let member = world.member(number);
        assert_eq!(world.purse(member).await?, (expected[&member.id], 0));
    }
    Ok(())
}

async fn one_request_is_taken_by_one_volunteer(world: &mut World) -> Result<()> {
    use ledger::act::AcceptCare;
    let service = world.requested(world.member(0), 60).await?;
    let pen = &world.street.pen;
    let accept = |number: usize| {
        pen.sign(world.member(1 + number % 3), AcceptCare { service })
            .1
    };
    let entries = (0..24).map(accept).collect();
    let tally = race(&[world.url().to_owned()], entries).await?;
    assert_eq!((tally[""], tally["SERVICE_STAGE"]), (1, 23), "{tally:?}");
    Ok(())
}

// Behaviour 31.
async fn one_proposal_is_decided_by_one_person(world: &mut World) -> Result<()> {
    let [proposed, _] = world.street.grant(0, minutes(60)?);
    world.records(&proposed).await?;
    let proposal = proto::decode(&proposed.bytes)?.id;
    let street = &world.street;
    let deciders = [&street.fund[1], &street.root, &street.regulator];
    let approve = |number: usize| {
        let decider = deciders[number % 3];
        street.pen.sign(decider, Approve { proposal }).1
    };
    let entries = (0..24).map(approve).collect();
    let tally = race(&[world.url().to_owned()], entries).await?;
    assert_eq!((tally[""], tally["PROPOSAL_CLOSED"]), (1, 23), "{tally:?}");
    assert_eq!(world.purse(world.member(0)).await?, (660, 0));
    Ok(())
}
