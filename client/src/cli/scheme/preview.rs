//! What new rules would have done.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use client::audit::Reading;
use ledger::preview::Preview;
use ledger::scheme::Scheme;
use ledger::{Effects, Millis, Record, Rules, State};

use super::rules::from_file;
use crate::cli::audit::read_proven;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::words;

/// Shows what new rules would have done to the records that there are.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank scheme preview changes.toml
  timebank scheme preview changes.toml --dir street")]
pub(crate) struct PreviewRules {
    /// A TOML or JSON file with what differs from the rules in force.
    #[arg(value_name = "FILE")]
    changes: PathBuf,
    /// Read this folder instead of a server's ledger.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// Judges along under the new rules, which are made from those in force at the
/// end: read twice, for the rules are known only then.
struct Previewer(Preview);

impl Reading for Previewer {
    fn before(&mut self, record: &Record, state: &State) {
        self.0.before(record, state);
    }

    fn read(&mut self, record: &Record, effects: &Effects, _: &State) {
        self.0.read(record, effects);
    }
}

/// Keeps the rules in force after the last record.
#[derive(Default)]
struct InForce {
    newest: Millis,
    rules: Option<Rules>,
}

impl Reading for InForce {
    fn read(&mut self, record: &Record, _: &Effects, _: &State) {
        self.newest = record.recorded;
    }

    fn end(&mut self, state: &State) {
        let scheme: Option<&Scheme> = state.find(&()).ok().flatten();
        let version = scheme.map(|scheme| scheme.rules_at(self.newest));
        let rules = version.and_then(|version| state.find::<Rules>(&version).ok().flatten());
        self.rules = rules.cloned();
    }
}

impl PreviewRules {
    pub(crate) async fn run(self, context: &Context) -> Result<(), CliError> {
        let (_, in_force) = read_proven(context, self.dir.clone(), InForce::default()).await?;
        let in_force = in_force
            .rules
            .ok_or_else(|| CliError::usage("the ledger is not open yet: `timebank scheme open`"))?;
        let rules = from_file(&in_force, &self.changes)?;
        let previewer = Previewer(Preview::new(rules));
        let (_, Previewer(preview)) = read_proven(context, self.dir, previewer).await?;
        let refused = preview.refused.iter().map(|((act, reason), it)| {
            serde_json::json!({
                "act": act, "reason": reason, "count": it.count, "first": it.first.get(),
            })
        });
        let json = serde_json::json!({
            "records": preview.records,
            "refused": refused.collect::<Vec<_>>(),
            "held_minutes": [preview.held.0, preview.held.1],
            "earned_minutes": [preview.earned.0, preview.earned.1],
        });
        context.print(&json, &told(&preview));
        Ok(())
    }
}

fn told(preview: &Preview) -> String {
    let mut text = format!(
        "{} records, judged once more under the new rules.\n",
        preview.records
    );
    for ((act, reason), it) in &preview.refused {
        let (count, first) = (it.count, it.first);
        writeln!(
            text,
            "  {count} x {act} would be refused: {reason}, first record {first}"
        )
        .expect("a string");
    }
    if preview.refused.is_empty() {
        text.push_str("  Nothing would be refused.\n");
    }
    let change = |(was, would)| format!("{} instead of {}", words::hours(would), words::hours(was));
    let (held, earned) = (change(preview.held), change(preview.earned));
    format!("{text}  Held for requests: {held}\n  Paid for visits: {earned}")
}
