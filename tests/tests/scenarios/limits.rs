//! Where the rules of a scheme are tight.

use anyhow::Result;
use ledger::act::{Approve, ConfirmService, Donate, Give, Grant, GrantSource};
use ledger::rules::{GiveScope, Issuance};
use ledger::{AccountId, Rules};

use crate::world::{Setting, World, minutes};

on_both!(
    in tight;
    nobody_holds_more_than_the_rules_allow,
    what_a_visit_earns_above_the_most_goes_to_the_pool,
    a_unit_issues_no_more_than_its_budget,
);

fn tight() -> Setting {
    Setting {
        rules: |rules| Rules {
            balance_minutes_max: 650,
            issued_minutes_max: 1_250,
            ..rules
        },
        ..Setting::default()
    }
}

// Behaviours 7 and 26: the most that one may hold does not limit what one spends.
async fn nobody_holds_more_than_the_rules_allow(world: &mut World) -> Result<()> {
    let (giver, receiver) = (world.member(0), world.member(1));
    let give = |count| -> Result<Give> {
        Ok(Give {
            recipient: receiver.id,
            minutes: minutes(count)?,
        })
    };
    let said = world.refuses(giver, give(51)?, "BALANCE_CAP").await?;
    assert_eq!(said.datum("minutes_max"), "650");
    world.does(giver, give(50)?).await?;
    assert_eq!(world.purse(receiver).await?, (650, 0));
    world.refuses(giver, give(1)?, "BALANCE_CAP").await?;
    // What is held for a visit still counts as the receiver's.
    world.requested(receiver, 60).await?;
    assert_eq!(world.purse(receiver).await?, (590, 60));
    world.refuses(giver, give(1)?, "BALANCE_CAP").await?;
    Ok(())
}

// Behaviour 21.
async fn what_a_visit_earns_above_the_most_goes_to_the_pool(world: &mut World) -> Result<()> {
    let (recipient, volunteer) = (world.member(0), world.member(1));
    world.paid(recipient, volunteer, 90).await?;
    assert_eq!(world.purse(recipient).await?, (510, 0));
    assert_eq!(world.purse(volunteer).await?, (650, 0));
    let pool = AccountId::Pool(world.street.stations[0]);
    assert_eq!(world.purse_of(pool).await?, (40, 0));
    Ok(())
}

// Behaviours 7 and 15.
async fn a_unit_issues_no_more_than_its_budget(world: &mut World) -> Result<()> {
    let [proposer, approver] = &world.street.fund;
    let member = world.member(0);
    for (unit, count) in world.street.stations.into_iter().zip([550, 10]) {
        let minutes = minutes(count)?;
        world.does(member, Donate { unit, minutes }).await?;
    }
    let grant = |count, source| -> Result<Grant> {
        Ok(Grant {
            unit: world.street.stations[0],
            recipient: member.id,
            minutes: minutes(count)?,
            source,
            reason: None,
        })
    };
    // The opening has issued 1200 of the 1250.
    let proposal = world.does(proposer, grant(51, GrantSource::Issue)?).await?;
    let said = world
        .refuses(approver, Approve { proposal }, "ISSUE_BUDGET")
        .await?;
    assert_eq!(said.datum("minutes_max"), "1250");
    let proposal = world.does(proposer, grant(50, GrantSource::Issue)?).await?;
    world.does(approver, Approve { proposal }).await?;
    // The pool has what was donated, and no budget.
    let proposal = world.does(proposer, grant(551, GrantSource::Pool)?).await?;
    world
        .refuses(approver, Approve { proposal }, "INSUFFICIENT_BALANCE")
        .await?;
    let proposal = world.does(proposer, grant(550, GrantSource::Pool)?).await?;
    world.does(approver, Approve { proposal }).await?;
    assert_eq!(world.purse(member).await?, (640, 0));
    Ok(())
}

mod where_hours_are_issued_for_visits {
    //! Another kind of scheme: the recipient pays nothing, and nobody gives.

    use super::{
        AccountId, ConfirmService, Give, GiveScope, Issuance, Result, Rules, Setting, World,
        minutes,
    };

    on_both!(
        in minting;
        the_unit_issues_what_the_volunteer_earns,
        hours_are_not_given_where_the_rules_forbid_it,
    );

    fn minting() -> Setting {
        Setting {
            rules: |rules| Rules {
                issuance: Issuance::Mint,
                give_scope: GiveScope::Nobody,
                ..rules
            },
            ..Setting::default()
        }
    }

    async fn the_unit_issues_what_the_volunteer_earns(world: &mut World) -> Result<()> {
        let (recipient, volunteer) = (world.member(0), world.member(1));
        let service = world.logged(recipient, volunteer, 60).await?;
        assert_eq!(world.purse(recipient).await?, (600, 0));
        let minutes = minutes(60)?;
        world
            .does(recipient, ConfirmService { service, minutes })
            .await?;
        assert_eq!(world.purse(recipient).await?, (600, 0));
        assert_eq!(world.purse(volunteer).await?, (660, 0));
        let issued = AccountId::Issued(world.street.stations[0]);
        assert_eq!(world.purse_of(issued).await?, (-1_260, 0));
        Ok(())
    }

    async fn hours_are_not_given_where_the_rules_forbid_it(world: &mut World) -> Result<()> {
        let gift = Give {
            recipient: world.member(1).id,
            minutes: minutes(1)?,
        };
        world
            .refuses(world.member(0), gift, "GIVING_NOT_ALLOWED")
            .await?;
        Ok(())
    }
}
