//! `timebank report`: the supervisor's page, and lists to look into.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use client::audit::Reading;
use ledger::code::MemberCode;
use ledger::log::Hash;
use ledger::report::{Indicator, Light, Page, Statistics};
use ledger::scheme::Scheme;
use ledger::unit::Unit;
use ledger::{Effects, Record, State, UnitId, YearMonth};
use serde::Serialize;

use super::audit::read_proven;
use super::context::Context;
use super::error::CliError;
use super::{output, times, words};

/// Every figure follows from the records: the ledger is audited first.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank report                                 the whole scheme, the newest month
  timebank report --unit Riverside --month 2026-11
  timebank report --list savers                   who could redeem and never did
  timebank report --list events                   overrides, late entries, rule changes
  timebank report --sample 20                     visits to call back about
  timebank report --dir street --json")]
pub(crate) struct Report {
    /// The unit, with all below it (id or name) [default: the scheme].
    #[arg(long)]
    unit: Option<String>,
    /// The month [default: that of the newest record].
    #[arg(long, value_name = "MONTH", value_parser = times::month)]
    month: Option<YearMonth>,
    /// A list instead of the page.
    #[arg(long, conflicts_with = "sample")]
    list: Option<List>,
    /// Draw so many settled visits, with the root of the tree as seed.
    #[arg(long, value_name = "COUNT")]
    sample: Option<usize>,
    /// Read this folder instead of a server's ledger.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// What can be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum List {
    /// Members of age who have hours and have never asked for a visit.
    Savers,
    /// Overrides, late entries, reversals and rule changes.
    Events,
}

/// Counts along, and keeps the last state.
#[derive(Default)]
struct Reader {
    statistics: Statistics,
    state: Option<State>,
}

impl Reading for Reader {
    fn read(&mut self, record: &Record, effects: &Effects, state: &State) {
        self.statistics.read(record, effects, state);
    }

    fn end(&mut self, state: &State) {
        self.state = Some(state.clone());
    }
}

#[derive(Serialize)]
struct EventRow {
    position: u64,
    recorded_ms: i64,
    what: &'static str,
    author: String,
    unit: String,
}

#[derive(Serialize)]
struct SaverRow {
    member: String,
    code: String,
    unit: String,
    minutes: i64,
}

impl Report {
    pub(crate) async fn run(self, context: &Context) -> Result<(), CliError> {
        let Self {
            unit,
            month,
            list,
            sample,
            dir,
        } = self;
        let (audited, reader) = read_proven(context, dir, Reader::default()).await?;
        let (statistics, state) = (reader.statistics, reader.state);
        let nothing = || CliError::usage("the ledger is not open yet: `timebank scheme open`");
        let state = state.ok_or_else(nothing)?;
        let unit = find_unit(&state, unit.as_deref())?;
        match (list, sample) {
            (Some(List::Events), _) => events(context, &statistics, &state, unit),
            (Some(List::Savers), _) => savers(context, &statistics, &state, unit),
            (None, Some(count)) => {
                let (size, root) = (audited.tree_size, audited.root);
                let drawn = statistics.sample(&state, unit, &root, count);
                draw(context, &format!("{size}:{root}"), &root, &drawn);
            }
            (None, None) => {
                let month = month
                    .or_else(|| statistics.newest_month())
                    .ok_or_else(nothing)?;
                let page = statistics.page(&state, unit, month);
                context.print(&page, &text_of(&page));
            }
        }
        Ok(())
    }
}

