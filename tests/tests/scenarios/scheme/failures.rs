//! Failures of real schemes, each as it happened, and what stops it here. Those
//! that another scenario answers are named there.

use anyhow::{Context, Result};
use client::audit::{Reading, ServerSource, Signatures};
use client::audit_reading;
use ledger::act::{
    AcceptCare, Approve, ConfirmService, Dedicate, Donate, ExpireHours, Give, Grant, GrantSource,
    Rate, RecordDeath,
};
use ledger::budget::BudgetLine;
use ledger::log::VerifierKey;
use ledger::report::Statistics;
use ledger::{AccountId, Act, Effects, MemberId, Record, SignedEntry, State};
use timebank_tests::pen::Person;

use super::{budget, by_two, clocked};
use crate::world::{World, minutes};

on_both!(in clocked;
    fm_1_who_only_saves_is_found_and_a_visit_is_asked_for_them,
    fm_2_a_page_says_that_the_volunteers_grow_old,
    fm_5_whoever_stated_a_visit_does_not_confirm_it,
    fm_7_no_more_hours_are_issued_than_the_budget_has,
    fm_13_praise_is_no_hours,
    fm_14_whoever_never_asks_is_granted_hours_and_asked_for,
    fm_15_a_visit_is_stated_late_within_its_days_and_no_later,
    fm_16_whoever_wants_to_earn_nothing_gives_at_the_source,
    fm_17_idle_hours_are_still_there_years_later,
    fm_18_a_visit_before_a_death_is_still_paid,
);

/// What an auditor counts.
#[derive(Default)]
struct Counting {
    statistics: Statistics,
    state: Option<State>,
}

impl Reading for Counting {
    fn read(&mut self, record: &Record, effects: &Effects, state: &State) {
        self.statistics.read(record, effects, state);
    }

    fn end(&mut self, state: &State) {
        self.state = Some(state.clone());
    }
}

async fn counted(world: &World) -> Result<(Statistics, State)> {
    let source = ServerSource::new(world.client_of(&world.street.auditor));
    let log_key: VerifierKey = world.verifier_key().parse()?;
    let (each, read) = (Signatures::Each, Counting::default());
    let (_, read) = audit_reading(source, &log_key, each, read, |_| {}).await?;
    Ok((read.statistics, read.state.context("a state")?))
}

/// An entry of staff of the first station for a member who is there.
pub(super) fn at_the_counter(world: &World, member: MemberId, act: impl Into<Act>) -> SignedEntry {
    let staff = &world.street.staff[0];
    world.street.pen.sign_for(staff, member, act).1
}

// FM-1; STA-2, STA-12. Told by the server, and recomputed by the auditor.
async fn fm_1_who_only_saves_is_found_and_a_visit_is_asked_for_them(
    world: &mut World,
) -> Result<()> {
    let (saver, other, station) = (world.member(0), world.member(2), world.street.stations[0]);
    let staff = world.client_of(&world.street.staff[0]);
    let told = staff.savers(station).await?;
    let told: Vec<_> = told.iter().map(|it| (it.member, it.minutes)).collect();
    let mut expected = vec![(saver.id, 600), (other.id, 600)];
    expected.sort_unstable();
    assert_eq!(told, expected);
    let asked = at_the_counter(world, saver.id, world.request(60)?);
    world.records(&asked).await?;
    let told = staff.savers(station).await?;
    let (statistics, state) = counted(world).await?;
    assert_eq!(told, statistics.savers(&state, station));
    assert_eq!(told.len(), 1, "one of the two has asked now");
    let month = world.now().month();
    let page = staff.report(station, Some(month)).await?;
    assert_eq!(page, statistics.page(&state, station, month));
    let span = [month.previous(), month];
    let scheme = world.street.scheme;
    let told = staff.disclosure(scheme, span).await?;
    assert_eq!(told, statistics.disclosure(&state, scheme, span));
    Ok(())
}

