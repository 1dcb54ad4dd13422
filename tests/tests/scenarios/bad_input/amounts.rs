//! Amounts that are none.

use anyhow::{Context, Result};
use ledger::Entry;
use ledger::act::{Donate, Give, Grant, GrantSource, ReceiveMoney};
use proto::v1::entry::Act;
use timebank_tests::pen::Person;
use tonic::Code;

use super::{Case, all_are_refused};
use crate::wire::{act_of, forged};
use crate::world::{World, minutes};

on_both!(
    minutes_that_are_zero_negative_or_too_many_are_refused,
    money_that_is_zero_negative_or_too_much_is_refused,
    balances_do_not_overflow,
);

/// The least that no type of ours would write, and the reason against it.
const AMOUNTS: [(i64, &str); 6] = [
    (0, "AMOUNT_NOT_POSITIVE"),
    (-1, "AMOUNT_NOT_POSITIVE"),
    (i64::MIN, "AMOUNT_NOT_POSITIVE"),
    (100_000_001, "AMOUNT_TOO_LARGE"),
    (1 << 32, "AMOUNT_TOO_LARGE"),
    (i64::MAX, "AMOUNT_TOO_LARGE"),
];

/// Writes an amount where the act has one.
fn write_minutes(act: &mut Act, amount: i64) {
    match act {
        Act::RequestCare(act) => act.minutes = amount,
        Act::LogService(act) => act.minutes = amount,
        Act::ConfirmService(act) => act.minutes = amount,
        Act::Give(act) => act.minutes = amount,
        Act::Donate(act) => act.minutes = amount,
        Act::Grant(act) => act.minutes = amount,
        Act::ReceiveMoney(act) => act.fen = amount,
        other => panic!("no amount in {other:?}"),
    }
}

fn cases(entries: Vec<(&Person, Entry)>, amounts: &[(i64, &'static str)]) -> Vec<Case> {
    let mut cases = Vec::new();
    for (author, entry) in entries {
        for (amount, reason) in amounts.iter().copied() {
            let signed = forged(&entry, &author.key, |message| {
                if let Some(act) = act_of(message) {
                    write_minutes(act, amount);
                }
            });
            let what = format!("{} of {amount}", entry.act.name());
            cases.push(Case::new(&what, &signed, Code::InvalidArgument, reason));
        }
    }
    cases
}

fn gift(world: &World) -> Result<Give> {
    Ok(Give {
        recipient: world.member(1).id,
        minutes: minutes(60)?,
    })
}

// Behaviours 2, 14 and 41.
async fn minutes_that_are_zero_negative_or_too_many_are_refused(world: &mut World) -> Result<()> {
    let (giver, pen) = (world.member(0), &world.street.pen);
    let service = world.booked(giver, world.member(1), 60).await?;
    let (unit, minutes) = (world.street.stations[0], minutes(60)?);
    let grant = Grant {
        unit,
        recipient: giver.id,
        minutes,
        source: GrantSource::Issue,
        reason: None,
    };
    let fund = &world.street.fund[0];
    let confirm = ledger::act::ConfirmService { service, minutes };
    let entries = vec![
        (giver, pen.entry(giver, gift(world)?)),
        (giver, pen.entry(giver, Donate { unit, minutes })),
        (giver, pen.entry(giver, world.request(60)?)),
        (
            world.member(1),
            pen.entry(world.member(1), world.log(service, 60)?),
        ),
        (giver, pen.entry(giver, confirm)),
        (fund, pen.entry(fund, grant)),
    ];
    let (_, good) = pen.sign(giver, gift(world)?);
    all_are_refused(world, cases(entries, &AMOUNTS), &good).await
}

async fn money_that_is_zero_negative_or_too_much_is_refused(world: &mut World) -> Result<()> {
    let (fund, pen) = (&world.street.fund[0], &world.street.pen);
    let money = ReceiveMoney {
        unit: world.street.scheme,
        line: None,
        fen: ledger::Fen::parse(1)?,
        voucher: None,
    };
    let amounts = [
        (0, "AMOUNT_NOT_POSITIVE"),
        (-100, "AMOUNT_NOT_POSITIVE"),
        (1_000_000_000_000_001, "AMOUNT_TOO_LARGE"),
        (i64::MAX, "AMOUNT_TOO_LARGE"),
    ];
    let entries = vec![(fund, pen.entry(fund, money.clone()))];
    let (_, good) = pen.sign(fund, money);
    all_are_refused(world, cases(entries, &amounts), &good).await
}

// Behaviour 14.
async fn balances_do_not_overflow(world: &mut World) -> Result<()> {
    let (fund, pen) = (&world.street.fund[0], &world.street.pen);
    // 9000 times the largest sum is still below 2^63 and the next thousand is
    // above.
    let money = ReceiveMoney {
        unit: world.street.scheme,
        line: None,
        fen: ledger::Fen::parse(ledger::Fen::MAX)?,
        voucher: None,
    };
    let batch = |count: usize| {
        let entry = |_| pen.sign(fund, money.clone()).1;
        (0..count).map(entry).collect::<Vec<_>>()
    };
    for _ in 0..9 {
        let answer = world.client().submit_batch(&batch(1_000)).await?;
        let reasons = crate::world::reasons(&answer.outcomes);
        assert!(reasons.iter().all(|reason| reason.is_empty()));
    }
    let answer = world.client().submit_batch(&batch(300)).await?;
    let reasons = crate::world::reasons(&answer.outcomes);
    // i64::MAX is 9_223_372_036_854_775_807.
    let accepted = reasons.iter().position(|reason| !reason.is_empty());
    assert_eq!(accepted.context("one does not fit")?, 223);
    assert!(reasons[223..].iter().all(|it| *it == "BALANCE_OVERFLOW"));
    Ok(())
}
