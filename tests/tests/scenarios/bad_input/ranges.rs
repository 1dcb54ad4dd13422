//! Choices, times and numbers out of their range.

use anyhow::Result;
use ledger::act::Appoint;
use ledger::role::Role;
use proto::v1;
use timebank_tests::pen::Person;

use super::all_are_refused;
use super::fields::{Change, cases, enrolment, gift};
use crate::world::World;

on_both!(
    a_time_an_item_or_an_envelope_out_of_its_range_is_refused,
    a_choice_that_does_not_exist_is_refused,
    a_month_that_does_not_exist_is_refused,
);

async fn a_time_an_item_or_an_envelope_out_of_its_range_is_refused(
    world: &mut World,
) -> Result<()> {
    let changes: [(&str, &str, Change); 8] = [
        (
            "a start before 1970",
            "TIME_OUT_OF_RANGE",
            change!(RequestCare, act => act.start_ms = -1),
        ),
        (
            "a start beyond all calendars",
            "TIME_OUT_OF_RANGE",
            change!(RequestCare, act => act.start_ms = i64::MAX),
        ),
        (
            "an item with a stop",
            "ITEM_INVALID",
            change!(RequestCare, act => act.item.push('!')),
        ),
        (
            "a long item",
            "ITEM_INVALID",
            change!(RequestCare, act => act.item = "a".repeat(33)),
        ),
        (
            "a tree of less than nothing",
            "NUMBER_OUT_OF_RANGE",
            |message| {
                let (root_hash, tree_size) = (vec![7; 32], -1);
                message.seen = Some(v1::SeenCheckpoint {
                    tree_size,
                    root_hash,
                });
            },
        ),
        (
            "a way to say yes that nobody knows",
            "ENUM_UNKNOWN",
            |message| {
                message.attestation = 99;
            },
        ),
        ("a yes of nobody", "ATTESTATION_MISMATCH", |message| {
            message.attestation = 1;
        }),
        (
            "somebody without a yes",
            "ATTESTATION_MISMATCH",
            |message| {
                message.on_behalf_of = vec![7; 16];
            },
        ),
    ];
    let giver = world.member(0);
    let all = cases(world, giver, &world.request(60)?.into(), &changes);
    let (_, good) = world.street.pen.sign(giver, gift(world)?);
    all_are_refused(world, all, &good).await
}

async fn a_choice_that_does_not_exist_is_refused(world: &mut World) -> Result<()> {
    let changes: [(&str, &str, Change); 2] = [
        (
            "appoint.role",
            "ENUM_UNKNOWN",
            change!(Appoint, act => act.role = 99),
        ),
        (
            "appoint.role",
            "FIELD_MISSING",
            change!(Appoint, act => act.role = 0),
        ),
    ];
    let root = &world.street.root;
    let appoint = Appoint {
        member: world.member(0).id,
        unit: world.street.stations[0],
        role: Role::Staff,
    };
    let (_, good) = world.street.pen.sign(root, appoint.clone());
    let all = cases(world, root, &appoint.into(), &changes);
    all_are_refused(world, all, &good).await
}

async fn a_month_that_does_not_exist_is_refused(world: &mut World) -> Result<()> {
    let changes: [(&str, &str, Change); 3] = [
        (
            "a thirteenth month",
            "MONTH_OUT_OF_RANGE",
            change!(EnrolMember, act => if let Some(born) = &mut act.birth_month {
                born.month = 13;
            }),
        ),
        (
            "a month of none",
            "MONTH_OUT_OF_RANGE",
            change!(EnrolMember, act => if let Some(born) = &mut act.birth_month {
                born.month = 0;
            }),
        ),
        (
            "another age",
            "MONTH_OUT_OF_RANGE",
            change!(EnrolMember, act => if let Some(born) = &mut act.birth_month {
                born.year = 1500;
            }),
        ),
    ];
    let root = &world.street.root;
    let enrol = enrolment(world, &Person::numbered(801))?;
    let (_, good) = world.street.pen.sign(root, enrol.clone());
    let all = cases(world, root, &enrol.into(), &changes);
    all_are_refused(world, all, &good).await
}
