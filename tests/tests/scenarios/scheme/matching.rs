//! Who is suggested for a visit, and why.

use anyhow::Result;
use ledger::act::{Block, LinkKin};
use ledger::matching::{Offer, Slot};
use ledger::tie::Relation;
use ledger::{EntryId, Millis};
use timebank_tests::pen::Person;

use super::{clocked, code};
use crate::world::{Setting, World};

on_both!(in many;
    those_who_fit_are_suggested_with_the_reasons_and_the_nearest_first,
    whom_the_rules_refuse_is_not_suggested_and_nobody_says_why,
    an_offer_is_changed_and_removed,
);

fn many() -> Setting {
    Setting {
        members: 9,
        ..clocked()
    }
}

/// All day on the weekday of a time, and what is spoken.
fn offer(start: Millis, languages: &[&str]) -> Offer {
    // 1970-01-01 was a Thursday.
    let weekday = (start.get() / 86_400_000 + 3) % 7 + 1;
    let slot = Slot {
        weekday: u8::try_from(weekday).unwrap_or(1),
        from_minute: 0,
        to_minute: 1_440,
    };
    Offer {
        items: Vec::new(),
        languages: languages.iter().map(|it| (*it).to_owned()).collect(),
        slots: vec![slot],
        utc_offset_minutes: 0,
    }
}

/// At noon, some days ahead: no visit crosses midnight.
fn noon(world: &World) -> Millis {
    let day = world.now().get() / 86_400_000 + 3;
    Millis::new(day * 86_400_000 + 12 * 3_600_000)
}

async fn requested(world: &World, start: Millis) -> Result<EntryId> {
    let mut request = world.request(60)?;
    request.start = start;
    world.does(world.member(0), request).await
}

async fn suggested(world: &World, service: EntryId) -> Result<Vec<(usize, Vec<&'static str>)>> {
    let staff = world.client_of(&world.street.staff[0]);
    let suggestions = staff.suggestions(service).await?.into_iter();
    let number = |person: &Person, id| person.id == id;
    let found = suggestions.filter_map(|it| {
        let mut members = world.street.members.iter();
        let at = members.position(|person| number(person, it.volunteer))?;
        Some((at, it.reasons))
    });
    Ok(found.collect())
}

// VOL-3, REC-11, STA-3, PRX-2.
async fn those_who_fit_are_suggested_with_the_reasons_and_the_nearest_first(
    world: &mut World,
) -> Result<()> {
    let start = noon(world);
    let world = &*world;
    let put = |member: usize, offer: Offer| async move {
        let client = world.client_of(world.member(member));
        client.put_offer(world.member(member).id, &offer).await
    };
    // The recipient says what is spoken at home.
    let speaks = Offer {
        slots: Vec::new(),
        ..offer(start, &["yue", "zh"])
    };
    put(0, speaks).await?;
    put(1, offer(start, &["yue"])).await?;
    put(2, offer(start, &["en"])).await?;
    put(4, offer(start, &["zh"])).await?;
    // The day after, and something else: not offered.
    put(6, offer(start.plus_days(1), &["zh"])).await?;
    let other = Offer {
        items: vec![code("meal")?],
        ..offer(start, &["zh"])
    };
    put(8, other).await?;
    let named = Offer {
        items: vec![code("companionship")?],
        ..offer(start, &[])
    };
    put(3, named).await?;
    let service = requested(world, start).await?;
    let expected = [
        (4, vec!["same station", "time", "language"]),
        (2, vec!["same station", "time"]),
        (1, vec!["same district", "time", "language"]),
        (3, vec!["same district", "time", "item"]),
    ];
    assert_eq!(suggested(world, service).await?, expected);
    world
        .does(world.member(4), ledger::act::AcceptCare { service })
        .await?;
    assert!(suggested(world, service).await?.is_empty(), "it is taken");
    Ok(())
}

// REC-4; FM-12.
async fn whom_the_rules_refuse_is_not_suggested_and_nobody_says_why(
    world: &mut World,
) -> Result<()> {
    let start = noon(world);
    for member in [2, 4, 6] {
        let client = world.client_of(world.member(member));
        let id = world.member(member).id;
        client.put_offer(id, &offer(start, &[])).await?;
    }
    let block = Block {
        other: world.member(0).id,
        blocked: true,
    };
    world.does(world.member(2), block).await?;
    let kin = LinkKin {
        member: world.member(0).id,
        kin: world.member(4).id,
        relation: Relation::Child,
        papers: None,
    };
    world.does(&world.street.staff[0], kin).await?;
    let service = requested(world, start).await?;
    let who: Vec<usize> = suggested(world, service)
        .await?
        .iter()
        .map(|it| it.0)
        .collect();
    assert_eq!(who, [6]);
    Ok(())
}

async fn an_offer_is_changed_and_removed(world: &mut World) -> Result<()> {
    let (start, member) = (noon(world), world.member(2));
    let own = world.client_of(member);
    own.put_offer(member.id, &offer(start.plus_days(1), &[]))
        .await?;
    let service = requested(world, start).await?;
    assert!(suggested(world, service).await?.is_empty());
    own.put_offer(member.id, &offer(start, &["zh"])).await?;
    assert_eq!(own.offer(member.id).await?, offer(start, &["zh"]));
    assert_eq!(suggested(world, service).await?.len(), 1);
    own.delete_offer(member.id).await?;
    own.delete_offer(member.id).await?;
    assert!(suggested(world, service).await?.is_empty());
    let gone = own.offer(member.id).await;
    assert_eq!(crate::wire::reason_of(gone), "NOT_FOUND");
    Ok(())
}
