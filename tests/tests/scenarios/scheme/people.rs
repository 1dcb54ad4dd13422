//! People and visits: proxies, kin, heirs, certificates, disputes.

use anyhow::Result;
use ledger::act::{
    AcceptCare, AdoptRules, Approve, Certify, ConfirmService, Delegate, DisputeService, Give,
    LinkKin, Rate, RecordDeath, ReportNoShow, RuleOnDispute, Ruling, SettleEstate, TakeBack,
};
use ledger::entry::{Attestation, OnBehalf};
use ledger::rules::{Catalogue, Item, RulesVersion};
use ledger::tie::{Relation, Scope};
use ledger::{AccountId, Act, MemberId, Rules, SignedEntry};
use timebank_tests::pen::{self, Person};

use super::{clocked, code};
use crate::world::{World, minutes};

on_both!(in clocked;
    a_gift_is_taken_back_within_its_time,
    a_family_proxy_orders_and_confirms_and_never_their_own_visit,
    what_a_member_leaves_reaches_the_heir,
    a_dispute_is_ruled_by_somebody_uninvolved_and_the_hours_go_back,
    bathing_asks_for_a_certificate,
    who_does_not_come_is_counted_and_loses_no_hours,
    kin_and_staff_do_not_decide_about_their_own,
    visits_that_overlap_are_refused,
);

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
    // PRX-4: the proxy sees the visit, and the balance before and after it.
    let family = world.client_of(proxy);
    let open = family.open_services(elder.id).await?;
    assert_eq!(
        open.iter().map(|it| it.service).collect::<Vec<_>>(),
        [service]
    );
    let hours = family.account(AccountId::Member(elder.id)).await?;
    assert_eq!((hours.available, hours.held), (540, 60));
    let stranger = world.client_of(volunteer).open_services(elder.id).await;
    assert_eq!(crate::wire::reason_of(stranger), "NOT_ALLOWED");
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
    world.pass_hours(30 * 24);
    let over = family.open_services(elder.id).await;
    assert_eq!(crate::wire::reason_of(over), "NOT_ALLOWED");
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
