//! `timebank fund value`: what the promise is expected to cost.

use std::path::PathBuf;

use clap::Args;
use client::audit::Reading;
use ledger::lot::Lots;
use ledger::member::Member;
use ledger::state::{Key, Row};
use ledger::valuation::{Assumptions, Holding, Liability, Stress, stress, value};
use ledger::{AccountId, Effects, Fen, Millis, Record, State};
use serde::Serialize;

use crate::cli::audit::read_proven;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::output;
use crate::cli::parse::yuan;
use crate::cli::words;

/// Every hour follows from the records: the ledger is audited first. What is
/// assumed is shown, and is yours to change.
#[derive(Debug, Args)]
#[command(before_help = "Examples:
  timebank fund value
  timebank fund value --redemption 70 --unfilled 40 --per-hour 50.00
  timebank fund value --without-heirs --dir street --json")]
pub(crate) struct Value {
    /// Share of hours that is ever redeemed, in percent.
    #[arg(long, value_name = "PERCENT", default_value_t = 35, value_parser = clap::value_parser!(u32).range(0..=100))]
    redemption: u32,
    /// Share of redemptions for which no volunteer is found, in percent.
    #[arg(long, value_name = "PERCENT", default_value_t = 20, value_parser = clap::value_parser!(u32).range(0..=100))]
    unfilled: u32,
    /// What an hour costs on the market.
    #[arg(long, value_name = "YUAN", default_value = "40.00", value_parser = yuan)]
    per_hour: Fen,
    /// The dead leave nothing to heirs.
    #[arg(long)]
    without_heirs: bool,
    /// Read this folder instead of a server's ledger.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// What is needed of the last state.
#[derive(Default)]
struct Reader {
    now: Millis,
    members: Vec<(Member, i64)>,
    by_source: std::collections::BTreeMap<String, i64>,
    fund_fen: i64,
}

impl Reading for Reader {
    fn read(&mut self, record: &Record, _: &Effects, _: &State) {
        self.now = record.recorded;
    }

    fn end(&mut self, state: &State) {
        for (key, row) in state.rows() {
            match (key, row) {
                (Key::Member(id), Row::Member(member)) => {
                    let lots: Option<&Lots> = state.find(id).ok().flatten();
                    for lot in lots.into_iter().flat_map(Lots::iter) {
                        let source = format!("{:?}", lot.source).to_lowercase();
                        *self.by_source.entry(source).or_default() += lot.minutes;
                    }
                    let minutes = lots.map_or(0, Lots::total);
                    self.members.push((Member::clone(member), minutes));
                }
                (
                    Key::Account(
                        AccountId::FundCash
                        | AccountId::FundRestricted(ledger::budget::BudgetLine::Redemption),
                    ),
                    Row::Account(account),
                ) => self.fund_fen += account.available,
                _ => {}
            }
        }
    }
}

#[derive(Serialize)]
struct Valued {
    tree_size: u64,
    root: String,
    assumptions: Assumptions,
    outstanding_minutes: i64,
    outstanding_by_source: std::collections::BTreeMap<String, i64>,
    liability: Liability,
    reserve_fen: i64,
    coverage_percent: Option<i64>,
    stress: Vec<Stress>,
}

impl Value {
    pub(crate) async fn run(self, context: &Context) -> Result<(), CliError> {
        let assumptions = Assumptions {
            redemption_percent: self.redemption,
            unfilled_percent: self.unfilled,
            fen_per_hour: self.per_hour.get(),
            inherited: !self.without_heirs,
            ..Assumptions::default()
        };
        let (report, reader) = read_proven(context, self.dir, Reader::default()).await?;
        let holdings = reader.members.iter().map(|(member, minutes)| Holding {
            age_years: member.birth_month.age_years(reader.now),
            minutes: *minutes,
        });
        let holdings: Vec<Holding> = holdings.collect();
        let liability = value(&holdings, &assumptions);
        let reserve_fen = reader.fund_fen;
        let valued = Valued {
            tree_size: report.tree_size.get(),
            root: report.root.to_string(),
            assumptions,
            outstanding_minutes: holdings.iter().map(|it| it.minutes).sum(),
            outstanding_by_source: reader.by_source,
            liability,
            reserve_fen,
            coverage_percent: (liability.expected_fen > 0)
                .then(|| reserve_fen.saturating_mul(100) / liability.expected_fen),
            stress: stress(&holdings, &assumptions),
        };
        context.print(&valued, &text_of(&valued));
        Ok(())
    }
}

fn text_of(valued: &Valued) -> String {
    let row = |name: &str, value: String| vec![name.to_owned(), value];
    let liability = &valued.liability;
    let mut rows = vec![
        row("Outstanding", words::hours(valued.outstanding_minutes)),
        row("To be bought", words::hours(liability.bought_minutes)),
        row("At today's price", words::money(liability.today_fen)),
        row("Expected cost", words::money(liability.expected_fen)),
        row("Reserve", words::money(valued.reserve_fen)),
    ];
    for (source, minutes) in &valued.outstanding_by_source {
        rows.insert(1, row(&format!("  {source}"), words::hours(*minutes)));
    }
    if let Some(coverage) = valued.coverage_percent {
        rows.push(row("Coverage", format!("{coverage} %")));
    }
    for test in &valued.stress[1..] {
        rows.push(row(
            &format!("If {}", test.name),
            words::money(test.expected_fen),
        ));
    }
    let it = &valued.assumptions;
    let heirs = if it.inherited {
        "inherit"
    } else {
        "inherit nothing"
    };
    format!(
        "{}\n\nAssumed: {} % redeemed from {} to {}, {} % of it without a volunteer, {} an hour, \
         wages +{}.{} %, discount {}.{} %, heirs {heirs}. Proposals: docs/solvency.md",
        output::table(&rows),
        it.redemption_percent,
        it.age_from,
        it.age_to,
        it.unfilled_percent,
        words::money(it.fen_per_hour),
        it.growth_permille / 10,
        it.growth_permille % 10,
        it.discount_permille / 10,
        it.discount_permille % 10,
    )
}
