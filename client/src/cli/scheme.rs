//! `timebank scheme`.

mod preview;
pub(super) mod rules;
mod unit;

use clap::Subcommand;
use client::read::UnitInfo;
use client::{ClientError, random};
use ledger::YearMonth;
use ledger::act::{Appoint, Dismiss, OpenLedger, OpenUnit, UnitChange};
use ledger::scheme::parse_name;
use serde_json::Value;

use self::preview::PreviewRules;
use self::rules::{AdoptRules, Preset, RulesChoice};
use self::unit::{ChangedUnit, DistrictOptions};
use super::adopt::{Accept, Adopt};
use super::context::{Context, find_member, find_unit};
use super::error::CliError;
use super::parse::{KindChoice, RoleChoice};
use super::{output, times};

#[derive(Debug, Subcommand)]
#[command(before_help = "Examples:
  timebank scheme open --name Sunshine --born 1970-05
  timebank scheme show
  timebank scheme unit add Riverside --kind district
  timebank scheme appoint 123456789012 staff --unit Riverside")]
pub(crate) enum SchemeCommand {
    /// Open the ledger; you become its first operator.
    #[command(before_help = "Examples:
  timebank scheme open --name Sunshine --born 1970-05
  timebank scheme open --name Sunshine --born 1970-05 --preset chengdu
  timebank scheme open --name Sunshine --born 1970-05 --rules rules.toml")]
    Open {
        /// The scheme as people call it.
        #[arg(long, value_name = "NAME")]
        name: String,
        /// What one hour is called.
        #[arg(long, value_name = "NAME", default_value = "hour")]
        hour_name: String,
        /// Your month of birth, such as 1970-05.
        #[arg(long, value_name = "MONTH", value_parser = times::month)]
        born: YearMonth,
        #[command(flatten)]
        rules: RulesChoice,
    },
    /// Show the scheme, its rules and its log key.
    #[command(before_help = "Examples:\n  timebank scheme show\n  timebank scheme show --json")]
    Show,
    /// Print a scheme's rules in TOML, with what each decides, to be changed.
    #[command(before_help = "Examples:
  timebank scheme rules --preset chengdu > rules.toml
  timebank scheme rules > rules.toml")]
    Rules {
        /// Whose rules [default: those that a scheme has which says nothing].
        #[arg(long)]
        preset: Option<Preset>,
    },
    /// Show what new rules would have done to the records that there are.
    Preview(PreviewRules),
    /// Propose new rules; a regulator has to approve.
    AdoptRules(AdoptRules),
    /// Units of organisation.
    #[command(subcommand)]
    Unit(UnitCommand),
    /// Give a member a role in a unit and all units below it.
    #[command(before_help = "Examples:
  timebank scheme appoint 123456789012 staff --unit Riverside
  timebank scheme appoint 123456789012 auditor")]
    Appoint(Office),
    /// End a role.
    #[command(before_help = "Examples:
  timebank scheme dismiss 123456789012 staff --unit Riverside")]
    Dismiss(Office),
    /// Declare that newer records are lost for good, and go on without them.
    Adopt(Adopt),
    /// Go on with a ledger that has declared a loss.
    Accept(Accept),
}

/// Who, as what, where.
#[derive(Debug, clap::Args)]
pub(crate) struct Office {
    /// The member (id or short code).
    member: String,
    /// The role.
    role: RoleChoice,
    /// The unit (id or name) [default: the whole scheme].
    #[arg(long)]
    unit: Option<String>,
}

#[derive(Debug, Subcommand)]
#[command(before_help = "Examples:
  timebank scheme unit add Riverside --kind district
  timebank scheme unit list")]
pub(crate) enum UnitCommand {
    /// Open a district or a station.
    #[command(before_help = "Examples:
  timebank scheme unit add Riverside --kind district
  timebank scheme unit add Station-1 --kind station --parent Riverside")]
    Add {
        /// The public name.
        name: String,
        /// Its level.
        #[arg(long)]
        kind: KindChoice,
        /// The unit above (id or name) [default: the whole scheme].
        #[arg(long, value_name = "UNIT")]
        parent: Option<String>,
    },
    /// Let a unit take on nothing new for now.
    #[command(before_help = "Examples:\n  timebank scheme unit pause Station-1")]
    Pause(ChangedUnit),
    /// Let a paused unit take on new things again.
    #[command(before_help = "Examples:\n  timebank scheme unit reopen Station-1")]
    Reopen(ChangedUnit),
    /// Close a unit for ever; another one's people act for its members.
    #[command(
        before_help = "Examples:\n  timebank scheme unit close Station-1 --hand-over Station-2"
    )]
    Close(ChangedUnit),
    /// Propose what a district asks beyond the rules; the scheme has to approve.
    Options(DistrictOptions),
    /// List all units.
    #[command(before_help = "Examples:\n  timebank scheme unit list")]
    List,
}

