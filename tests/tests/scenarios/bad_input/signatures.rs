//! Entries that somebody else signed, or that are for somebody else's ledger.

use anyhow::Result;
use ledger::act::{Give, RevokeKey};
use ledger::{Entry, KeyId};
use timebank_tests::pen::{self, Pen, Person};
use tonic::Code;

use super::{Case, all_are_refused};
use crate::world::{World, minutes};

on_both!(
    an_entry_that_its_author_has_not_signed_is_refused,
    an_entry_for_another_ledger_is_refused,
    an_entry_from_a_ledger_that_the_client_saw_further_is_refused,
);

fn gift(world: &World) -> Result<Give> {
    Ok(Give {
        recipient: world.member(1).id,
        minutes: minutes(60)?,
    })
}

// Behaviours 35, 38 and 40.
async fn an_entry_that_its_author_has_not_signed_is_refused(world: &mut World) -> Result<()> {
    let (owner, other) = (world.member(0), world.member(2));
    let pen = &world.street.pen;
    let entry: Entry = pen.entry(owner, gift(world)?);
    let good = pen::sign(&entry, &owner.key);
    let ended = Person {
        id: other.id,
        key: other.key.clone(),
    };
    let key_id = ended.key.public().id();
    world.does(other, RevokeKey { key_id }).await?;
    let mut flipped = good.clone();
    let mut signature = *flipped.signature.as_bytes();
    signature[40] ^= 1;
    flipped.signature = ledger::Signature::from_bytes(signature);
    let mut posing = pen::sign(&entry, &world.member(1).key);
    posing.key_id = KeyId::of(&owner.key.public());
    let mut swapped = pen::sign(&pen.entry(owner, gift(world)?), &owner.key);
    swapped.signature = good.signature;
    let mut without_type = good.clone();
    without_type.signature = owner.key.sign(&without_type.bytes);
    let stranger = Person::numbered(950);
    let unauthenticated =
        |what: &str, signed, reason| Case::new(what, &signed, Code::Unauthenticated, reason);
    let cases = vec![
        unauthenticated("a bit flipped", flipped, "SIGNATURE_INVALID"),
        unauthenticated("under another's key id", posing, "SIGNATURE_INVALID"),
        unauthenticated(
            "the signature of another entry",
            swapped,
            "SIGNATURE_INVALID",
        ),
        unauthenticated("the bare bytes signed", without_type, "SIGNATURE_INVALID"),
        unauthenticated(
            "by another member",
            pen::sign(&entry, &world.member(1).key),
            "KEY_OF_ANOTHER",
        ),
        unauthenticated(
            "by a key that nobody registered",
            pen::sign(&entry, &stranger.key),
            "KEY_UNKNOWN",
        ),
        unauthenticated(
            "by a key that was ended",
            pen.sign(&ended, gift(world)?).1,
            "KEY_NOT_VALID",
        ),
    ];
    all_are_refused(world, cases, &good).await
}

// Behaviours 4 and 47.
async fn an_entry_for_another_ledger_is_refused(world: &mut World) -> Result<()> {
    let owner = world.member(0);
    let cases = [
        "other.example/street",
        "hours.example/stree",
        "hours.example/street/",
    ]
    .into_iter()
    .map(|origin| {
        let (_, signed) = Pen::new(origin).sign(owner, gift(world)?);
        let code = Code::InvalidArgument;
        Ok(Case::new(origin, &signed, code, "WRONG_LEDGER"))
    })
    .collect::<Result<Vec<_>>>()?;
    let (_, good) = world.street.pen.sign(owner, gift(world)?);
    all_are_refused(world, cases, &good).await
}

async fn an_entry_from_a_ledger_that_the_client_saw_further_is_refused(
    world: &mut World,
) -> Result<()> {
    let owner = world.member(0);
    let mut entry = world.street.pen.entry(owner, gift(world)?);
    entry.seen = Some(ledger::entry::Seen {
        size: ledger::log::TreeSize::new(1_000_000),
        root: ledger::log::Hash::from_bytes([7; 32]),
    });
    let signed = pen::sign(&entry, &owner.key);
    let case = Case::new(
        "seen ahead",
        &signed,
        Code::FailedPrecondition,
        "SEEN_AHEAD",
    );
    let (_, good) = world.street.pen.sign(owner, gift(world)?);
    all_are_refused(world, vec![case], &good).await
}
