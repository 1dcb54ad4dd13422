//! A city over many years, through the rules themselves.
//!
//! People join, help, grow old, ask for help and die; a fund receives money,
//! grants hours and buys the care that nobody gives. Every act is a record that
//! the same rules judge as on a server; only nothing is signed, and what is closed
//! is forgotten, so that thirty years fit into memory. Who acts is drawn by a
//! seed: the same plan gives the same city everywhere.
//!
//! It is a model, and a coarse one: one session a quarter for each active
//! volunteer, one request a quarter for each elder in need, everybody at one
//! station. What it shows is how the rules and the fund bear the years.

mod chart;
mod city;
mod dice;

use ledger::Rules;
use ledger::rules::DeathRule;
use ledger::valuation::Assumptions;
use serde::Serialize;

pub use chart::chart;

use self::city::City;

/// Members of the cities in which one thing is otherwise.
const SMALL_MEMBERS: u32 = 1_000;

/// What is simulated.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The rules.
    pub rules: Rules,
    /// How many members there are at the beginning.
    pub members: u32,
    /// How many years.
    pub years: u32,
    /// Which city of all that might be.
    pub seed: u64,
    /// New members a year, in thousandths of those there were at the beginning.
    pub joining_permille: u32,
    /// Share of volunteers who help in a quarter, in percent.
    pub active_percent: u32,
    /// Share of elders who ask for help in a quarter, in percent.
    pub asking_percent: u32,
    /// Share of requests that a volunteer takes on, in percent.
    pub filled_percent: u32,
    /// Share of members to whom the fund grants hours in old age when they have
    /// none, in percent.
    pub in_need_percent: u32,
    /// Hours for each member at the beginning that may be issued in all, in place
    /// of the rules' `issued_minutes_max`, which is for one station.
    pub issued_hours: u32,
    /// What the fund receives a year, in fen.
    pub yearly_fen: i64,
    /// What an hour costs on the market, in fen.
    pub fen_per_hour: i64,
}

/// A city at the end of a year.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Year {
    /// Which year, from 1.
    pub year: u32,
    /// Living members.
    pub members: i64,
    /// Of them 75 and older.
    pub elders: i64,
    /// Minutes that members hold.
    pub outstanding_minutes: i64,
    /// Minutes earned in the year.
    pub earned_minutes: i64,
    /// Minutes redeemed in the year: with volunteers, or bought.
    pub redeemed_minutes: i64,
    /// Of them bought by the fund.
    pub bought_minutes: i64,
    /// Minutes asked for that nobody met: no volunteer, no money.
    pub unmet_minutes: i64,
    /// How often somebody wanted help and had no hours for it.
    pub without_hours: i64,
    /// The fund's money, in fen.
    pub fund_fen: i64,
    /// What the promise is expected to cost, in fen.
    pub liability_fen: i64,
    /// Fund over liability, in percent; none without any liability.
    pub coverage_percent: Option<i64>,
}

/// What came of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Simulated {
    /// The years, in order.
    pub years: Vec<Year>,
    /// How many records the rules have judged.
    pub records: u64,
    /// Whether the fund met every request that no volunteer took on.
    pub kept: bool,
    /// What the plan costs if one thing is otherwise, what changes the cost most
    /// first.
    pub variations: Vec<Variation>,
}

/// What a plan costs if one thing is otherwise, in a smaller city.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Variation {
    /// What is otherwise.
    pub name: &'static str,
    /// What nobody gave for hours, bought or still to be bought, in fen.
    pub cost_fen: i64,
    /// By how much that is more than in the same city as planned, in percent.
    pub more_percent: i64,
}

