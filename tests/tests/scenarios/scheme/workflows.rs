//! A working day of volunteers, recipients and stations: what is nobody's failure.

use anyhow::{Context, Result, ensure};
use ledger::YearMonth;
use ledger::act::{
    AcceptCare, Agree, Block, CancelCare, CancelReason, ConfirmService, EnrolMember,
    NameBeneficiary, OpenCase, StartVisit,
};
use ledger::case::CaseKind;
use ledger::commitment::{CommitmentKind, Opening};
use ledger::entry::{Attestation, OnBehalf};
use ledger::member::NeedCategory;
use timebank_tests::pen::{self, Person};

use super::{clocked, code};
use crate::world::{World, minutes};

on_both!(in clocked;
    a_newcomer_is_enrolled_with_papers_agrees_and_serves,
    a_recipient_sees_the_price_blocks_somebody_and_withdraws_free,
    a_volunteer_hands_back_and_another_takes_over,
    a_member_without_a_phone_is_served_at_the_counter_and_by_call_back,
    an_incident_is_opened_by_whoever_saw_it,
    a_beneficiary_is_named_and_changed,
);

fn opening(text: &str) -> Result<Opening> {
    Ok(Opening::new([7; 32], text.as_bytes().to_vec())?)
}

// VOL-1, STA-1, REC-1, REC-9: identity papers and the agreement are committed to;
// their openings are deposited, read by those who may, and erased.
async fn a_newcomer_is_enrolled_with_papers_agrees_and_serves(world: &mut World) -> Result<()> {
    let (newcomer, elder) = (Person::numbered(400), world.member(0));
    let (papers, staff) = (
        opening("passport, seen at the counter")?,
        &world.street.staff[0],
    );
    let enrol = EnrolMember {
        member: newcomer.id,
        unit: world.street.stations[0],
        birth_month: YearMonth::parse(1960, 7)?,
        need: NeedCategory::None,
        key: Some(world.street.pen.new_key(&newcomer)),
        identity: Some(papers.commitment(CommitmentKind::Identity)),
    };
    let enrolled = world.does(staff, enrol).await?;
    world
        .client_of(staff)
        .put_opening(enrolled, &papers)
        .await?;
    let wording = opening("agreement of 2026")?;
    let agreement = wording.commitment(CommitmentKind::Voucher);
    world.does(&newcomer, Agree { agreement }).await?;
    world.paid(elder, &newcomer, 60).await?;
    assert_eq!(world.purse(&newcomer).await?, (60, 0));
    let own = world.client_of(&newcomer);
    let seen = own.opening(enrolled).await?;
    let text = seen.opening.as_ref().map(|it| it.value().to_vec());
    assert_eq!(text.as_deref(), Some(papers.value()));
    let reads = own.opening_reads(enrolled).await?;
    ensure!(reads.iter().any(|read| read.by == newcomer.id), "{reads:?}");
    own.erase_opening(enrolled).await?;
    let left = own.opening(enrolled).await?;
    ensure!(left.opening.is_none(), "what is erased is gone");
    world.audit().await?;
    Ok(())
}

// REC-3, REC-4, REC-7.
async fn a_recipient_sees_the_price_blocks_somebody_and_withdraws_free(
    world: &mut World,
) -> Result<()> {
    let (elder, unwanted) = (world.member(0), world.member(2));
    let rules = world.client().ledger().await?.rules.context("rules")?;
    let price = rules.catalogue.terms(&code("companionship")?)?.price;
    assert_eq!(price, 60, "credit-minutes for an hour");
    let block = Block {
        other: unwanted.id,
        blocked: true,
    };
    world.does(elder, block).await?;
    let service = world.requested(elder, 60).await?;
    assert_eq!(world.purse(elder).await?, (540, 60));
    world
        .refuses(unwanted, AcceptCare { service }, "PAIR_BLOCKED")
        .await?;
    let reason = CancelReason::NotNeeded;
    world.does(elder, CancelCare { service, reason }).await?;
    assert_eq!(world.purse(elder).await?, (600, 0));
    Ok(())
}

