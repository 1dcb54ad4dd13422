//! What a member has written and the log does not hold: deposited, read by
//! those whom it concerns, erased.

mod erasable;

use anyhow::{Context, Result, ensure};
use client::opening::Committed;
use client::verify::verify;
use ledger::act::{AcceptCare, CancelCare, CancelReason, RequestCare};
use ledger::commitment::{CommitmentKind, Opening};
use ledger::{Commitment, EntryId};
use proto::name::{MEMBERS, OPENINGS};
use proto::v1;
use proto::v1::directory_service_client::DirectoryServiceClient;
use timebank_tests::bank::ORIGIN;
use timebank_tests::pen::Person;
use tonic::Code;

use crate::wire::{Said, bearer, reason_of, with_authorization};
use crate::world::World;

on_both!(
    a_note_is_read_by_its_volunteer_and_erased_by_its_recipient,
    what_an_entry_commits_to_is_proven_to_whoever_may_read_it,
    what_does_not_open_the_commitment_is_not_taken_in,
    an_opening_may_be_deposited_again_and_again_until_it_is_erased,
    what_was_never_deposited_can_be_erased_too,
    every_read_is_written_down,
    what_staff_has_written_for_a_member_is_the_members,
);

const TEXT: &str = "门铃坏了 ring twice";

/// An entry, a salt, a value; the reason why they are refused, and the field.
type Wrong<'a> = (EntryId, &'a [u8], &'a [u8], &'a str, &'a str);

fn note() -> Opening {
    Opening::new([0x5a; 32], TEXT.into()).expect("short")
}

fn asking(world: &World, note: Option<Commitment>) -> Result<RequestCare> {
    Ok(RequestCare {
        note,
        ..world.request(60)?
    })
}

/// A request of the first member with the note, which is not deposited yet.
async fn requested(world: &World) -> Result<EntryId> {
    let commitment = note().commitment(CommitmentKind::Note);
    let request = asking(world, Some(commitment))?;
    world.does(world.member(0), request).await
}

/// Deposits whatever it is, and tells why not.
async fn put(
    world: &World,
    who: &Person,
    name: String,
    salt: &[u8],
    value: &[u8],
) -> Result<Option<Said>> {
    let request = v1::PutOpeningRequest {
        name,
        salt: salt.to_vec(),
        value: value.to_vec(),
    };
    let mut directory = DirectoryServiceClient::new(world.channel().await?);
    let request = with_authorization(request, &bearer(who, ORIGIN))?;
    let answer = directory.put_opening(request).await;
    answer.err().map(|status| Said::of(&status)).transpose()
}

async fn a_note_is_read_by_its_volunteer_and_erased_by_its_recipient(
    world: &mut World,
) -> Result<()> {
    let (recipient, volunteer) = (world.member(0), world.member(2));
    let commitment = note().commitment(CommitmentKind::Note);
    let request = asking(world, Some(commitment))?;
    let (service, signed) = world.street.pen.sign(recipient, request);
    let recorded = world.records(&signed).await?;
    let of = |person| world.client_of(person);
    let nothing_yet = of(recipient).opening(service).await;
    assert_eq!(reason_of(nothing_yet), "NOT_FOUND");
    of(recipient).put_opening(service, &note()).await?;
    // A note is not for everybody who may see the request.
    let refused = of(volunteer).opening(service).await;
    assert_eq!(reason_of(refused), "NOT_ALLOWED");
    world.does(volunteer, AcceptCare { service }).await?;
    let read = of(volunteer).opening(service).await?;
    assert_eq!(
        (read.kind, read.commitment),
        (CommitmentKind::Note, commitment)
    );
    assert_eq!(read.opening, Some(note()));
    assert_eq!(read.put.context("a mark")?.by, recipient.id);
    let refused = of(world.member(1)).opening(service).await;
    assert_eq!(reason_of(refused), "NOT_ALLOWED");
    let refused = world.client().opening(service).await;
    assert_eq!(reason_of(refused), "TOKEN_MISSING");
    // Who hands the visit back reads it no more; nor may a volunteer erase it.
    let refused = of(volunteer).erase_opening(service).await;
    assert_eq!(reason_of(refused), "NOT_ALLOWED");
    let reason = CancelReason::Illness;
    world
        .does(volunteer, CancelCare { service, reason })
        .await?;
    let refused = of(volunteer).opening(service).await;
    assert_eq!(reason_of(refused), "NOT_ALLOWED");
    let erased = of(recipient).erase_opening(service).await?;
    let mark = erased.erased.context("a mark")?;
    assert_eq!((erased.opening, mark.by), (None, recipient.id));
    // What is left: who and when, for whoever might have read it.
    for reader in [recipient, &world.street.staff[0], &world.street.root] {
        let left = of(reader).opening(service).await?;
        assert_eq!((left.opening, left.erased), (None, Some(mark)));
        assert_eq!(left.commitment, commitment);
    }
    // The entry, its receipt and the tree never held it.
    for receipt in [recorded.receipt, of(recipient).receipt(service).await?] {
        let file = receipt.to_string();
        let keys = [recipient.key.public()];
        let proven = verify(file.as_bytes(), &world.verifier_key().parse()?, &keys)?;
        ensure!(proven.is_signature_verified);
        let held = proven.entry.act.commitment();
        assert_eq!(held, Some((CommitmentKind::Note, commitment)));
    }
    world.audit().await?;
    Ok(())
}

