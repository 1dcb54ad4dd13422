//! The postings of a ledger as a plain-text journal: for hledger and Beancount.
//!
//! One transaction a record that moved something, in the order of the log. The
//! journal ends with what every account holds, as assertions, so that a program
//! that reads it checks the balances by itself. Minutes are the commodity `MIN`,
//! money is `CNY` with two decimals; amounts have the sign that they have in the
//! ledger. Dates are those of the server's time in UTC.
//!
//! Formats: "hledger journal" (section "Journal format" of its manual, version
//! 1.25), and "Beancount Language Syntax".

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::account::{AccountId, Bucket, Measure, Posting};
use crate::budget::BudgetLine;
use crate::entry::Record;
use crate::time::Millis;

/// Which program is to read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// hledger.
    Hledger,
    /// Beancount.
    Beancount,
}

/// A journal in the making.
#[derive(Debug, Clone)]
pub struct Journal {
    dialect: Dialect,
    text: String,
    balances: BTreeMap<(AccountId, bool), i64>,
    newest: Millis,
}

impl Journal {
    /// An empty journal.
    pub const fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            text: String::new(),
            balances: BTreeMap::new(),
            newest: Millis::new(0),
        }
    }

    /// What stands before the first transaction.
    fn head(&self, origin: &str) -> String {
        match self.dialect {
            Dialect::Hledger => {
                format!("; {origin}\n\ncommodity 1000. MIN\ncommodity 1000.00 CNY\n")
            }
            Dialect::Beancount => {
                format!("; {origin}\n\n1970-01-01 commodity MIN\n1970-01-01 commodity CNY\n")
            }
        }
    }

    /// Adds what a record has moved.
    pub fn add(&mut self, record: &Record, postings: &[Posting]) {
        self.newest = record.recorded;
        if postings.is_empty() {
            return;
        }
        for posting in postings {
            let half = (posting.account, posting.bucket == Bucket::Held);
            if !self.balances.contains_key(&half) && self.dialect == Dialect::Beancount {
                let name = account_name(half);
                self.line(format_args!("\n1970-01-01 open {name}"));
            }
            *self.balances.entry(half).or_default() += posting.amount;
        }
        let (date, act) = (date(record.recorded), record.entry.act.name());
        let (position, entry) = (record.position, record.entry.id);
        match self.dialect {
            Dialect::Hledger => self.line(format_args!(
                "\n{date} * {act}  ; record:{position}, entry:{entry}"
            )),
            Dialect::Beancount => self.line(format_args!(
                "\n{date} * \"{act}\"\n  record: {position}\n  entry: \"{entry}\""
            )),
        }
        for posting in postings {
            let half = (posting.account, posting.bucket == Bucket::Held);
            let amount = amount(posting.account.measure(), posting.amount);
            let name = account_name(half);
            self.line(format_args!("  {name}  {amount}"));
        }
    }

    /// Ends the journal of a ledger with what every account holds.
    pub fn finish(mut self, origin: &str) -> String {
        let balances = std::mem::take(&mut self.balances);
        // Beancount checks a balance at the beginning of its day.
        let date = date(self.newest.plus_days(1));
        if self.dialect == Dialect::Hledger && !balances.is_empty() {
            self.line(format_args!("\n{date} * balances"));
        }
        for (half, balance) in balances {
            let (name, balance) = (account_name(half), amount(half.0.measure(), balance));
            match self.dialect {
                Dialect::Hledger => {
                    let nothing = amount(half.0.measure(), 0);
                    self.line(format_args!("  {name}  {nothing} = {balance}"));
                }
                Dialect::Beancount => {
                    self.line(format_args!("{date} balance {name}  {balance}"));
                }
            }
        }
        format!("{}{}", self.head(origin), self.text)
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        writeln!(self.text, "{line}").expect("a string takes every text");
    }
}

fn date(time: Millis) -> String {
    let (year, month, day) = time.date();
    format!("{year:04}-{month:02}-{day:02}")
}

/// An amount with its commodity: minutes as they are, money in yuan.
pub fn amount(measure: Measure, amount: i64) -> String {
    let sign = if amount < 0 { "-" } else { "" };
    let size = amount.unsigned_abs();
    match measure {
        Measure::Minutes => format!("{sign}{size} MIN"),
        Measure::Fen => format!("{sign}{}.{:02} CNY", size / 100, size % 100),
    }
}

/// The name of one half of an account, under the roots that Beancount knows.
pub fn account_name((account, is_held): (AccountId, bool)) -> String {
    let line = |line: BudgetLine| {
        let mut name = line.name().to_owned();
        name[..1].make_ascii_uppercase();
        name
    };
    match account {
        AccountId::Member(member) => {
            let half = if is_held { "Held" } else { "Available" };
            format!("Liabilities:Members:M-{member}:{half}")
        }
        AccountId::Pool(unit) => format!("Liabilities:Pools:U-{unit}"),
        AccountId::Issued(unit) => format!("Equity:Issued:U-{unit}"),
        AccountId::Retired => "Equity:Retired".to_owned(),
        AccountId::Clearing(unit, other) => format!("Assets:Clearing:U-{unit}:U-{other}"),
        AccountId::FundCash => "Assets:Fund:Cash".to_owned(),
        AccountId::FundRestricted(name) => format!("Assets:Fund:Restricted:{}", line(name)),
        AccountId::FundDonors => "Income:Fund:Donors".to_owned(),
        AccountId::FundSpent(name) => format!("Expenses:Fund:{}", line(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;

    fn journal(dialect: Dialect) -> String {
        let mut street = Street::open();
        street.granted(RECIPIENT, 600);
        street.confirmed();
        let mut journal = Journal::new(dialect);
        let mut replay = crate::replay::Replay::new(LEDGER);
        for record in &street.history {
            let effects = replay.push(record).expect("it was recorded");
            journal.add(record, &effects.postings);
        }
        journal.finish(LEDGER)
    }

    #[test]
    fn hledger_is_told_what_every_account_holds() {
        let text = journal(Dialect::Hledger);
        let paid = format!("  Liabilities:Members:M-{VOLUNTEER}:Available  60 MIN\n");
        assert!(text.contains(&paid), "{text}");
        let holds = format!("  Liabilities:Members:M-{RECIPIENT}:Available  0 MIN = 540 MIN\n");
        assert!(text.contains(&holds), "{text}");
        assert!(text.contains("\n2026-03-02 * ConfirmService  ; record:"));
    }

    #[test]
    fn beancount_is_told_of_every_account_before_it_is_used() {
        let text = journal(Dialect::Beancount);
        let open = format!("1970-01-01 open Liabilities:Members:M-{VOLUNTEER}:Available\n");
        assert_eq!(text.matches(&open).count(), 1, "{text}");
        let holds = format!("balance Liabilities:Members:M-{RECIPIENT}:Available  540 MIN\n");
        assert!(text.contains(&format!("\n2026-03-03 {holds}")), "{text}");
    }

    #[test]
    fn amounts_are_written_to_the_fen() {
        assert_eq!(amount(Measure::Fen, -120_005), "-1200.05 CNY");
        assert_eq!(amount(Measure::Fen, -5), "-0.05 CNY");
        assert_eq!(amount(Measure::Minutes, -90), "-90 MIN");
    }
}
