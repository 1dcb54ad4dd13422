//! Pausing, reopening and closing a unit.

use clap::Args;
use ledger::act::{ChangeUnit, UnitChange};
use ledger::commitment::CommitmentKind;

use crate::cli::commit::{self, Committed, commit};
use crate::cli::context::{Context, find_unit};
use crate::cli::error::CliError;

/// A unit, and why it changes.
#[derive(Debug, Args)]
pub(crate) struct ChangedUnit {
    /// The unit (id or name).
    unit: String,
    /// Whose people act for the members of a unit that closes (id or name).
    #[arg(long, value_name = "UNIT")]
    hand_over: Option<String>,
    /// The reason; or a commitment to it (64 hex digits).
    #[arg(long, value_name = "TEXT", value_parser = commit::text)]
    reason: Option<Committed>,
}

impl ChangedUnit {
    pub(crate) async fn run(self, context: &Context, change: UnitChange) -> Result<(), CliError> {
        let client = context.client().await?;
        let successor = match &self.hand_over {
            Some(unit) => Some(find_unit(&client, unit).await?),
            None => None,
        };
        let act = ChangeUnit {
            unit: find_unit(&client, &self.unit).await?,
            change,
            successor,
            reason: commit(context, CommitmentKind::Reason, self.reason)?,
        };
        context.submit(&client, act, None).await
    }
}
