//! `timebank case`: what has to be looked into.

use clap::{Args, Subcommand};
use client::Client;
use ledger::act::{CloseCase, GiveOpinion, OpenCase, RecordSample};
use ledger::commitment::CommitmentKind;
use ledger::{Abandoned, EntryId};

use super::behalf::Behalf;
use super::choice::{CaseChoice, OpinionChoice, OutcomeChoice};
use super::commit::{self, Committed, commit};
use super::context::{Context, entry};
use super::error::CliError;
use super::parse::tree;
use super::scheme::unit_or_scheme;

#[derive(Debug, Subcommand)]
#[command(before_help = "Examples:
  timebank case open complaint --report \"nobody came twice\"
  timebank case close 0195a3c1f0007abc8123456789abcdef remedied")]
pub(crate) enum CaseCommand {
    /// Open a case: an incident, a complaint, an appeal or a finding.
    Open(Open),
    /// Close a case.
    Close(Close),
    /// Give an opinion on the ledger, as auditor.
    Opinion(Opinion),
    /// Record calls back about visits drawn at random.
    Sample(Sample),
}

impl CaseCommand {
    pub(crate) async fn run(self, context: &Context) -> Result<(), CliError> {
        let client = context.client().await?;
        match self {
            Self::Open(open) => open.run(context, &client).await,
            Self::Close(close) => close.run(context, &client).await,
            Self::Opinion(opinion) => opinion.run(context, &client).await,
            Self::Sample(sample) => sample.run(context, &client).await,
        }
    }
}

/// Something has to be looked into.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank case open complaint --report \"nobody came twice\" --unit Station-1")]
pub(crate) struct Open {
    /// What it is about.
    kind: CaseChoice,
    /// The unit (id or name) [default: the scheme].
    #[arg(long)]
    unit: Option<String>,
    /// What happened; or a commitment to it (64 hex digits).
    #[arg(long, value_name = "TEXT", value_parser = commit::text)]
    report: Option<Committed>,
    #[command(flatten)]
    behalf: Behalf,
}

/// By who neither opened it nor is kin of who did.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank case close 0195a3c1f0007abc8123456789abcdef remedied --answer \"a new volunteer comes\"")]
pub(crate) struct Close {
    /// The case: the id of the entry that opened it.
    #[arg(value_parser = entry)]
    case: EntryId,
    /// What came of it.
    outcome: OutcomeChoice,
    /// The answer; or a commitment to it (64 hex digits).
    #[arg(long, value_name = "TEXT", value_parser = commit::text)]
    answer: Option<Committed>,
}

/// Gives an opinion on the ledger up to a tree that was audited.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank case opinion unqualified --tree 300:1212121212121212121212121212121212121212121212121212121212121212 --report audit.pdf")]
pub(crate) struct Opinion {
    /// The opinion.
    finding: OpinionChoice,
    /// The tree that was audited: its size, a colon, its root.
    #[arg(long, value_name = "SIZE:ROOT", value_parser = tree)]
    tree: Abandoned,
    /// The unit (id or name) [default: the scheme].
    #[arg(long)]
    unit: Option<String>,
    /// The file of the report; or a commitment (64 hex digits).
    #[arg(long, value_name = "FILE", value_parser = commit::file)]
    report: Option<Committed>,
}

/// The root of the tree is the seed of the draw.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank case sample --tree 300:1212121212121212121212121212121212121212121212121212121212121212 --drawn 20 --confirmed 19 --denied 1")]
pub(crate) struct Sample {
    /// The tree up to which was drawn: its size, a colon, its root.
    #[arg(long, value_name = "SIZE:ROOT", value_parser = tree)]
    tree: Abandoned,
    /// How many visits were drawn.
    #[arg(long)]
    drawn: u32,
    /// How many people confirmed theirs.
    #[arg(long)]
    confirmed: u32,
    /// How many denied it.
    #[arg(long)]
    denied: u32,
    /// The unit (id or name) [default: the scheme].
    #[arg(long)]
    unit: Option<String>,
    /// The file of the protocol; or a commitment (64 hex digits).
    #[arg(long, value_name = "FILE", value_parser = commit::file)]
    protocol: Option<Committed>,
}

impl Open {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let behalf = self.behalf.find(client).await?;

        let act = OpenCase {
            kind: self.kind.into(),
            unit: unit_or_scheme(client, self.unit.as_deref()).await?,
            report: commit(context, CommitmentKind::Reason, self.report)?,
        };
        context.submit(client, act, behalf).await
    }
}

impl Close {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let act = CloseCase {
            case: self.case,
            outcome: self.outcome.into(),
            answer: commit(context, CommitmentKind::Reason, self.answer)?,
        };
        context.submit(client, act, None).await
    }
}

impl Opinion {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let act = GiveOpinion {
            unit: unit_or_scheme(client, self.unit.as_deref()).await?,
            size: self.tree.size,
            root: self.tree.root,
            opinion: self.finding.into(),
            report: commit(context, CommitmentKind::Voucher, self.report)?,
        };
        context.submit(client, act, None).await
    }
}

impl Sample {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let act = RecordSample {
            unit: unit_or_scheme(client, self.unit.as_deref()).await?,
            size: self.tree.size,
            root: self.tree.root,
            drawn: self.drawn,
            confirmed: self.confirmed,
            denied: self.denied,
            protocol: commit(context, CommitmentKind::Voucher, self.protocol)?,
        };
        context.submit(client, act, None).await
    }
}