// FM-2. Six volunteers of the first station, all of them 71 and older.
async fn fm_2_a_page_says_that_the_volunteers_grow_old(world: &mut World) -> Result<()> {
    let elder = world.member(0);
    for number in 300..306 {
        let volunteer = Person::numbered(number);
        let enrol = ledger::act::EnrolMember {
            member: volunteer.id,
            unit: world.street.stations[0],
            birth_month: ledger::YearMonth::parse(1955, 3)?,
            need: ledger::member::NeedCategory::None,
            key: Some(world.street.pen.new_key(&volunteer)),
            identity: None,
        };
        world.does(&world.street.staff[0], enrol).await?;
        world.paid(elder, &volunteer, 30).await?;
        world.pass_hours(4);
    }
    let staff = world.client_of(&world.street.staff[0]);
    let aged = |page: ledger::report::Page| {
        let mut indicators = page.indicators.into_iter();
        let found = indicators.find(|it| it.name == "volunteers of 75 and older");
        found.map(|it| (it.value, it.light))
    };
    let page = staff.report(world.street.stations[0], None).await?;
    let green = ledger::report::Light::Green;
    assert_eq!(aged(page), Some((Some(0), green)));
    world.pass_hours(4 * 366 * 24);
    for number in 300..305 {
        world.paid(elder, &Person::numbered(number), 30).await?;
        world.pass_hours(4);
    }
    let page = staff.report(world.street.stations[0], None).await?;
    let red = ledger::report::Light::Red;
    assert_eq!(aged(page), Some((Some(100), red)));
    Ok(())
}

// FM-5: hours that staff sell have to be made by staff alone.
async fn fm_5_whoever_stated_a_visit_does_not_confirm_it(world: &mut World) -> Result<()> {
    let (elder, volunteer) = (world.member(0), world.member(2));
    let asked = world.request(60)?;
    let staff = &world.street.staff[0];
    let (service, asked) = world.street.pen.sign_for(staff, elder.id, asked);
    world.records(&asked).await?;
    let accept = at_the_counter(world, volunteer.id, AcceptCare { service });
    world.records(&accept).await?;
    let log = at_the_counter(world, volunteer.id, world.log(service, 60)?);
    world.records(&log).await?;
    let confirm = ConfirmService {
        service,
        minutes: minutes(60)?,
    };
    let confirm = at_the_counter(world, elder.id, confirm);
    world.refuses_signed(&confirm, "SAME_PERSON").await?;
    assert_eq!(world.purse(volunteer).await?, (600, 0));
    Ok(())
}

// FM-7: a hard stop, and more only by two other people.
async fn fm_7_no_more_hours_are_issued_than_the_budget_has(world: &mut World) -> Result<()> {
    let (elder, station) = (world.member(0), world.street.stations[0]);
    let issued = -world.purse_of(AccountId::Issued(station)).await?.0;
    budget(world, station, BudgetLine::Hours, issued + 60).await?;
    let grant = |amount| -> Result<Grant> {
        Ok(Grant {
            unit: station,
            recipient: elder.id,
            minutes: minutes(amount)?,
            source: GrantSource::Issue,
            reason: None,
        })
    };
    let [first, second] = &world.street.fund;
    let proposal = world.does(first, grant(61)?).await?;
    world
        .refuses(second, Approve { proposal }, "ISSUE_BUDGET")
        .await?;
    by_two(world, grant(60)?).await?;
    assert_eq!(world.purse(elder).await?, (660, 0));
    Ok(())
}

// FM-13; VOL-18: stars and ratings are counted, and move nothing.
async fn fm_13_praise_is_no_hours(world: &mut World) -> Result<()> {
    let (elder, volunteer) = (world.member(0), world.member(2));
    let (service, _) = world.paid(elder, volunteer, 60).await?;
    let before = (world.purse(elder).await?, world.purse(volunteer).await?);
    let rate = Rate {
        service,
        stars: 5,
        remark: None,
    };
    world.does(elder, rate).await?;
    let after = (world.purse(elder).await?, world.purse(volunteer).await?);
    assert_eq!(before, after);
    let staff = world.client_of(&world.street.staff[0]);
    let honours = staff.honours(world.street.stations[0]).await?;
    assert!(honours.is_empty(), "an hour is no star");
    Ok(())
}

// FM-14; DIS-4, FND-4.
async fn fm_14_whoever_never_asks_is_granted_hours_and_asked_for(world: &mut World) -> Result<()> {
    let (elder, volunteer) = (world.member(0), world.member(2));
    let grant = Grant {
        unit: world.street.stations[0],
        recipient: elder.id,
        minutes: minutes(120)?,
        source: GrantSource::Issue,
        reason: None,
    };
    by_two(world, grant).await?;
    let asked = at_the_counter(world, elder.id, world.request(60)?);
    world.records(&asked).await?;
    let service = proto::decode(&asked.bytes)?.id;
    let open = world.client_of(volunteer);
    let open = open.open_requests(world.street.stations[0]).await?;
    assert_eq!(
        open.iter().map(|it| it.service).collect::<Vec<_>>(),
        [service]
    );
    Ok(())
}

