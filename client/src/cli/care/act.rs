//! The acts of `timebank care`.

use clap::Args;
use client::Client;
use ledger::act::{AcceptCare, CancelCare, ConfirmService, LogService, RequestCare};
use ledger::commitment::CommitmentKind;
use ledger::service::ItemCode;
use ledger::{EntryId, Minutes};

use crate::cli::behalf::{Behalf, subject};
use crate::cli::commit::{self, Committed, commit};
use crate::cli::context::{Context, entry, now, unit_or_home};
use crate::cli::error::CliError;
use crate::cli::parse::{ReasonChoice, item, minutes};
use crate::cli::times::{Moment, moment};

/// Asks for a visit.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank care request --start 2026-11-23T14:30+08:00 --length 1h30 --item meal
  timebank care request --start +1d --length 2h --item walk --note \"ring twice\"
  timebank care request --start +1d --length 1h --item meal --weeks 8
  timebank care request --start +1d --length 2h --item walk --for 1234-5678-9012 --kiosk")]
pub(crate) struct Request {
    /// When it should start.
    #[arg(long, value_name = "TIME", value_parser = moment, allow_hyphen_values = true)]
    start: Moment,
    /// How long it should take.
    #[arg(long, value_name = "HOURS", value_parser = minutes)]
    length: Minutes,
    /// What is asked for: a code of the catalogue.
    #[arg(long, value_name = "CODE", value_parser = item)]
    item: ItemCode,
    /// The same every week, so many times: each visit is a request of its own.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=52))]
    weeks: u32,
    /// The unit that serves it (id or name) [default: the member's home unit].
    #[arg(long)]
    unit: Option<String>,
    /// A note for the volunteer, which can be erased; or a commitment (64 hex digits).
    #[arg(long, value_name = "TEXT", value_parser = commit::text)]
    note: Option<Committed>,
    #[command(flatten)]
    behalf: Behalf,
}

/// Takes on an open request.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank care accept 0195a3c1f0007abc8123456789abcdef")]
pub(crate) struct Accept {
    /// The service: the id of the entry that asked for it.
    #[arg(value_parser = entry)]
    service: EntryId,
    #[command(flatten)]
    behalf: Behalf,
}

/// Withdraws a request, or hands a visit back.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank care cancel 0195a3c1f0007abc8123456789abcdef --reason illness")]
pub(crate) struct Cancel {
    /// The service: the id of the entry that asked for it.
    #[arg(value_parser = entry)]
    service: EntryId,
    /// Why.
    #[arg(long, default_value = "other")]
    reason: ReasonChoice,
    #[command(flatten)]
    behalf: Behalf,
}

/// States how long a visit really took.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank care log 0195a3c1f0007abc8123456789abcdef --start -2h --length 1h30")]
pub(crate) struct Log {
    /// The service: the id of the entry that asked for it.
    #[arg(value_parser = entry)]
    service: EntryId,
    /// When it really started.
    #[arg(long, value_name = "TIME", value_parser = moment, allow_hyphen_values = true)]
    start: Moment,
    /// How long it really took.
    #[arg(long, value_name = "HOURS", value_parser = minutes)]
    length: Minutes,
    /// A file as evidence, which stays with you; or a commitment (64 hex digits).
    #[arg(long, value_name = "FILE", value_parser = commit::file)]
    evidence: Option<Committed>,
    /// The day's code at the door, where there was no signal.
    #[arg(long, conflicts_with = "evidence", value_parser = commit::door_code)]
    code: Option<Committed>,
    #[command(flatten)]
    behalf: Behalf,
}

/// Confirms the stated minutes.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank care confirm 0195a3c1f0007abc8123456789abcdef --length 1h30
  timebank care confirm 0195a3c1f0007abc8123456789abcdef   what the volunteer stated")]
pub(crate) struct Confirm {
    /// The service: the id of the entry that asked for it.
    #[arg(value_parser = entry)]
    service: EntryId,
    /// The minutes that you confirm [default: those that were stated].
    #[arg(long, value_name = "HOURS", value_parser = minutes)]
    length: Option<Minutes>,
    #[command(flatten)]
    behalf: Behalf,
}

impl Request {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let behalf = self.behalf.find(client).await?;
        let unit = unit_or_home(client, self.unit.as_ref(), subject(client, behalf)?).await?;
        let start = self.start.at(now());
        for week in 0..self.weeks {
            let act = RequestCare {
                unit,
                item: self.item.clone(),
                start: start.plus_days(7 * week),
                minutes: self.length,
                // A salt serves one commitment alone.
                note: commit(context, CommitmentKind::Note, self.note.clone())?,
            };
            context.submit(client, act, behalf).await?;
        }
        Ok(())
    }
}

impl Accept {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let behalf = self.behalf.find(client).await?;
        let act = AcceptCare {
            service: self.service,
        };
        context.submit(client, act, behalf).await
    }
}

impl Cancel {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let behalf = self.behalf.find(client).await?;
        let act = CancelCare {
            service: self.service,
            reason: self.reason.into(),
        };
        context.submit(client, act, behalf).await
    }
}

impl Log {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let behalf = self.behalf.find(client).await?;
        let act = LogService {
            service: self.service,
            start: self.start.at(now()),
            minutes: self.length,
            evidence: commit(
                context,
                CommitmentKind::Evidence,
                self.evidence.or(self.code),
            )?,
        };
        context.submit(client, act, behalf).await
    }
}

impl Confirm {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let behalf = self.behalf.find(client).await?;
        let minutes = match self.length {
            Some(minutes) => minutes,
            None => stated(client, self.service).await?,
        };
        let act = ConfirmService {
            service: self.service,
            minutes,
        };
        context.submit(client, act, behalf).await
    }
}

/// The minutes that the volunteer has stated.
async fn stated(client: &Client, service: EntryId) -> Result<Minutes, CliError> {
    let minutes = client.service(service).await?.logged_minutes;
    minutes
        .and_then(|minutes| Minutes::parse(minutes).ok())
        .ok_or_else(|| CliError::usage("the volunteer has not stated the visit yet"))
}
