//! A working day of districts, regulators and auditors.

use anyhow::{Context, Result, ensure};
use ledger::act::{
    Appoint, Approve, Dismiss, EnrolMember, Freeze, MergeMembers, OpenUnit, Unfreeze,
};
use ledger::member::NeedCategory;
use ledger::role::Role;
use ledger::unit::UnitKind;
use ledger::{AccountId, UnitId, YearMonth};
use timebank_tests::pen::Person;

use super::clocked;
use crate::world::World;

on_both!(in clocked;
    two_that_are_one_person_are_merged,
    hours_are_frozen_for_a_time_with_a_reason,
    a_district_opens_a_station_and_staffs_it,
    an_auditor_traces_a_balance_to_its_acts,
);

// DIS-8.
async fn two_that_are_one_person_are_merged(world: &mut World) -> Result<()> {
    let (twice, once) = (world.member(0), world.member(2));
    let merge = MergeMembers {
        member: twice.id,
        into: once.id,
        papers: None,
    };
    let proposal = world.does(&world.street.root, merge).await?;
    let approve = Approve { proposal };
    world
        .refuses(&world.street.root, approve.clone(), "INVOLVED")
        .await?;
    world.does(&world.street.regulator, approve).await?;
    assert_eq!(world.purse(twice).await?, (0, 0));
    assert_eq!(world.purse(once).await?, (1_200, 0));
    Ok(())
}

// DIS-7, REG-4.
async fn hours_are_frozen_for_a_time_with_a_reason(world: &mut World) -> Result<()> {
    let (member, reason) = (world.member(0), None);
    let freeze = |days| Freeze {
        member: member.id,
        until: world.now().plus_days(days),
        reason,
    };
    world
        .refuses(&world.street.regulator, freeze(4_000), "PERIOD_TOO_LONG")
        .await?;
    world.does(&world.street.regulator, freeze(10)).await?;
    world
        .refuses(member, world.request(60)?, "ACCOUNT_FROZEN")
        .await?;
    let unfreeze = Unfreeze {
        member: member.id,
        reason,
    };
    world.does(&world.street.regulator, unfreeze).await?;
    world.requested(member, 60).await?;
    world.does(&world.street.regulator, freeze(10)).await?;
    world.pass_hours(10 * 24 + 1);
    world.requested(member, 60).await?;
    Ok(())
}

// DIS-1, DIS-3.
async fn a_district_opens_a_station_and_staffs_it(world: &mut World) -> Result<()> {
    let (root, clerk) = (&world.street.root, world.member(0));
    let unit = UnitId::from_bytes([40; 16]);
    let open = OpenUnit {
        unit,
        parent: world.street.district,
        kind: UnitKind::Station,
        display_name: "Bridge Street".to_owned(),
    };
    world.does(root, open).await?;
    let (member, role) = (clerk.id, Role::Staff);
    let enrol = EnrolMember {
        member: Person::numbered(410).id,
        unit,
        birth_month: YearMonth::parse(1950, 1)?,
        need: NeedCategory::LivingAlone,
        key: None,
        identity: None,
    };
    world.refuses(clerk, enrol.clone(), "ROLE_MISSING").await?;
    world.does(root, Appoint { member, unit, role }).await?;
    world.does(clerk, enrol.clone()).await?;
    world.does(root, Dismiss { member, unit, role }).await?;
    let again = EnrolMember {
        member: Person::numbered(411).id,
        ..enrol
    };
    world.refuses(clerk, again, "ROLE_MISSING").await?;
    Ok(())
}

// AUD-1, AUD-2, AUD-4, AUD-5, VOL-6, VOL-7: every line of a statement leads to a
// record with its receipt, and the lots say from where and under which rules.
async fn an_auditor_traces_a_balance_to_its_acts(world: &mut World) -> Result<()> {
    let (elder, volunteer) = (world.member(0), world.member(2));
    let (_, confirmed) = world.paid(elder, volunteer, 60).await?;
    let auditor = world.client_of(&world.street.auditor);
    let account = AccountId::Member(volunteer.id);
    let lines = auditor.statement(account, 10).await?;
    let line = lines.first().context("a line")?;
    assert_eq!(
        (line.entry, line.act.as_str(), line.amount),
        (confirmed, "ConfirmService", 60)
    );
    let sum: i64 = lines.iter().map(|line| line.amount).sum();
    assert_eq!(sum, 660);
    let receipt = auditor.receipt(confirmed).await?;
    ensure!(receipt.position == line.position, "{receipt:?}");
    let lots = auditor.account(account).await?.lots;
    let lots: Vec<_> = lots
        .iter()
        .map(|lot| (lot.minutes, lot.rules_version))
        .collect();
    assert_eq!(lots, [(600, 1), (60, 1)]);
    let report = world.audit().await?;
    let held = report.members.available_minutes + report.members.held_minutes;
    let there = held + report.pool_minutes + report.retired_minutes;
    assert_eq!(there, report.issued_minutes, "what was issued is somewhere");
    Ok(())
}
