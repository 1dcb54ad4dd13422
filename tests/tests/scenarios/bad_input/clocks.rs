//! Signers whose clocks are far off.

use anyhow::Result;
use ledger::act::Give;
use ledger::{EntryId, Millis};
use timebank_tests::pen::{self, Person};
use tonic::Code;

use super::{Case, all_are_refused};
use crate::world::{World, minutes};

on_both!(
    an_entry_from_a_clock_that_is_far_off_is_refused,
    an_entry_from_a_clock_that_is_a_little_off_is_recorded,
    a_late_entry_under_a_key_that_nobody_knows_holds_up_nobody,
);

/// A gift that was signed so many minutes after now.
fn gift(world: &World, minutes_after: i64) -> Result<ledger::SignedEntry> {
    gift_of(world, world.member(0), minutes_after)
}

fn gift_of(world: &World, giver: &Person, minutes_after: i64) -> Result<ledger::SignedEntry> {
    let gift = Give {
        recipient: world.member(1).id,
        minutes: minutes(1)?,
    };
    let mut entry = world.street.pen.entry(giver, gift);
    let signed = Millis::new(world.now().get() + minutes_after * 60_000);
    let random = &entry.id.as_bytes()[6..];
    entry.id = EntryId::new(signed, random.try_into()?);
    Ok(pen::sign(&entry, &giver.key))
}

async fn an_entry_from_a_clock_that_is_far_off_is_refused(world: &mut World) -> Result<()> {
    let mut cases = Vec::new();
    for (minutes_after, reason, datum) in [
        (12, "SIGNED_IN_THE_FUTURE", ("minutes_max", "10")),
        (60 * 24 * 365, "SIGNED_IN_THE_FUTURE", ("minutes_max", "10")),
        (
            -(30 * 24 * 60 + 2),
            "SIGNED_TOO_LONG_AGO",
            ("days_max", "30"),
        ),
        (
            -(50 * 365 * 24 * 60),
            "SIGNED_TOO_LONG_AGO",
            ("days_max", "30"),
        ),
    ] {
        let signed = gift(world, minutes_after)?;
        let what = format!("{minutes_after} minutes");
        let case = Case::new(&what, &signed, Code::FailedPrecondition, reason);
        cases.push(case.with(datum.0, datum.1));
    }
    all_are_refused(world, cases, &gift(world, 0)?).await
}

async fn an_entry_from_a_clock_that_is_a_little_off_is_recorded(world: &mut World) -> Result<()> {
    for minutes_after in [9, -(30 * 24 * 60 - 2)] {
        world.records(&gift(world, minutes_after)?).await?;
    }
    assert_eq!(world.purse(world.member(0)).await?, (598, 0));
    Ok(())
}

/// It is refused before the rules look at its key, which only the check of its
/// signature does: that row has to be loaded for this check alone.
async fn a_late_entry_under_a_key_that_nobody_knows_holds_up_nobody(
    world: &mut World,
) -> Result<()> {
    let stranger = Person {
        id: world.member(0).id,
        key: Person::numbered(903).key,
    };
    let (reason, code) = ("SIGNED_IN_THE_FUTURE", Code::FailedPrecondition);
    let signed = gift_of(world, &stranger, 12)?;
    let case = Case::new("an unknown key", &signed, code, reason);
    all_are_refused(world, vec![case], &gift(world, 0)?).await
}