async fn what_an_entry_commits_to_is_proven_to_whoever_may_read_it(
    world: &mut World,
) -> Result<()> {
    let service = requested(world).await?;
    let (recipient, volunteer) = (world.member(0), world.member(2));
    let commitment = note().commitment(CommitmentKind::Note);
    let proven = Committed::Proven(Some((CommitmentKind::Note, commitment)));
    for reader in [recipient, &world.street.root] {
        assert_eq!(world.client_of(reader).committed(service).await?, proven);
    }
    world.does(volunteer, AcceptCare { service }).await?;
    let volunteers = world.client_of(volunteer).committed(service).await?;
    assert_eq!(volunteers, Committed::Hidden);
    let bare = world.requested(recipient, 30).await?;
    let nothing = world.client_of(recipient).committed(bare).await?;
    assert_eq!(nothing, Committed::Proven(None));
    Ok(())
}

async fn what_does_not_open_the_commitment_is_not_taken_in(world: &mut World) -> Result<()> {
    let service = requested(world).await?;
    let bare = world.requested(world.member(0), 30).await?;
    let unknown = EntryId::new(world.now(), [9; 10]);
    let as_reason = note().commitment(CommitmentKind::Reason);
    let request = asking(world, Some(as_reason))?;
    let other_kind = world.does(world.member(0), request).await?;
    let (salt, value, long) = ([0x5a; 32], TEXT.as_bytes(), [b'a'; 4_097]);
    let cases: [Wrong; 8] = [
        (service, &[0x5b; 32], value, "OPENING_WRONG", "value"),
        (service, &salt, b"ring once", "OPENING_WRONG", "value"),
        (service, &salt, b"", "OPENING_WRONG", "value"),
        (service, &salt[..31], value, "OPENING_WRONG", "salt"),
        (service, &[], value, "OPENING_WRONG", "salt"),
        (service, &salt, &long, "OPENING_TOO_LONG", "value"),
        (other_kind, &salt, value, "OPENING_WRONG", "value"),
        (bare, &salt, value, "NOT_ALLOWED", ""),
    ];
    let recipient = world.member(0);
    for (entry, salt, value, reason, field) in cases {
        let name = OPENINGS.name(&entry);
        let said = put(world, recipient, name, salt, value).await?;
        let said = said.context("it is taken in")?;
        assert_eq!((said.reason.as_str(), said.datum("field")), (reason, field));
        let is_denied = reason == "NOT_ALLOWED";
        let code = [Code::InvalidArgument, Code::PermissionDenied][usize::from(is_denied)];
        assert_eq!(said.code, code, "{reason}");
    }
    for (name, reason) in [
        (OPENINGS.name(&unknown), "NOT_ALLOWED"),
        (format!("entries/{service}"), "RESOURCE_NAME_INVALID"),
        (
            format!("openings/{service}").to_uppercase(),
            "RESOURCE_NAME_INVALID",
        ),
    ] {
        let said = put(world, recipient, name, &salt, value).await?;
        assert_eq!(said.context("it is taken in")?.reason, reason);
    }
    let kept = world.client_of(recipient).opening(service).await;
    assert_eq!(reason_of(kept), "NOT_FOUND");
    // The longest value there may be.
    let longest = Opening::new(salt, vec![b'a'; 4_096])?;
    let request = asking(world, Some(longest.commitment(CommitmentKind::Note)))?;
    let entry = world.does(recipient, request).await?;
    let client = world.client_of(recipient);
    client.put_opening(entry, &longest).await?;
    assert_eq!(client.opening(entry).await?.opening, Some(longest));
    Ok(())
}

