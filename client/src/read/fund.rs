//! The fund.

use ledger::budget::BudgetLine;
use ledger::log::TreeSize;
use ledger::{Millis, UnitId};
use proto::v1;
use serde::Serialize;

use super::{known, unit_id};
use crate::client::Client;
use crate::error::ClientError;
use crate::log::count_of;

/// The fund's standing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FundStanding {
    /// Money at hand, in fen.
    pub cash_fen: i64,
    /// Money received since the beginning, in fen.
    pub received_fen: i64,
    /// Minutes that have left circulation.
    pub retired_minutes: i64,
    /// The hours of each unit.
    pub units: Vec<UnitHours>,
    /// The tree size at which this holds.
    pub tree_size: TreeSize,
    /// Money by line.
    pub lines: Vec<LineInfo>,
    /// The budgets of the units.
    pub budgets: Vec<BudgetInfo>,
    /// The newest valuation that was published.
    pub valuation: Option<ValuationInfo>,
    /// What districts owe each other.
    pub clearing: Vec<ClearingInfo>,
}

/// Money of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct LineInfo {
    /// The line.
    pub line: BudgetLine,
    /// What donors gave for it alone and was not spent, in fen.
    pub restricted_fen: i64,
    /// What was spent on it since the beginning, in fen.
    pub spent_fen: i64,
}

/// What a unit may spend on a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct BudgetInfo {
    /// The unit.
    #[serde(serialize_with = "super::text")]
    pub unit: UnitId,
    /// The line.
    pub line: BudgetLine,
    /// Most that may be spent, or issued, since the beginning; in fen or minutes.
    pub limit: i64,
    /// What was spent, in fen; 0 for hours.
    pub spent: i64,
}

/// What the promise costs, and what stands behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ValuationInfo {
    /// What the promise is expected to cost, in fen.
    pub liability_fen: i64,
    /// What stands behind it, in fen.
    pub reserve_fen: i64,
    /// When it was published.
    pub published: Millis,
}

/// What one district has taken over from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ClearingInfo {
    /// A district.
    #[serde(serialize_with = "super::text")]
    pub unit: UnitId,
    /// The other.
    #[serde(serialize_with = "super::text")]
    pub other: UnitId,
    /// Minutes; below zero if it is the other way round.
    pub minutes: i64,
}

/// The hours of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct UnitHours {
    /// The unit.
    #[serde(serialize_with = "super::text")]
    pub unit: UnitId,
    /// Minutes in the pool.
    pub pool_minutes: i64,
    /// Minutes issued since the beginning.
    pub issued_minutes: i64,
}

impl Client {
    /// The fund's standing.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn fund(&self) -> Result<FundStanding, ClientError> {
        let mut fund = self.connection.fund();
        let answer = self
            .call(fund.get_fund(self.request(v1::GetFundRequest {})))
            .await?;
        let v1::Fund {
            cash_fen,
            received_fen,
            retired_minutes,
            units,
            tree_size,
            lines,
            budgets,
            valuation,
            clearing,
        } = answer;
        let units = units.into_iter().map(|hours| {
            let v1::UnitHours {
                unit,
                pool_minutes,
                issued_minutes,
            } = hours;
            Ok(UnitHours {
                unit: unit_id(&unit)?,
                pool_minutes,
                issued_minutes,
            })
        });
        Ok(FundStanding {
            cash_fen,
            received_fen,
            retired_minutes,
            units: units.collect::<Result<_, ClientError>>()?,
            tree_size: TreeSize::new(count_of(tree_size)?),
            lines: lines.iter().map(line).collect::<Result<_, _>>()?,
            budgets: budgets.iter().map(budget).collect::<Result<_, _>>()?,
            valuation: valuation.map(|it| ValuationInfo {
                liability_fen: it.liability_fen,
                reserve_fen: it.reserve_fen,
                published: Millis::new(it.published_ms),
            }),
            clearing: clearing.iter().map(position).collect::<Result<_, _>>()?,
        })
    }
}

fn line(line: &v1::FundLine) -> Result<LineInfo, ClientError> {
    Ok(LineInfo {
        line: line_of(line.line())?,
        restricted_fen: line.restricted_fen,
        spent_fen: line.spent_fen,
    })
}

fn budget(budget: &v1::UnitBudget) -> Result<BudgetInfo, ClientError> {
    Ok(BudgetInfo {
        unit: unit_id(&budget.unit)?,
        line: line_of(budget.line())?,
        limit: budget.limit,
        spent: budget.spent,
    })
}

fn position(position: &v1::ClearingPosition) -> Result<ClearingInfo, ClientError> {
    Ok(ClearingInfo {
        unit: unit_id(&position.unit)?,
        other: unit_id(&position.other)?,
        minutes: position.minutes,
    })
}

fn line_of(line: v1::BudgetLine) -> Result<BudgetLine, ClientError> {
    let line = match line {
        v1::BudgetLine::Unspecified => None,
        v1::BudgetLine::Redemption => Some(BudgetLine::Redemption),
        v1::BudgetLine::Insurance => Some(BudgetLine::Insurance),
        v1::BudgetLine::Training => Some(BudgetLine::Training),
        v1::BudgetLine::Platform => Some(BudgetLine::Platform),
        v1::BudgetLine::Administration => Some(BudgetLine::Administration),
        v1::BudgetLine::Hours => Some(BudgetLine::Hours),
    };
    known(line, "a line of the budget")
}