/// Runs a plan, and variations of it in smaller cities; `progress` is called
/// after each year with the share that is done, in percent.
///
/// # Panics
/// If the rules are out of their ranges, or contradict the model: the caller has
/// checked them.
pub fn simulate(plan: &Plan, mut progress: impl FnMut(u64)) -> Simulated {
    let small = plan.smaller();
    let variations = small.variations();
    let plans = 1 + variations.len() as u64;
    let total =
        u64::from(plan.years) * (plans * u64::from(small.members) + u64::from(plan.members));
    let mut done = 0;
    let mut run = |plan: &Plan| {
        let mut city = City::open(plan);
        let mut years = Vec::new();
        for year in 1..=plan.years {
            years.push(city.year(year));
            done += u64::from(plan.members);
            progress(done * 100 / total.max(1));
        }
        (years, city.records())
    };
    let (years, records) = run(plan);
    let planned = small.cost(&run(&small).0);
    let mut variations: Vec<Variation> = variations
        .into_iter()
        .map(|(name, plan)| {
            let cost_fen = plan.cost(&run(&plan).0);
            let more = i128::from(cost_fen - planned) * 100 / i128::from(planned.max(1));
            Variation {
                name,
                cost_fen,
                more_percent: i64::try_from(more).unwrap_or(i64::MAX),
            }
        })
        .collect();
    variations.sort_by_key(|it| std::cmp::Reverse(it.more_percent.abs()));
    Simulated {
        kept: years.iter().all(|year| year.unmet_minutes == 0),
        variations,
        records,
        years,
    }
}

impl Plan {
    /// The same city with fewer members, and as much less money.
    fn smaller(&self) -> Self {
        let members = self.members.min(SMALL_MEMBERS);
        let yearly = i128::from(self.yearly_fen) * i128::from(members);
        let yearly = yearly / i128::from(self.members.max(1));
        Self {
            members,
            yearly_fen: i64::try_from(yearly).unwrap_or(self.yearly_fen),
            ..self.clone()
        }
    }

    /// The plan with one thing otherwise at a time.
    fn variations(&self) -> Vec<(&'static str, Self)> {
        let with = |change: &dyn Fn(&mut Self)| {
            let mut plan = self.clone();
            change(&mut plan);
            plan
        };
        let less = |percent: u32| percent * 3 / 4;
        let more = |percent: u32| (percent + percent / 4).min(100);
        vec![
            (
                "a quarter fewer volunteers help",
                with(&|it| it.active_percent = less(it.active_percent)),
            ),
            (
                "a quarter more elders ask",
                with(&|it| it.asking_percent = more(it.asking_percent)),
            ),
            (
                "a quarter fewer requests are taken on",
                with(&|it| it.filled_percent = less(it.filled_percent)),
            ),
            (
                "a quarter fewer people join",
                with(&|it| it.joining_permille = less(it.joining_permille)),
            ),
            (
                "a quarter more members are in need",
                with(&|it| it.in_need_percent = more(it.in_need_percent)),
            ),
            (
                "an hour costs a quarter more",
                with(&|it| it.fen_per_hour += it.fen_per_hour / 4),
            ),
            (
                "hours expire after five years (rule hours_expire_months)",
                with(&|it| it.rules.hours_expire_months = 60),
            ),
            (
                "nobody holds more than forty hours (rule balance_minutes_max)",
                with(&|it| it.rules.balance_minutes_max = 2_400),
            ),
            (
                "the dead leave nothing to heirs (rule death_rule)",
                with(&|it| it.rules.death_rule = DeathRule::Pool),
            ),
        ]
    }

    /// What volunteers did not give: bought, or still to be bought, in fen.
    fn cost(&self, years: &[Year]) -> i64 {
        let minutes: i64 = years
            .iter()
            .map(|year| year.bought_minutes + year.unmet_minutes)
            .sum();
        let fen = i128::from(minutes) * i128::from(self.fen_per_hour) / 60;
        i64::try_from(fen).unwrap_or(i64::MAX)
    }

    /// What the valuation at the end of each year assumes.
    fn assumptions(&self) -> Assumptions {
        Assumptions {
            fen_per_hour: self.fen_per_hour,
            unfilled_percent: 100 - self.filled_percent.min(100),
            inherited: self.rules.death_rule == DeathRule::Heir,
            ..Assumptions::default()
        }
    }
}

#[cfg(test)]
mod tests;
