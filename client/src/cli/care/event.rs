//! `timebank care event`: a group event with its roster.

use std::path::PathBuf;

use clap::Args;
use client::{Client, roster};
use ledger::act::{GrantSource, RecordEvent};
use ledger::commitment::CommitmentKind;
use ledger::service::ItemCode;

use crate::cli::commit::{self, Committed, commit};
use crate::cli::context::{Context, find_member, now, read, unit_or_home};
use crate::cli::error::CliError;
use crate::cli::parse::item;
use crate::cli::times::{Moment, moment};

/// Everyone on the roster is paid when a second person of the station approves;
/// neither of the two may be on it, nor kin of who is.
///
/// The file is CSV in UTF-8 or GB18030, with a row of headings: member (编号, an id or
/// a short code) and hours (时长), from the start of the event. At most 50 rows.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank care event roster.csv --item company --start -3h
  timebank care event roster.csv --item company --start -3h --list signatures.pdf --from-pool")]
pub(crate) struct Event {
    /// The roster.
    #[arg(value_name = "CSV")]
    roster: PathBuf,
    /// What it was: a code of the catalogue.
    #[arg(long, value_name = "CODE", value_parser = item)]
    item: ItemCode,
    /// When it started.
    #[arg(long, value_name = "TIME", value_parser = moment, allow_hyphen_values = true)]
    start: Moment,
    /// The unit that held it, and whose budget or pool pays (id or name) [default: your
    /// home unit].
    #[arg(long)]
    unit: Option<String>,
    /// From the pool of donated hours; otherwise they are newly issued.
    #[arg(long)]
    from_pool: bool,
    /// The file with the list that was signed there, which stays with you; or a
    /// commitment (64 hex digits).
    #[arg(long, value_name = "FILE", value_parser = commit::file)]
    list: Option<Committed>,
}

impl Event {
    pub(crate) async fn run(self, context: &Context, client: &Client) -> Result<(), CliError> {
        let own = client.identity()?.member;
        let wrong = |error: roster::RosterError| CliError::usage(error.to_string());
        let mut found = Vec::new();
        for row in roster::read(&read(&self.roster)?).map_err(wrong)? {
            let member = find_member(client, &row.member).await?;
            found.push((row, member));
        }
        let act = RecordEvent {
            unit: unit_or_home(client, self.unit.as_ref(), own).await?,
            item: self.item,
            start: self.start.at(now()),
            roster: roster::roster(&found).map_err(wrong)?,
            source: if self.from_pool {
                GrantSource::Pool
            } else {
                GrantSource::Issue
            },
            evidence: commit(context, CommitmentKind::Evidence, self.list)?,
        };
        context.submit(client, act, None).await
    }
}
