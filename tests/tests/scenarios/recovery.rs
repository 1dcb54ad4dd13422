//! A lost phone, a stolen phone, no phone: how members come by a key again.

use anyhow::{Result, bail};
use client::batch::Outcome;
use client::read::{ProposalState, ProposedAct};
use ledger::act::{
    AddKey, Appoint, Approve, EnrolMember, Expire, Give, ObjectRecovery, RecoverKey, RevokeKey,
};
use ledger::entry::NewKey;
use ledger::member::NeedCategory;
use ledger::role::Role;
use ledger::{AccountId, EntryId, YearMonth};
use timebank_tests::pen::Person;

use crate::world::{Setting, World, minutes, reasons};

on_both!(
    in on_a_clock;
    a_lost_phone_is_replaced_after_a_visit_to_the_station_and_a_week,
    an_owner_who_was_not_asked_ends_the_recovery_with_another_phone,
    a_thief_with_the_phone_objects_once_and_not_again,
    someone_who_never_had_a_phone_gets_a_first_key,
    one_person_alone_recovers_no_key,
    an_operator_who_lost_the_only_phone_is_helped_by_others,
);

fn on_a_clock() -> Setting {
    Setting {
        has_clock: true,
        rules: |rules| ledger::Rules {
            recovery_delay_days: 3,
            ..rules
        },
        ..Setting::default()
    }
}

/// The same member with a new phone.
fn with_new_phone(owner: &Person, number: u64) -> Person {
    Person {
        id: owner.id,
        key: Person::numbered(number).key,
    }
}

fn recover(world: &World, phone: &Person) -> RecoverKey {
    RecoverKey {
        member: phone.id,
        key: Box::new(world.street.pen.new_key(phone)),
        identity: None,
    }
}

/// Staff propose a key, and the operator approves it.
async fn waiting(world: &World, phone: &Person) -> Result<EntryId> {
    let street = &world.street;
    let proposal = world.does(&street.staff[0], recover(world, phone)).await?;
    world.does(&street.root, Approve { proposal }).await?;
    Ok(proposal)
}

fn gift(world: &World) -> Result<Give> {
    Ok(Give {
        recipient: world.member(1).id,
        minutes: minutes(1)?,
    })
}

/// Why a person may not read their own account.
async fn why_not(world: &World, person: &Person) -> Result<String> {
    let account = AccountId::Member(person.id);
    match world.client_of(person).account(account).await {
        Err(client::ClientError::Refused(refusal)) => Ok(refusal.metadata["why"].clone()),
        other => bail!("read with a key that is not valid: {other:?}"),
    }
}

async fn a_lost_phone_is_replaced_after_a_visit_to_the_station_and_a_week(
    world: &mut World,
) -> Result<()> {
    let (owner, clerk) = (world.member(0).clone(), &world.street.staff[0]);
    let phone = with_new_phone(&owner, 700);
    let proposal = world.does(clerk, recover(world, &phone)).await?;
    let proposed = world.client_of(clerk).proposal(proposal).await?;
    let (member, key) = (owner.id, phone.key.public().id());
    assert_eq!(proposed.act, ProposedAct::RecoverKey { member, key });
    world.does(&world.street.root, Approve { proposal }).await?;
    // Whoever has the old phone sees it coming.
    let seen = world
        .client_of(&owner)
        .member(&owner.id.to_string())
        .await?;
    let recovery = seen.recovery.expect("it is under way");
    assert_eq!((recovery.recovery, recovery.key), (proposal, key));
    assert_eq!(seen.keys, [owner.key.public().id()]);
    assert_eq!(why_not(world, &phone).await?, "KEY_WAITING");
    world.refuses(&phone, gift(world)?, "KEY_NOT_VALID").await?;
    let finish = Expire { target: proposal };
    let said = world.refuses(clerk, finish.clone(), "NOT_DUE").await?;
    let due = recovery.due.expect("it is approved").get();
    assert_eq!(said.datum("due_ms"), due.to_string());
    // In one batch, and so in one commit: before, at, and after the end.
    let pen = &world.street.pen;
    let (_, stolen) = pen.sign(&owner, gift(world)?);
    world.pass_hours(3 * 24);
    let listed = world.client_of(world.member(3)).due().await?;
    assert_eq!(listed[0].target, proposal);
    let batch = [
        pen.sign(&owner, gift(world)?).1,
        pen.sign(world.member(3), finish).1,
        stolen,
        pen.sign(&owner, gift(world)?).1,
        pen.sign(&phone, gift(world)?).1,
    ];
    let answer = world.client().submit_batch(&batch).await?;
    let expected = ["", "", "KEY_NOT_VALID", "KEY_NOT_VALID", ""];
    assert_eq!(reasons(&answer.outcomes), expected);
    assert!(matches!(answer.outcomes[4], Outcome::Recorded { .. }));
    assert_eq!(why_not(world, &owner).await?, "KEY_ENDED");
    let seen = world
        .client_of(&phone)
        .member(&owner.id.to_string())
        .await?;
    assert_eq!((seen.keys, seen.recovery), (vec![key], None));
    Ok(())
}

async fn an_owner_who_was_not_asked_ends_the_recovery_with_another_phone(
    world: &mut World,
) -> Result<()> {
    let owner = world.member(0);
    let tablet = with_new_phone(owner, 701);
    let key = world.street.pen.new_key(&tablet);
    world.does(owner, AddKey { key }).await?;
    let recovery = waiting(world, &with_new_phone(owner, 700)).await?;
    let object = ObjectRecovery { recovery };
    world
        .refuses(world.member(2), object.clone(), "NOT_OWN_RECOVERY")
        .await?;
    world.does(&tablet, object).await?;
    world.pass_hours(30 * 24);
    let said = world
        .refuses(owner, Expire { target: recovery }, "PROPOSAL_CLOSED")
        .await?;
    assert_eq!(said.datum("outcome"), "OBJECTED");
    let info = world.client_of(owner).proposal(recovery).await?;
    assert_eq!(info.state, ProposalState::Objected);
    assert_eq!(info.decider, Some(owner.id));
    world.does(owner, gift(world)?).await?;
    Ok(())
}

