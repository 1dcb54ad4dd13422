//! `timebank approve`, `refuse` and `reverse`: what takes two people.

use clap::Args;
use ledger::commitment::CommitmentKind;
use ledger::{EntryId, act};

use super::commit::{self, Committed, commit};
use super::context::{Context, entry};
use super::error::CliError;
use super::key::recovery;

/// The proposal takes effect.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank fund proposals
  timebank approve 0195a3c1f0007abc8123456789abcdef")]
pub(crate) struct Approve {
    /// The proposal: the id of the entry that proposed it.
    #[arg(value_parser = entry)]
    proposal: EntryId,
}

/// The proposal ends.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank refuse 0195a3c1f0007abc8123456789abcdef
  timebank refuse 0195a3c1f0007abc8123456789abcdef --reason \"asked for twice\"")]
pub(crate) struct Refuse {
    /// The proposal: the id of the entry that proposed it.
    #[arg(value_parser = entry)]
    proposal: EntryId,
    /// The reason; or a commitment to it (64 hex digits).
    #[arg(long, value_name = "TEXT", value_parser = commit::text)]
    reason: Option<Committed>,
}

/// Takes effect when a second person approves.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank hours statement 1234-5678-9012   names the entry
  timebank reverse 0195a3c1f0007abc8123456789abcdef")]
pub(crate) struct Reverse {
    /// The entry that moved hours; for a grant, the one that proposed it.
    #[arg(value_parser = entry)]
    entry: EntryId,
    /// The reason; or a commitment to it (64 hex digits).
    #[arg(long, value_name = "TEXT", value_parser = commit::text)]
    reason: Option<Committed>,
}

impl Approve {
    pub(crate) async fn run(self, context: &Context) -> Result<(), CliError> {
        let client = context.client().await?;
        let proposal = self.proposal;
        context
            .submit(&client, act::Approve { proposal }, None)
            .await?;
        recovery::tell_waiting(context, &client, proposal).await;
        Ok(())
    }
}

impl Refuse {
    pub(crate) async fn run(self, context: &Context) -> Result<(), CliError> {
        let client = context.client().await?;
        let act = act::Refuse {
            proposal: self.proposal,
            reason: commit(context, CommitmentKind::Reason, self.reason)?,
        };
        context.submit(&client, act, None).await
    }
}

impl Reverse {
    pub(crate) async fn run(self, context: &Context) -> Result<(), CliError> {
        let client = context.client().await?;
        let act = act::Reverse {
            entry: self.entry,
            reason: commit(context, CommitmentKind::Reason, self.reason)?,
        };
        context.submit(&client, act, None).await
    }
}
