//! What the rules of a scheme give to whom: from what age, to which kin, and how
//! a visit is proven.

use anyhow::Result;
use ledger::act::{AcceptCare, EnrolMember, Give, LinkKin, PublishValuation, StartVisit};
use ledger::member::NeedCategory;
use ledger::rules::GiveScope;
use ledger::tie::Relation;
use ledger::{AccountId, Rules, YearMonth};
use timebank_tests::pen::Person;

use super::clocked;
use crate::world::{Setting, World, minutes};

on_both!(in strict;
    who_is_old_enough_redeems_and_who_is_not_waits,
    hours_go_to_the_kin_that_the_rules_name_and_to_nobody_else,
    a_visit_is_checked_in_before_it_is_stated,
    a_valuation_is_published_and_told_with_its_date,
);

fn strict() -> Setting {
    Setting {
        rules: |rules| Rules {
            give_scope: GiveScope::Lineal,
            check_in_required: true,
            recipient_age_years_min: 60,
            ..rules
        },
        ..clocked()
    }
}

// VOL-9, REC-2.
async fn who_is_old_enough_redeems_and_who_is_not_waits(world: &mut World) -> Result<()> {
    let (young, elder) = (Person::numbered(420), world.member(0));
    let enrol = EnrolMember {
        member: young.id,
        unit: world.street.stations[0],
        birth_month: YearMonth::parse(1985, 6)?,
        need: NeedCategory::None,
        key: Some(world.street.pen.new_key(&young)),
        identity: None,
    };
    world.does(&world.street.staff[0], enrol).await?;
    let service = world.requested(elder, 60).await?;
    world.does(&young, AcceptCare { service }).await?;
    let evidence = None;
    world.does(&young, StartVisit { service, evidence }).await?;
    world.does(&young, world.log(service, 60)?).await?;
    let confirm = ledger::act::ConfirmService {
        service,
        minutes: minutes(60)?,
    };
    world.does(elder, confirm).await?;
    let refused = world.request(60)?;
    world.refuses(&young, refused, "RECIPIENT_AGE").await?;
    // The lots say what is whose: granted, and earned.
    let lots = |person: &Person| {
        let account = AccountId::Member(person.id);
        let client = world.client_of(person);
        async move { anyhow::Ok(client.account(account).await?.lots) }
    };
    let (earned, granted) = (lots(&young).await?, lots(elder).await?);
    assert_eq!((earned.len(), earned[0].minutes), (1, 60));
    assert_eq!((granted.len(), granted[0].minutes), (1, 540));
    assert_ne!(earned[0].source, granted[0].source);
    let years = 2045 - 2026;
    world.pass_hours((years + 1) * 366 * 24);
    world.requested(&young, 60).await?;
    Ok(())
}

// VOL-10, PRX-6.
async fn hours_go_to_the_kin_that_the_rules_name_and_to_nobody_else(
    world: &mut World,
) -> Result<()> {
    let (giver, parent, sibling) = (world.member(0), world.member(2), world.member(1));
    let give = |to: &Person| -> Result<Give> {
        Ok(Give {
            recipient: to.id,
            minutes: minutes(60)?,
        })
    };
    world
        .refuses(giver, give(parent)?, "RECEIVER_NOT_ALLOWED")
        .await?;
    for (kin, relation) in [(parent, Relation::Parent), (sibling, Relation::Sibling)] {
        let link = LinkKin {
            member: giver.id,
            kin: kin.id,
            relation,
            papers: None,
        };
        world.does(&world.street.staff[0], link).await?;
    }
    world.does(giver, give(parent)?).await?;
    assert_eq!(world.purse(parent).await?, (660, 0));
    world
        .refuses(giver, give(sibling)?, "RECEIVER_NOT_ALLOWED")
        .await?;
    Ok(())
}

// VOL-5.
async fn a_visit_is_checked_in_before_it_is_stated(world: &mut World) -> Result<()> {
    let (elder, volunteer) = (world.member(0), world.member(2));
    let service = world.booked(elder, volunteer, 60).await?;
    let log = world.log(service, 60)?;
    world
        .refuses(volunteer, log.clone(), "CHECK_IN_MISSING")
        .await?;
    let evidence = None;
    world
        .does(volunteer, StartVisit { service, evidence })
        .await?;
    world.does(volunteer, log).await?;
    Ok(())
}

// FND-6.
async fn a_valuation_is_published_and_told_with_its_date(world: &mut World) -> Result<()> {
    let publish = PublishValuation {
        unit: world.street.scheme,
        liability_fen: 1_000_000,
        reserve_fen: 800_000,
        document: None,
    };
    let volunteer = world.member(2);
    world
        .refuses(volunteer, publish.clone(), "ROLE_MISSING")
        .await?;
    world.does(&world.street.fund[0], publish).await?;
    let fund = world.client_of(volunteer).fund().await?;
    let told = fund.valuation.map(|it| (it.liability_fen, it.reserve_fen));
    assert_eq!(told, Some((1_000_000, 800_000)));
    let page = world.client_of(&world.street.regulator);
    let page = page.report(world.street.scheme, None).await?;
    let mut indicators = page.indicators.iter();
    let coverage = indicators.find(|it| it.name == "published coverage of the promise");
    let coverage = coverage.and_then(|it| it.value);
    assert_eq!(coverage, Some(80), "REG-1: on the page of the regulator");
    Ok(())
}
