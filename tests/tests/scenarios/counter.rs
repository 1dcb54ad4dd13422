//! The counter of a station, where staff act for people who are there.

use anyhow::Result;
use ledger::EntryId;
use ledger::act::{AcceptCare, Approve, ConfirmService, EnrolMember, Grant, GrantSource};
use ledger::member::NeedCategory;
use ledger::{Act, YearMonth};
use timebank_tests::pen::Person;

use crate::world::{World, minutes, stranger};

on_both!(
    staff_of_the_station_act_for_a_member_who_has_no_key,
    nobody_else_acts_for_a_member,
    who_states_a_visit_cannot_confirm_it_too,
    visits_are_for_the_old_and_the_needy_by_grown_volunteers,
);

async fn for_member(
    world: &World,
    staff: &Person,
    member: &Person,
    act: impl Into<Act>,
) -> Result<EntryId> {
    let (id, signed) = world.street.pen.sign_for(staff, member.id, act);
    world.records(&signed).await?;
    Ok(id)
}

// Behaviour 40.
async fn staff_of_the_station_act_for_a_member_who_has_no_key(world: &mut World) -> Result<()> {
    let staff = &world.street.staff[0];
    let elder = Person::numbered(500);
    let enrol = enrolment(world, &elder, 1940, NeedCategory::LivingAlone)?;
    world
        .does(staff, EnrolMember { key: None, ..enrol })
        .await?;
    let [proposer, approver] = &world.street.fund;
    let proposal = world.does(proposer, grant(world, &elder)?).await?;
    world.does(approver, Approve { proposal }).await?;
    let service = for_member(world, staff, &elder, world.request(60)?).await?;
    let volunteer = world.member(1);
    world.does(volunteer, AcceptCare { service }).await?;
    world.does(volunteer, world.log(service, 60)?).await?;
    let minutes = minutes(60)?;
    let confirm = ConfirmService { service, minutes };
    for_member(world, staff, &elder, confirm).await?;
    assert_eq!(world.purse(&elder).await?, (40, 0));
    assert_eq!(world.purse(volunteer).await?, (660, 0));
    Ok(())
}

// Behaviours 3 and 40.
async fn nobody_else_acts_for_a_member(world: &mut World) -> Result<()> {
    let (pen, member) = (&world.street.pen, world.member(0));
    let outsiders = [
        &world.street.staff[1],
        &world.street.root,
        &world.street.regulator,
        &world.street.fund[0],
        &world.street.auditor,
        world.member(1),
    ];
    for outsider in outsiders {
        let (_, signed) = pen.sign_for(outsider, member.id, world.request(60)?);
        world.refuses_signed(&signed, "NOT_STAFF_OF_MEMBER").await?;
    }
    let staff = &world.street.staff[0];
    let (_, signed) = pen.sign_for(staff, stranger(), world.request(60)?);
    world.refuses_signed(&signed, "SUBJECT_UNKNOWN").await?;
    let (_, signed) = pen.sign_for(staff, staff.id, world.request(60)?);
    world
        .refuses_signed(&signed, "ATTESTATION_MISMATCH")
        .await?;
    Ok(())
}

async fn who_states_a_visit_cannot_confirm_it_too(world: &mut World) -> Result<()> {
    let staff = &world.street.staff[0];
    let (recipient, volunteer) = (world.member(0), world.member(2));
    let service = world.booked(recipient, volunteer, 60).await?;
    for_member(world, staff, volunteer, world.log(service, 60)?).await?;
    let minutes = minutes(60)?;
    let confirm = ConfirmService { service, minutes };
    let pen = &world.street.pen;
    let (_, signed) = pen.sign_for(staff, recipient.id, confirm.clone());
    world.refuses_signed(&signed, "SAME_PERSON").await?;
    world.does(recipient, confirm).await?;
    assert_eq!(world.purse(volunteer).await?, (660, 0));
    Ok(())
}

async fn visits_are_for_the_old_and_the_needy_by_grown_volunteers(world: &mut World) -> Result<()> {
    let staff = &world.street.staff[0];
    let child = Person::numbered(501);
    let born = i32::from(world.now().month().year()) - 17;
    let enrol = enrolment(world, &child, born, NeedCategory::None)?;
    world.does(staff, enrol).await?;
    world
        .refuses(&child, world.request(60)?, "RECIPIENT_AGE")
        .await?;
    let service = world.requested(world.member(0), 60).await?;
    let said = world
        .refuses(&child, AcceptCare { service }, "VOLUNTEER_AGE")
        .await?;
    assert_eq!(said.datum("years_min"), "18");
    let proposer = &world.street.fund[0];
    world
        .refuses(proposer, grant(world, &child)?, "RECIPIENT_AGE")
        .await?;
    let needy = Person::numbered(502);
    let enrol = enrolment(world, &needy, born, NeedCategory::Disabled)?;
    world.does(staff, enrol).await?;
    let proposal = world.does(proposer, grant(world, &needy)?).await?;
    world
        .does(&world.street.fund[1], Approve { proposal })
        .await?;
    world.requested(&needy, 60).await?;
    Ok(())
}

fn enrolment(world: &World, person: &Person, born: i32, need: NeedCategory) -> Result<EnrolMember> {
    Ok(EnrolMember {
        member: person.id,
        unit: world.street.stations[0],
        birth_month: YearMonth::parse(born, 12)?,
        need,
        key: Some(world.street.pen.new_key(person)),
        identity: None,
    })
}

fn grant(world: &World, recipient: &Person) -> Result<Grant> {
    Ok(Grant {
        unit: world.street.stations[0],
        recipient: recipient.id,
        minutes: minutes(100)?,
        source: GrantSource::Issue,
        reason: None,
    })
}
