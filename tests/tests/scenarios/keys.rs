//! Members' keys: one for each device, each with an end.

use anyhow::Result;
use ledger::act::{AddKey, Give, RevokeKey};
use ledger::entry::NewKey;
use timebank_tests::bank::ORIGIN;
use timebank_tests::pen::Person;

use crate::world::{World, minutes};

on_both!(
    a_second_device_acts_for_the_same_member,
    a_key_that_was_ended_signs_nothing_more_and_reads_nothing_more,
    a_key_belongs_to_one_member,
    only_the_owner_ends_a_key,
    an_entry_signed_before_the_key_ended_is_refused_if_it_comes_after,
);

/// The same member with another key.
fn second_device(owner: &Person) -> Person {
    Person {
        id: owner.id,
        key: Person::numbered(700).key,
    }
}

async fn a_second_device_acts_for_the_same_member(world: &mut World) -> Result<()> {
    let owner = world.member(0);
    let device = second_device(owner);
    let key = world.street.pen.new_key(&device);
    world
        .refuses(&device, give(world, 1)?, "KEY_UNKNOWN")
        .await?;
    world.does(owner, AddKey { key }).await?;
    world.does(&device, give(world, 60)?).await?;
    assert_eq!(world.purse(owner).await?, (540, 0));
    let account = ledger::AccountId::Member(owner.id);
    let standing = world.client_of(&device).account(account).await?;
    assert_eq!(standing.available, 540);
    Ok(())
}

// Behaviour 27.
async fn a_key_that_was_ended_signs_nothing_more_and_reads_nothing_more(
    world: &mut World,
) -> Result<()> {
    let owner = world.member(0);
    let device = second_device(owner);
    let key = world.street.pen.new_key(&device);
    world.does(owner, AddKey { key }).await?;
    let key_id = owner.key.public().id();
    world.does(&device, RevokeKey { key_id }).await?;
    world
        .refuses(owner, give(world, 1)?, "KEY_NOT_VALID")
        .await?;
    world
        .refuses(owner, RevokeKey { key_id }, "KEY_NOT_VALID")
        .await?;
    let account = ledger::AccountId::Member(owner.id);
    let read = world.client_of(owner).account(account).await;
    let Err(client::ClientError::Refused(refusal)) = read else {
        anyhow::bail!("read with a key that has ended: {read:?}");
    };
    assert_eq!(refusal.reason, "TOKEN_INVALID");
    assert_eq!(refusal.metadata["why"], "KEY_ENDED");
    // An ended key is not to be had again.
    let key = world.street.pen.new_key(owner);
    world.refuses(&device, AddKey { key }, "KEY_EXISTS").await?;
    world.does(&device, give(world, 1)?).await?;
    Ok(())
}

async fn a_key_belongs_to_one_member(world: &mut World) -> Result<()> {
    let (owner, other) = (world.member(0), world.member(1));
    let theirs = NewKey::prove(&other.key, ORIGIN, &owner.id);
    world
        .refuses(owner, AddKey { key: theirs }, "KEY_EXISTS")
        .await?;
    // Whoever takes a key over from elsewhere does not hold its secret half.
    let fresh = Person::numbered(701);
    let for_other = NewKey::prove(&fresh.key, ORIGIN, &other.id);
    let elsewhere = NewKey::prove(&fresh.key, "other.example/street", &owner.id);
    for key in [for_other, elsewhere] {
        world
            .refuses(owner, AddKey { key }, "POSSESSION_NOT_PROVEN")
            .await?;
    }
    Ok(())
}

async fn only_the_owner_ends_a_key(world: &mut World) -> Result<()> {
    let owner = world.member(0);
    let key_id = owner.key.public().id();
    for person in [world.member(1), &world.street.staff[0], &world.street.root] {
        world
            .refuses(person, RevokeKey { key_id }, "NOT_OWN_KEY")
            .await?;
    }
    world.does(owner, give(world, 1)?).await?;
    Ok(())
}

async fn an_entry_signed_before_the_key_ended_is_refused_if_it_comes_after(
    world: &mut World,
) -> Result<()> {
    let owner = world.member(0);
    let (_, late) = world.street.pen.sign(owner, give(world, 1)?);
    let key_id = owner.key.public().id();
    world.does(owner, RevokeKey { key_id }).await?;
    world.refuses_signed(&late, "KEY_NOT_VALID").await?;
    Ok(())
}

fn give(world: &World, count: i64) -> Result<Give> {
    Ok(Give {
        recipient: world.member(2).id,
        minutes: minutes(count)?,
    })
}
