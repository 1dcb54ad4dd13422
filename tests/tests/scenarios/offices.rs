//! Offices: who may act for the scheme.

use anyhow::Result;
use ledger::act::{Appoint, Dismiss, EnrolMember, OpenLedger, OpenUnit};
use ledger::member::NeedCategory;
use ledger::role::Role;
use ledger::unit::UnitKind;
use ledger::{Act, MemberId, UnitId, YearMonth};
use timebank_tests::pen::Person;

use crate::wire::reason_of;
use crate::world::World;

on_both!(
    only_an_office_opens_units_enrols_and_appoints,
    a_role_counts_in_its_unit_and_below_and_nowhere_else,
    an_office_ends_with_the_dismissal,
    nobody_gives_themselves_an_office,
    nobody_audits_themselves,
    the_scheme_keeps_an_operator,
    the_ledger_is_opened_once,
    units_and_members_are_there_once,
);

// Behaviours 25, 39 and 40.
async fn only_an_office_opens_units_enrols_and_appoints(world: &mut World) -> Result<()> {
    let street = &world.street;
    let newcomer = Person::numbered(600);
    let acts: [(Act, &[&Person]); 3] = [
        (
            open_unit(7, street.district, UnitKind::Station).into(),
            &[&street.staff[0], &street.fund[0], &street.auditor],
        ),
        (
            enrolment(world, &newcomer, street.stations[0])?.into(),
            &[&street.staff[1], &street.fund[0], &street.regulator],
        ),
        (
            appointment(world.member(0).id, street.stations[0], Role::Staff).into(),
            &[&street.staff[0], &street.fund[0], &street.auditor],
        ),
    ];
    for (act, without_office) in acts {
        for person in without_office.iter().copied().chain([world.member(1)]) {
            world.refuses(person, act.clone(), "ROLE_MISSING").await?;
        }
        world.does(&street.root, act).await?;
    }
    let units = world.client().units().await?;
    assert!(units.iter().any(|unit| unit.unit == unit_of(7)));
    Ok(())
}

// Behaviour 40.
async fn a_role_counts_in_its_unit_and_below_and_nowhere_else(world: &mut World) -> Result<()> {
    let (street, root) = (&world.street, &world.street.root);
    let district_staff = world.member(0);
    let appoint = appointment(district_staff.id, street.district, Role::Staff);
    world.does(root, appoint).await?;
    for (number, station) in (601..).zip(street.stations) {
        let enrol = enrolment(world, &Person::numbered(number), station)?;
        world.does(district_staff, enrol).await?;
    }
    let other = unit_of(8);
    world
        .does(root, open_unit(8, street.scheme, UnitKind::District))
        .await?;
    let enrol = enrolment(world, &Person::numbered(603), other)?;
    world.refuses(district_staff, enrol, "ROLE_MISSING").await?;
    Ok(())
}

// Behaviours 25 and 27.
async fn an_office_ends_with_the_dismissal(world: &mut World) -> Result<()> {
    let (staff, root) = (&world.street.staff[0], &world.street.root);
    let station = world.street.stations[0];
    let dismiss = |member, role| Dismiss {
        member,
        unit: station,
        role,
    };
    let client = world.client_of(staff);
    client.members(station).await?;
    world
        .refuses(
            world.member(1),
            dismiss(staff.id, Role::Staff),
            "ROLE_MISSING",
        )
        .await?;
    world.does(root, dismiss(staff.id, Role::Staff)).await?;
    let enrol = enrolment(world, &Person::numbered(604), station)?;
    world.refuses(staff, enrol, "ROLE_MISSING").await?;
    let read = client.members(station).await;
    assert_eq!(reason_of(read), "NOT_ALLOWED");
    world
        .refuses(root, dismiss(staff.id, Role::Staff), "APPOINTMENT_UNKNOWN")
        .await?;
    // Whoever holds an office may lay it down.
    let own = Dismiss {
        member: world.street.fund[0].id,
        unit: world.street.scheme,
        role: Role::FundAdmin,
    };
    world.does(&world.street.fund[0], own).await?;
    Ok(())
}

