//! Rules as files: presets, changes, and their adoption.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use ledger::act;
use ledger::commitment::CommitmentKind;
use ledger::rules::{CHOICES, PARAMETERS, RulesVersion};
use ledger::{Rejection, Rules};
use serde::Deserialize as _;
use toml::{Table, Value};

use crate::cli::commit::{self, Committed, commit};
use crate::cli::context::{Context, now, read};
use crate::cli::error::CliError;
use crate::cli::times::{Moment, moment};

/// Rules like those of a scheme that there is. Each file says which of its values
/// are sourced and which are proposals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Preset {
    /// The pilot of Pidu, Chengdu: priced items, a development fund.
    Chengdu,
    /// Nanjing: hours, a city fund, a cap of 1,500 hours.
    Nanjing,
    /// Beijing: one coin an hour, for oneself, parents and grandparents.
    Beijing,
    /// St. Gallen: the municipality guarantees, a cap of 750 hours.
    StGallen,
}

impl Preset {
    const fn text(self) -> &'static str {
        match self {
            Self::Chengdu => include_str!("../../../presets/chengdu.toml"),
            Self::Nanjing => include_str!("../../../presets/nanjing.toml"),
            Self::Beijing => include_str!("../../../presets/beijing.toml"),
            Self::StGallen => include_str!("../../../presets/st-gallen.toml"),
        }
    }
}

/// Which rules a scheme begins with.
#[derive(Debug, Args)]
pub(crate) struct RulesChoice {
    /// Rules like those of a scheme that there is.
    #[arg(long, conflicts_with = "rules")]
    preset: Option<Preset>,
    /// A TOML or JSON file with the rules that differ from the default ones.
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
}

impl RulesChoice {
    /// The rules that were chosen.
    pub(crate) fn read(&self) -> Result<Rules, CliError> {
        match (self.preset, &self.rules) {
            (Some(preset), _) => with_changes(&Rules::default(), preset.text()),
            (None, Some(path)) => from_file(&Rules::default(), path),
            (None, None) => Ok(Rules::default()),
        }
    }
}

/// Proposes rules that take effect at a time to come.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank scheme adopt-rules changes.toml --from +31d
  timebank scheme adopt-rules changes.toml --from 2027-01-01T00:00+08:00 --reason \"city notice 7\"")]
pub(crate) struct AdoptRules {
    /// A TOML or JSON file with what differs from the rules in force.
    #[arg(value_name = "FILE")]
    changes: PathBuf,
    /// The first moment at which they are in force.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    from: Moment,
    /// The reason; or a commitment to it (64 hex digits).
    #[arg(long, value_name = "TEXT", value_parser = commit::text)]
    reason: Option<Committed>,
}

impl AdoptRules {
    pub(crate) async fn run(self, context: &Context) -> Result<(), CliError> {
        let client = context.client().await?;
        let rules = client.ledger().await?.rules;
        let in_force = rules
            .ok_or_else(|| CliError::usage("the ledger is not open yet: `timebank scheme open`"))?;
        let mut rules = from_file(&in_force, &self.changes)?;
        rules.version = RulesVersion(in_force.version.0 + 1);
        let act = act::AdoptRules {
            rules: Box::new(rules),
            from: self.from.at(now()),
            reason: commit(context, CommitmentKind::Reason, self.reason)?,
        };
        context.submit(&client, act, None).await
    }
}

/// Rules with what a file changes.
pub(super) fn from_file(rules: &Rules, path: &Path) -> Result<Rules, CliError> {
    let text = String::from_utf8(read(path)?)
        .map_err(|_| CliError::usage(format!("{}: not a text file", path.display())))?;
    let wrong = |cause: String| CliError::usage(format!("{}: {cause}", path.display()));
    changed(rules, &text).map_err(wrong)
}

fn with_changes(rules: &Rules, text: &str) -> Result<Rules, CliError> {
    changed(rules, text).map_err(CliError::usage)
}

/// Rules with what a text in TOML or JSON changes.
fn changed(rules: &Rules, text: &str) -> Result<Rules, String> {
    let changes: Table = if text.trim_start().starts_with('{') {
        serde_json::from_str(text).map_err(|error| error.to_string())?
    } else {
        text.parse()
            .map_err(|error: toml::de::Error| error.to_string())?
    };
    let mut values = table(rules);
    values.extend(changes);
    let rules = Rules::deserialize(values).map_err(|error| error.to_string())?;
    rules.check().map_err(|rejection| match rejection {
        Rejection::RuleOutOfRange {
            parameter,
            min,
            max,
        } => format!("{parameter} must be {min} to {max}"),
        other => other.reason().to_owned(),
    })?;
    Ok(rules)
}

fn table(rules: &Rules) -> Table {
    Table::try_from(rules).expect("rules have text keys and no empty values")
}

/// A preset as it stands, or all default rules with what each decides.
pub(crate) fn document(preset: Option<Preset>) -> String {
    if let Some(preset) = preset {
        return preset.text().to_owned();
    }
    let values = table(&Rules::default());
    let mut text = "# The default rules. They are proposals, no city's rules.\n".to_owned();
    let mut line = |name: &str, comment: String| {
        let value = values.get(name).map(Value::to_string).unwrap_or_default();
        writeln!(text, "\n# {comment}\n{name} = {value}").expect("a string");
    };
    for it in PARAMETERS {
        let (governs, unit, min, max) = (it.governs, it.unit, it.min, it.max);
        line(it.name, format!("{governs} In {unit}: {min} to {max}."));
    }
    for (name, governs) in CHOICES {
        line(name, (*governs).to_owned());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_read_and_sets_only_what_there_is() {
        for preset in Preset::value_variants() {
            let rules = changed(&Rules::default(), preset.text());
            assert!(rules.is_ok(), "{preset:?}: {rules:?}");
            assert_ne!(rules, Ok(Rules::default()));
        }
    }

    #[test]
    fn every_value_of_a_preset_says_where_it_comes_from() {
        for preset in Preset::value_variants() {
            let lines = preset.text().lines();
            let values = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
            let values = values.filter(|line| line.contains(" = "));
            for value in
                values.filter(|line| !line.starts_with("code") && !line.starts_with("price"))
            {
                let says = ["# sourced", "# proposal", "# from memory"];
                let is_said = says.iter().any(|mark| value.contains(mark));
                assert!(is_said, "{preset:?}: {value}");
            }
        }
    }

    #[test]
    fn the_default_document_is_read_as_the_default_rules() {
        assert_eq!(
            changed(&Rules::default(), &document(None)),
            Ok(Rules::default())
        );
    }

    #[test]
    fn changes_are_read_from_toml_and_json_and_checked() {
        let rules = changed(&Rules::default(), "tolerance_minutes = 15");
        assert_eq!(rules.map(|it| it.tolerance_minutes), Ok(15));
        let rules = changed(&Rules::default(), r#"{"tolerance_minutes": 15}"#);
        assert_eq!(rules.map(|it| it.tolerance_minutes), Ok(15));
        for wrong in [
            "tolerance_minutes = 61",
            "unknown = 1",
            "issuance = 'none'",
            "x",
        ] {
            assert!(changed(&Rules::default(), wrong).is_err(), "{wrong}");
        }
    }
}
