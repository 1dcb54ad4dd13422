//! Offices: rules, units, the fund, oversight.

use anyhow::Result;
use ledger::act::{
    AdoptRules, Approve, CaseOutcome, ChangeUnit, CloseCase, Give, GiveOpinion, ImportHours,
    MoveMember, OpenCase, OpenUnit, Opinion, PayMoney, PurchaseCare, ReceiveMoney, RecordSample,
    SettleClearing, UnitChange,
};
use ledger::budget::BudgetLine;
use ledger::case::CaseKind;
use ledger::log::{Hash, TreeSize};
use ledger::rules::{Catalogue, Item, RulesVersion};
use ledger::unit::UnitKind;
use ledger::{AccountId, Commitment, Rules, UnitId};

use super::{budget, by_two, clocked, code, fen};
use crate::world::{World, minutes};

on_both!(in clocked;
    a_passbook_is_imported_by_two_and_says_so,
    new_rules_come_with_notice_and_price_only_what_comes_after,
    care_that_nobody_gives_is_bought_with_hours_and_money_in_one_entry,
    a_station_that_closes_hands_its_people_over,
    hours_cross_districts_and_both_settle,
    a_complaint_has_a_clock_and_an_answer,
    an_auditor_signs_opinion_and_sample,
    the_fund_pays_by_line_and_two_people,
);

// STA-5; FM-4, FM-5: no single person makes hours.
async fn a_passbook_is_imported_by_two_and_says_so(world: &mut World) -> Result<()> {
    let (elder, staff) = (world.member(0), &world.street.staff[0]);
    let import = ImportHours {
        member: elder.id,
        minutes: minutes(90)?,
        scan: Commitment::from_bytes([7; 32]),
    };
    let proposal = world.does(staff, import).await?;
    assert_eq!(world.purse(elder).await?, (600, 0));
    let refused = Approve { proposal };
    world.refuses(staff, refused, "ROLE_MISSING").await?;
    world.does(&world.street.root, Approve { proposal }).await?;
    let client = world.client_of(elder);
    let lots = client.account(AccountId::Member(elder.id)).await?.lots;
    let lots: Vec<_> = lots
        .iter()
        .map(|lot| (format!("{:?}", lot.source), lot.minutes))
        .collect();
    let expected = [("Granted".to_owned(), 600), ("Imported".to_owned(), 90)];
    assert_eq!(lots, expected);
    Ok(())
}

// DIS-9, REG-2; FM-8, FM-10.
async fn new_rules_come_with_notice_and_price_only_what_comes_after(
    world: &mut World,
) -> Result<()> {
    let item = Item {
        code: code("companionship")?,
        price: 15,
        certificate: None,
    };
    let rules = Box::new(Rules {
        version: RulesVersion(2),
        catalogue: Catalogue(vec![item]),
        ..world.street.rules.clone()
    });
    let adopt = |from| AdoptRules {
        rules: rules.clone(),
        from,
        reason: None,
    };
    let soon = adopt(world.now().plus_days(1));
    world
        .refuses(&world.street.root, soon, "NOTICE_TOO_SHORT")
        .await?;
    let adopt = adopt(world.now().plus_days(31));
    let proposal = world.does(&world.street.root, adopt).await?;
    world
        .refuses(&world.street.root, Approve { proposal }, "ROLE_MISSING")
        .await?;
    world
        .does(&world.street.regulator, Approve { proposal })
        .await?;
    let told = world.client().ledger().await?;
    assert_eq!(told.rules.map(|rules| rules.version), Some(RulesVersion(1)));
    assert_eq!(
        told.upcoming_rules.map(|rules| rules.version),
        Some(RulesVersion(2))
    );
    let (elder, volunteer) = (world.member(0), world.member(1));
    world.paid(elder, volunteer, 60).await?;
    assert_eq!(world.purse(volunteer).await?, (660, 0));
    world.pass_hours(31 * 24 + 1);
    world.paid(elder, volunteer, 60).await?;
    assert_eq!(world.purse(volunteer).await?, (675, 0));
    Ok(())
}

// FND-2, REC-8, STA-3; FM-8.
async fn care_that_nobody_gives_is_bought_with_hours_and_money_in_one_entry(
    world: &mut World,
) -> Result<()> {
    let (elder, station) = (world.member(0), world.street.stations[0]);
    let money = ReceiveMoney {
        unit: world.street.scheme,
        fen: fen(8_000)?,
        line: None,
        voucher: None,
    };
    world.does(&world.street.fund[0], money).await?;
    budget(world, station, BudgetLine::Redemption, 8_000).await?;
    let mut request = world.request(60)?;
    request.start = world.now().plus_days(10);
    let service = world.does(elder, request).await?;
    let buy = PurchaseCare {
        service,
        fen: fen(8_000)?,
        voucher: None,
    };
    world
        .refuses(&world.street.fund[0], buy.clone(), "NOT_DUE")
        .await?;
    world.pass_hours(73);
    by_two(world, buy).await?;
    assert_eq!(world.purse(elder).await?, (540, 0));
    let retired = world.purse_of(AccountId::Retired).await?;
    let spent = AccountId::FundSpent(BudgetLine::Redemption);
    assert_eq!((retired.0, world.purse_of(spent).await?.0), (60, 8_000));
    Ok(())
}

