//! Acts on money and hours of the fund.

use clap::Args;
use client::Client;
use ledger::act::{
    ExpireHours as ExpireHoursAct, ImportHours, PayMoney, PublishValuation, PurchaseCare,
    SetBudget, SettleClearing, TakeBack as TakeBackAct,
};
use ledger::budget::BudgetLine;
use ledger::commitment::CommitmentKind;
use ledger::{EntryId, Fen, Minutes};

use crate::cli::choice::LineChoice;
use crate::cli::commit::{self, Committed, commit};
use crate::cli::context::{Context, entry, find_member, find_unit};
use crate::cli::error::CliError;
use crate::cli::parse::{minutes, yuan};
use crate::cli::scheme::unit_or_scheme;

/// Takes effect when a second person approves.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank fund pay training 300.00 --unit Riverside")]
pub(crate) struct Pay {
    /// The unit (id or name) [default: the scheme].
    #[arg(long)]
    unit: Option<String>,
    /// What it is for.
    line: LineChoice,
    /// How much.
    #[arg(value_name = "YUAN", value_parser = yuan)]
    fen: Fen,
    /// The file of the voucher, which stays with you; or a commitment (64 hex digits).
    #[arg(long, value_name = "FILE", value_parser = commit::file)]
    voucher: Option<Committed>,
}

/// The money is spent and the hours retire when a second person approves.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank fund buy 0195a3c1f0007abc8123456789abcdef 80.00")]
pub(crate) struct Buy {
    /// The service: the id of the entry that asked for it.
    #[arg(value_parser = entry)]
    service: EntryId,
    /// What it costs.
    #[arg(value_name = "YUAN", value_parser = yuan)]
    fen: Fen,
    /// The file of the voucher, which stays with you; or a commitment (64 hex digits).
    #[arg(long, value_name = "FILE", value_parser = commit::file)]
    voucher: Option<Committed>,
}

/// Takes effect when a second person approves.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank fund budget training 5000 --unit Riverside
  timebank fund budget hours 1000h --unit Riverside")]
pub(crate) struct Budget {
    /// What it is for.
    line: LineChoice,
    /// Yuan; or hours, for the line of hours.
    amount: String,
    /// The unit (id or name) [default: the scheme].
    #[arg(long)]
    unit: Option<String>,
    /// The reason; or a commitment to it (64 hex digits).
    #[arg(long, value_name = "TEXT", value_parser = commit::text)]
    reason: Option<Committed>,
}

/// Publishes what the promise costs, and what stands behind it.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank fund publish --liability 16100000 --reserve 10000000 --document valuation.pdf")]
pub(crate) struct Publish {
    /// The unit (id or name) [default: the scheme].
    #[arg(long)]
    unit: Option<String>,
    /// What the promise is expected to cost.
    #[arg(long, value_name = "YUAN", value_parser = yuan)]
    liability: Fen,
    /// What stands behind it.
    #[arg(long, value_name = "YUAN", value_parser = yuan)]
    reserve: Fen,
    /// The file with assumptions and computation; or a commitment (64 hex digits).
    #[arg(long, value_name = "FILE", value_parser = commit::file)]
    document: Option<Committed>,
}

/// Takes effect when the other district approves.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank fund settle Riverside Hillside --statement june.pdf")]
pub(crate) struct Settle {
    /// The district that proposes (id or name).
    unit: String,
    /// The other (id or name).
    other: String,
    /// The file of the settlement statement; or a commitment (64 hex digits).
    #[arg(long, value_name = "FILE", value_parser = commit::file)]
    statement: Option<Committed>,
}

/// As long as the rules allow it and the other side still has it.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank hours take-back 0195a3c1f0007abc8123456789abcdef")]
pub(crate) struct TakeBack {
    /// The entry that gave.
    #[arg(value_parser = entry)]
    entry: EntryId,
}

/// Anyone may do it; anyone can check that they were due.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank hours expire 1234-5678-9012")]
pub(crate) struct ExpireHours {
    /// The member (id or short code).
    member: String,
}

/// Takes effect when a second person approves.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank hours import 1234-5678-9012 12h --scan passbook.pdf")]
pub(crate) struct Import {
    /// The member (id or short code).
    member: String,
    /// How much.
    #[arg(value_name = "HOURS", value_parser = minutes)]
    minutes: Minutes,
    /// The file of the scan, which stays with you; or a commitment (64 hex digits).
    #[arg(long, value_name = "FILE", value_parser = commit::file)]
    scan: Committed,
}

impl Pay {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let act = PayMoney {
            unit: unit_or_scheme(client, self.unit.as_deref()).await?,
            line: self.line.into(),
            fen: self.fen,
            voucher: commit(context, CommitmentKind::Voucher, self.voucher)?,
        };
        context.submit(client, act, None).await
    }
}

impl Buy {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let act = PurchaseCare {
            service: self.service,
            fen: self.fen,
            voucher: commit(context, CommitmentKind::Voucher, self.voucher)?,
        };
        context.submit(client, act, None).await
    }
}

impl Budget {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let line = self.line.into();
        let limit = match line {
            BudgetLine::Hours => minutes(&self.amount).map(Minutes::amount),
            _ => yuan(&self.amount).map(Fen::get),
        };
        let limit = limit.map_err(CliError::usage)?;
        let act = SetBudget {
            unit: unit_or_scheme(client, self.unit.as_deref()).await?,
            line,
            limit,
            reason: commit(context, CommitmentKind::Reason, self.reason)?,
        };
        context.submit(client, act, None).await
    }
}

impl Publish {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let act = PublishValuation {
            unit: unit_or_scheme(client, self.unit.as_deref()).await?,
            liability_fen: self.liability.get(),
            reserve_fen: self.reserve.get(),
            document: commit(context, CommitmentKind::Voucher, self.document)?,
        };
        context.submit(client, act, None).await
    }
}

impl Settle {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let unit = find_unit(client, &self.unit).await?;
        let other = find_unit(client, &self.other).await?;
        let positions = client.fund().await?.clearing;
        let mut positions = positions.iter();
        let position = positions.find(|it| (it.unit, it.other) == (unit, other));
        let minutes = position.map_or(0, |position| position.minutes);
        let act = SettleClearing {
            unit,
            other,
            minutes,
            statement: commit(context, CommitmentKind::Voucher, self.statement)?,
        };
        context.submit(client, act, None).await
    }
}

impl TakeBack {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let act = TakeBackAct { entry: self.entry };
        context.submit(client, act, None).await
    }
}

impl ExpireHours {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let act = ExpireHoursAct {
            member: find_member(client, &self.member).await?,
        };
        context.submit(client, act, None).await
    }
}

impl Import {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let act = ImportHours {
            member: find_member(client, &self.member).await?,
            minutes: self.minutes,
            scan: self.scan.commit(context, CommitmentKind::Voucher)?,
        };
        context.submit(client, act, None).await
    }
}