// Behaviours 12 and 27.
async fn nobody_gives_themselves_an_office(world: &mut World) -> Result<()> {
    let root = &world.street.root;
    let unit = world.street.scheme;
    let own = appointment(root.id, unit, Role::FundAdmin);
    world.refuses(root, own, "OWN_APPOINTMENT").await?;
    let twice = appointment(world.street.fund[0].id, unit, Role::FundAdmin);
    world.refuses(root, twice, "APPOINTMENT_EXISTS").await?;
    Ok(())
}

async fn nobody_audits_themselves(world: &mut World) -> Result<()> {
    let (street, root) = (&world.street, &world.street.root);
    for (member, role) in [
        (street.auditor.id, Role::Staff),
        (street.fund[0].id, Role::Auditor),
    ] {
        let both = appointment(member, street.scheme, role);
        world.refuses(root, both, "ROLES_INCOMPATIBLE").await?;
    }
    Ok(())
}

async fn the_scheme_keeps_an_operator(world: &mut World) -> Result<()> {
    let (root, regulator) = (&world.street.root, &world.street.regulator);
    let unit = world.street.scheme;
    let end = |member| Dismiss {
        member,
        unit,
        role: Role::Operator,
    };
    for person in [root, regulator] {
        world.refuses(person, end(root.id), "LAST_OPERATOR").await?;
    }
    let second = world.member(0);
    world
        .does(root, appointment(second.id, unit, Role::Operator))
        .await?;
    world.does(second, end(root.id)).await?;
    world
        .refuses(second, end(second.id), "LAST_OPERATOR")
        .await?;
    Ok(())
}

async fn the_ledger_is_opened_once(world: &mut World) -> Result<()> {
    let again = |person: &Person| -> Result<OpenLedger> {
        Ok(OpenLedger {
            unit: unit_of(9),
            scheme_name: "Another time bank".to_owned(),
            hour_name: "hour".to_owned(),
            rules: Box::new(world.street.rules.clone()),
            key: world.street.pen.new_key(person),
            birth_month: YearMonth::parse(1960, 5)?,
        })
    };
    for person in [&world.street.root, &Person::numbered(605)] {
        world
            .refuses(person, again(person)?, "LEDGER_ALREADY_OPEN")
            .await?;
    }
    Ok(())
}

async fn units_and_members_are_there_once(world: &mut World) -> Result<()> {
    let (street, root) = (&world.street, &world.street.root);
    let again = OpenUnit {
        unit: street.stations[0],
        parent: street.district,
        kind: UnitKind::Station,
        display_name: "Lower Street".to_owned(),
    };
    world.refuses(root, again, "UNIT_EXISTS").await?;
    let too_deep = open_unit(7, street.stations[0], UnitKind::Station);
    world.refuses(root, too_deep, "UNIT_LEVEL").await?;
    let orphan = open_unit(7, unit_of(70), UnitKind::Station);
    world.refuses(root, orphan, "UNIT_UNKNOWN").await?;
    let member = enrolment(world, world.member(0), street.stations[0])?;
    world.refuses(root, member, "MEMBER_EXISTS").await?;
    // The short code is made of the first half of the id.
    let mut id = *world.member(0).id.as_bytes();
    id[15] ^= 1;
    let alike = Person {
        id: MemberId::from_bytes(id),
        key: Person::numbered(606).key,
    };
    let alike = enrolment(world, &alike, street.stations[0])?;
    world.refuses(root, alike, "MEMBER_CODE_TAKEN").await?;
    Ok(())
}

fn unit_of(number: u8) -> UnitId {
    UnitId::from_bytes([number; 16])
}

fn open_unit(number: u8, parent: UnitId, kind: UnitKind) -> OpenUnit {
    OpenUnit {
        unit: unit_of(number),
        parent,
        kind,
        display_name: "New Street".to_owned(),
    }
}

fn appointment(member: MemberId, unit: UnitId, role: Role) -> Appoint {
    Appoint { member, unit, role }
}

fn enrolment(world: &World, person: &Person, unit: UnitId) -> Result<EnrolMember> {
    Ok(EnrolMember {
        member: person.id,
        unit,
        birth_month: YearMonth::parse(1950, 1)?,
        need: NeedCategory::None,
        key: Some(world.street.pen.new_key(person)),
        identity: None,
    })
}
