//! What the fund may spend and issue.

use crate::account::{Account, AccountId};
use crate::amount::Fen;
use crate::budget::{Budget, BudgetLine, Valuation};
use crate::id::UnitId;
use crate::rejection::Rejection;
use crate::state::Halt;
use crate::transaction::{Purse, Transaction};

/// Spends money of a unit's budget: first what donors gave for the line alone,
/// then what is free.
pub(super) fn spend(
    tx: &mut Transaction<'_>,
    unit: UnitId,
    line: BudgetLine,
    fen: Fen,
) -> Result<(), Halt> {
    let id = (unit, line);
    let budget: Budget = tx.find(&id)?.unwrap_or(Budget { limit: 0, spent: 0 });
    let left = (budget.limit - budget.spent).max(0);
    if fen.get() > left {
        return Err(Rejection::BudgetExceeded { left }.into());
    }
    let spent = budget.spent + fen.get();
    tx.put(&id, Budget { spent, ..budget });
    let restricted = AccountId::FundRestricted(line);
    let account: Option<Account> = tx.find(&restricted)?;
    let first = fen
        .get()
        .min(account.map_or(0, |account| account.available));
    let to = Purse::available(AccountId::FundSpent(line));
    if first > 0 {
        tx.transfer(Purse::available(restricted), to, first)?;
    }
    if fen.get() > first {
        let cash = Purse::available(AccountId::FundCash);
        tx.transfer(cash, to, fen.get() - first)?;
    }
    Ok(())
}

/// Refuses to issue hours while the published coverage is below what the rules
/// ask for.
pub(super) fn require_coverage(tx: &Transaction<'_>) -> Result<(), Halt> {
    let percent_min = tx.rules().grants_stop_percent;
    if percent_min == 0 {
        return Ok(());
    }
    let valuation: Option<Valuation> = tx.find(&())?;
    let coverage = valuation.map_or(0, |valuation| valuation.coverage_percent());
    if coverage < i64::from(percent_min) {
        return Err(Rejection::GrantsStopped { percent_min }.into());
    }
    Ok(())
}
