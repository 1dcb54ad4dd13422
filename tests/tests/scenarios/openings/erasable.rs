//! The papers that were shown for a new key: whoever they are of may erase them.

use anyhow::{Result, ensure};
use ledger::EntryId;
use ledger::act::{RecoverKey, Refuse};
use ledger::commitment::CommitmentKind;
use timebank_tests::pen::Person;

use super::note;
use crate::wire::reason_of;
use crate::world::World;

on_both!(the_papers_of_a_recovery_are_the_members,);

/// Of these people, some may read an opening and the others are refused.
async fn readers(
    world: &World,
    entry: EntryId,
    may: &[&Person],
    may_not: &[&Person],
) -> Result<()> {
    for reader in may {
        let read = world.client_of(reader).opening(entry).await?;
        assert_eq!(read.opening, Some(note()));
    }
    for reader in may_not {
        let refused = world.client_of(reader).opening(entry).await;
        assert_eq!(reason_of(refused), "NOT_ALLOWED");
    }
    Ok(())
}

/// Some may not erase it; then somebody does, and it is gone.
async fn erased(world: &World, entry: EntryId, by: &Person, may_not: &[&Person]) -> Result<()> {
    for person in may_not {
        let refused = world.client_of(person).erase_opening(entry).await;
        assert_eq!(reason_of(refused), "NOT_ALLOWED");
    }
    let erased = world.client_of(by).erase_opening(entry).await?;
    ensure!(erased.opening.is_none() && erased.erased.is_some());
    Ok(())
}

async fn the_papers_of_a_recovery_are_the_members(world: &mut World) -> Result<()> {
    let street = &world.street;
    let (member, clerk) = (world.member(0), &street.staff[0]);
    let phone = Person {
        id: member.id,
        key: Person::numbered(700).key,
    };
    let recovery = RecoverKey {
        member: member.id,
        key: Box::new(street.pen.new_key(&phone)),
        identity: Some(note().commitment(CommitmentKind::Identity)),
    };
    for by in [member, &street.root] {
        let entry = world.does(clerk, recovery.clone()).await?;
        world.client_of(clerk).put_opening(entry, &note()).await?;
        let others = [&street.staff[1], world.member(2), &street.auditor];
        readers(world, entry, &[member, clerk, &street.root], &others).await?;
        erased(
            world,
            entry,
            by,
            &[clerk, &street.staff[1], &street.auditor],
        )
        .await?;
        let reason = None;
        let refuse = Refuse {
            proposal: entry,
            reason,
        };
        world.does(&street.root, refuse).await?;
    }
    Ok(())
}
