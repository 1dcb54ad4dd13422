//! `timebank report`: the supervisor's page, and lists to look into.

mod lists;
mod source;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use client::read::Drawn;
use ledger::YearMonth;
use ledger::report::{Indicator, Light, Page};

use self::source::Source;
use super::context::Context;
use super::error::CliError;
use super::{output, times, words};

/// Every figure follows from the records: the ledger is audited first, unless you
/// take the server's word with --unaudited, as those do who may not read all
/// records.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank report                                 the whole scheme, the newest month
  timebank report --unit Riverside --month 2026-11
  timebank report --list savers                   who could redeem and never did
  timebank report --list events                   overrides, late entries, rule changes
  timebank report --list stations                 how the stations do, side by side
  timebank report --list reviews                  visits to look into first, and why
  timebank report --list cases                    what nobody has closed
  timebank report --list honours                  stars for hours served
  timebank report --disclosure 2026-07 2026-09    what the fund tells the public
  timebank report --sample 20                     visits to call back about
  timebank report --dir street --json
  timebank report --unaudited --list savers")]
pub(crate) struct Report {
    /// The unit, with all below it (id or name) [default: the scheme; with --unaudited
    /// the unit of your role].
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
    sample: Option<u32>,
    /// Read this folder instead of a server's ledger.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Take the server's word.
    #[arg(long, conflicts_with = "dir")]
    unaudited: bool,
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
    /// Settled visits by what speaks for looking into them.
    Reviews,
    /// Members who have served for a star at least.
    Honours,
    /// Incidents, complaints, appeals and findings that nobody has closed.
    Cases,
}

impl Report {
    pub(crate) async fn run(self, context: &Context) -> Result<(), CliError> {
        let source = if self.unaudited {
            Source::Told(Box::new(context.client().await?))
        } else {
            source::proven(context, self.dir.clone()).await?
        };
        let unit = source.find_unit(self.unit.as_deref()).await?;
        if let Some(&[from, to]) = self.disclosure.as_deref() {
            let told = source.disclosure(unit, [from, to]).await?;
            context.print(&told, &lists::disclosed(&told));
        } else if let Some(list) = self.list {
            let (value, lines) = match list {
                List::Events => lists::events(&source.events(unit).await?),
                List::Savers => lists::savers(&source.savers(unit).await?),
                List::Cases => lists::cases(&source.open_cases(unit).await?),
                List::Reviews => lists::reviews(&source.reviews(unit).await?),
                List::Honours => lists::honours(&source.honours(unit).await?),
                List::Stations => lists::stations(&source.stations(unit, self.month).await?),
            };
            context.print(&value, &lists::text(&lines));
        } else if let Some(count) = self.sample {
            draw(context, &source.sample(unit, count).await?);
        } else {
            let page = source.page(unit, self.month).await?;
            context.print(&page, &text_of(&page));
        }
        Ok(())
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
    let show = |value| figure(value, &indicator.unit);
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
        indicator.block.clone().into_owned(),
        indicator.name.clone().into_owned(),
        show(indicator.value),
        light.to_owned(),
        before.unwrap_or_default(),
    ]
}

fn draw(context: &Context, drawn: &Drawn) {
    let tree = format!("{}:{}", drawn.size, drawn.root);
    let services: Vec<String> = drawn.services.iter().map(ToString::to_string).collect();
    let seed = drawn.root.to_string();
    let json = serde_json::json!({ "tree": tree, "seed": seed, "services": services });
    let text = format!(
        "{}\n\nDrawn from the tree {tree}. When you have called back:\n  timebank case sample --tree \
         {tree} --drawn {} --confirmed … --denied …",
        services.join("\n"),
        services.len()
    );
    context.print(&json, &text);
}
