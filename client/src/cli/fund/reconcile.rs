//! `timebank fund reconcile`: the bank's statement beside the fund's cash.

use std::path::PathBuf;

use clap::Args;
use client::Client;
use client::bank::{self, Movement, Reconciliation};
use ledger::AccountId;

use crate::cli::context::{Context, read};
use crate::cli::error::CliError;
use crate::cli::{output, times, words};

/// Whatever is on one of the two alone is listed; then it ends with 3.
///
/// The statement is CSV in UTF-8 or GB18030 with a row of headings: date (日期), and
/// amount (金额) with its sign, or credit (收入) and debit (支出).
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank fund reconcile november.csv
  timebank fund reconcile november.csv --days 10 --json")]
pub(crate) struct Reconcile {
    /// The bank's statement.
    #[arg(value_name = "CSV")]
    file: PathBuf,
    /// How many days a movement may be booked earlier or later than at the bank.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(i64).range(0..=366))]
    days: i64,
    /// By how many hours the bank's clock is ahead of UTC.
    #[arg(long, default_value_t = 8, allow_negative_numbers = true,
        value_parser = clap::value_parser!(i64).range(-12..=14))]
    clock: i64,
}

impl Reconcile {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let bank = bank::read(&read(&self.file)?);
        let bank = bank.map_err(|error| CliError::usage(error.to_string()))?;
        if bank.is_empty() {
            return Err(CliError::usage("the statement moves no money"));
        }
        let lines = client.statement(AccountId::FundCash, usize::MAX).await?;
        let ledger = lines.iter().map(|line| Movement {
            day: bank::day_of(line.recorded, self.clock),
            fen: line.amount,
            text: format!(
                "record {}, {} of {}",
                line.position,
                line.act,
                times::show(line.recorded)
            ),
        });
        let result = Reconciliation::of(bank, ledger.collect(), self.days);
        context.print(&result, &text_of(&result));
        if result.is_even() {
            return Ok(());
        }
        Err(CliError::Unproven {
            reason: "NOT_RECONCILED",
            text: format!(
                "the bank and the ledger differ by {}: find out about each movement above",
                words::money(result.difference_fen)
            ),
        })
    }
}

fn text_of(result: &Reconciliation) -> String {
    let row =
        |side: &str, it: &Movement| vec![side.to_owned(), words::money(it.fen), it.text.clone()];
    let bank = result.only_bank.iter().map(|it| row("only the bank", it));
    let ledger = result
        .only_ledger
        .iter()
        .map(|it| row("only the ledger", it));
    let rows: Vec<_> = bank.chain(ledger).collect();
    let text = format!(
        "{} movements are on both.\n{}",
        result.matched,
        output::table(&rows)
    );
    text.trim_end().to_owned()
}
