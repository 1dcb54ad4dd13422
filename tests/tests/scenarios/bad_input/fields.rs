//! Fields that are missing, of a wrong length, or out of their range.

use anyhow::Result;
use ledger::act::{EnrolMember, Give, OpenUnit};
use ledger::member::NeedCategory;
use ledger::unit::UnitKind;
use ledger::{Act, YearMonth};
use proto::v1;
use timebank_tests::pen::Person;
use tonic::Code;

use super::{Case, all_are_refused};
use crate::wire::forged;
use crate::world::{World, minutes};

on_both!(
    a_field_that_is_missing_or_too_short_is_named,
    a_name_that_people_could_not_read_is_refused,
    an_entry_whose_id_is_not_made_as_it_must_be_is_refused,
    an_envelope_without_its_parts_is_refused,
);

/// What is altered before an entry is signed.
pub(super) type Change = fn(&mut v1::Entry);

/// One refused case for each change of an act by a person.
pub(super) fn cases(
    world: &World,
    author: &Person,
    act: &Act,
    changes: &[(&'static str, &'static str, Change)],
) -> Vec<Case> {
    let case = |(field, reason, change): &(&'static str, &'static str, Change)| {
        let entry = world.street.pen.entry(author, act.clone());
        let signed = forged(&entry, &author.key, change);
        let case = Case::new(field, &signed, Code::InvalidArgument, reason);
        if reason.starts_with("FIELD_") || reason.starts_with("NAME_") {
            case.with("field", field)
        } else {
            case
        }
    };
    changes.iter().map(case).collect()
}

/// A gift of an hour.
pub(super) fn gift(world: &World) -> Result<Act> {
    let gift = Give {
        recipient: world.member(1).id,
        minutes: minutes(60)?,
    };
    Ok(gift.into())
}

async fn a_field_that_is_missing_or_too_short_is_named(world: &mut World) -> Result<()> {
    let giver = world.member(0);
    let gift = gift(world)?;
    let changes: [(&str, &str, Change); 7] = [
        ("ledger", "FIELD_MISSING", |message| message.ledger.clear()),
        ("entry_id", "FIELD_MISSING", |message| {
            message.entry_id.clear();
        }),
        ("entry_id", "FIELD_LENGTH", |message| {
            message.entry_id.truncate(15);
        }),
        ("author", "FIELD_MISSING", |message| message.author.clear()),
        ("author", "FIELD_LENGTH", |message| message.author.push(0)),
        (
            "give.recipient",
            "FIELD_MISSING",
            change!(Give, act => act.recipient.clear()),
        ),
        (
            "give.recipient",
            "FIELD_LENGTH",
            change!(Give, act => act.recipient.truncate(8)),
        ),
    ];
    let mut all = cases(world, giver, &gift, &changes);
    let newcomer = Person::numbered(800);
    let changes: [(&str, &str, Change); 3] = [
        (
            "enrol_member.birth_month",
            "FIELD_MISSING",
            change!(EnrolMember, act => act.birth_month = None),
        ),
        (
            "key.public_key",
            "FIELD_LENGTH",
            change!(EnrolMember, act => if let Some(key) = &mut act.key { key.public_key.truncate(31) }),
        ),
        (
            "enrol_member.identity_commitment",
            "FIELD_LENGTH",
            change!(EnrolMember, act => act.identity_commitment = vec![1; 31]),
        ),
    ];
    let enrol = enrolment(world, &newcomer)?.into();
    all.extend(cases(world, &world.street.staff[0], &enrol, &changes));
    let (_, good) = world.street.pen.sign(giver, gift);
    all_are_refused(world, all, &good).await
}

/// The enrolment of a person at the first station.
pub(super) fn enrolment(world: &World, person: &Person) -> Result<EnrolMember> {
    Ok(EnrolMember {
        member: person.id,
        unit: world.street.stations[0],
        birth_month: YearMonth::parse(1950, 1)?,
        need: NeedCategory::None,
        key: Some(world.street.pen.new_key(person)),
        identity: None,
    })
}

async fn a_name_that_people_could_not_read_is_refused(world: &mut World) -> Result<()> {
    let root = &world.street.root;
    let open = OpenUnit {
        unit: ledger::UnitId::from_bytes([9; 16]),
        parent: world.street.district,
        kind: UnitKind::Station,
        display_name: "New Street".to_owned(),
    };
    let open: Act = open.into();
    let all = cases(
        world,
        root,
        &open,
        &[
            (
                "open_unit.display_name",
                "NAME_INVALID",
                change!(OpenUnit, act => act.display_name = "a".repeat(201)),
            ),
            (
                "open_unit.display_name",
                "NAME_INVALID",
                change!(OpenUnit, act => act.display_name.push('\n')),
            ),
            (
                "open_unit.display_name",
                "NAME_INVALID",
                change!(OpenUnit, act => act.display_name.push('\u{85}')),
            ),
        ],
    );
    let (_, good) = world.street.pen.sign(root, open);
    all_are_refused(world, all, &good).await
}

async fn an_entry_whose_id_is_not_made_as_it_must_be_is_refused(world: &mut World) -> Result<()> {
    let giver = world.member(0);
    let gift = gift(world)?;
    let changes: [(&str, &str, Change); 2] = [
        ("version 4", "ENTRY_ID_NOT_V7", |message| {
            message.entry_id[6] = 0x40 | (message.entry_id[6] & 0x0f);
        }),
        ("another variant", "ENTRY_ID_NOT_V7", |message| {
            message.entry_id[8] |= 0x40;
        }),
    ];
    let all = cases(world, giver, &gift, &changes);
    let (_, good) = world.street.pen.sign(giver, gift);
    all_are_refused(world, all, &good).await
}

async fn an_envelope_without_its_parts_is_refused(world: &mut World) -> Result<()> {
    let giver = world.member(0);
    let (_, signed) = world.street.pen.sign(giver, gift(world)?);
    let whole = proto::signed_entry_to(&signed);
    let case = |field: &'static str, reason, change: fn(&mut v1::SignedEntry)| {
        let mut message = whole.clone();
        change(&mut message);
        Case::of_message(field, message, Code::InvalidArgument, reason).with("field", field)
    };
    let all = vec![
        case("key_id", "FIELD_MISSING", |message| message.key_id.clear()),
        case("key_id", "FIELD_LENGTH", |message| {
            message.key_id.truncate(15);
        }),
        case("signature", "FIELD_MISSING", |message| {
            message.signature.clear();
        }),
        case("signature", "FIELD_LENGTH", |message| {
            message.signature.push(0);
        }),
    ];
    all_are_refused(world, all, &signed).await?;
    // A call without any entry.
    let mut service = v1::ledger_service_client::LedgerServiceClient::new(world.channel().await?);
    let request = v1::SubmitEntryRequest { signed_entry: None };
    let status = service.submit_entry(request).await.err();
    let said = crate::wire::Said::of(&status.ok_or_else(|| anyhow::anyhow!("recorded"))?)?;
    assert_eq!(said.reason, "FIELD_MISSING");
    assert_eq!(said.datum("field"), "signed_entry");
    Ok(())
}