// FM-15; STA-5: assisted, within the days of the rules.
async fn fm_15_a_visit_is_stated_late_within_its_days_and_no_later(
    world: &mut World,
) -> Result<()> {
    let (elder, volunteer) = (world.member(0), world.member(2));
    let service = world.booked(elder, volunteer, 60).await?;
    let log = world.log(service, 60)?;
    world.pass_hours(6 * 24);
    let late = at_the_counter(world, volunteer.id, log.clone());
    world.records(&late).await?;
    let events = world.client_of(&world.street.staff[0]);
    let events = events.report_events(world.street.stations[0]).await?;
    assert_eq!(events.last().map(|it| &*it.what), Some("late entry"));
    let service = world.booked(elder, volunteer, 60).await?;
    let log = world.log(service, 60)?;
    world.pass_hours(8 * 24);
    world.refuses(volunteer, log, "TOO_LATE").await?;
    Ok(())
}

// FM-16; VOL-17, VOL-18: the hours of a visit go where the volunteer wants them, and the honour
// stays.
async fn fm_16_whoever_wants_to_earn_nothing_gives_at_the_source(world: &mut World) -> Result<()> {
    let (elder, volunteer, unit) = (world.member(0), world.member(2), world.street.stations[0]);
    let dedicate = |dedicated| Dedicate { dedicated };
    world.does(volunteer, dedicate(true)).await?;
    world.paid(elder, volunteer, 60).await?;
    let minutes = minutes(60)?;
    assert_eq!(world.purse(volunteer).await?, (600, 0));
    assert_eq!(world.purse_of(AccountId::Pool(unit)).await?, (60, 0));
    let grant = Grant {
        unit,
        recipient: elder.id,
        minutes,
        source: GrantSource::Pool,
        reason: None,
    };
    by_two(world, grant).await?;
    assert_eq!(world.purse(elder).await?, (600, 0));
    world.does(volunteer, dedicate(false)).await?;
    world.pass_hours(24);
    world.paid(elder, volunteer, 60).await?;
    assert_eq!(world.purse(volunteer).await?, (660, 0));
    world.does(volunteer, Donate { unit, minutes }).await?;
    assert_eq!(world.purse_of(AccountId::Pool(unit)).await?, (60, 0));
    Ok(())
}

// FM-17: what was earned has no end under these rules, and nobody can take it.
async fn fm_17_idle_hours_are_still_there_years_later(world: &mut World) -> Result<()> {
    let (elder, volunteer) = (world.member(0), world.member(2));
    world.paid(elder, volunteer, 60).await?;
    world.pass_hours(5 * 366 * 24);
    let member = volunteer.id;
    let staff = &world.street.staff[0];
    // What was granted had an end; what was earned has none.
    world.does(staff, ExpireHours { member }).await?;
    assert_eq!(world.purse(volunteer).await?, (60, 0));
    let again = ExpireHours { member };
    world.refuses(staff, again, "NOTHING_EXPIRED").await?;
    let gift = Give {
        recipient: elder.id,
        minutes: minutes(60)?,
    };
    world.does(volunteer, gift).await?;
    Ok(())
}

// FM-18; PRX-5: who has worked is paid, although the elder has died since.
async fn fm_18_a_visit_before_a_death_is_still_paid(world: &mut World) -> Result<()> {
    let (elder, volunteer) = (world.member(0), world.member(2));
    let service = world.logged(elder, volunteer, 60).await?;
    let (member, papers) = (elder.id, None);
    let staff = &world.street.staff[0];
    let proposal = world.does(staff, RecordDeath { member, papers }).await?;
    world.does(&world.street.root, Approve { proposal }).await?;
    let confirm = ConfirmService {
        service,
        minutes: minutes(60)?,
    };
    let confirm = at_the_counter(world, elder.id, confirm);
    world.records(&confirm).await?;
    assert_eq!(world.purse(volunteer).await?, (660, 0));
    assert_eq!(world.purse(elder).await?, (540, 0));
    Ok(())
}
