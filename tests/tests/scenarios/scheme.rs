//! A scheme at work: what its rules, roles and fund are for. The codes in comments
//! are those of the workflows (VOL, REC, PRX, STA, DIS, FND, AUD, REG) and of the
//! failures of real schemes (FM) that each answers.

mod certificates;
mod districts;
mod failures;
mod matching;
mod offices;
mod oversight;
mod people;
mod rights;
mod workflows;

use anyhow::Result;
use ledger::act::{Approve, SetBudget};
use ledger::budget::BudgetLine;
use ledger::service::ItemCode;
use ledger::{Act, EntryId, Fen, Rules, UnitId};

use crate::world::{Setting, World};

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
