//! New keys that would be unsafe.

use anyhow::Result;
use ledger::act::{AddKey, EnrolMember, Give};
use ledger::member::NeedCategory;
use ledger::{Entry, YearMonth};
use proto::v1::NewKey;
use proto::v1::entry::Act;
use timebank_tests::pen::Person;
use tonic::Code;

use super::{Case, all_are_refused};
use crate::wire::{act_of, forged};
use crate::world::{World, minutes};

on_both!(
    a_key_with_a_corner_is_refused,
    a_key_whose_secret_half_is_not_shown_is_refused,
);

/// Keys that libraries disagree about.
const WEAK: [(&str, &str); 6] = [
    (
        "no point",
        "0200000000000000000000000000000000000000000000000000000000000000",
    ),
    (
        "the identity",
        "0100000000000000000000000000000000000000000000000000000000000000",
    ),
    (
        "of order eight",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    ),
    (
        "of mixed order",
        "9599999999999999999999999999999999999999999999999999999999999999",
    ),
    (
        "a second spelling",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ),
    (
        "a sign of zero",
        "0100000000000000000000000000000000000000000000000000000000000080",
    ),
];

fn new_key(act: &mut Act) -> Option<&mut NewKey> {
    match act {
        Act::AddKey(act) => act.key.as_mut(),
        Act::EnrolMember(act) => act.key.as_mut(),
        _ => None,
    }
}

/// An entry whose new key is another.
fn with_key(entry: &Entry, author: &Person, change: impl Fn(&mut NewKey)) -> ledger::SignedEntry {
    forged(entry, &author.key, |message| {
        if let Some(key) = act_of(message).and_then(new_key) {
            change(key);
        }
    })
}

/// Two acts that bring a key, and who does them.
fn entries(world: &World) -> Result<[(&Person, Entry); 2]> {
    let (owner, staff, pen) = (world.member(0), &world.street.staff[0], &world.street.pen);
    let device = Person {
        id: owner.id,
        key: Person::numbered(900).key,
    };
    let newcomer = Person::numbered(901);
    let enrol = EnrolMember {
        member: newcomer.id,
        unit: world.street.stations[0],
        birth_month: YearMonth::parse(1950, 1)?,
        need: NeedCategory::None,
        key: Some(pen.new_key(&newcomer)),
        identity: None,
    };
    let key = pen.new_key(&device);
    Ok([
        (owner, pen.entry(owner, AddKey { key })),
        (staff, pen.entry(staff, enrol)),
    ])
}

fn good(world: &World) -> Result<ledger::SignedEntry> {
    let gift = Give {
        recipient: world.member(1).id,
        minutes: minutes(1)?,
    };
    Ok(world.street.pen.sign(world.member(0), gift).1)
}

async fn a_key_with_a_corner_is_refused(world: &mut World) -> Result<()> {
    let mut cases = Vec::new();
    for (author, entry) in entries(world)? {
        for (what, key) in WEAK {
            let weak = hex::decode(key)?;
            let signed = with_key(&entry, author, |key| key.public_key.clone_from(&weak));
            cases.push(Case::new(what, &signed, Code::InvalidArgument, "KEY_WEAK"));
        }
    }
    all_are_refused(world, cases, &good(world)?).await
}

async fn a_key_whose_secret_half_is_not_shown_is_refused(world: &mut World) -> Result<()> {
    let mut cases = Vec::new();
    for (author, entry) in entries(world)? {
        let mut invalid = |what: &str, change: &dyn Fn(&mut NewKey)| {
            let signed = with_key(&entry, author, change);
            let code = Code::InvalidArgument;
            cases.push(Case::new(what, &signed, code, "POSSESSION_NOT_PROVEN"));
        };
        invalid("no proof of anything", &|key| {
            key.proof_of_possession = vec![0; 64];
        });
        invalid("a bit flipped", &|key| key.proof_of_possession[9] ^= 1);
        let other = Person::numbered(902).key.public();
        invalid("the proof of another key", &|key| {
            key.public_key = other.as_bytes().to_vec();
        });
    }
    all_are_refused(world, cases, &good(world)?).await
}
