//! A scheme at work: what its rules, roles and fund are for. The codes in comments
//! are those of the workflows (VOL, REC, PRX, STA, DIS, FND, AUD, REG) and of the
//! failures of real schemes (FM) that each answers.

use anyhow::Result;
use ledger::act::{
    AcceptCare, AdoptRules, Approve, CaseOutcome, Certify, ChangeUnit, CloseCase, ConfirmService,
    Delegate, DisputeService, Give, GiveOpinion, ImportHours, LinkKin, MoveMember, OpenCase,
    OpenUnit, Opinion, PayMoney, PurchaseCare, Rate, ReceiveMoney, RecordDeath, RecordSample,
    ReportNoShow, RuleOnDispute, Ruling, SetBudget, SettleClearing, SettleEstate, TakeBack,
    UnitChange,
};
use ledger::budget::BudgetLine;
use ledger::case::CaseKind;
use ledger::entry::{Attestation, OnBehalf};
use ledger::log::{Hash, TreeSize};
use ledger::rules::{Catalogue, Item, RulesVersion};
use ledger::service::ItemCode;
use ledger::tie::{Relation, Scope};
use ledger::unit::UnitKind;
use ledger::{AccountId, Act, Commitment, EntryId, Fen, MemberId, Rules, SignedEntry, UnitId};
use timebank_tests::pen::{self, Person};

use crate::world::{Setting, World, minutes};

on_both!(in clocked;
    a_family_proxy_orders_and_confirms_and_never_their_own_visit,
    a_passbook_is_imported_by_two_and_says_so,
    new_rules_come_with_notice_and_price_only_what_comes_after,
    what_a_member_leaves_reaches_the_heir,
    care_that_nobody_gives_is_bought_with_hours_and_money_in_one_entry,
    a_dispute_is_ruled_by_somebody_uninvolved_and_the_hours_go_back,
    a_station_that_closes_hands_its_people_over,
    hours_cross_districts_and_both_settle,
    a_gift_is_taken_back_within_its_time,
    bathing_asks_for_a_certificate,
    who_does_not_come_is_counted_and_loses_no_hours,
    a_complaint_has_a_clock_and_an_answer,
    kin_and_staff_do_not_decide_about_their_own,
    an_auditor_signs_opinion_and_sample,
    the_fund_pays_by_line_and_two_people,
    visits_that_overlap_are_refused,
);

fn clocked() -> Setting {
    Setting {
        has_clock: true,
        rules: |rules| Rules {
            one_visit_at_a_time: true,
            grant_expire_months: 12,
            ..rules
        },
        ..Setting::default()
    }
}

fn fen(fen: i64) -> Result<Fen> {
    Ok(Fen::parse(fen)?)
}

fn code(code: &str) -> Result<ItemCode> {
    Ok(ItemCode::parse(code.to_owned())?)
}

/// An entry of a proxy for a member.
fn as_proxy(world: &World, proxy: &Person, member: MemberId, act: impl Into<Act>) -> SignedEntry {
    let mut entry = world.street.pen.entry(proxy, act);
    let attestation = Attestation::Delegated;
    entry.on_behalf_of = Some(OnBehalf {
        member,
        attestation,
    });
    pen::sign(&entry, &proxy.key)
}

/// The fund's first administrator proposes, the second approves.
async fn by_two(world: &World, act: impl Into<Act>) -> Result<EntryId> {
    let [first, second] = &world.street.fund;
    let proposal = world.does(first, act).await?;
    world.does(second, Approve { proposal }).await?;
    Ok(proposal)
}

async fn budget(world: &World, unit: UnitId, line: BudgetLine, limit: i64) -> Result<()> {
    let reason = None;
    let act = SetBudget {
        unit,
        line,
        limit,
        reason,
    };
    let proposal = world.does(&world.street.fund[0], act).await?;
    world
        .does(&world.street.regulator, Approve { proposal })
        .await?;
    Ok(())
}