/// A unit of the ledger by its id or name; the scheme, if none is named.
fn find_unit(state: &State, named: Option<&str>) -> Result<UnitId, CliError> {
    let units = || {
        state.rows().filter_map(|(key, row)| match (key, row) {
            (ledger::state::Key::Unit(id), ledger::state::Row::Unit(unit)) => Some((*id, unit)),
            _ => None,
        })
    };
    let Some(named) = named else {
        let scheme: Option<&Scheme> = state.find(&()).ok().flatten();
        let unit = scheme.map(|scheme| scheme.unit);
        return unit.ok_or_else(|| CliError::usage("the ledger is not open yet"));
    };
    let is_meant =
        |(id, unit): &(UnitId, &Unit)| id.to_string() == named || unit.display_name == named;
    let mut found = units().filter(is_meant);
    match (found.next(), found.next()) {
        (Some((id, _)), None) => Ok(id),
        (None, _) => Err(CliError::usage(format!("there is no unit {named:?}"))),
        _ => Err(CliError::usage(format!(
            "several units are called {named:?}"
        ))),
    }
}

fn text_of(page: &Page) -> String {
    let rows: Vec<Vec<String>> = page.indicators.iter().map(row).collect();
    format!(
        "{} of {}\n\n{}",
        page.month,
        page.unit,
        output::table(&rows)
    )
}

fn row(indicator: &Indicator) -> Vec<String> {
    let show = |value: Option<i64>| match (value, indicator.unit) {
        (None, _) => "-".to_owned(),
        (Some(value), "minutes") => words::hours(value),
        (Some(value), "percent") => format!("{value} %"),
        (Some(value), "hours") => format!("{value} h"),
        (Some(value), "tenths of a star") => format!("{}.{} stars", value / 10, value % 10),
        (Some(value), _) => value.to_string(),
    };
    let light = match indicator.light {
        Light::Green => "green",
        Light::Amber => "AMBER",
        Light::Red => "RED",
        Light::None => "",
    };
    let before = indicator
        .before
        .map(|it| format!("before {}", show(Some(it))));
    vec![
        indicator.block.to_owned(),
        indicator.name.to_owned(),
        show(indicator.value),
        light.to_owned(),
        before.unwrap_or_default(),
    ]
}

fn events(context: &Context, statistics: &Statistics, state: &State, unit: UnitId) {
    let events = statistics.events(state, unit);
    let rows: Vec<EventRow> = events
        .iter()
        .map(|event| EventRow {
            position: event.position.get(),
            recorded_ms: event.recorded.get(),
            what: event.what,
            author: event.author.to_string(),
            unit: event.unit.to_string(),
        })
        .collect();
    let line = |event: &ledger::report::Event| {
        vec![
            event.position.to_string(),
            times::show(event.recorded),
            event.what.to_owned(),
            format!("by {}", words::member(event.author)),
        ]
    };
    let lines: Vec<Vec<String>> = events.iter().map(line).collect();
    context.print(&rows, &listed(&lines));
}

fn savers(context: &Context, statistics: &Statistics, state: &State, unit: UnitId) {
    let savers = statistics.savers(state, unit);
    let rows: Vec<SaverRow> = savers
        .iter()
        .map(|saver| SaverRow {
            member: saver.member.to_string(),
            code: MemberCode::of(&saver.member).to_string(),
            unit: saver.unit.to_string(),
            minutes: saver.minutes,
        })
        .collect();
    let line = |row: &SaverRow| {
        vec![
            row.code.clone(),
            words::hours(row.minutes),
            row.unit.clone(),
        ]
    };
    let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
    context.print(&rows, &listed(&lines));
}

fn draw(context: &Context, tree: &str, root: &Hash, drawn: &[ledger::EntryId]) {
    let services: Vec<String> = drawn.iter().map(ToString::to_string).collect();
    let json = serde_json::json!({ "tree": tree, "seed": root.to_string(), "services": services });
    let text = format!(
        "{}\n\nDrawn from the tree {tree}. When you have called back:\n  timebank case sample --tree \
         {tree} --drawn {} --confirmed … --denied …",
        services.join("\n"),
        services.len()
    );
    context.print(&json, &text);
}

fn listed(lines: &[Vec<String>]) -> String {
    if lines.is_empty() {
        "None.".to_owned()
    } else {
        output::table(lines)
    }
}
