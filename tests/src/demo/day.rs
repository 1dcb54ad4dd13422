//! The day itself.

use anyhow::{Result, ensure};
use ledger::act::{
    AcceptCare, Approve, CancelCare, CancelReason, ConfirmService, Donate, Give, LogService,
    ReceiveMoney, RequestCare, Reverse,
};
use ledger::service::ItemCode;
use ledger::{AccountId, EntryId, Fen, Millis, Minutes};

use super::cast::{Actor, Cast};

const VISIT_MINUTES: i64 = 90;

/// Plays it from the morning to the evening.
pub(super) async fn play(cast: &Cast) -> Result<()> {
    morning(cast).await?;
    visits(cast).await?;
    counter(cast).await?;
    evening(cast).await
}

/// The fund receives money and grants hours.
async fn morning(cast: &Cast) -> Result<()> {
    let unit = cast.stations[0].unit;
    cast.fund[0]
        .act(ReceiveMoney {
            unit: scheme_of(cast).await?,
            fen: Fen::parse(5_000_000)?,
            line: None,
            voucher: None,
        })
        .await?;
    for number in 0..cast.recipients.len() {
        cast.grant(number).await?;
    }
    let pool = cast.fund[0].client.fund().await?;
    println!(
        "08:00  The fund has received {} yuan and granted hours to {} people in need ({} units).",
        pool.cash_fen / 100,
        cast.recipients.len(),
        pool.units.len()
    );
    ensure!(pool.cash_fen == 5_000_000, "the fund's money is booked");
    ensure!(
        cast.volunteers[0]
            .client
            .open_requests(unit)
            .await?
            .is_empty(),
        "nothing is open"
    );
    Ok(())
}

/// Everyone who asks is visited, and confirms.
async fn visits(cast: &Cast) -> Result<()> {
    for (number, recipient) in cast.recipients.iter().enumerate() {
        let service = recipient.act(request(cast, number, 2)?).await?;
        let volunteer = &cast.volunteers[number];
        visit(volunteer, service, 2).await?;
        let minutes = Minutes::parse(VISIT_MINUTES)?;
        recipient.act(ConfirmService { service, minutes }).await?;
    }
    let volunteer = &cast.volunteers[0];
    let balance = volunteer
        .client
        .account(AccountId::Member(volunteer.id))
        .await?;
    println!(
        "10:00  {} visits of 1 h 30 min are asked for, made, stated and confirmed; \
         the first volunteer has banked {} minutes.",
        cast.recipients.len(),
        balance.available
    );
    ensure!(
        balance.available == VISIT_MINUTES,
        "a visit is paid as it was stated"
    );
    Ok(())
}

/// A visit of so many hours ago.
async fn visit(volunteer: &Actor, service: EntryId, hours: i64) -> Result<()> {
    volunteer.act(AcceptCare { service }).await?;
    let (start, minutes) = (hours_ago(hours), Minutes::parse(VISIT_MINUTES)?);
    volunteer
        .act(LogService {
            service,
            start,
            minutes,
            evidence: None,
        })
        .await?;
    Ok(())
}

/// At the counter, staff act for people who are there; nothing is lost when a
/// plan changes.
async fn counter(cast: &Cast) -> Result<()> {
    let (station, elder) = (&cast.stations[0], cast.recipients[0].id);
    // Nobody is at two places at a time: this visit was before the others.
    let service = station.staff.act_for(elder, request(cast, 0, 5)?).await?;
    visit(&cast.volunteers[2], service, 5).await?;
    let minutes = Minutes::parse(VISIT_MINUTES)?;
    station
        .staff
        .act_for(elder, ConfirmService { service, minutes })
        .await?;
    println!(
        "14:00  {}: staff have asked and confirmed for a lady without a phone.",
        station.name
    );

    let service = cast.recipients[1].act(request(cast, 1, 2)?).await?;
    let reason = CancelReason::Illness;
    cast.volunteers[3].act(AcceptCare { service }).await?;
    cast.volunteers[3]
        .act(CancelCare { service, reason })
        .await?;
    cast.recipients[1]
        .act(CancelCare {
            service,
            reason: CancelReason::NotNeeded,
        })
        .await?;
    println!("15:00  A booked visit is handed back and withdrawn; the held hours are free again.");
    Ok(())
}

/// Hours are given, donated, and a mistake is reversed by two people.
async fn evening(cast: &Cast) -> Result<()> {
    let half_an_hour = Minutes::parse(30)?;
    let recipient = cast.recipients[2].id;
    cast.volunteers[0]
        .act(Give {
            recipient,
            minutes: half_an_hour,
        })
        .await?;
    let unit = cast.stations[1].unit;
    cast.volunteers[1]
        .act(Donate {
            unit,
            minutes: half_an_hour,
        })
        .await?;
    println!(
        "18:00  One volunteer gives half an hour to a neighbour, another donates it to the pool."
    );

    let entry = cast.volunteers[4]
        .act(Give {
            recipient,
            minutes: half_an_hour,
        })
        .await?;
    let proposal = cast
        .operator
        .act(Reverse {
            entry,
            reason: None,
        })
        .await?;
    cast.regulator.act(Approve { proposal }).await?;
    println!(
        "19:00  A gift made by mistake is reversed: proposed by one person, approved by another."
    );

    // One request stays open for whoever tries the command.
    cast.recipients[0].act(request(cast, 0, 2)?).await?;
    println!("20:00  One request waits for a volunteer.");
    Ok(())
}

/// A request of one of the recipients for a visit so many hours ago.
fn request(cast: &Cast, number: usize, hours: i64) -> Result<RequestCare> {
    Ok(RequestCare {
        unit: cast.station_of(number).unit,
        item: ItemCode::parse("companionship".to_owned())?,
        start: hours_ago(hours),
        minutes: Minutes::parse(VISIT_MINUTES)?,
        note: None,
    })
}

async fn scheme_of(cast: &Cast) -> Result<ledger::UnitId> {
    let ledger = cast.operator.client.ledger().await?;
    let unit = ledger
        .unit
        .ok_or_else(|| anyhow::anyhow!("the ledger is open"))?;
    Ok(unit)
}

fn hours_ago(hours: i64) -> Millis {
    Millis::new(crate::pen::now().get() - hours * 3_600_000)
}