// PRX-1, PRX-2, PRX-3; FM-11.
async fn a_family_proxy_orders_and_confirms_and_never_their_own_visit(
    world: &mut World,
) -> Result<()> {
    let (elder, proxy, volunteer) = (world.member(0), world.member(1), world.member(2));
    let delegate = Delegate {
        proxy: proxy.id,
        scopes: vec![Scope::Care, Scope::Confirm],
        until: world.now().plus_days(30),
    };
    let request = as_proxy(world, proxy, elder.id, world.request(60)?);
    world.refuses_signed(&request, "NOT_DELEGATED").await?;
    world.does(elder, delegate).await?;
    let request = world.street.pen.entry(proxy, world.request(60)?);
    let behalf = OnBehalf {
        member: elder.id,
        attestation: Attestation::Delegated,
    };
    let request = ledger::Entry {
        on_behalf_of: Some(behalf),
        ..request
    };
    world.records(&pen::sign(&request, &proxy.key)).await?;
    let service = request.id;
    world.does(volunteer, AcceptCare { service }).await?;
    world.does(volunteer, world.log(service, 60)?).await?;
    let confirm = ConfirmService {
        service,
        minutes: minutes(60)?,
    };
    world
        .records(&as_proxy(world, proxy, elder.id, confirm))
        .await?;
    assert_eq!(world.purse(elder).await?, (540, 0));

    world.pass_hours(24);
    let own = world.logged(elder, proxy, 60).await?;
    let confirm = ConfirmService {
        service: own,
        minutes: minutes(60)?,
    };
    let confirm = as_proxy(world, proxy, elder.id, confirm);
    world.refuses_signed(&confirm, "SAME_PERSON").await?;
    Ok(())
}

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

