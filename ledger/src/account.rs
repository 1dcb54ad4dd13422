//! Accounts and postings: double entry over two measures, minutes and fen.
//!
//! Every entry's postings sum to zero in each measure. A member's account has
//! two buckets, available and held; only `issued` and the fund's donors, which
//! stand for the outside of the ledger, go below zero.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::budget::BudgetLine;
use crate::id::{MemberId, UnitId};
use crate::log::Position;

/// The name of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AccountId {
    /// A member's minutes.
    Member(MemberId),
    /// Donated minutes of a unit.
    Pool(UnitId),
    /// What a unit has issued: below zero, within its budget.
    Issued(UnitId),
    /// Minutes that have left circulation.
    Retired,
    /// The fund's money, in fen.
    FundCash,
    /// Where the fund's money came from, in fen: below zero.
    FundDonors,
    /// The fund's money that donors gave for one line alone, in fen.
    FundRestricted(BudgetLine),
    /// What the fund has spent on a line, in fen.
    FundSpent(BudgetLine),
    /// What the first district has taken over from the second, in minutes: below
    /// zero if it is the other way round.
    Clearing(UnitId, UnitId),
}

/// What an account counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// Credit-minutes.
    Minutes,
    /// Hundredths of a yuan.
    Fen,
}

impl AccountId {
    /// What this account counts.
    pub const fn measure(self) -> Measure {
        match self {
            Self::Member(_)
            | Self::Pool(_)
            | Self::Issued(_)
            | Self::Retired
            | Self::Clearing(..) => Measure::Minutes,
            Self::FundCash | Self::FundDonors | Self::FundRestricted(_) | Self::FundSpent(_) => {
                Measure::Fen
            }
        }
    }

    /// Whether the account stands for the outside and may go below zero.
    pub const fn is_source(self) -> bool {
        matches!(self, Self::Issued(_) | Self::FundDonors)
    }

    /// Whether the account may go below zero.
    pub const fn is_signed(self) -> bool {
        self.is_source() || matches!(self, Self::Clearing(..))
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Member(member) => write!(f, "member-{member}"),
            Self::Pool(unit) => write!(f, "pool-{unit}"),
            Self::Issued(unit) => write!(f, "issued-{unit}"),
            Self::Retired => f.write_str("retired"),
            Self::FundCash => f.write_str("fund-cash"),
            Self::FundDonors => f.write_str("fund-donors"),
            Self::FundRestricted(line) => write!(f, "fund-restricted-{}", line.name()),
            Self::FundSpent(line) => write!(f, "fund-spent-{}", line.name()),
            Self::Clearing(unit, other) => write!(f, "clearing-{unit}-{other}"),
        }
    }
}

/// A text is not the name of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "not an account: expected member-ID, pool-UNIT, issued-UNIT, retired, fund-cash, fund-donors, \
     fund-restricted-LINE, fund-spent-LINE or clearing-UNIT-UNIT"
)]
pub struct AccountIdError;

impl FromStr for AccountId {
    type Err = AccountIdError;

    fn from_str(text: &str) -> Result<Self, AccountIdError> {
        let id = |id: &str| id.parse().map_err(|_| AccountIdError);
        match text.split_once('-') {
            Some(("member", member)) => {
                member.parse().map(Self::Member).map_err(|_| AccountIdError)
            }
            Some(("pool", unit)) => id(unit).map(Self::Pool),
            Some(("issued", unit)) => id(unit).map(Self::Issued),
            Some(("fund", "cash")) => Ok(Self::FundCash),
            Some(("fund", "donors")) => Ok(Self::FundDonors),
            Some(("fund", name)) => fund_line(name),
            Some(("clearing", units)) => match units.split_once('-') {
                Some((unit, other)) => Ok(Self::Clearing(id(unit)?, id(other)?)),
                None => Err(AccountIdError),
            },
            None if text == "retired" => Ok(Self::Retired),
            _ => Err(AccountIdError),
        }
    }
}

/// The account `restricted-LINE` or `spent-LINE` of the fund.
fn fund_line(name: &str) -> Result<AccountId, AccountIdError> {
    let (kind, line) = name.split_once('-').ok_or(AccountIdError)?;
    let mut lines = BudgetLine::ALL.into_iter();
    let line = lines.find(|it| it.name() == line && *it != BudgetLine::Hours);
    match (kind, line) {
        ("restricted", Some(line)) => Ok(AccountId::FundRestricted(line)),
        ("spent", Some(line)) => Ok(AccountId::FundSpent(line)),
        _ => Err(AccountIdError),
    }
}

/// The two halves of a balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Bucket {
    /// Free to use.
    Available,
    /// Reserved for booked services.
    Held,
}

/// Names one posting: the record that caused it and its line there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PostingRef {
    /// The record.
    pub position: Position,
    /// 0-based line within the record.
    pub line: u16,
}

/// One signed amount on one account, caused by a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    /// The record and the line.
    pub at: PostingRef,
    /// The account.
    pub account: AccountId,
    /// The half of the account that changed.
    pub bucket: Bucket,
    /// What was added; in minutes or fen.
    pub amount: i64,
    /// The bucket's balance after it.
    pub balance: i64,
    /// The account's posting before this one: a statement walks these links.
    pub previous: Option<PostingRef>,
}

/// The standing of one account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Free to use, in minutes or fen.
    pub available: i64,
    /// Reserved for booked services.
    pub held: i64,
    /// The newest posting.
    pub last: Option<PostingRef>,
}

impl Account {
    /// Available and held together.
    pub const fn total(&self) -> i64 {
        self.available + self.held
    }

    pub(crate) const fn bucket(&mut self, bucket: Bucket) -> &mut i64 {
        match bucket {
            Bucket::Available => &mut self.available,
            Bucket::Held => &mut self.held,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn account_names_are_read_back() {
        let unit = UnitId::from_bytes([7; 16]);
        for account in [
            AccountId::Member(MemberId::from_bytes([1; 16])),
            AccountId::Pool(unit),
            AccountId::Issued(unit),
            AccountId::Retired,
            AccountId::FundCash,
            AccountId::FundDonors,
            AccountId::FundRestricted(BudgetLine::Training),
            AccountId::FundSpent(BudgetLine::Redemption),
            AccountId::Clearing(unit, UnitId::from_bytes([8; 16])),
        ] {
            assert_eq!(account.to_string().parse(), Ok(account));
        }
        for text in [
            "",
            "member",
            "member-12",
            "fund",
            "fund-x",
            "retired-1",
            "fund-spent-x",
            "fund-spent-hours",
            "clearing-1",
            "x-1",
        ] {
            assert_eq!(text.parse::<AccountId>(), Err(AccountIdError), "{text}");
        }
    }
}