impl SchemeCommand {
    pub(crate) async fn run(self, context: &Context) -> Result<(), CliError> {
        match self {
            Self::Open {
                name,
                hour_name,
                born,
                rules,
            } => open(context, name, hour_name, born, &rules).await,
            Self::Show => show(context).await,
            Self::Adopt(adopt) => adopt.run(context).await,
            Self::Accept(accept) => accept.run(context).await,
            Self::Rules { preset } => {
                output::print(rules::document(preset).as_bytes());
                Ok(())
            }
            Self::Preview(preview) => preview.run(context).await,
            Self::AdoptRules(adopt) => adopt.run(context).await,
            Self::Unit(command) => command.run(context).await,
            Self::Appoint(Office { member, role, unit }) => {
                let client = context.client().await?;
                let member = find_member(&client, &member).await?;
                let unit = unit_or_scheme(&client, unit.as_deref()).await?;
                context
                    .submit(
                        &client,
                        Appoint {
                            member,
                            unit,
                            role: role.into(),
                        },
                        None,
                    )
                    .await
            }
            Self::Dismiss(Office { member, role, unit }) => {
                let client = context.client().await?;
                let member = find_member(&client, &member).await?;
                let unit = unit_or_scheme(&client, unit.as_deref()).await?;
                context
                    .submit(
                        &client,
                        Dismiss {
                            member,
                            unit,
                            role: role.into(),
                        },
                        None,
                    )
                    .await
            }
        }
    }
}

impl UnitCommand {
    async fn run(self, context: &Context) -> Result<(), CliError> {
        match self {
            Self::Pause(change) => change.run(context, UnitChange::Pause).await,
            Self::Reopen(change) => change.run(context, UnitChange::Reopen).await,
            Self::Close(change) => change.run(context, UnitChange::Close).await,
            Self::Options(options) => options.run(context).await,
            Self::List => list(context).await,
            Self::Add { name, kind, parent } => {
                let client = context.client().await?;
                let unit = random::unit_id().map_err(ClientError::from)?;
                let parent = unit_or_scheme(&client, parent.as_deref()).await?;
                let act = OpenUnit {
                    unit,
                    parent,
                    display_name: checked_name(name)?,
                    kind: kind.into(),
                };
                context.submit(&client, act, None).await
            }
        }
    }
}

async fn open(
    context: &Context,
    name: String,
    hour_name: String,
    birth_month: YearMonth,
    rules: &RulesChoice,
) -> Result<(), CliError> {
    let rules = rules.read()?;
    let client = context.client().await?;
    let act = OpenLedger {
        unit: random::unit_id().map_err(ClientError::from)?,
        scheme_name: checked_name(name)?,
        hour_name: checked_name(hour_name)?,
        rules: Box::new(rules),
        key: client.identity()?.prove(client.origin()),
        birth_month,
    };
    context.submit(&client, act, None).await
}

fn checked_name(name: String) -> Result<String, CliError> {
    let wrong = "a public name has 1 to 200 bytes and no control characters";
    parse_name("name", name).map_err(|_| CliError::usage(wrong))
}

async fn show(context: &Context) -> Result<(), CliError> {
    let ledger = context.anonymous().await?.ledger().await?;
    let unit = ledger.unit.map(|unit| unit.to_string()).unwrap_or_default();
    let mut rows = vec![
        vec!["Ledger".to_owned(), ledger.origin.clone()],
        vec!["Log key".to_owned(), ledger.log_key.clone()],
    ];
    if let Some(rules) = &ledger.rules {
        rows.push(vec!["Scheme".to_owned(), ledger.scheme_name.clone()]);
        rows.push(vec!["Hour".to_owned(), ledger.hour_name.clone()]);
        rows.push(vec!["Unit".to_owned(), unit]);
        if let Ok(Value::Object(rules)) = serde_json::to_value(rules) {
            rows.extend(rules.iter().map(|(name, value)| {
                let value = value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned);
                vec![name.clone(), value]
            }));
        }
    } else {
        rows.push(vec![
            "Scheme".to_owned(),
            "not open yet: `timebank scheme open`".to_owned(),
        ]);
    }
    context.print(&ledger, &output::table(&rows));
    Ok(())
}

async fn list(context: &Context) -> Result<(), CliError> {
    let units = context.reader().await?.units().await?;
    let row = |unit: &UnitInfo| {
        let parent = unit
            .parent
            .map(|parent| parent.to_string())
            .unwrap_or_default();
        vec![
            unit.unit.to_string(),
            format!("{:?}", unit.kind),
            unit.display_name.clone(),
            parent,
        ]
    };
    let rows: Vec<Vec<String>> = units.iter().map(row).collect();
    context.print(&units, &output::table(&rows));
    Ok(())
}

/// A unit that was named, or the unit of the whole scheme.
pub(crate) async fn unit_or_scheme(
    client: &client::Client,
    unit: Option<&str>,
) -> Result<ledger::UnitId, CliError> {
    if let Some(unit) = unit {
        return find_unit(client, unit).await;
    }
    let unit = client.ledger().await?.unit;
    unit.ok_or_else(|| CliError::usage("the ledger is not open yet: `timebank scheme open`"))
}
