//! A member's client after a declared loss: it finds two histories, and follows
//! the operator's declaration if it is about what it has seen.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use client::adoption::{AdoptionError, follow};
use client::{ClientError, Memory};
use ledger::act::AdoptState;
use ledger::commitment::{CommitmentKind, Opening};
use ledger::log::{Position, Receipt, TreeSize, VerifierKey};
use ledger::{Abandoned, SignedEntry};
use server::guard::Guard;

use super::{backup, finds_out, gift};
use crate::wire::reason_of;
use crate::world::World;

on_both!(
    a_client_follows_the_declaration_about_what_it_has_seen,
    a_client_follows_nothing_else,
    the_reason_is_read_by_officials_and_erased_by_an_operator,
    a_server_that_takes_nothing_in_is_no_lost_connection,
);

/// Loses so many records, which the world's own client had seen; what it
/// remembers, and the tree that was lost.
async fn lose(world: &mut World, count: i64) -> Result<(Arc<Memory>, Abandoned)> {
    world.end().await?;
    let backup = backup::take(world).await?;
    world.begin().await?;
    for minutes in 1..=count {
        world.does(world.member(0), gift(world, minutes)?).await?;
    }
    world.end().await?;
    backup::put_back(world, backup)?;
    let memory = world.forget();
    let lost = Guard::open(&world.plan.data)?.newest();
    let lost = lost.context("the guard remembers")?;
    world.begin().await?.context("it takes entries in")?;
    let (size, root) = (lost.size, lost.root);
    Ok((memory, Abandoned { size, root }))
}

/// Records the operator's declaration; its receipt, with the operator's key.
async fn declares(world: &World, signed: &SignedEntry) -> Result<Receipt> {
    let operator = world.client_of(&world.street.root);
    Ok(operator.submit_signed(signed).await?.receipt)
}

async fn a_client_follows_the_declaration_about_what_it_has_seen(world: &mut World) -> Result<()> {
    let (memory, abandoned) = lose(world, 2).await?;
    let reason = None;
    let act = AdoptState { abandoned, reason };
    let (_, signed) = world.street.pen.sign(&world.street.root, act);
    let receipt = declares(world, &signed).await?.to_string();
    world.does(world.member(0), gift(world, 1)?).await?;
    finds_out(world, &memory).await?;
    let log_key: VerifierKey = world.verifier_key().parse()?;
    let connection = world.client().connection();
    let declared = follow(connection, &memory, receipt.as_bytes(), &log_key).await?;
    ensure!(declared.abandoned == abandoned && declared.author == world.street.root.id);
    // It goes on, and names no lost checkpoint in what it signs.
    let client = world.connect(&memory).await?;
    let seen = client.log().seen()?.context("a checkpoint")?;
    ensure!(seen.size == TreeSize::new(world.tree_size().await?));
    let again = follow(connection, &memory, receipt.as_bytes(), &log_key).await;
    ensure!(matches!(again, Err(AdoptionError::OtherTree { .. })));
    ensure!(world.audit().await?.adoptions.len() == 1);
    Ok(())
}

async fn the_reason_is_read_by_officials_and_erased_by_an_operator(
    world: &mut World,
) -> Result<()> {
    let (_, abandoned) = lose(world, 2).await?;
    let why = Opening::new([0x5a; 32], "the disk broke".into())?;
    let reason = Some(why.commitment(CommitmentKind::Reason));
    let street = &world.street;
    let act = AdoptState { abandoned, reason };
    let entry = world.does(&street.root, act).await?;
    let operator = world.client_of(&street.root);
    operator.put_opening(entry, &why).await?;
    for reader in [&street.root, &street.regulator, &street.auditor] {
        let read = world.client_of(reader).opening(entry).await?;
        ensure!(read.opening.as_ref() == Some(&why), "{read:?}");
    }
    for other in [world.member(0), &street.staff[0]] {
        let refused = world.client_of(other).opening(entry).await;
        assert_eq!(reason_of(refused), "NOT_ALLOWED");
    }
    for other in [world.member(0), &street.regulator, &street.auditor] {
        let refused = world.client_of(other).erase_opening(entry).await;
        assert_eq!(reason_of(refused), "NOT_ALLOWED");
    }
    let erased = operator.erase_opening(entry).await?;
    ensure!(erased.opening.is_none() && erased.erased.is_some());
    Ok(())
}

async fn a_client_follows_nothing_else(world: &mut World) -> Result<()> {
    let (memory, abandoned) = lose(world, 2).await?;
    let log_key: VerifierKey = world.verifier_key().parse()?;
    let act = AdoptState {
        abandoned,
        reason: None,
    };
    let (_, signed) = world.street.pen.sign(&world.street.root, act);
    let adoption = declares(world, &signed).await?.to_string();
    let (_, signed) = world.street.pen.sign(world.member(0), gift(world, 1)?);
    let other = world.records(&signed).await?.receipt.to_string();
    let connection = world.client().connection();
    let refused = follow(connection, &memory, other.as_bytes(), &log_key).await;
    ensure!(matches!(
        refused,
        Err(AdoptionError::OtherAct { act: "Give" })
    ));
    let mut spoilt = Receipt::parse(adoption.as_bytes())?;
    spoilt.position = Position::ZERO;
    let spoilt = spoilt.to_string();
    let refused = follow(connection, &memory, spoilt.as_bytes(), &log_key).await;
    ensure!(
        matches!(refused, Err(AdoptionError::Verify(_))),
        "{refused:?}"
    );
    // Whose signature cannot be checked has signed nothing.
    let mut unsigned = Receipt::parse(adoption.as_bytes())?;
    let extra = unsigned.extra.as_deref().context("a record")?;
    unsigned.extra = Some(proto::encode_extra(proto::decode_extra(extra)?.leaf, None));
    let unsigned = unsigned.to_string();
    let refused = follow(connection, &memory, unsigned.as_bytes(), &log_key).await;
    ensure!(
        matches!(refused, Err(AdoptionError::Unsigned { .. })),
        "{refused:?}"
    );
    let fresh = Memory::volatile();
    let refused = follow(connection, &fresh, adoption.as_bytes(), &log_key).await;
    ensure!(matches!(
        refused,
        Err(AdoptionError::NothingRemembered { .. })
    ));
    // What it has seen is still the other history.
    finds_out(world, &memory).await
}

async fn a_server_that_takes_nothing_in_is_no_lost_connection(world: &mut World) -> Result<()> {
    let (_, abandoned) = lose(world, 2).await?;
    let (_, signed) = world.street.pen.sign(world.member(0), gift(world, 1)?);
    let refused = world.client().submit_signed(&signed).await;
    let Err(ClientError::Refused(refusal)) = refused else {
        anyhow::bail!("no refusal: {refused:?}");
    };
    ensure!(refusal.reason == "READ_ONLY");
    ensure!(
        refusal.metadata["seen"] == abandoned.size.to_string(),
        "{refusal:?}"
    );
    ensure!(
        refusal.metadata["root"] == abandoned.root.to_string(),
        "{refusal:?}"
    );
    ensure!(refusal.metadata["seen_by"] == "guard", "{refusal:?}");
    Ok(())
}
