//! The fund.

use ledger::budget::{Budget, BudgetLine, Valuation};
use ledger::log::TreeSize;
use ledger::{Account, UnitId};

use crate::entry::Choice;
use crate::name::UNITS;
use crate::{count, v1};

/// The accounts that show the fund's standing.
#[derive(Debug, Clone, Default)]
pub struct FundAccounts {
    /// The fund's money.
    pub cash: Account,
    /// Where it came from.
    pub donors: Account,
    /// Minutes that have left circulation.
    pub retired: Account,
    /// The accounts of each unit.
    pub units: Vec<UnitAccounts>,
    /// The accounts of each line.
    pub lines: Vec<LineAccounts>,
    /// The budgets.
    pub budgets: Vec<((UnitId, BudgetLine), Budget)>,
    /// The newest valuation.
    pub valuation: Option<Valuation>,
    /// What districts owe each other.
    pub clearing: Vec<((UnitId, UnitId), Account)>,
}

/// The accounts that show the money of a line.
#[derive(Debug, Clone)]
pub struct LineAccounts {
    /// The line.
    pub line: BudgetLine,
    /// What donors gave for it alone.
    pub restricted: Account,
    /// What was spent on it.
    pub spent: Account,
}

/// The accounts that show a unit's hours.
#[derive(Debug, Clone)]
pub struct UnitAccounts {
    /// The unit.
    pub unit: UnitId,
    /// Its pool.
    pub pool: Account,
    /// What it has issued.
    pub issued: Account,
}

/// The fund's standing at a tree size. Accounts that stand for the outside are
/// below zero and shown above.
pub fn fund(accounts: &FundAccounts, size: TreeSize) -> v1::Fund {
    let FundAccounts {
        cash,
        donors,
        retired,
        units,
        lines,
        budgets,
        valuation,
        clearing,
    } = accounts;
    v1::Fund {
        cash_fen: cash.available,
        received_fen: donors.available.saturating_neg(),
        retired_minutes: retired.available,
        units: units.iter().map(unit_hours).collect(),
        tree_size: count(size.get()),
        lines: lines.iter().map(line).collect(),
        budgets: budgets.iter().map(budget).collect(),
        valuation: valuation.as_ref().map(self::valuation),
        clearing: clearing.iter().map(position).collect(),
    }
}

fn line(accounts: &LineAccounts) -> v1::FundLine {
    let LineAccounts {
        line,
        restricted,
        spent,
    } = accounts;
    v1::FundLine {
        line: line.to_number(),
        restricted_fen: restricted.available,
        spent_fen: spent.available,
    }
}

fn budget(((unit, line), budget): &((UnitId, BudgetLine), Budget)) -> v1::UnitBudget {
    let Budget { limit, spent } = budget;
    v1::UnitBudget {
        unit: UNITS.name(unit),
        line: line.to_number(),
        limit: *limit,
        spent: *spent,
    }
}

fn valuation(valuation: &Valuation) -> v1::FundValuation {
    let Valuation {
        liability_fen,
        reserve_fen,
        published,
    } = valuation;
    v1::FundValuation {
        liability_fen: *liability_fen,
        reserve_fen: *reserve_fen,
        published_ms: published.get(),
    }
}

fn position(((unit, other), account): &((UnitId, UnitId), Account)) -> v1::ClearingPosition {
    v1::ClearingPosition {
        unit: UNITS.name(unit),
        other: UNITS.name(other),
        minutes: account.available,
    }
}

fn unit_hours(accounts: &UnitAccounts) -> v1::UnitHours {
    let UnitAccounts { unit, pool, issued } = accounts;
    v1::UnitHours {
        unit: UNITS.name(unit),
        pool_minutes: pool.available,
        issued_minutes: issued.available.saturating_neg(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{NOW, UNIT};

    #[test]
    fn the_fund_shows_what_is_below_zero_above_it() {
        let holding = |available| Account {
            available,
            ..Account::default()
        };
        let unit = UnitAccounts {
            unit: UNIT,
            pool: holding(60),
            issued: holding(-600),
        };
        let accounts = FundAccounts {
            cash: holding(900),
            donors: holding(-1_000),
            retired: holding(15),
            units: vec![unit],
            lines: vec![LineAccounts {
                line: BudgetLine::Training,
                restricted: holding(5),
                spent: holding(100),
            }],
            budgets: vec![((UNIT, BudgetLine::Hours), Budget { limit: 7, spent: 0 })],
            valuation: Some(Valuation {
                liability_fen: 8,
                reserve_fen: 9,
                published: NOW,
            }),
            clearing: vec![((UNIT, UNIT), holding(-3))],
        };
        let units = vec![v1::UnitHours {
            unit: format!("units/{UNIT}"),
            pool_minutes: 60,
            issued_minutes: 600,
        }];
        let shown = fund(&accounts, TreeSize::new(3));
        let (cash_fen, received_fen) = (900, 1_000);
        let expected = v1::Fund {
            cash_fen,
            received_fen,
            retired_minutes: 15,
            units,
            tree_size: 3,
            lines: vec![v1::FundLine {
                line: v1::BudgetLine::Training.into(),
                restricted_fen: 5,
                spent_fen: 100,
            }],
            budgets: vec![v1::UnitBudget {
                unit: format!("units/{UNIT}"),
                line: v1::BudgetLine::Hours.into(),
                limit: 7,
                spent: 0,
            }],
            valuation: Some(v1::FundValuation {
                liability_fen: 8,
                reserve_fen: 9,
                published_ms: NOW.get(),
            }),
            clearing: vec![v1::ClearingPosition {
                unit: format!("units/{UNIT}"),
                other: format!("units/{UNIT}"),
                minutes: -3,
            }],
        };
        assert_eq!(shown, expected);
    }
}