// VOL-4, VOL-8, STA-3: a booking that is handed back waits again, and another
// volunteer covers it.
async fn a_volunteer_hands_back_and_another_takes_over(world: &mut World) -> Result<()> {
    let (elder, first, second) = (world.member(0), world.member(2), world.member(1));
    let mut request = world.request(60)?;
    request.start = world.now().plus_hours(48);
    let service = world.does(elder, request).await?;
    world.does(first, AcceptCare { service }).await?;
    world
        .refuses(second, AcceptCare { service }, "SERVICE_STAGE")
        .await?;
    let reason = CancelReason::Illness;
    world.does(first, CancelCare { service, reason }).await?;
    assert_eq!(world.purse(elder).await?, (540, 60), "still asked for");
    world.does(second, AcceptCare { service }).await?;
    world.pass_hours(48);
    let evidence = Some(opening("code 4711 from the door")?.commitment(CommitmentKind::Evidence));
    let start = StartVisit { service, evidence };
    world.does(second, start).await?;
    let seen = world.client_of(second).service(service).await?;
    ensure!(
        seen.started.is_some(),
        "the check-in is on record: {seen:?}"
    );
    Ok(())
}

// STA-2, REC-5; FM-11: at the counter with the card, and by a call back.
async fn a_member_without_a_phone_is_served_at_the_counter_and_by_call_back(
    world: &mut World,
) -> Result<()> {
    let (elder, volunteer) = (world.member(0), world.member(1));
    let [here, there] = &world.street.staff;
    let pen = &world.street.pen;
    let (service, asked) = pen.sign_for(here, elder.id, world.request(60)?);
    world.records(&asked).await?;
    world.does(volunteer, AcceptCare { service }).await?;
    world.does(volunteer, world.log(service, 60)?).await?;
    let confirm = ConfirmService {
        service,
        minutes: minutes(60)?,
    };
    let (_, elsewhere) = pen.sign_for(there, elder.id, confirm.clone());
    world
        .refuses_signed(&elsewhere, "NOT_STAFF_OF_MEMBER")
        .await?;
    let mut entry = pen.entry(here, confirm);
    entry.on_behalf_of = Some(OnBehalf {
        member: elder.id,
        attestation: Attestation::Attested,
    });
    world.records(&pen::sign(&entry, &here.key)).await?;
    assert_eq!(world.purse(volunteer).await?, (660, 0));
    Ok(())
}

// VOL-14, STA-6.
async fn an_incident_is_opened_by_whoever_saw_it(world: &mut World) -> Result<()> {
    let (volunteer, station) = (world.member(2), world.street.stations[0]);
    let report = opening("the stairs are broken")?;
    let incident = OpenCase {
        unit: station,
        kind: CaseKind::Incident,
        report: Some(report.commitment(CommitmentKind::Reason)),
    };
    let case = world.does(volunteer, incident).await?;
    world
        .client_of(volunteer)
        .put_opening(case, &report)
        .await?;
    let staff = world.client_of(&world.street.staff[0]);
    let read = staff.opening(case).await?;
    let text = read.opening.as_ref().map(|it| it.value().to_vec());
    assert_eq!(text.as_deref(), Some(report.value()));
    let cases = staff.open_cases(station).await?;
    let cases: Vec<_> = cases.iter().map(|it| (it.case, it.kind, it.unit)).collect();
    assert_eq!(cases, [(case, CaseKind::Incident, station)]);
    let page = staff.report(station, None).await?;
    let value = |name: &str| page.indicators.iter().find(|it| it.name == name)?.value;
    assert_eq!(
        (value("open cases"), value("incidents")),
        (Some(1), Some(1))
    );
    Ok(())
}

// VOL-15.
async fn a_beneficiary_is_named_and_changed(world: &mut World) -> Result<()> {
    let (member, heir) = (world.member(0), world.member(2));
    let name = |beneficiary| NameBeneficiary { beneficiary };
    world.does(member, name(Some(heir.id))).await?;
    world.does(member, name(None)).await?;
    world
        .refuses(
            member,
            name(Some(crate::world::stranger())),
            "MEMBER_UNKNOWN",
        )
        .await?;
    Ok(())
}
