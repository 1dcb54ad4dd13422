//! Stations and districts: events, options, and who is insured.

use anyhow::{Context, Result};
use ledger::act::{
    AcceptCare, Approve, Certify, GrantSource, RecordEvent, RequestCare, Reverse, SetOptions,
};
use ledger::event::{Attendance, Roster};
use ledger::options::UnitOptions;
use ledger::{AccountId, Rules};

use timebank_tests::pen::Person;

use super::failures::at_the_counter;
use super::{clocked, code};
use crate::world::{Setting, World, minutes};

on_both!(in strict;
    a_station_pays_the_roster_of_an_event_by_two,
    a_district_is_stricter_than_its_city_and_says_so_in_time,
    fm_12_nobody_is_sent_out_without_valid_insurance,
    fm_15_late_statements_of_ones_own_are_few,
);

fn strict() -> Setting {
    Setting {
        rules: |rules| Rules {
            insurance_required: true,
            late_share_percent_max: 10,
            one_visit_at_a_time: true,
            ..rules
        },
        ..clocked()
    }
}

async fn insure(world: &World, who: &Person) -> Result<()> {
    let certify = Certify {
        member: who.id,
        certificate: code("insurance")?,
        until: world.now().plus_days(20),
        papers: None,
    };
    world.does(&world.street.root, certify).await?;
    Ok(())
}

fn event(world: &World, hours_ago: i64) -> Result<RecordEvent> {
    let mut attended = Vec::new();
    for (number, spent) in [(1, 60), (2, 90)] {
        attended.push(Attendance {
            volunteer: world.member(number).id,
            minutes: minutes(spent)?,
        });
    }
    attended.sort_by_key(|it| it.volunteer);
    Ok(RecordEvent {
        unit: world.street.stations[0],
        item: code("companionship")?,
        start: ledger::Millis::new(world.now().get() - hours_ago * 3_600_000),
        roster: Roster::new(attended).context("a roster")?,
        source: GrantSource::Issue,
        evidence: None,
    })
}

// STA-9; FM-2, FM-14: the helpers of an event are paid by two people of the station who were
// not among them, once, and all can be undone.
async fn a_station_pays_the_roster_of_an_event_by_two(world: &mut World) -> Result<()> {
    let (staff, root) = (&world.street.staff[0], &world.street.root);
    let (one, other) = (world.member(1), world.member(2));
    let event = event(world, 3)?;
    let (uninsured, missing) = (event.clone(), "CERTIFICATE_MISSING");
    world.refuses(staff, uninsured, missing).await?;
    insure(world, one).await?;
    insure(world, other).await?;
    let refused = event.clone();
    world.refuses(one, refused, "ROLE_MISSING").await?;
    let proposal = world.does(staff, event.clone()).await?;
    let approve = Approve { proposal };
    world.refuses(staff, approve.clone(), "INVOLVED").await?;
    assert_eq!(world.purse(one).await?, (600, 0));
    world.does(root, approve).await?;
    assert_eq!(world.purse(one).await?, (660, 0));
    assert_eq!(world.purse(other).await?, (690, 0));
    let twice = world.does(staff, event).await?;
    let approve = Approve { proposal: twice };
    world.refuses(root, approve, "VISITS_OVERLAP").await?;
    let lines = world.client_of(one);
    let lines = lines.statement(AccountId::Member(one.id), 1).await?;
    assert_eq!(lines.first().map(|line| line.amount), Some(60));
    let (entry, reason) = (proposal, None);
    let proposal = world.does(staff, Reverse { entry, reason }).await?;
    let by = &world.street.regulator;
    world.does(by, Approve { proposal }).await?;
    assert_eq!(world.purse(other).await?, (600, 0));
    Ok(())
}

// DIS-1; FM-8: within the bounds of the city, with notice, shown to everybody before.
async fn a_district_is_stricter_than_its_city_and_says_so_in_time(world: &mut World) -> Result<()> {
    let elder = world.member(0);
    let options = UnitOptions {
        session_minutes_max: 60,
        ..UnitOptions::NONE
    };
    let set = |options, from| SetOptions {
        unit: world.street.district,
        options,
        from,
        reason: None,
    };
    let root = &world.street.root;
    let laxer = UnitOptions {
        session_minutes_max: 1440,
        ..options
    };
    let from = world.now().plus_days(31);
    world
        .refuses(root, set(laxer, from), "RULE_OUT_OF_RANGE")
        .await?;
    let soon = set(options, world.now().plus_days(1));
    world.refuses(root, soon, "NOTICE_TOO_SHORT").await?;
    let proposal = world.does(root, set(options, from)).await?;
    let approve = Approve { proposal };
    world.refuses(root, approve.clone(), "INVOLVED").await?;
    world.does(&world.street.regulator, approve).await?;
    let units = world.client_of(elder).units().await?;
    let unit = units.iter().find(|it| it.unit == world.street.district);
    let shown = unit.context("the district")?;
    assert_eq!(shown.options, UnitOptions::NONE);
    assert_eq!(
        shown.upcoming.map(|it| (it.options, it.from)),
        Some((options, from))
    );
    world.requested(elder, 90).await?;
    world.pass_hours(31 * 24 + 1);
    let long = RequestCare {
        unit: world.street.stations[0],
        item: code("companionship")?,
        start: world.now().plus_days(1),
        minutes: minutes(90)?,
        note: None,
    };
    world.refuses(elder, long.clone(), "SESSION_LENGTH").await?;
    let short = RequestCare {
        minutes: minutes(60)?,
        ..long
    };
    world.does(elder, short).await?;
    Ok(())
}

// FM-12: insurance is checked at dispatch, and runs out.
async fn fm_12_nobody_is_sent_out_without_valid_insurance(world: &mut World) -> Result<()> {
    let (elder, volunteer) = (world.member(0), world.member(1));
    let service = world.requested(elder, 60).await?;
    let accept = AcceptCare { service };
    let missing = "CERTIFICATE_MISSING";
    world.refuses(volunteer, accept.clone(), missing).await?;
    insure(world, volunteer).await?;
    world.does(volunteer, accept).await?;
    world.pass_hours(20 * 24);
    let service = world.requested(elder, 60).await?;
    world
        .refuses(volunteer, AcceptCare { service }, missing)
        .await?;
    Ok(())
}

// FM-15: the share of late entries is capped; what is above goes by the counter.
async fn fm_15_late_statements_of_ones_own_are_few(world: &mut World) -> Result<()> {
    let (elder, volunteer) = (world.member(0), world.member(2));
    insure(world, volunteer).await?;
    for is_first in [true, false] {
        let service = world.booked(elder, volunteer, 60).await?;
        let log = world.log(service, 60)?;
        world.pass_hours(48);
        if is_first {
            world.does(volunteer, log).await?;
        } else {
            world.refuses(volunteer, log.clone(), "LATE_SHARE").await?;
            let counter = at_the_counter(world, volunteer.id, log);
            world.records(&counter).await?;
        }
    }
    Ok(())
}
