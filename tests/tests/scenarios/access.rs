//! Who may read what, cell by cell over the wire: every call, asked by every
//! kind of reader.
//!
//! The grid is written by hand, and another test compares it with the table of
//! docs/reading.md, which is made from the server's code.

mod call;
mod document;

use anyhow::{Context, Result, ensure};
use ledger::EntryId;
use ledger::act::{Approve, Delegate, Grant, GrantSource, RequestCare};
use ledger::commitment::{CommitmentKind, Opening};
use ledger::tie::Scope;
use timebank_tests::bank::ORIGIN;
use timebank_tests::pen::Person;
use tonic::{Code, Status};

use self::call::{Call, Target};
use crate::wire::{Said, bearer, reason_of};
use crate::world::World;

on_both!(
    every_call_is_allowed_to_its_readers_and_refused_to_all_others,
    of_what_does_not_exist_only_those_hear_who_might_read_it,
    the_bundles_of_the_log_are_for_those_who_read_all_records,
    some_cells_are_as_people_were_promised,
);

/// The columns of the grid: nobody, a member of the other station, the owner,
/// the owner's proxy,
/// staff of the owner's station, staff of the other station, a fund
/// administrator, the operator, the regulator, the auditor.
const READERS: &str = "-MOXSTFPRA";

/// Who may, by the letters of the columns. The rows of docs/reading.md.
const GRID: [(Call, &str); 46] = [
    (Call::GetLedger, "-MOXSTFPRA"),
    (Call::GetCheckpoint, "-MOXSTFPRA"),
    (Call::GetInclusionProof, "-MOXSTFPRA"),
    (Call::GetConsistencyProof, "-MOXSTFPRA"),
    (Call::ListUnits, "-MOXSTFPRA"),
    (Call::StreamRecords, "PRA"),
    (Call::GetRecord, "OPRA"),
    (Call::GetReceipt, "OPRA"),
    (Call::ListAccounts, "PRA"),
    (Call::StreamState, "PRA"),
    (Call::StreamPostings, "PRA"),
    (Call::GetMemberAccount, "OXSPRA"),
    (Call::ListMemberPostings, "OXSPRA"),
    (Call::GetPoolAccount, "MOXSTFPRA"),
    (Call::ListPoolPostings, "MOXSTFPRA"),
    (Call::GetFundAccount, "MOXSTFPRA"),
    (Call::GetMember, "OXSPRA"),
    (Call::ListMembers, "SPRA"),
    (Call::ListOpenRequests, "MOXSTFPRA"),
    (Call::GetOpenService, "MOXSTFPRA"),
    (Call::GetBookedService, "OXSPRA"),
    (Call::ListOpenServices, "OXSPRA"),
    (Call::ListSuggestions, "SP"),
    (Call::ListDue, "MOXSTFPRA"),
    (Call::GetFund, "MOXSTFPRA"),
    (Call::GetProposal, "OSFPRA"),
    (Call::ListProposals, "SFPRA"),
    (Call::GetClosedProposal, "OSFPRA"),
    (Call::GetReport, "SFPRA"),
    (Call::GetDisclosure, "MOXSTFPRA"),
    (Call::ListReportEvents, "SPRA"),
    (Call::ListSavers, "SPRA"),
    (Call::ListHonours, "SPRA"),
    (Call::ListReviews, "SPRA"),
    (Call::ListOpenCases, "SPRA"),
    (Call::DrawSample, "SPRA"),
    (Call::PutOpening, "O"),
    (Call::GetPersonalOpening, "OSP"),
    (Call::GetOfficialOpening, "OSFPRA"),
    (Call::ListOpeningReads, "OPA"),
    (Call::FindPeople, "STP"),
    (Call::PutOffer, "OSP"),
    (Call::GetOffer, "OSP"),
    (Call::DeleteOffer, "OSP"),
    (Call::EraseOfficialOpening, "P"),
    (Call::ErasePersonalOpening, "OP"),
];