// VOL-15, PRX-5; FM-18.
async fn what_a_member_leaves_reaches_the_heir(world: &mut World) -> Result<()> {
    let (late, heir, staff) = (world.member(0), world.member(2), &world.street.staff[0]);
    let link = LinkKin {
        member: late.id,
        kin: heir.id,
        relation: Relation::Child,
        papers: None,
    };
    world.does(staff, link).await?;
    let (member, papers) = (late.id, None);
    let proposal = world.does(staff, RecordDeath { member, papers }).await?;
    world.does(&world.street.root, Approve { proposal }).await?;
    world
        .refuses(late, world.request(60)?, "KEY_NOT_VALID")
        .await?;
    let settle = |heir| SettleEstate {
        member,
        heir,
        papers,
    };
    world.refuses(staff, settle(None), "NOT_DUE").await?;
    let proposal = world.does(staff, settle(Some(heir.id))).await?;
    world.does(&world.street.root, Approve { proposal }).await?;
    assert_eq!(world.purse(late).await?, (0, 0));
    assert_eq!(world.purse(heir).await?, (1_200, 0));
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

// DIS-5, VOL-12, REC-6; FM-6.
async fn a_dispute_is_ruled_by_somebody_uninvolved_and_the_hours_go_back(
    world: &mut World,
) -> Result<()> {
    let (elder, volunteer) = (world.member(0), world.member(1));
    let (service, _) = world.paid(elder, volunteer, 60).await?;
    let reason = None;
    world
        .does(elder, DisputeService { service, reason })
        .await?;
    let rule = RuleOnDispute {
        service,
        ruling: Ruling::Void,
        reason,
    };
    world
        .refuses(volunteer, rule.clone(), "ROLE_MISSING")
        .await?;
    world.does(&world.street.regulator, rule).await?;
    assert_eq!(world.purse(elder).await?, (600, 0));
    assert_eq!(world.purse(volunteer).await?, (600, 0));
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

// VOL-11: undo within the cooling-off.
async fn a_gift_is_taken_back_within_its_time(world: &mut World) -> Result<()> {
    let (giver, receiver) = (world.member(0), world.member(1));
    let gift = Give {
        recipient: receiver.id,
        minutes: minutes(90)?,
    };
    let entry = world.does(giver, gift.clone()).await?;
    world.does(giver, TakeBack { entry }).await?;
    assert_eq!(world.purse(giver).await?, (600, 0));
    let entry = world.does(giver, gift).await?;
    world.pass_hours(73);
    world.refuses(giver, TakeBack { entry }, "OVERDUE").await?;
    Ok(())
}

// VOL-2, STA-7; FM-12.
async fn bathing_asks_for_a_certificate(world: &mut World) -> Result<()> {
    let item = Item {
        code: code("companionship")?,
        price: 60,
        certificate: Some(code("bathing")?),
    };
    let rules = Box::new(Rules {
        version: RulesVersion(2),
        catalogue: Catalogue(vec![item]),
        ..world.street.rules.clone()
    });
    let adopt = AdoptRules {
        rules,
        from: world.now().plus_days(31),
        reason: None,
    };
    let proposal = world.does(&world.street.root, adopt).await?;
    world
        .does(&world.street.regulator, Approve { proposal })
        .await?;
    world.pass_hours(31 * 24 + 1);
    let (elder, volunteer) = (world.member(0), world.member(2));
    let service = world.requested(elder, 60).await?;
    let accept = AcceptCare { service };
    world
        .refuses(volunteer, accept.clone(), "CERTIFICATE_MISSING")
        .await?;
    let certify = Certify {
        member: volunteer.id,
        certificate: code("bathing")?,
        until: world.now().plus_days(365),
        papers: None,
    };
    world.does(&world.street.staff[0], certify).await?;
    world.does(volunteer, accept).await?;
    Ok(())
}

// VOL-8, REC-6.
async fn who_does_not_come_is_counted_and_loses_no_hours(world: &mut World) -> Result<()> {
    let (elder, volunteer) = (world.member(0), world.member(1));
    let service = world.booked(elder, volunteer, 60).await?;
    world.does(elder, ReportNoShow { service }).await?;
    let seen = world
        .client_of(volunteer)
        .member(&volunteer.id.to_string())
        .await?;
    assert_eq!((seen.missed, seen.standing), (1, "active"));
    assert_eq!(world.purse(volunteer).await?, (600, 0));
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

// STA-4; FM-6.
async fn kin_and_staff_do_not_decide_about_their_own(world: &mut World) -> Result<()> {
    let (elder, volunteer) = (world.member(0), world.member(2));
    let (clerk, regulator) = (&world.street.staff[0], &world.street.regulator);
    let link = |member, kin| LinkKin {
        member,
        kin,
        relation: Relation::Sibling,
        papers: None,
    };
    world
        .does(&world.street.root, link(elder.id, clerk.id))
        .await?;
    world
        .does(&world.street.root, link(elder.id, volunteer.id))
        .await?;
    world
        .does(&world.street.root, link(elder.id, regulator.id))
        .await?;
    let pen = &world.street.pen;
    let (_, asked) = pen.sign_for(clerk, elder.id, world.request(60)?);
    world.refuses_signed(&asked, "STAFF_IS_KIN").await?;
    let service = world.requested(elder, 60).await?;
    world
        .refuses(volunteer, AcceptCare { service }, "KIN_SERVICE")
        .await?;
    let grant = world.street.grant(0, minutes(60)?);
    let [proposed, _] = grant;
    world.records(&proposed).await?;
    let proposal = proto::decode(&proposed.bytes)?.id;
    world
        .refuses(regulator, Approve { proposal }, "INVOLVED")
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

// FM-5: the same hours are not sold twice.
async fn visits_that_overlap_are_refused(world: &mut World) -> Result<()> {
    let (elder, other, volunteer) = (world.member(0), world.member(1), world.member(2));
    world.logged(elder, volunteer, 60).await?;
    let service = world.booked(other, volunteer, 60).await?;
    world
        .refuses(volunteer, world.log(service, 60)?, "VISITS_OVERLAP")
        .await?;
    let rate = Rate {
        service,
        stars: 5,
        remark: None,
    };
    world.refuses(other, rate, "SERVICE_STAGE").await?;
    Ok(())
}
