//! `timebank simulate`: a city over many years.

use std::io::IsTerminal as _;
use std::path::PathBuf;

use clap::Args;
use client::simulate::{Plan, Simulated, Year, chart, simulate};
use indicatif::ProgressBar;
use ledger::Fen;

use super::context::Context;
use super::error::CliError;
use super::output;
use super::parse::yuan;
use super::scheme::rules::RulesChoice;
use super::words;

/// It needs no server: the same rules judge every act of people who are drawn by
/// a seed. How it is modelled, docs/solvency.md says.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank simulate --preset nanjing --members 20000 --years 30 --svg city.svg
  timebank simulate --filled 60 --yearly 5000000.00
  timebank simulate --rules rules.toml --seed 7 --json")]
pub(crate) struct Simulate {
    #[command(flatten)]
    rules: RulesChoice,
    /// How many members there are at the beginning.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    members: u32,
    /// How many years.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=100))]
    years: u32,
    /// Which city of all that might be.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// New members a year, in thousandths of those there were at the beginning.
    #[arg(long, value_name = "PERMILLE", default_value_t = 40)]
    joining: u32,
    /// Share of volunteers who help in a quarter.
    #[arg(long, value_name = "PERCENT", default_value_t = 50, value_parser = clap::value_parser!(u32).range(0..=100))]
    active: u32,
    /// Share of elders who ask for help in a quarter.
    #[arg(long, value_name = "PERCENT", default_value_t = 40, value_parser = clap::value_parser!(u32).range(0..=100))]
    asking: u32,
    /// Share of requests that a volunteer takes on.
    #[arg(long, value_name = "PERCENT", default_value_t = 80, value_parser = clap::value_parser!(u32).range(0..=100))]
    filled: u32,
    /// Share of members to whom the fund grants hours in old age when they have
    /// none.
    #[arg(long, value_name = "PERCENT", default_value_t = 20, value_parser = clap::value_parser!(u32).range(0..=100))]
    in_need: u32,
    /// Hours for each member at the beginning that may be issued in all, in place
    /// of the rules' limit for one station.
    #[arg(long, value_name = "HOURS", default_value_t = 100, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    issued: u32,
    /// What the fund receives a year.
    #[arg(long, value_name = "YUAN", default_value = "1000000.00", value_parser = yuan)]
    yearly: Fen,
    /// What an hour costs on the market.
    #[arg(long, value_name = "YUAN", default_value = "40.00", value_parser = yuan)]
    per_hour: Fen,
    /// Draw coverage, and hours earned and redeemed, into this file.
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
}

impl Simulate {
    pub(crate) fn run(self, context: &Context) -> Result<(), CliError> {
        let plan = Plan {
            rules: self.rules.read()?,
            members: self.members,
            years: self.years,
            seed: self.seed,
            joining_permille: self.joining,
            active_percent: self.active,
            asking_percent: self.asking,
            filled_percent: self.filled,
            in_need_percent: self.in_need,
            issued_hours: self.issued,
            yearly_fen: self.yearly.get(),
            fen_per_hour: self.per_hour.get(),
        };
        let is_watched = std::io::stderr().is_terminal() && !context.json;
        let bar = if is_watched {
            ProgressBar::new(100)
        } else {
            ProgressBar::hidden()
        };
        let simulated = simulate(&plan, |percent| bar.set_position(percent));
        bar.finish_and_clear();
        if let Some(path) = &self.svg {
            let title = format!(
                "{} members, {} years, seed {}",
                self.members, self.years, self.seed
            );
            std::fs::write(path, chart(&title, &simulated.years))
                .map_err(|error| CliError::usage(format!("{}: {error}", path.display())))?;
        }
        context.print(&simulated, &text_of(&simulated));
        Ok(())
    }
}

fn text_of(simulated: &Simulated) -> String {
    let cell = |text: &str| text.to_owned();
    let head = [
        "year",
        "members",
        "75+",
        "outstanding",
        "earned",
        "redeemed",
        "bought",
        "unmet",
        "fund",
        "coverage",
    ];
    let mut rows = vec![head.map(cell).to_vec()];
    let last = simulated.years.len();
    let shown = simulated.years.iter().filter(|it| {
        let year = usize::try_from(it.year).unwrap_or(0);
        year == 1 || year == last || it.year.is_multiple_of(5)
    });
    rows.extend(shown.map(row));
    let kept = if simulated.kept {
        "The fund met every request that no volunteer took on."
    } else {
        "PROMISE BROKEN: some requests were met by nobody, for the fund had no money, or the rules \
         no hours, left."
    };
    let head = ["If", "what nobody gives costs"].map(cell).to_vec();
    let otherwise = simulated
        .variations
        .iter()
        .map(|it| vec![it.name.to_owned(), format!("{:+} %", it.more_percent)]);
    let variations: Vec<_> = std::iter::once(head).chain(otherwise).collect();
    format!(
        "{}\n\n{kept}\n\n{}\n\n{} records, each judged by the rules.",
        output::table(&rows),
        output::table(&variations),
        simulated.records
    )
}

fn row(year: &Year) -> Vec<String> {
    let hours = |minutes: i64| format!("{} h", minutes / 60);
    let coverage = year.coverage_percent.map(|it| format!("{it} %"));
    vec![
        year.year.to_string(),
        year.members.to_string(),
        year.elders.to_string(),
        hours(year.outstanding_minutes),
        hours(year.earned_minutes),
        hours(year.redeemed_minutes),
        hours(year.bought_minutes),
        hours(year.unmet_minutes),
        words::money(year.fund_fen),
        coverage.unwrap_or_default(),
    ]
}