/// The token of a reader; nobody has none.
fn token(world: &World, reader: char) -> Result<Option<String>> {
    let street = &world.street;
    let person: &Person = match reader {
        '-' => return Ok(None),
        'M' => world.member(1),
        'O' => world.member(0),
        'X' => world.member(3),
        'S' => &street.staff[0],
        'T' => &street.staff[1],
        'F' => &street.fund[1],
        'P' => &street.root,
        'R' => &street.regulator,
        'A' => &street.auditor,
        other => anyhow::bail!("no reader {other}"),
    };
    Ok(Some(bearer(person, ORIGIN)))
}

/// Things of the first member, who is the owner of the grid.
async fn target(world: &World) -> Result<Target> {
    let owner = world.member(0);
    let delegate = Delegate {
        proxy: world.member(3).id,
        scopes: vec![Scope::Care],
        until: world.now().plus_days(10),
    };
    world.does(owner, delegate).await?;
    let open = world.requested(owner, 60).await?;
    let booked = world.booked(owner, world.member(2), 60).await?;
    let [proposal, _] = world.street.grant(0, crate::world::minutes(1)?);
    world.records(&proposal).await?;
    let [closed, approval] = world.street.grant(0, crate::world::minutes(1)?);
    world.records(&closed).await?;
    world.records(&approval).await?;
    let official = official(world).await?;
    let request = RequestCare {
        note: Some(note().commitment(CommitmentKind::Note)),
        ..world.request(30)?
    };
    let (_, signed) = world.street.pen.sign(owner, request);
    let recorded = world.records(&signed).await?;
    Ok(Target {
        position: recorded.position,
        entry: recorded.entry_id,
        owner: owner.id,
        unit: world.street.stations[0],
        open,
        booked,
        proposal: proto::decode(&proposal.bytes)?.id,
        closed: proto::decode(&closed.bytes)?.id,
        note: note(),
        official,
    })
}

/// The owner's note for a volunteer.
fn note() -> Opening {
    Opening::new([1; 32], b"ring twice".to_vec()).expect("short")
}

/// A grant to the owner with a reason, which the fund has deposited.
async fn official(world: &World) -> Result<EntryId> {
    let reason = Opening::new([2; 32], b"lives alone".to_vec())?;
    let grant = Grant {
        unit: world.street.stations[0],
        recipient: world.member(0).id,
        minutes: crate::world::minutes(1)?,
        source: GrantSource::Issue,
        reason: Some(reason.commitment(CommitmentKind::Reason)),
    };
    let entry = world.does(&world.street.fund[0], grant).await?;
    let fund = world.client_of(&world.street.fund[0]);
    fund.put_opening(entry, &reason).await?;
    Ok(entry)
}

fn is_refused_as_it_must_be(reader: char, status: &Status) -> Result<()> {
    let said = Said::of(status)?;
    let (code, reason) = match reader {
        '-' => (Code::Unauthenticated, "TOKEN_MISSING"),
        _ => (Code::PermissionDenied, "NOT_ALLOWED"),
    };
    ensure!(
        (said.code, said.reason.as_str()) == (code, reason),
        "{said:?}"
    );
    Ok(())
}

// Behaviours 14, 16, 17, 38 and 39.
async fn every_call_is_allowed_to_its_readers_and_refused_to_all_others(
    world: &mut World,
) -> Result<()> {
    let target = target(world).await?;
    let channel = world.channel().await?;
    for (call, allowed) in GRID {
        for reader in READERS.chars() {
            let token = token(world, reader)?;
            let cell = format!("{call:?} by {reader}");
            match call.make(&channel, token.as_deref(), &target).await {
                Ok(()) => ensure!(allowed.contains(reader), "{cell} is answered"),
                Err(status) if allowed.contains(reader) => {
                    anyhow::bail!("{cell} is refused: {status:?}")
                }
                Err(status) => is_refused_as_it_must_be(reader, &status).context(cell)?,
            }
        }
    }
    Ok(())
}