async fn a_thief_with_the_phone_objects_once_and_not_again(world: &mut World) -> Result<()> {
    let (owner, street) = (world.member(0).clone(), &world.street);
    let phone = with_new_phone(&owner, 700);
    let recovery = waiting(world, &phone).await?;
    world.does(&owner, ObjectRecovery { recovery }).await?;
    // The second time it is not for the station alone to decide.
    let colleague = world.member(2);
    let appoint = Appoint {
        member: colleague.id,
        unit: street.stations[0],
        role: Role::Staff,
    };
    world.does(&street.root, appoint).await?;
    let proposal = world.does(&street.staff[0], recover(world, &phone)).await?;
    world
        .refuses(colleague, Approve { proposal }, "ROLE_MISSING")
        .await?;
    world.does(&street.regulator, Approve { proposal }).await?;
    let object = ObjectRecovery { recovery: proposal };
    world.refuses(&owner, object, "OBJECTION_USED").await?;
    world.pass_hours(3 * 24);
    world.does(colleague, Expire { target: proposal }).await?;
    world.refuses(&owner, gift(world)?, "KEY_NOT_VALID").await?;
    let key_id = phone.key.public().id();
    world
        .refuses(&owner, RevokeKey { key_id }, "KEY_NOT_VALID")
        .await?;
    world.does(&phone, gift(world)?).await?;
    Ok(())
}

async fn someone_who_never_had_a_phone_gets_a_first_key(world: &mut World) -> Result<()> {
    let (street, elder) = (&world.street, Person::numbered(702));
    let enrol = EnrolMember {
        member: elder.id,
        unit: street.stations[0],
        birth_month: YearMonth::parse(1940, 1)?,
        need: NeedCategory::None,
        key: None,
        identity: None,
    };
    world.does(&street.staff[0], enrol).await?;
    let seen = world.client_of(&street.staff[0]);
    let seen = seen.member(&elder.id.to_string()).await?;
    assert_eq!((seen.keys, seen.recovery), (Vec::new(), None));
    // A call at the counter ends the first try: she had not asked for it.
    let recovery = waiting(world, &elder).await?;
    let colleague = world.member(2);
    let appoint = Appoint {
        member: colleague.id,
        unit: street.stations[0],
        role: Role::Staff,
    };
    world.does(&street.root, appoint).await?;
    let object = ObjectRecovery { recovery };
    let pen = &street.pen;
    let (_, involved) = pen.sign_for(&street.staff[0], elder.id, object.clone());
    world.refuses_signed(&involved, "INVOLVED").await?;
    let (_, objection) = pen.sign_for(colleague, elder.id, object);
    world.records(&objection).await?;
    let target = waiting(world, &elder).await?;
    world.pass_hours(3 * 24);
    world.does(world.member(3), Expire { target }).await?;
    let key = NewKey::prove(&Person::numbered(703).key, street.pen.origin(), &elder.id);
    world.does(&elder, AddKey { key }).await?;
    Ok(())
}

async fn one_person_alone_recovers_no_key(world: &mut World) -> Result<()> {
    let (street, owner) = (&world.street, world.member(0));
    let phone = with_new_phone(owner, 700);
    for stranger in [owner, &street.staff[1], &street.regulator, &street.auditor] {
        world
            .refuses(stranger, recover(world, &phone), "ROLE_MISSING")
            .await?;
    }
    let clerk = &street.staff[0];
    let own = recover(world, &with_new_phone(clerk, 701));
    world.refuses(clerk, own, "INVOLVED").await?;
    let proposal = world.does(clerk, recover(world, &phone)).await?;
    let approve = Approve { proposal };
    // The clerk again, also with another phone of theirs.
    let key = street.pen.new_key(&with_new_phone(clerk, 702));
    world.does(clerk, AddKey { key }).await?;
    for same in [clerk.clone(), with_new_phone(clerk, 702)] {
        world.refuses(&same, approve.clone(), "INVOLVED").await?;
    }
    world.refuses(owner, approve, "ROLE_MISSING").await?;
    let again = recover(world, &with_new_phone(owner, 703));
    world
        .refuses(&street.root, again, "RECOVERY_PENDING")
        .await?;
    Ok(())
}

async fn an_operator_who_lost_the_only_phone_is_helped_by_others(world: &mut World) -> Result<()> {
    let street = &world.street;
    let key_id = street.root.key.public().id();
    world
        .refuses(&street.root, RevokeKey { key_id }, "LAST_OPERATOR")
        .await?;
    // The regulator appoints somebody, who proposes; the regulator approves.
    let helper = world.member(0);
    let appoint = Appoint {
        member: helper.id,
        unit: street.scheme,
        role: Role::Operator,
    };
    world.does(&street.regulator, appoint).await?;
    let phone = with_new_phone(&street.root, 700);
    let proposal = world.does(helper, recover(world, &phone)).await?;
    world.does(&street.regulator, Approve { proposal }).await?;
    world.pass_hours(3 * 24);
    world.does(helper, Expire { target: proposal }).await?;
    let (member, unit, role) = (world.member(1).id, street.scheme, Role::FundAdmin);
    let appoint = Appoint { member, unit, role };
    world
        .refuses(&street.root, appoint.clone(), "KEY_NOT_VALID")
        .await?;
    world.does(&phone, appoint).await?;
    Ok(())
}
