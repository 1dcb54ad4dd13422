//! Hours that members give to each other and to the pool.

use anyhow::Result;
use ledger::act::{Donate, Give};
use ledger::{AccountId, Bucket, UnitId};
use timebank_tests::pen::{self, Person};

use crate::world::{World, minutes, stranger};

on_both!(
    a_gift_leaves_one_account_and_reaches_the_other,
    a_gift_is_given_with_ones_own_key_only,
    a_gift_above_the_balance_passes_once_the_fund_has_granted_more,
    a_gift_to_oneself_or_to_a_stranger_is_refused,
    a_donation_moves_hours_to_the_pool_of_the_unit,
    an_entry_that_was_refused_leaves_no_trace,
    money_that_the_fund_receives_stands_beside_the_hours,
);

// Behaviours 1, 6 and 13.
async fn a_gift_leaves_one_account_and_reaches_the_other(world: &mut World) -> Result<()> {
    let (giver, receiver) = (world.member(0), world.member(1));
    let gift = world.does(giver, give(receiver, 45)?).await?;
    assert_eq!(world.purse(giver).await?, (555, 0));
    assert_eq!(world.purse(receiver).await?, (645, 0));
    let mut changes = Vec::new();
    for person in [giver, receiver] {
        let account = AccountId::Member(person.id);
        let statement = world.client_of(person).statement(account, 1).await?;
        let line = &statement[0];
        assert_eq!((line.entry, line.act.as_str()), (gift, "Give"));
        assert_eq!(line.bucket, Bucket::Available);
        changes.push((line.amount, line.balance, line.position));
    }
    assert_eq!((changes[0].0, changes[0].1), (-45, 555));
    assert_eq!((changes[1].0, changes[1].1), (45, 645));
    assert_eq!(changes[0].2, changes[1].2);
    Ok(())
}

// Behaviours 3, 14 and 40.
async fn a_gift_is_given_with_ones_own_key_only(world: &mut World) -> Result<()> {
    let pen = &world.street.pen;
    let (owner, thief) = (world.member(0), world.member(1));
    let entry = pen.entry(owner, give(thief, 60)?);
    let signed = pen::sign(&entry, &thief.key);
    world.refuses_signed(&signed, "KEY_OF_ANOTHER").await?;
    let mut signed = pen::sign(&entry, &thief.key);
    signed.key_id = owner.key.public().id();
    world.refuses_signed(&signed, "SIGNATURE_INVALID").await?;
    for officer in [&world.street.staff[0], &world.street.root] {
        let (_, signed) = pen.sign_for(officer, owner.id, give(thief, 60)?);
        world.refuses_signed(&signed, "NOT_ON_BEHALF").await?;
    }
    assert_eq!(world.purse(owner).await?, (600, 0));
    Ok(())
}

// Behaviours 15 and 31.
async fn a_gift_above_the_balance_passes_once_the_fund_has_granted_more(
    world: &mut World,
) -> Result<()> {
    let (giver, receiver) = (world.member(0), world.member(1));
    let (_, gift) = world.street.pen.sign(giver, give(receiver, 700)?);
    let said = world.refuses_signed(&gift, "INSUFFICIENT_BALANCE").await?;
    assert_eq!(said.datum("available"), "600");
    for signed in world.street.grant(0, minutes(99)?) {
        world.records(&signed).await?;
    }
    world.refuses_signed(&gift, "INSUFFICIENT_BALANCE").await?;
    for signed in world.street.grant(0, minutes(1)?) {
        world.records(&signed).await?;
    }
    world.records(&gift).await?;
    assert_eq!(world.purse(giver).await?, (0, 0));
    assert_eq!(world.purse(receiver).await?, (1_300, 0));
    world
        .refuses(giver, give(receiver, 1)?, "INSUFFICIENT_BALANCE")
        .await?;
    Ok(())
}

// Behaviours 14 and 41.
async fn a_gift_to_oneself_or_to_a_stranger_is_refused(world: &mut World) -> Result<()> {
    let giver = world.member(0);
    world
        .refuses(giver, give(giver, 60)?, "SELF_TRANSFER")
        .await?;
    let to_stranger = Give {
        recipient: stranger(),
        minutes: minutes(60)?,
    };
    world
        .refuses(giver, to_stranger.clone(), "MEMBER_UNKNOWN")
        .await?;
    // A key that nobody has registered cannot give at all.
    let unknown = Person::numbered(9_999);
    world.refuses(&unknown, to_stranger, "KEY_UNKNOWN").await?;
    Ok(())
}

// Behaviour 13.
async fn a_donation_moves_hours_to_the_pool_of_the_unit(world: &mut World) -> Result<()> {
    let giver = world.member(0);
    let unit = world.street.stations[1];
    let donate = |unit| -> Result<Donate> {
        let minutes = minutes(90)?;
        Ok(Donate { unit, minutes })
    };
    world.does(giver, donate(unit)?).await?;
    assert_eq!(world.purse(giver).await?, (510, 0));
    assert_eq!(world.purse_of(AccountId::Pool(unit)).await?, (90, 0));
    let fund = world.client_of(giver).fund().await?;
    let pools: i64 = fund.units.iter().map(|hours| hours.pool_minutes).sum();
    assert_eq!(pools, 90);
    let nowhere = UnitId::from_bytes([0x77; 16]);
    world
        .refuses(giver, donate(nowhere)?, "UNIT_UNKNOWN")
        .await?;
    Ok(())
}

// Behaviours 2 and 45.
async fn an_entry_that_was_refused_leaves_no_trace(world: &mut World) -> Result<()> {
    let (giver, receiver) = (world.member(0), world.member(1));
    let before = world.audit().await?;
    for _ in 0..3 {
        world
            .refuses(giver, give(receiver, 601)?, "INSUFFICIENT_BALANCE")
            .await?;
    }
    let after = world.audit().await?;
    assert_eq!(after.root, before.root);
    assert_eq!(after.postings, before.postings);
    assert_eq!(after.state_rows, before.state_rows);
    Ok(())
}

async fn money_that_the_fund_receives_stands_beside_the_hours(world: &mut World) -> Result<()> {
    use ledger::Fen;
    use ledger::act::ReceiveMoney;
    let gift = ReceiveMoney {
        unit: world.street.scheme,
        line: None,
        fen: Fen::parse(123_456)?,
        voucher: None,
    };
    let member = world.member(0);
    world.refuses(member, gift.clone(), "ROLE_MISSING").await?;
    let before = world.audit().await?;
    world.does(&world.street.fund[0], gift).await?;
    let fund = world.client_of(member).fund().await?;
    assert_eq!((fund.cash_fen, fund.received_fen), (123_456, 123_456));
    assert_eq!(world.purse_of(AccountId::FundDonors).await?, (-123_456, 0));
    let after = world.audit().await?;
    assert_eq!(after.cash_fen, 123_456);
    assert_eq!(after.members, before.members);
    Ok(())
}

fn give(receiver: &Person, count: i64) -> Result<Give> {
    Ok(Give {
        recipient: receiver.id,
        minutes: minutes(count)?,
    })
}