// STA-10, DIS-3; FM-9.
async fn a_station_that_closes_hands_its_people_over(world: &mut World) -> Result<()> {
    let (elder, [closing, other]) = (world.member(0), world.street.stations);
    let close = ChangeUnit {
        unit: closing,
        change: UnitChange::Close,
        successor: Some(other),
        reason: None,
    };
    world.does(&world.street.root, close).await?;
    world
        .refuses(elder, world.request(60)?, "UNIT_NOT_OPEN")
        .await?;
    let staff = &world.street.staff[1];
    let moved = MoveMember { unit: other };
    let (_, moved) = world.street.pen.sign_for(staff, elder.id, moved);
    world.records(&moved).await?;
    assert_eq!(world.purse(elder).await?, (600, 0));
    Ok(())
}

// DIS-6, PRX-6; FM-3.
async fn hours_cross_districts_and_both_settle(world: &mut World) -> Result<()> {
    let (here, there) = (world.street.district, UnitId::from_bytes([9; 16]));
    let open = OpenUnit {
        unit: there,
        parent: world.street.scheme,
        display_name: "Another district".to_owned(),
        kind: UnitKind::District,
    };
    world.does(&world.street.root, open).await?;
    let (giver, parent) = (world.member(0), world.member(1));
    world.does(parent, MoveMember { unit: there }).await?;
    let gift = Give {
        recipient: parent.id,
        minutes: minutes(90)?,
    };
    world.does(giver, gift).await?;
    let fund = world.client_of(&world.street.auditor).fund().await?;
    let owed: Vec<i64> = fund.clearing.iter().map(|it| it.minutes).collect();
    assert_eq!(owed.iter().sum::<i64>(), 0);
    assert!(owed.contains(&90));
    let settle = SettleClearing {
        unit: here,
        other: there,
        minutes: 90,
        statement: None,
    };
    by_two(world, settle).await?;
    let account = AccountId::Clearing(here, there);
    assert_eq!(world.purse_of(account).await?.0, 0);
    Ok(())
}

// VOL-14, STA-6, REG-3.
async fn a_complaint_has_a_clock_and_an_answer(world: &mut World) -> Result<()> {
    let (elder, station) = (world.member(0), world.street.stations[0]);
    let complaint = OpenCase {
        unit: station,
        kind: CaseKind::Complaint,
        report: None,
    };
    let case = world.does(elder, complaint).await?;
    let close = CloseCase {
        case,
        outcome: CaseOutcome::Remedied,
        answer: None,
    };
    world.pass_hours(7 * 24 + 1);
    let expire = ledger::act::Expire { target: case };
    world.does(world.member(3), expire).await?;
    // It is the district's now.
    let staff = &world.street.staff[0];
    world.refuses(staff, close.clone(), "ROLE_MISSING").await?;
    world.does(&world.street.regulator, close.clone()).await?;
    world
        .refuses(&world.street.root, close, "CASE_CLOSED")
        .await?;
    Ok(())
}

// AUD-3, AUD-6, AUD-7, REG-5.
async fn an_auditor_signs_opinion_and_sample(world: &mut World) -> Result<()> {
    let checkpoint = world.client().checkpoint().await?;
    let checkpoint = checkpoint.ok_or_else(|| anyhow::anyhow!("a checkpoint"))?;
    let (unit, size, root) = (world.street.scheme, checkpoint.size(), checkpoint.root());
    let opinion = GiveOpinion {
        unit,
        size,
        root,
        opinion: Opinion::Unqualified,
        report: None,
    };
    let ahead = GiveOpinion {
        size: TreeSize::new(1_000_000),
        root: Hash::EMPTY_ROOT,
        ..opinion.clone()
    };
    world
        .refuses(&world.street.auditor, ahead, "SEEN_AHEAD")
        .await?;
    world.does(&world.street.auditor, opinion).await?;
    let sample = RecordSample {
        unit,
        size,
        root,
        drawn: 3,
        confirmed: 2,
        denied: 1,
        protocol: None,
    };
    world.does(&world.street.auditor, sample).await?;
    Ok(())
}

// FND-1, FND-3, FND-4, FND-8, FND-9; FM-7.
async fn the_fund_pays_by_line_and_two_people(world: &mut World) -> Result<()> {
    let unit = world.street.scheme;
    let line = BudgetLine::Training;
    let receive = |amount, line| -> Result<ReceiveMoney> {
        Ok(ReceiveMoney {
            unit,
            fen: fen(amount)?,
            line,
            voucher: None,
        })
    };
    let fund = &world.street.fund[0];
    world.does(fund, receive(3_000, Some(line))?).await?;
    world.does(fund, receive(10_000, None)?).await?;
    let pay = PayMoney {
        unit,
        line,
        fen: fen(4_000)?,
        voucher: None,
    };
    let proposal = world.does(fund, pay.clone()).await?;
    world
        .refuses(fund, Approve { proposal }, "INVOLVED")
        .await?;
    let second = &world.street.fund[1];
    world
        .refuses(second, Approve { proposal }, "BUDGET_EXCEEDED")
        .await?;
    budget(world, unit, line, 5_000).await?;
    world.does(second, Approve { proposal }).await?;
    let told = world.client_of(fund).fund().await?;
    let training = told.lines.iter().find(|it| it.line == line);
    let training = training.map(|it| (it.restricted_fen, it.spent_fen));
    assert_eq!((training, told.cash_fen), (Some((0, 4_000)), 9_000));
    Ok(())
}