async fn an_opening_may_be_deposited_again_and_again_until_it_is_erased(
    world: &mut World,
) -> Result<()> {
    let service = requested(world).await?;
    let recipient = world.client_of(world.member(0));
    let first = recipient.put_opening(service, &note()).await?;
    ensure!(first.put.is_some() && first.opening.is_none(), "{first:?}");
    for _ in 0..3 {
        let again = recipient.put_opening(service, &note()).await?;
        assert_eq!(again, first);
    }
    let erased = recipient.erase_opening(service).await?;
    assert_eq!(erased.put, first.put, "who has deposited it stays");
    let operator = world.client_of(&world.street.root);
    let again = operator.erase_opening(service).await?;
    assert_eq!(again, erased, "who was first has erased it");
    let refused = recipient.put_opening(service, &note()).await;
    assert_eq!(reason_of(refused), "OPENING_ERASED");
    assert_eq!(recipient.opening(service).await?.opening, None);
    Ok(())
}

async fn what_was_never_deposited_can_be_erased_too(world: &mut World) -> Result<()> {
    let service = requested(world).await?;
    let recipient = world.client_of(world.member(0));
    let erased = recipient.erase_opening(service).await?;
    ensure!(
        erased.put.is_none() && erased.erased.is_some(),
        "{erased:?}"
    );
    let refused = recipient.put_opening(service, &note()).await;
    assert_eq!(reason_of(refused), "OPENING_ERASED");
    Ok(())
}

async fn every_read_is_written_down(world: &mut World) -> Result<()> {
    let service = requested(world).await?;
    let recipient = world.client_of(world.member(0));
    recipient.put_opening(service, &note()).await?;
    let readers = [&world.street.staff[0], &world.street.root, world.member(0)];
    for reader in readers {
        world.client_of(reader).opening(service).await?;
    }
    let refused = world.client_of(world.member(1)).opening(service).await;
    assert_eq!(reason_of(refused), "NOT_ALLOWED");
    let reads = recipient.opening_reads(service).await?;
    let names: Vec<_> = reads.iter().map(|read| read.by).collect();
    // Two within one millisecond stand in the order of their ids.
    assert_eq!(names.len(), 3);
    for reader in readers {
        ensure!(names.contains(&reader.id), "{reads:?}");
    }
    // A page at a time it is the same list.
    let mut directory = DirectoryServiceClient::new(world.channel().await?);
    let (mut paged, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = v1::ListOpeningReadsRequest {
            parent: OPENINGS.name(&service),
            page_size: 1,
            page_token,
        };
        let request = with_authorization(request, &bearer(world.member(0), ORIGIN))?;
        let answer = directory.list_opening_reads(request).await?.into_inner();
        paged.extend(answer.reads.into_iter().map(|read| read.reader));
        page_token = answer.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    let names: Vec<_> = names.iter().map(|name| MEMBERS.name(name)).collect();
    assert_eq!(paged, names);
    // What is erased is read by nobody.
    recipient.erase_opening(service).await?;
    recipient.opening(service).await?;
    assert_eq!(recipient.opening_reads(service).await?, reads);
    Ok(())
}

async fn what_staff_has_written_for_a_member_is_the_members(world: &mut World) -> Result<()> {
    let (member, staff) = (world.member(0), &world.street.staff[0]);
    let request = asking(world, Some(note().commitment(CommitmentKind::Note)))?;
    let (service, signed) = world.street.pen.sign_for(staff, member.id, request);
    world.records(&signed).await?;
    let (of_staff, of_member) = (world.client_of(staff), world.client_of(member));
    of_staff.put_opening(service, &note()).await?;
    assert_eq!(of_member.opening(service).await?.opening, Some(note()));
    let refused = of_staff.erase_opening(service).await;
    assert_eq!(reason_of(refused), "NOT_ALLOWED");
    of_member.erase_opening(service).await?;
    assert_eq!(of_staff.opening(service).await?.opening, None);
    Ok(())
}
