//! Pausing, reopening and closing a unit, and what a district decides for itself.

use std::path::PathBuf;

use clap::Args;
use ledger::act::{ChangeUnit, SetOptions, UnitChange};
use ledger::commitment::CommitmentKind;
use ledger::options::UnitOptions;

use crate::cli::commit::{self, Committed, commit};
use crate::cli::context::{Context, find_unit, now, read};
use crate::cli::error::CliError;
use crate::cli::times::{Moment, moment};

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

/// The file names what the district asks, in place of what it asked before; an
/// empty one asks for nothing. It is stricter than the scheme, never laxer.
#[derive(Debug, Args)]
#[command(
    after_help = "In the file may stand:
  session_minutes_max, daily_minutes_max, weekly_minutes_max, lead_time_hours,
  late_entry_days_max; and, as true: check_in_required, training_required,
  insurance_required, agreement_required",
    before_help = "Examples:
  timebank scheme unit options Riverside options.toml --from +31d
  timebank scheme unit options Riverside options.toml --from 2027-01-01T00:00+08:00"
)]
pub(crate) struct DistrictOptions {
    /// The district (id or name).
    district: String,
    /// A TOML file with what it asks.
    #[arg(value_name = "FILE")]
    options: PathBuf,
    /// The first moment at which it does.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    from: Moment,
    /// The reason; or a commitment to it (64 hex digits).
    #[arg(long, value_name = "TEXT", value_parser = commit::text)]
    reason: Option<Committed>,
}

impl DistrictOptions {
    pub(crate) async fn run(self, context: &Context) -> Result<(), CliError> {
        let wrong = |cause| CliError::usage(format!("{}: {cause}", self.options.display()));
        let text = String::from_utf8(read(&self.options)?);
        let text = text.map_err(|_| wrong("not a text file".to_owned()))?;
        let options: UnitOptions =
            toml::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        let client = context.client().await?;
        let act = SetOptions {
            unit: find_unit(&client, &self.district).await?,
            options,
            from: self.from.at(now()),
            reason: commit(context, CommitmentKind::Reason, self.reason)?,
        };
        context.submit(&client, act, None).await
    }
}