async fn of_what_does_not_exist_only_those_hear_who_might_read_it(world: &mut World) -> Result<()> {
    let mut nothing = target(world).await?;
    nothing.position = ledger::log::Position::new(1_000_000);
    nothing.owner = crate::world::stranger();
    nothing.unit = ledger::UnitId::from_bytes([0x77; 16]);
    let id = ledger::EntryId::new(world.now(), [9; 10]);
    (nothing.entry, nothing.booked, nothing.proposal) = (id, id, id);
    let channel = world.channel().await?;
    let grid = [
        (Call::GetRecord, "PRA"),
        (Call::GetReceipt, "PRA"),
        (Call::GetMemberAccount, "STPRA"),
        (Call::GetMember, "STPRA"),
        (Call::ListMembers, "STPRA"),
        (Call::GetBookedService, "STPRA"),
        (Call::ListOpenServices, "STPRA"),
        (Call::GetProposal, "STFPRA"),
        (Call::ListProposals, "STFPRA"),
        (Call::GetPoolAccount, "MOXSTFPRA"),
        (Call::ListOpenRequests, "MOXSTFPRA"),
        (Call::GetPersonalOpening, "STP"),
        (Call::ErasePersonalOpening, "P"),
        (Call::ListOpeningReads, "PA"),
    ];
    for (call, told) in grid {
        for reader in READERS.chars() {
            let token = token(world, reader)?;
            let cell = format!("{call:?} by {reader}");
            let answer = call.make(&channel, token.as_deref(), &nothing).await;
            let status = answer
                .err()
                .with_context(|| format!("{cell} is answered"))?;
            if told.contains(reader) {
                let said = Said::of(&status)?;
                ensure!(said.reason == "NOT_FOUND", "{cell}: {said:?}");
                ensure!(said.code == Code::NotFound, "{cell}: {said:?}");
            } else {
                is_refused_as_it_must_be(reader, &status).context(cell)?;
            }
        }
    }
    Ok(())
}

async fn the_bundles_of_the_log_are_for_those_who_read_all_records(
    world: &mut World,
) -> Result<()> {
    let bundle = format!("/log/tile/entries/000.p/{}", world.tree_size().await?);
    for reader in READERS.chars() {
        let token = token(world, reader)?;
        let public = crate::log_files::get(world, "/log/checkpoint", token.as_deref()).await?;
        assert_eq!(public.code, 200, "{reader}");
        let hashes = crate::log_files::get(world, "/log/tile/0/000.p/1", token.as_deref());
        assert_eq!(hashes.await?.code, 200, "{reader}");
        let answer = crate::log_files::get(world, &bundle, token.as_deref()).await?;
        let expected = match reader {
            '-' => 401,
            'P' | 'R' | 'A' => 200,
            _ => 403,
        };
        assert_eq!(answer.code, expected, "{reader}");
    }
    Ok(())
}

// Behaviours 14, 16 and 43, stated without any table.
async fn some_cells_are_as_people_were_promised(world: &mut World) -> Result<()> {
    let (owner, neighbour) = (world.member(0), world.member(2));
    let account = ledger::AccountId::Member(owner.id);
    let own = world.client_of(owner).account(account).await?;
    assert_eq!(own.available, 600);
    // A neighbour of the same station learns nothing about another's hours.
    let denied = world.client_of(neighbour).account(account).await;
    assert_eq!(reason_of(denied), "NOT_ALLOWED");
    let denied = world.client_of(neighbour).statement(account, 9).await;
    assert_eq!(reason_of(denied), "NOT_ALLOWED");
    let denied = world.client().account(account).await;
    assert_eq!(reason_of(denied), "TOKEN_MISSING");
    // The fund's people grant hours and read no member's account.
    let fund = world.client_of(&world.street.fund[0]);
    let denied = fund.account(account).await;
    assert_eq!(reason_of(denied), "NOT_ALLOWED");
    // Everybody sees what the fund has, and what waits for a volunteer.
    world.client_of(neighbour).fund().await?;
    let service = world.requested(owner, 60).await?;
    assert_eq!(
        world.client_of(neighbour).service(service).await?.minutes,
        60
    );
    // A proposal is not the business of a third member, decided or not.
    let [proposed, _] = world.street.grant(0, crate::world::minutes(1)?);
    world.records(&proposed).await?;
    let proposal = proto::decode(&proposed.bytes)?.id;
    let denied = world.client_of(neighbour).proposal(proposal).await;
    assert_eq!(reason_of(denied), "NOT_ALLOWED");
    world
        .does(&world.street.fund[1], Approve { proposal })
        .await?;
    let denied = world.client_of(neighbour).proposal(proposal).await;
    assert_eq!(reason_of(denied), "NOT_ALLOWED");
    world.client_of(owner).proposal(proposal).await?;
    Ok(())
}
