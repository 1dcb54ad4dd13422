//! `timebank report`: the supervisor's page, and lists to look into.

mod lists;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use client::audit::Reading;
use ledger::log::Hash;
use ledger::report::{Indicator, Light, Page, Statistics};
use ledger::scheme::Scheme;
use ledger::unit::Unit;
use ledger::{Effects, Record, State, UnitId, YearMonth};

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
  timebank report --list stations                 how the stations do, side by side
  timebank report --list honours                  stars for hours served
  timebank report --disclosure 2026-07 2026-09    what the fund tells the public
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
    #[arg(long, conflicts_with_all = ["sample", "disclosure"])]
    list: Option<List>,
    /// Money, hours and oversight from one month to another, for the public.
    #[arg(long, num_args = 2, value_names = ["FROM", "TO"], value_parser = times::month,
        conflicts_with_all = ["sample", "month"])]
    disclosure: Option<Vec<YearMonth>>,
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
    /// Ratings, call-backs, incidents and response of every station.
    Stations,
    /// Members who have served for a star at least.
    Honours,
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

impl Report {
    pub(crate) async fn run(self, context: &Context) -> Result<(), CliError> {
        let (audited, reader) = read_proven(context, self.dir.clone(), Reader::default()).await?;
        let nothing = || CliError::usage("the ledger is not open yet: `timebank scheme open`");
        let (statistics, state) = (reader.statistics, reader.state.ok_or_else(nothing)?);
        let unit = find_unit(&state, self.unit.as_deref())?;
        let newest = statistics.newest_month().ok_or_else(nothing)?;
        let month = self.month.unwrap_or(newest);
        if let Some(&[from, to]) = self.disclosure.as_deref() {
            let told = statistics.disclosure(&state, unit, [from, to]);
            context.print(&told, &lists::disclosed(&told));
        } else if let Some(list) = self.list {
            let (value, lines) = match list {
                List::Events => lists::events(&statistics.events(&state, unit)),
                List::Savers => lists::savers(&statistics.savers(&state, unit)),
                List::Honours => lists::honours(&statistics.honours(&state, unit)),
                List::Stations => lists::stations(&statistics, &state, unit, month),
            };
            context.print(&value, &lists::text(&lines));
        } else if let Some(count) = self.sample {
            let (size, root) = (audited.tree_size, audited.root);
            let drawn = statistics.sample(&state, unit, &root, count);
            draw(context, &format!("{size}:{root}"), &root, &drawn);
        } else {
            let page = statistics.page(&state, unit, month);
            context.print(&page, &text_of(&page));
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

/// A figure in its unit.
fn figure(value: Option<i64>, unit: &str) -> String {
    match (value, unit) {
        (None, _) => "-".to_owned(),
        (Some(value), "minutes") => words::hours(value),
        (Some(value), "percent") => format!("{value} %"),
        (Some(value), "hours") => format!("{value} h"),
        (Some(value), "tenths of a star") => format!("{}.{} stars", value / 10, value % 10),
        (Some(value), _) => value.to_string(),
    }
}

fn row(indicator: &Indicator) -> Vec<String> {
    let show = |value| figure(value, indicator.unit);
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
