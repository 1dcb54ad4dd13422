//! Visits that begin, were not as stated, or did not take place.

use clap::Args;
use client::Client;
use ledger::act::{
    DisputeService, Rate as RateAct, ReportNoShow, RuleOnDispute, Ruling, StartVisit,
};
use ledger::commitment::CommitmentKind;
use ledger::{EntryId, Minutes};

use crate::cli::behalf::Behalf;
use crate::cli::choice::RulingChoice;
use crate::cli::commit::{self, Committed, commit};
use crate::cli::context::{Context, entry};
use crate::cli::error::CliError;
use crate::cli::parse::minutes;

/// States that the visit begins.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank care start 0195a3c1f0007abc8123456789abcdef")]
pub(crate) struct Start {
    /// The service: the id of the entry that asked for it.
    #[arg(value_parser = entry)]
    service: EntryId,
    /// A file as evidence, which stays with you; or a commitment (64 hex digits).
    #[arg(long, value_name = "FILE", value_parser = commit::file)]
    evidence: Option<Committed>,
    /// The day's code at the door, where there was no signal.
    #[arg(long, conflicts_with = "evidence", value_parser = commit::door_code)]
    code: Option<Committed>,
    #[command(flatten)]
    behalf: Behalf,
}

/// An arbiter rules on it; if nobody does in time, it is again what it was.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank care dispute 0195a3c1f0007abc8123456789abcdef --reason \"it took one hour\"")]
pub(crate) struct Dispute {
    /// The service: the id of the entry that asked for it.
    #[arg(value_parser = entry)]
    service: EntryId,
    /// The reason; or a commitment to it (64 hex digits).
    #[arg(long, value_name = "TEXT", value_parser = commit::text)]
    reason: Option<Committed>,
    #[command(flatten)]
    behalf: Behalf,
}

/// By an operator or regulator who is not involved.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank care rule 0195a3c1f0007abc8123456789abcdef stands
  timebank care rule 0195a3c1f0007abc8123456789abcdef void
  timebank care rule 0195a3c1f0007abc8123456789abcdef corrected --length 45m")]
pub(crate) struct Rule {
    /// The service: the id of the entry that asked for it.
    #[arg(value_parser = entry)]
    service: EntryId,
    /// The ruling.
    ruling: RulingChoice,
    /// How long the visit took, if it is corrected.
    #[arg(long, value_name = "HOURS", value_parser = minutes)]
    length: Option<Minutes>,
    /// The reason; or a commitment to it (64 hex digits).
    #[arg(long, value_name = "TEXT", value_parser = commit::text)]
    reason: Option<Committed>,
}

/// No hours move; it is counted.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank care missed 0195a3c1f0007abc8123456789abcdef")]
pub(crate) struct Missed {
    /// The service: the id of the entry that asked for it.
    #[arg(value_parser = entry)]
    service: EntryId,
    #[command(flatten)]
    behalf: Behalf,
}

/// Says how a visit was, once for each side.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank care rate 0195a3c1f0007abc8123456789abcdef 5 --remark \"kind and on time\"")]
pub(crate) struct Rate {
    /// The service: the id of the entry that asked for it.
    #[arg(value_parser = entry)]
    service: EntryId,
    /// From 1, bad, to 5, very good.
    #[arg(value_parser = clap::value_parser!(u8).range(1..=5))]
    stars: u8,
    /// A remark; or a commitment to it (64 hex digits).
    #[arg(long, value_name = "TEXT", value_parser = commit::text)]
    remark: Option<Committed>,
    #[command(flatten)]
    behalf: Behalf,
}

impl Start {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let behalf = self.behalf.find(client).await?;

        let act = StartVisit {
            service: self.service,
            evidence: commit(
                context,
                CommitmentKind::Evidence,
                self.evidence.or(self.code),
            )?,
        };
        context.submit(client, act, behalf).await
    }
}

impl Dispute {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let behalf = self.behalf.find(client).await?;

        let act = DisputeService {
            service: self.service,
            reason: commit(context, CommitmentKind::Reason, self.reason)?,
        };
        context.submit(client, act, behalf).await
    }
}

impl Rule {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let ruling = match (self.ruling, self.length) {
            (RulingChoice::Stands, None) => Ruling::Stands,
            (RulingChoice::Void, None) => Ruling::Void,
            (RulingChoice::Corrected, Some(minutes)) => Ruling::Corrected(minutes),
            _ => {
                return Err(CliError::usage(
                    "--length goes with corrected, and with nothing else",
                ));
            }
        };
        let act = RuleOnDispute {
            service: self.service,
            ruling,
            reason: commit(context, CommitmentKind::Reason, self.reason)?,
        };
        context.submit(client, act, None).await
    }
}

impl Missed {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let behalf = self.behalf.find(client).await?;

        let act = ReportNoShow {
            service: self.service,
        };
        context.submit(client, act, behalf).await
    }
}

impl Rate {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let behalf = self.behalf.find(client).await?;

        let act = RateAct {
            service: self.service,
            stars: self.stars,
            remark: commit(context, CommitmentKind::Reason, self.remark)?,
        };
        context.submit(client, act, behalf).await
    }
}
